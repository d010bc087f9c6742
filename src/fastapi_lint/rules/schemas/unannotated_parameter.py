"""FAL207: a parameter of a handler or a dependency has no annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.schemas.unannotated import unannotated
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnannotatedParameter(RouteVisitor):
    """A parameter that FastAPI fills has no annotation, so that nothing checks its value."""

    code: ClassVar = "FAL207"
    name: ClassVar = "unannotated-parameter"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.2", "2.8")
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter are of interest."""
        return bool(unannotated(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report its parameters; those of functions inside it are their own."""
        if node is not self._root:
            return False
        found = unannotated(self.application, self.function)
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            missing = found.get(parameter.name.value)
            if missing is None:
                continue
            name, route = parameter.name.value, missing.route
            if missing.mistaken:
                message = f"`{route.label}` asks its clients for a query parameter `{name}`"
                help_ = f"annotate it as `{missing.mistaken}`, which FastAPI then fills itself"
            elif missing.source == "dependency":
                message = f"`{name}` of `{route.label}` has no annotation, so that its uses aren't checked"
                help_ = "annotate it with what the dependency gives"
            else:
                message = f"`{route.label}` takes any {missing.source} as `{name}`, which has no annotation"
                help_ = "annotate it, so that FastAPI checks and converts the value"
            self.report(
                parameter.name,
                message,
                help=help_,
                notes=()
                if self.function is route.handler
                else (
                    self.note(
                        f"`{route.label}` depends on it", at=route.decorator_span, path=route.decorator_file
                    ),
                ),
            )
        return False

"""FAL121: a parameter of a GET or HEAD handler becomes a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class BodyInGet(RouteVisitor):
    """A parameter of a GET or HEAD handler is read from the body, since nothing says otherwise."""

    code: ClassVar = "FAL121"
    name: ClassVar = "body-in-get"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and id(function.definition) in application.bodies_without_marker

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each of its parameters that becomes a body."""
        if node is not self._root:
            return False
        found = self.application.bodies_without_marker[id(self.function.definition)]
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            if parameter.name.value not in found:
                continue
            route, _ = found[parameter.name.value]
            name = parameter.name.value
            self.report(
                parameter.name,
                f"`{route.label}` reads `{name}` from the request's body, which most clients don't send",
                help=f"mark `{name}` with `Query()`, or with `Body()` if it is meant",
                notes=()
                if self.function is route.handler
                else (
                    self.note(
                        f"`{route.label}` depends on it", at=route.decorator_span, path=route.decorator_file
                    ),
                ),
            )
        return False

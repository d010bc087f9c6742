"""FAL208: a client may ask for, or send, any amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnboundedParameter(RouteVisitor):
    """Nothing says how much a client may ask for, or how long a text may be."""

    code: ClassVar = "FAL208"
    name: ClassVar = "unbounded-parameter"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("2.5", "1.10")
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter, and handlers that get such a model, are of interest."""
        return bool(application.schemas.unbounded_amounts(function)) or any(
            id(route) in application.schemas.unbounded_texts for route in application.routes_of(function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report its parameters, and the fields of models that it is the first to get."""
        if node is not self._root:
            return False
        found = self.application.schemas.unbounded_amounts(self.function)
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            name = parameter.name.value
            if name in found:
                self.report(
                    parameter.name,
                    f"`{found[name].label}` lets clients ask for any number as `{name}`",
                    help="give it an upper bound, as with `Query(le=100)`",
                )
        for route in self.routes:
            for texts in self.application.schemas.unbounded_texts.get(id(route), ()):
                names = ", ".join(f"`{name}`" for name in texts.names)
                self.report(
                    texts.span,
                    f"{names} may be of any length",
                    help="give it an upper bound: `Field(max_length=…)`",
                    path=texts.path,
                    notes=(
                        self.note(
                            f"`{route.label}` takes it", at=route.decorator_span, path=route.decorator_file
                        ),
                    ),
                )
        return False

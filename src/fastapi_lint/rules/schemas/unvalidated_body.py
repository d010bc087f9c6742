"""FAL201: nothing validates the body of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.schemas.unvalidated import loose_parameters, raw_reads
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnvalidatedBody(RouteVisitor):
    """The body of a request is any JSON, or is read by hand, so that nothing validates it."""

    code: ClassVar = "FAL201"
    name: ClassVar = "unvalidated-body"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter, or that read the request, are of interest."""
        return bool(loose_parameters(application, function)) or any(
            True for _ in raw_reads(application, function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report its parameters, and its calls that read the request."""
        if node is not self._root:
            return False
        found = loose_parameters(self.application, self.function)
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            route = found.get(parameter.name.value)
            if route is not None:
                self.report(
                    parameter.name,
                    f"`{route.label}` takes any JSON as `{parameter.name.value}`",
                    help="declare a Pydantic model with the fields that are used",
                )
        for route, call in raw_reads(self.application, self.function):
            self.report(
                Span(call.line, call.column, call.end_line, call.end_column),
                f"`{route.label}` reads its body by hand, so that nothing validates it",
                help="take a Pydantic model, or `Form()` fields, as a parameter",
            )
        return False

"""FAL305: what is written as a dependency is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class DependencyNeverRuns(RouteVisitor):
    """What is written as a dependency is none to FastAPI, so that it never runs."""

    code: ClassVar = "FAL305"
    name: ClassVar = "dependency-never-runs"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter, or of such a router, are of interest."""
        return id(function.definition) in application.idle_dependencies

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each such parameter, and each such argument of a router."""
        if node is not self._root:
            return False
        params = node.params
        names = {
            each.name.value: each.name
            for each in (*params.posonly_params, *params.params, *params.kwonly_params)
        }
        for item in self.application.idle_dependencies[id(self.function.definition)]:
            call = item.call
            if call is not None:
                at = Span(call.line, call.column, call.end_line, call.end_column)
                self.report(
                    at,
                    f"`{item.name}` never runs as a dependency: {item.why}",
                    help=item.cure,
                    path=item.path,
                )
            elif item.parameter in names:
                who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
                self.report(
                    names[item.parameter],
                    f"`{item.name}` never runs for `{item.parameter}` of {who}: {item.why}",
                    help=item.cure,
                )
        return False

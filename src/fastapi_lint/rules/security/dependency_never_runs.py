"""FAL305: what is written as a dependency is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.wiring.by_hand import left_out
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
        if "test" in function.module.roles:
            return False
        is_faulty = id(function.definition) in application.idle_dependencies
        return is_faulty or any(True for _ in left_out(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each such parameter, and each such argument of a router."""
        if node is not self._root:
            return False
        params = node.params
        names = {
            each.name.value: each.name
            for each in (*params.posonly_params, *params.params, *params.kwonly_params)
        }
        self._report_calls()
        for item in self.application.idle_dependencies.get(id(self.function.definition), ()):
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

    def _report_calls(self) -> None:
        """Report what this function calls as if FastAPI did, so that a marker stands in for what it gives."""
        for call, called, parameter in left_out(self.application, self.function):
            name = called.definition.name
            self.report(
                Span(call.line, call.column, call.end_line, call.end_column),
                f"the dependency of `{parameter.name}` never runs: `{name}` is called by hand, "
                "and gets the marker itself",
                help=f"pass `{parameter.name}=`, or let FastAPI call `{name}`: `Depends({name})`",
                notes=(
                    self.note(
                        f"`{parameter.name}` is declared here",
                        path=called.module.path,
                        at=Span(called.definition.line, 1, called.definition.line, 1),
                    ),
                ),
            )

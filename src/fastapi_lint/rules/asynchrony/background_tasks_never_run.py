"""FAL608: background tasks are added to an object that no response is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.background import never_run
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class BackgroundTasksNeverRun(RouteVisitor):
    """Tasks are added to a hand-made BackgroundTasks that no response is given, so that they never run."""

    code: ClassVar = "FAL608"
    name: ClassVar = "background-tasks-never-run"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("6.4",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that make such an object are of interest."""
        return any(True for _ in never_run(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(call): call for call in never_run(self.body)}
        return True

    def visit_Call(self, node: cst.Call) -> None:
        call = self._found.get(id(self.expression(node)))
        if call is not None:
            who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
            self.report(
                Span(call.line, call.column, call.end_line, call.end_column),
                f"{who} makes its own `BackgroundTasks`, whose tasks never run: no response has them",
                help="take `BackgroundTasks` as a parameter of the handler, or return a response with "
                "`background=`",
            )

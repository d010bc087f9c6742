"""FAL607: a task is started, and nothing keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.forgotten import forgotten_tasks
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class TaskNotKept(RouteVisitor):
    """A task is started and nothing keeps it, so that it may vanish before it is done."""

    code: ClassVar = "FAL607"
    name: ClassVar = "task-not-kept"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("6.4",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that start such a task are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and any(True for _ in forgotten_tasks(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each task that is started in the function itself."""
        if node is self._root:
            who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
            for meaning in forgotten_tasks(self.body):
                call = meaning.node
                if call is not None:
                    self.report(
                        Span(call.line, call.column, call.end_line, call.end_column),
                        f"{who} starts a task and keeps nothing of it: it may vanish before it is done",
                        help="hold it in a set until it is done, await it, or use `BackgroundTasks`",
                    )
        return False

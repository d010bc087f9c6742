"""FAL419: several tasks use one session at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.concurrency import shared_by_tasks
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class SessionSharedAcrossTasks(RouteVisitor):
    """Several tasks use one async session at once, or one uses it when the request is over."""

    code: ClassVar = "FAL419"
    name: ClassVar = "session-shared-across-tasks"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("6.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions whose tasks share a session are of interest."""
        return "test" not in function.module.roles and bool(shared_by_tasks(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = shared_by_tasks(self.body)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        what = (
            f"starts a task that uses `{found.name}` after the request has closed it"
            if found.outlives
            else f"lets several tasks use `{found.name}` at once, which one session does not allow"
        )
        self.report(
            node,
            f"`{subject}` {what}",
            help="open a session in each task, or await one call after the other",
        )

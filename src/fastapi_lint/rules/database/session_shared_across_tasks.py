"""FAL419: several tasks use one session at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.concurrency import SharedSession, shared_by_tasks
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class SessionSharedAcrossTasks(FindingVisitor[SharedSession]):
    """Several tasks use one async session at once, or one uses it when the request is over."""

    code: ClassVar = "FAL419"
    name: ClassVar = "session-shared-across-tasks"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("6.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, SharedSession]:
        """Tasks that share a session, by the call that starts them."""
        return shared_by_tasks(application.body(function))

    def visit_Call(self, node: cst.Call) -> None:
        found = self.found_at(node)
        if found is None:
            return
        what = (
            f"starts a task that uses `{found.name}` after the request has closed it"
            if found.outlives
            else f"lets several tasks use `{found.name}` at once, which one session does not allow"
        )
        self.report(
            node,
            f"`{self.subject}` {what}",
            help="open a session in each task, or await one call after the other",
        )

"""FAL609: a session is used after its dependency has closed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.background import used_late
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ClosedSessionInBackground(RouteVisitor):
    """A background task or a streamed body uses a session that its dependency has closed by then."""

    code: ClassVar = "FAL609"
    name: ClassVar = "closed-session-in-background"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("6.4", "4.1")
    fastapi: ClassVar = ">=0.106"

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that hand a session on are of interest."""
        return any(True for _ in used_late(application, application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(late.call): late for late in used_late(self.application, self.body)}
        return True

    def visit_Call(self, node: cst.Call) -> None:
        late = self._found.get(id(self.expression(node)))
        if late is None:
            return
        to = "a streamed body" if late.streams else "a background task"
        closing = late.dependency
        at = closing.definition
        self.report(
            node,
            f"`{self.route.label}` hands `{late.name}` to {to}, which runs after the session is closed",
            help="open a session where the work is done",
            notes=(
                self.note(
                    f"`{at.name}` closes it before the response is sent",
                    path=closing.module.path,
                    at=Span(at.line, at.column, at.line, at.column + len("def")),
                ),
            ),
        )

"""FAL605: the client waits for a message to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.notices import is_about_sending, sent_inline
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class SlowWorkInHandler(RouteVisitor):
    """A handler sends a mail or another message while its client waits."""

    code: ClassVar = "FAL605"
    name: ClassVar = "slow-work-in-handler"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("6.4",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that send messages on the way to something else are of interest."""
        routes = application.routes_of(function)
        if "test" in function.module.roles or any(map(is_about_sending, routes)):
            return False
        return any(True for _ in sent_inline(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each call of the handler that sends one."""
        if node is self._root:
            for meaning, chain in sent_inline(self.body):
                call = meaning.node
                if call is not None:
                    self.report(
                        Span(call.line, call.column, call.end_line, call.end_column),
                        f"`{self.route.label}` sends a message while its client waits: `{' → '.join(chain)}`",
                        help="hand it to `BackgroundTasks` or to a queue: the answer doesn't depend on it",
                    )
        return False

"""FAL511: an unexpected error becomes a 500, and no log says what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.http_errors import answers_exceptions_itself, unlogged
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ErrorNotLogged(RouteVisitor):
    """An `except` for everything answers 500 and doesn't log what it caught."""

    code: ClassVar = "FAL511"
    name: ClassVar = "error-not-logged"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("5.5",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such an `except` are of interest."""
        return (
            "test" not in function.module.roles
            and any(True for _ in unlogged(application.body(function)))
            and not answers_exceptions_itself(application)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {handler.line: status for handler, status in unlogged(self.body)}
        return True

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        whole = self.span(node)
        status = self._found.get(whole.line)
        if status is None:
            return
        end = self.span(node.type).end_column if node.type is not None else whole.column + len("except")
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        self.report(
            Span(whole.line, whole.column, whole.line, end),
            f"{who} answers {status} to whatever this `except` catches, and no log says what it was",
            help="log it with its traceback, `logger.exception(…)`, or leave it for the server to log",
        )

"""FAL409: the error of a commit is caught, and nothing is rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.rollbacks import not_rolled_back
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class NoRollback(RouteVisitor):
    """The error of a commit is caught without a rollback, so that the session can't be used any more."""

    code: ClassVar = "FAL409"
    name: ClassVar = "no-rollback"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.3",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that catch errors of commits are of interest."""
        is_handler = bool(application.routes_of(function))
        found = not_rolled_back(application.body(function), is_handler=is_handler)
        return "test" not in function.module.roles and any(True for _ in found)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        found = not_rolled_back(self.body, is_handler=bool(self.routes))
        self._found = {handler.line: commit for handler, commit in found}
        return True

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        whole = self.span(node)
        commit = self._found.get(whole.line)
        if commit is None:
            return
        end = self.span(node.type).end_column if node.type is not None else whole.column + len("except")
        self.report(
            Span(whole.line, whole.column, whole.line, end),
            f"`{self.subject}` goes on after a failed commit without a rollback: the session can't be used "
            "then",
            help="call `rollback()` on the session first, or let the error pass",
            notes=(
                self.note(
                    "the commit", at=Span(commit.line, commit.column, commit.end_line, commit.end_column)
                ),
            ),
        )

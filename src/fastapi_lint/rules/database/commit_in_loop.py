"""FAL407: a loop commits each of its items by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.commits import repeated_commits
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class CommitInLoop(RouteVisitor):
    """A loop commits each of its items by itself."""

    code: ClassVar = "FAL407"
    name: ClassVar = "commit-in-loop"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.3",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that commit in a loop, and that requests run, are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and bool(repeated_commits(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = repeated_commits(self.body)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None or found.loop.statement is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        names = (*(way.names if way is not None else ()), *(item.name for item in found.chain))
        loop = found.loop.statement
        self.report(
            node,
            f"`{subject}` commits for each `{found.loop.item}`: `{' → '.join(names)}`",
            help="commit once behind the loop, so that all of it is stored or nothing",
            notes=(
                self.note("the loop", at=Span(loop.line, loop.column, loop.line, loop.column + len("for"))),
            ),
        )

"""FAL415: a handler sends its queries itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.sessions import sends_queries
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class QueryInRouter(RouteVisitor):
    """A handler sends its queries itself, instead of a service or a repository."""

    code: ClassVar = "FAL415"
    name: ClassVar = "query-in-router"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.7",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that ask a session themselves are of interest."""
        return "test" not in function.module.roles and any(
            map(sends_queries, application.body(function).calls.values())
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        self._is_reported = False
        return node is self._root

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        meaning = self.call_of(node)
        if self._is_reported or meaning is None or not sends_queries(meaning):
            return
        self._is_reported = True
        self.report(
            node,
            f"`{self.route.label}` queries the database in its handler",
            help="move the query into a function of a service or a repository, and call that",
        )

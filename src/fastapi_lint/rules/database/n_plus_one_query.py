"""FAL403: a loop sends one query for each of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function
    from fastapi_lint.application.database.repeated_queries import RepeatedQuery
    from fastapi_lint.diagnostics import Note


class NPlusOneQuery(RouteVisitor):
    """A loop sends one query for each of its rows."""

    code: ClassVar = "FAL403"
    name: ClassVar = "n-plus-one-query"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that repeat a query are of interest."""
        return bool(application.repeated_queries(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself: one that is defined inside it runs when somebody calls it."""
        if node is not self._root:
            return False
        self._queries = self.application.repeated_queries(self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._queries.get(id(self.expression(node)))
        if found is not None:
            way = " → ".join([*self._way, *(step.name for step in found.chain)])
            self.report(
                node,
                f"{self._subject} sends a query for each `{found.loop.item}`: `{way}`",
                help="ask for all of them before the loop: with `IN`, a join, or an eager-loading option",
                notes=self._notes(found),
            )

    def visit_Attribute(self, node: cst.Attribute) -> None:
        found = self._queries.get(id(self.expression(node)))
        if found is not None and found.relationship is not None:
            loader = "selectinload" if found.relationship.is_list else "joinedload"
            option = f".options({loader}({found.relationship.path}))"
            self.report(
                node,
                f"{self._subject} loads `{self.code_of(node)}` with a query for each `{found.loop.item}`",
                help=f"load `{found.relationship.name}` with the rows: `{option}`",
                notes=self._notes(found),
            )

    @property
    def _subject(self) -> str:
        way = self.application.way_to(self.function)
        return f"`{way.route.label}`" if way is not None else f"`{self.function.qualname}`"

    @property
    def _way(self) -> tuple[str, ...]:
        way = self.application.way_to(self.function)
        return way.names if way is not None else (self.function.qualname,)

    def _notes(self, found: RepeatedQuery) -> tuple[Note, ...]:
        loop = found.loop.statement
        if loop is None:
            return ()
        return (self.note("the loop", at=Span(loop.line, loop.column, loop.line, loop.column + len("for"))),)

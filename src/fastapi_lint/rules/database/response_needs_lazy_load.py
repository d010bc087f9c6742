"""FAL405: the response model reads a relationship of each row, which sends a query for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.loading import Read
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class ResponseNeedsLazyLoad(FindingVisitor[Read]):
    """A schema reads a relationship of each row of a list, which sends a query for each."""

    code: ClassVar = "FAL405"
    name: ClassVar = "response-needs-lazy-load"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, Read]:
        """Relationships that a schema reads of each row, by the expressions that give the rows."""
        return application.loading.repeated(function)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._look_at(node)

    def visit_Call(self, node: cst.Call) -> None:
        self._look_at(node)

    def visit_Name(self, node: cst.Name) -> None:
        self._look_at(node)

    def _look_at(self, node: cst.BaseExpression) -> None:
        found = self.found_at(node)
        if found is None or found.schema is None:
            return
        relationship = found.relationship
        loader = "selectinload" if relationship.is_list else "joinedload"
        self.report(
            node,
            f"`{self.subject}` sends a query for each `{relationship.entity.definition.name}`: "
            f"`{found.schema.definition.name}` reads `{relationship.path}`",
            help=f"load it with the rows: `.options({loader}({relationship.path}))`",
        )

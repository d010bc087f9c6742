"""FAL405: the response model reads a relationship of each row, which sends a query for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ResponseNeedsLazyLoad(RouteVisitor):
    """A schema reads a relationship of each row of a list, which sends a query for each."""

    code: ClassVar = "FAL405"
    name: ClassVar = "response-needs-lazy-load"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions whose rows a schema reads are of interest."""
        return "test" not in function.module.roles and bool(application.loading.repeated(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = self.application.loading.repeated(self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._look_at(node)

    def visit_Call(self, node: cst.Call) -> None:
        self._look_at(node)

    def visit_Name(self, node: cst.Name) -> None:
        self._look_at(node)

    def _look_at(self, node: cst.BaseExpression) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None or found.schema is None:
            return
        relationship = found.relationship
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        loader = "selectinload" if relationship.is_list else "joinedload"
        self.report(
            node,
            f"`{subject}` sends a query for each `{relationship.entity.definition.name}`: "
            f"`{found.schema.definition.name}` reads `{relationship.path}`",
            help=f"load it with the rows: `.options({loader}({relationship.path}))`",
        )

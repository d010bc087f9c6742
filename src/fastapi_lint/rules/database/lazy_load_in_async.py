"""FAL404: a row of an async session is asked for something that isn't loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.expiring import expired
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class LazyLoadInAsync(RouteVisitor):
    """A row of an async session is asked for something that isn't loaded, which is an error there."""

    code: ClassVar = "FAL404"
    name: ClassVar = "lazy-load-in-async"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("4.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only async functions that read what isn't loaded are of interest."""
        return "test" not in function.module.roles and bool(
            application.loading.failing(function) or expired(application, function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = self.application.loading.failing(self.function)
        self._expired = expired(self.application, self.function)
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
        expression = self.expression(node)
        found, gone = self._found.get(id(expression)), self._expired.get(id(expression))
        if gone is not None:
            self.report(
                node,
                f"`{self.subject}` fails with `MissingGreenlet`: `{self.code_of(node)}` is read after the "
                f"commit of line {gone.line}, which expires it",
                help=f"`await session.refresh({gone.name})` first, or make the sessions with "
                "`expire_on_commit=False`",
            )
        if found is None:
            return
        relationship = found.relationship
        what = (
            f"`{found.schema.definition.name}` reads `{relationship.path}`"
            if found.schema is not None
            else f"`{self.code_of(node)}` is read"
        )
        loader = "selectinload" if relationship.is_list else "joinedload"
        self.report(
            node,
            f"`{self.subject}` fails with `MissingGreenlet`: {what}, which is not loaded, under an async "
            "session",
            help=f"load it with the row: `.options({loader}({relationship.path}))`",
        )

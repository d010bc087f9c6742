"""FAL512: a dependency with `yield` ends the exceptions of handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.swallowing import ends_at_yield
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class DependencySwallowsException(RouteVisitor):
    """A dependency with `yield` catches what handlers raise and doesn't raise it again."""

    code: ClassVar = "FAL512"
    name: ClassVar = "dependency-swallows-exception"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("5.2",)
    fastapi: ClassVar = ">=0.110"
    visits: ClassVar = frozenset({"dependency"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only generators that FastAPI calls itself are of interest."""
        is_generator = function.definition.is_generator and function.value.kind != "context"
        return is_generator and any(True for _ in ends_at_yield(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._lines = {handler.line for handler in ends_at_yield(self.body)}
        return True

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        whole = self.span(node)
        if whole.line not in self._lines:
            return
        end = self.span(node.type).end_column if node.type is not None else whole.column + len("except")
        way = self.application.way_to(self.function)
        where = f" of `{way.route.label}`" if way is not None else ""
        self.report(
            Span(whole.line, whole.column, whole.line, end),
            f"`{self.function.qualname}` ends what handlers raise: errors{where} become a 500",
            help="end the `except` with `raise`",
        )

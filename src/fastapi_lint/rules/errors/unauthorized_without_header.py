"""FAL506: a 401 doesn't say how to authenticate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.challenges import are_added_later, refusals_without
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnauthorizedWithoutHeader(RouteVisitor):
    """A 401 is answered without `WWW-Authenticate`, which says how to authenticate."""

    code: ClassVar = "FAL506"
    name: ClassVar = "unauthorized-without-header"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("5.4",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that answer such a 401 are of interest."""
        return (
            "test" not in function.module.roles
            and any(True for _ in refusals_without(application.body(function)))
            and not are_added_later(application)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(item) for item in refusals_without(self.body)}
        return True

    def visit_Raise(self, node: cst.Raise) -> None:
        if node.exc is not None:
            self._look(node, node.exc)

    def visit_Return(self, node: cst.Return) -> None:
        if node.value is not None:
            self._look(node, node.value)

    def _look(self, node: cst.Raise | cst.Return, made: cst.BaseExpression) -> None:
        expression = self.expression(made)
        if expression is None or id(expression) not in self._found:
            return
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        self.report(
            node,
            f"{who} answers 401 without a `WWW-Authenticate` header: no client learns how to authenticate",
            help='pass `headers={"WWW-Authenticate": "Bearer"}`, with the scheme that you accept',
        )

"""FAL508: an error has a sentence for people, and no code for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.http_errors import answers_exceptions_itself, without_code
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ErrorWithoutCode(RouteVisitor):
    """An HTTPException has a sentence as its detail, and no code that programs can go by."""

    code: ClassVar = "FAL508"
    name: ClassVar = "error-without-code"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("5.3",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that raise such an exception are of interest."""
        return (
            not function.module.roles & {"test", "example"}
            and any(True for _ in without_code(application.body(function)))
            and not answers_exceptions_itself(application)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(item) for item in without_code(self.body)}
        return True

    def visit_Raise(self, node: cst.Raise) -> None:
        if node.exc is None or id(self.expression(node.exc)) not in self._found:
            return
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        self.report(
            node,
            f"{who} explains an error with a sentence alone: programs can't tell it from others",
            help='add a code: `detail={"code": "order-not-found", "message": …}`, or an exception handler',
        )

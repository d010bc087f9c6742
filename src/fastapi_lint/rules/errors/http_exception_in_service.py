"""FAL509: a service raises an HTTPException."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.http_errors import raised
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class HttpExceptionInService(RouteVisitor):
    """A service that handlers call raises an HTTPException, and so knows of HTTP."""

    code: ClassVar = "FAL509"
    name: ClassVar = "http-exception-in-service"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.7",)
    visits: ClassVar = frozenset({"reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions of services that raise one are of interest."""
        return (
            not function.module.roles & {"test", "example"}
            and any(True for _ in raised(application.body(function)))
            and application.layers.is_service(function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(item) for item, _ in raised(self.body)}
        return True

    def visit_Raise(self, node: cst.Raise) -> None:
        way = self.application.way_to(self.function)
        if way is None or node.exc is None or id(self.expression(node.exc)) not in self._found:
            return
        self.report(
            node,
            f"`{self.function.qualname}`, which `{way.route.label}` calls, raises an HTTPException:"
            " only requests can use it",
            help="raise an exception of your own, and make an answer of it in an exception handler",
        )

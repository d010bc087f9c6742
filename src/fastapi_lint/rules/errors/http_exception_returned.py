"""FAL510: an HTTPException is returned instead of raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import libcst as cst

from fastapi_lint.application.answers import raising
from fastapi_lint.application.bodies import status_of
from fastapi_lint.diagnostics import Fix, Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function


class HttpExceptionReturned(RouteVisitor):
    """A handler or a dependency returns an HTTPException, which then refuses nothing."""

    code: ClassVar = "FAL510"
    name: ClassVar = "http-exception-returned"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("5.2",)
    visits: ClassVar = frozenset({"handler", "dependency"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that give an exception back are of interest."""
        return raising.gives_exception(application.body(function).result)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        return node is self._root

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Return(self, node: cst.Return) -> None:
        if node.value is None:
            return
        exception = raising.returned_exception(
            self.value_of(node.value), is_made=isinstance(node.value, cst.Call)
        )
        if exception is None:
            return
        status = status_of(exception)
        what = f"a {status}" if status is not None else "an error"
        if self.routes:
            message = (
                f"`{self.route.label}` returns an exception instead of raising it: no client gets {what}"
            )
        else:
            message = (
                f"`{self.function.name}` returns an exception to what depends on it: no client gets {what}"
            )
        self.report(node, message, help="raise it", fix=self._fix(node))

    def _fix(self, node: cst.Return) -> Fix | str:
        """Raise what is returned, which changes what clients get."""
        if isinstance(node.value, (cst.IfExp, cst.BooleanOperation)):
            return "not all that it may return is an exception"
        at = self.span(node)
        word = Span(at.line, at.column, at.line, at.column + len("return"))
        return Fix("raise the exception", "unsafe", (self.edit(word, "raise"),))

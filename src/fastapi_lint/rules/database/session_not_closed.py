"""FAL402: a dependency gives a session that nobody closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.closing import unclosed
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function

_HOW = {
    "returned": "returns a {what} that nobody closes",
    "closed": "returns a {what} from the `with` that closes it, before the handler has it",
    "yielded": "yields a {what} and never closes it",
    "unless": "yields a {what} that stays open when the handler raises",
}


class SessionNotClosed(RouteVisitor):
    """A dependency gives a session or connection that nobody closes, or nobody after an error."""

    code: ClassVar = "FAL402"
    name: ClassVar = "session-not-closed"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("4.1",)
    visits: ClassVar = frozenset({"dependency"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only dependencies that leave a session open are of interest."""
        return bool(unclosed(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = unclosed(self.application, self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None:
            return
        enter = "async with" if found.kind.is_async else "with"
        self.report(
            node,
            f"`{self.function.qualname}` {_HOW[found.how].format(what=found.kind.what)}",
            help=f"`yield` it inside of `{enter} {self.code_of(node)} as …:`, which closes it in any case",
        )

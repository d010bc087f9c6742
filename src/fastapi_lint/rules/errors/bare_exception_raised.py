"""FAL504: `Exception` itself is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.unspecific import unspecific_raises
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class BareExceptionRaised(RouteVisitor):
    """What requests run raises `Exception` itself, which nobody can tell from a bug."""

    code: ClassVar = "FAL504"
    name: ClassVar = "bare-exception-raised"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("5.1",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that raise it are of interest."""
        return "test" not in function.module.roles and any(
            True for _ in unspecific_raises(application.body(function))
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(item): name for item, name in unspecific_raises(self.body)}
        return True

    def visit_Raise(self, node: cst.Raise) -> None:
        name = self._found.get(id(self.expression(node.exc))) if node.exc is not None else None
        if name is None:
            return
        way = self.application.way_to(self.function)
        if self.routes:
            who = f"`{self.route.label}`"
        elif way is not None and way.functions[0] is not self.function:
            who = f"`{self.function.qualname}`, which `{way.route.label}` runs,"
        else:
            who = f"`{self.function.qualname}`"
        self.report(
            node,
            f"{who} raises `{name}` itself: no `except` and no exception handler can tell it from a bug",
            help="raise an exception of a class of your own, and answer that class in an exception handler",
        )

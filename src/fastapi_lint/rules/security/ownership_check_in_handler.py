"""FAL302: a handler compares the owner of what it has loaded with the current user, and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class OwnershipCheckInHandler(RouteVisitor):
    """A handler loads something, compares its owner with the current user, and refuses."""

    code: ClassVar = "FAL302"
    name: ClassVar = "ownership-check-in-handler"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("3.1", "3.7")

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that make such a comparison are of interest."""
        return "test" not in function.module.roles and application.refusals.ownership(function) is not None

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself only."""
        return node is self._root

    def visit_If(self, node: cst.If) -> None:
        """Report the comparison, with the refusal."""
        check = self.application.refusals.ownership(self.function)
        if check is None or self.expression(node.test) is not check.at:
            return
        self.report(
            node.test,
            f"`{self.route.label}` compares what it has loaded with the current user, and refuses",
            help="let a dependency load it for the current user, or refuse; or put the owner into the query",
            notes=(self.note("refused here", at=check.place),),
        )

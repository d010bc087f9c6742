"""FAL416: a row is deleted for good although its table marks deleted rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class HardDeleteOfSoftDeletable(RouteVisitor):
    """A row is deleted for good although its table has a column that marks deleted rows."""

    code: ClassVar = "FAL416"
    name: ClassVar = "hard-delete-of-soft-deletable"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.8",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that delete rows that could be marked are of interest."""
        return "test" not in function.module.roles and bool(application.soft_deletes.hard(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = self.application.soft_deletes.hard(self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        entity = found.entity.definition.name
        self.report(
            node,
            f"`{subject}` deletes `{entity}` for good; elsewhere `{entity}.{found.column}` marks such rows",
            help=f"set `{found.column}` instead, or name what deletes for good `purge`",
        )

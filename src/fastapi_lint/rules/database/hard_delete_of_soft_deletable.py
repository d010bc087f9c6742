"""FAL416: a row is deleted for good although its table marks deleted rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.soft_deletes import HardDelete
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class HardDeleteOfSoftDeletable(FindingVisitor[HardDelete]):
    """A row is deleted for good although its table has a column that marks deleted rows."""

    code: ClassVar = "FAL416"
    name: ClassVar = "hard-delete-of-soft-deletable"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.8",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, HardDelete]:
        """Deletions of rows that could be marked, by their calls."""
        return application.soft_deletes.hard(function)

    def visit_Call(self, node: cst.Call) -> None:
        found = self.found_at(node)
        if found is None:
            return
        entity = found.entity.definition.name
        self.report(
            node,
            f"`{self.subject}` deletes `{entity}` for good; elsewhere `{entity}.{found.column}` marks such "
            "rows",
            help=f"set `{found.column}` instead, or name what deletes for good `purge`",
        )

"""FAL413: no index begins with a foreign key."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class ForeignKeyWithoutIndex(ApplicationRule):
    """A column refers to another table, and no index begins with it."""

    code: ClassVar = "FAL413"
    name: ClassVar = "foreign-key-without-index"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.5",)

    def check(self) -> None:
        """Report each such column."""
        for key in self.application.unindexed_foreign_keys:
            self.report(
                key.entity.module.path,
                key.at,
                f"`{key.entity.definition.name}.{key.column}` is a foreign key without an index",
                help="pass `index=True` to the column, and make a migration for it",
            )

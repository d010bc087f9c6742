"""FAL414: the application creates its tables when it starts."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.database.schema_creation import created_at_start
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class CreateAllAtStartup(ApplicationRule):
    """The application creates its tables when it starts, instead of having them migrated."""

    code: ClassVar = "FAL414"
    name: ClassVar = "create-all-at-startup"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.6",)

    def check(self) -> None:
        """Report each place that creates them."""
        for module, span in created_at_start(self.application):
            self.report(
                module.path,
                span,
                "tables are created when the application starts: `create_all` changes none that exists",
                help="have Alembic create and change them, in a step before the application starts",
            )

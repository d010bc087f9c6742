"""FAL709: the environment is read all over the project."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.environment import scattered
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class ScatteredEnvironment(ApplicationRule):
    """The environment is read in several modules instead of in one settings class."""

    code: ClassVar = "FAL709"
    name: ClassVar = "scattered-environment"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("7.3",)

    def check(self) -> None:
        """Report each module once, where it reads the environment first."""
        found = scattered(self.application) if self.application.routes else []
        for reading in found:
            times = "once" if reading.count == 1 else f"{reading.count} times"
            others = len(found) - 1
            self.report(
                reading.module.path,
                reading.at,
                f"this module reads the environment {times}, and {others} other"
                f"{'s do' if others > 1 else ' does'} too",
                help="read it in one settings class (pydantic-settings), and hand that on",
            )

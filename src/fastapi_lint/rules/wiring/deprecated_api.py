"""FAL708: something of FastAPI is used that the used version has deprecated."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import deprecated
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class DeprecatedApi(ApplicationRule):
    """Something of FastAPI is used that the used version has deprecated."""

    code: ClassVar = "FAL708"
    name: ClassVar = "deprecated-api"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("7.4",)

    def check(self) -> None:
        """Report each place at which something deprecated is used."""
        for item in deprecated.deprecated(self.application):
            if self.is_first(item):
                self.report(item.path, item.at, item.message, help=item.instead)

"""FAL110: a path or prefix that FastAPI refuses, or that no request has."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.malformed import malformed
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class MalformedPath(ApplicationRule):
    """A path or prefix is written so that FastAPI refuses it, or that no request reaches it."""

    code: ClassVar = "FAL110"
    name: ClassVar = "malformed-path"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report each place once, however often its router is included."""
        for fault in dict.fromkeys(malformed(self.application)):
            self.report(fault.file, fault.span, fault.what, help=fault.advice)

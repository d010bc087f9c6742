"""FAL706: nothing limits how often a client may ask."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.provisions import Provision, lacking
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class NoRateLimit(ApplicationRule):
    """Nothing in the project limits how often a client may ask."""

    code: ClassVar = "FAL706"
    name: ClassVar = "no-rate-limit"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("3.10",)

    def check(self) -> None:
        """Report each such application once, where it is made."""
        for app in lacking(self.application, Provision.RATE_LIMIT):
            if app.module is not None:
                self.report(
                    app.module.path,
                    callee_span(app.call, 1),
                    "no code limits how often clients may ask this application",
                    help="limit rates by client, at least where credentials are checked",
                )

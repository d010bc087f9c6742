"""FAL314: nothing sends clients to HTTPS."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.provisions import Provision, lacking
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class HttpsNotEnforced(ApplicationRule):
    """Nothing in the project sends clients from HTTP to HTTPS."""

    code: ClassVar = "FAL314"
    name: ClassVar = "https-not-enforced"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("3.11",)

    def check(self) -> None:
        """Report each such application once, where it is made."""
        for app in lacking(self.application, Provision.HTTPS):
            if app.module is not None:
                self.report(
                    app.module.path,
                    callee_span(app.call, 1),
                    "no code sends this application's clients to HTTPS",
                    help="add `HTTPSRedirectMiddleware`, or send `Strict-Transport-Security`",
                )

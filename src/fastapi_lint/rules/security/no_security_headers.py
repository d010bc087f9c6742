"""FAL313: nothing sends security headers."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.provisions import Provision, lacking
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class NoSecurityHeaders(ApplicationRule):
    """Nothing in the project sets the headers that tell browsers to be careful."""

    code: ClassVar = "FAL313"
    name: ClassVar = "no-security-headers"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("3.11",)

    def check(self) -> None:
        """Report each such application once, where it is made."""
        for app in lacking(self.application, Provision.SECURITY_HEADERS):
            if app.module is not None:
                self.report(
                    app.module.path,
                    callee_span(app.call, 1),
                    "no code sets security headers on this application's responses",
                    help="add a middleware that sends `X-Content-Type-Options`, `Content-Security-Policy` "
                    "and `Referrer-Policy`",
                )

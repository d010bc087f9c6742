"""FAL705: requests have no ids."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.provisions import Provision, lacking
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class NoRequestId(ApplicationRule):
    """Nothing in the project gives a request an id by which logs can be told apart."""

    code: ClassVar = "FAL705"
    name: ClassVar = "no-request-id"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("7.1",)

    def check(self) -> None:
        """Report each such application once, where it is made."""
        for app in lacking(self.application, Provision.REQUEST_ID):
            if app.module is not None:
                self.report(
                    app.module.path,
                    callee_span(app.call, 1),
                    "no code gives this application's requests an id",
                    help="add a middleware that takes or makes an `X-Request-ID`, logs it, and sends it back",
                )

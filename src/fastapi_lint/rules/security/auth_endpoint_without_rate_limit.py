"""FAL311: nothing counts how often somebody tries a password."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.rate_limits import unlimited_exchanges
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class AuthEndpointWithoutRateLimit(ApplicationRule):
    """A route that takes passwords or codes can be tried as often as somebody likes."""

    code: ClassVar = "FAL311"
    name: ClassVar = "auth-endpoint-without-rate-limit"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("3.10",)

    def check(self) -> None:
        """Report each such route."""
        for route in unlimited_exchanges(self.application):
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"`{route.label}` can be tried as often as somebody likes: nothing limits its rate",
                help="limit it by address and account, such as with slowapi or fastapi-limiter",
            )

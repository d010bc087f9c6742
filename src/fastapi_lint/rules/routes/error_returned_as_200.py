"""FAL120: a handler reports an error in the body of a successful answer."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import error_bodies
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

OK = 200


class ErrorReturnedAs200(ApplicationRule):
    """A handler reports an error in the body of a successful answer."""

    code: ClassVar = "FAL120"
    name: ClassVar = "error-returned-as-200"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.7", "5.2")

    def check(self) -> None:
        """Report each such `return` of a handler once."""
        for route in self.application.routes:
            for node, at in error_bodies.error_returns(self.application, route):
                if route.handler is not None and self.is_first(id(node)):
                    self.report(
                        route.handler.path,
                        at,
                        f"`{route.label}` returns an error, but answers {route.status_code or OK}",
                        help="raise `HTTPException` with a status of 4xx or 5xx, "
                        "or an exception that a handler turns into one",
                    )

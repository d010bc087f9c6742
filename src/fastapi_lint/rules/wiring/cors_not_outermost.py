"""FAL701: middleware that answers by itself is added after the CORS middleware."""

from __future__ import annotations

from typing import ClassVar, Final

from fastapi_lint.application.wiring import middleware
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_LAST: Final = "add `CORSMiddleware` last, since what is added later runs earlier"
_FIRST: Final = "put `CORSMiddleware` first in the list, since what stands first runs first"


class CorsNotOutermost(ApplicationRule):
    """Middleware that answers by itself is added after the CORS middleware."""

    code: ClassVar = "FAL701"
    name: ClassVar = "cors-not-outermost"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.9",)

    def check(self) -> None:
        """Report each CORS middleware that another one is put around."""
        for cors, outer in middleware.inside_of_cors(self.application):
            self.report(
                cors.module.path,
                callee_span(cors.call, 1),
                "the CORS middleware is not the outermost: what answers before it sends no CORS headers",
                help=_FIRST if outer.argument else _LAST,
                notes=(
                    self.note("this is put around it", path=outer.module.path, at=callee_span(outer.call, 1)),
                ),
            )

"""FAL704: a route is added to a router after the router was included."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import Registration
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class IncludedTooLate(ApplicationRule):
    """A route is added to a router after the router was included."""

    code: ClassVar = "FAL704"
    name: ClassVar = "included-too-late"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.8",)
    fastapi: ClassVar = "<0.137"

    def check(self) -> None:
        """Report what is added after the last inclusion of its router."""
        for inclusion, late in lifecycle.added_too_late(self.application):
            what = "route" if isinstance(late, Registration) else "router"
            self.report(
                late.module.path,
                callee_span(late.call, 1),
                f"this {what} is never served: its router was included before",
                help="include the router after everything is added to it, or upgrade to FastAPI 0.137",
                notes=(
                    self.note("included here", path=inclusion.module.path, at=callee_span(inclusion.call, 1)),
                ),
            )

"""FAL802: a route has no tags."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import documented
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class UntaggedRoute(ApplicationRule):
    """A route has no tags."""

    code: ClassVar = "FAL802"
    name: ClassVar = "untagged-route"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("8.1",)

    def check(self) -> None:
        """Report each once, where it is registered."""
        for route in self.application.routes:
            is_bare = documented.is_listed(route) and not documented.has_tags(route)
            if is_bare and self.is_first(id(route.registration)):
                self.report(
                    *route.registered_at,
                    f"`{route.label}` has no tags",
                    help="give tags to its router, to the inclusion, or to the route",
                )

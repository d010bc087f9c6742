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
        seen = set()
        for route in self.application.routes:
            if (
                id(route.registration) in seen
                or not documented.is_listed(route)
                or documented.has_tags(route)
            ):
                continue
            seen.add(id(route.registration))
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"`{route.label}` has no tags",
                help="give tags to its router, to the inclusion, or to the route",
            )

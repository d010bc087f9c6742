"""FAL801: a route has neither a docstring nor a summary."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import documented
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class UndocumentedEndpoint(ApplicationRule):
    """A route has neither a docstring nor a summary."""

    code: ClassVar = "FAL801"
    name: ClassVar = "undocumented-endpoint"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("8.1",)

    def check(self) -> None:
        """Report each once, where it is registered."""
        for route in self.application.routes:
            is_bare = documented.is_listed(route) and not documented.has_text(route)
            if is_bare and self.is_first(id(route.handler)):
                self.report(
                    *route.registered_at,
                    f"`{route.label}` has neither a docstring nor a summary",
                    help="say in a docstring what it does: it becomes the description in the documentation",
                )

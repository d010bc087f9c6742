"""FAL109: two handlers for the same requests."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application import Route
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class DuplicateRoute(ApplicationRule):
    """Two handlers are registered for the same requests, and the second never runs."""

    code: ClassVar = "FAL109"
    name: ClassVar = "duplicate-route"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report each registration once, however often its router is included."""
        for shadow in self.application.shadows:
            route, by = shadow.route, shadow.by
            if not (shadow.is_same and isinstance(by, Route)) or self.application.is_test(
                route.decorator_file
            ):
                continue
            if not self.is_first(route.registered_at):
                continue
            label = f"{'/'.join(shadow.methods) or 'WEBSOCKET'} {route.path}"
            first = by.name.rpartition(".")[2]
            message = (
                f"`{label}` is registered a second time: `{first}` answers all requests"
                if route.path == by.path
                else f"`{label}` is never reached: `{by.label}` matches the same requests and comes first"
            )
            self.report(
                *route.registered_at,
                message,
                help="drop one of the two, or give it another path or method",
                notes=(
                    self.note(f"`{first}` is registered here", path=by.decorator_file, at=by.decorator_span),
                ),
            )

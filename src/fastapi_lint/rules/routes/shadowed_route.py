"""FAL108: a route that an earlier one answers for."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application import Route
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class ShadowedRoute(ApplicationRule):
    """A route gets no request, since an earlier one with a wider path answers all of them."""

    code: ClassVar = "FAL108"
    name: ClassVar = "shadowed-route"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report each registration once, however often its router is included."""
        for shadow in self.application.shadows:
            route, by = shadow.route, shadow.by
            if shadow.is_same or self.application.is_test(route.decorator_file):
                continue
            if not self.is_first(route.registered_at):
                continue
            label = f"{'/'.join(shadow.methods) or 'WEBSOCKET'} {route.path}"
            if isinstance(by, Route):
                self.report(
                    *route.registered_at,
                    f"`{label}` is never reached: `{by.label}`, which is registered before it, "
                    "answers its requests",
                    help=f"register `{route.path}` before `{by.path}`, or let the paths differ",
                    notes=(
                        self.note(f"`{by.label}` comes first", path=by.decorator_file, at=by.decorator_span),
                    ),
                )
            else:
                self.report(
                    *route.registered_at,
                    f"`{label}` is never reached: what is mounted at `{by.path or '/'}` before it "
                    "answers its requests",
                    help=f"mount at `{by.path or '/'}` after the routes are registered",
                    notes=(self.note("mounted here", path=by.mounting.module.path, at=by.span),),
                )

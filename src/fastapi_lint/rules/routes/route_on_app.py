"""FAL117: a route is registered on the application itself, although there are routers."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.purpose import serves_clients
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class RouteOnApp(ApplicationRule):
    """A route is registered on the application itself, although the others are on routers."""

    code: ClassVar = "FAL117"
    name: ClassVar = "route-on-app"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.8",)

    def check(self) -> None:
        """Report each such route of applications that include a router with routes."""
        routes = [route for route in self.application.routes if route.routers and route.app is not None]
        including = {id(route.routers[0]) for route in routes if route.routers[-1].kind != APP}
        for route in routes:
            owner = route.routers[-1]
            if owner.kind != APP or id(owner) not in including:
                continue
            if not serves_clients(self.application, route) or not self.is_first(route.registered_at):
                continue
            self.report(
                *route.registered_at,
                f"`{route.label}` is registered on the application itself, not on a router",
                help="move it to the router of its resource, and include that",
            )

"""FAL118: a router with routes that no application includes."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class RouterNeverIncluded(ApplicationRule):
    """A router has routes, but nothing includes it, so that no application serves them."""

    code: ClassVar = "FAL118"
    name: ClassVar = "router-never-included"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.8",)

    def check(self) -> None:
        """Report each where it is made."""
        for router in self.application.never_included:
            if router.module is None or router.call is None:
                continue
            routes = [route for route in self.application.routes if router in route.routers]
            if not routes:
                continue
            count = len(routes)
            served = (
                f"its {count} routes are not served" if count > 1 else f"`{routes[0].label}` is not served"
            )
            self.report(
                router.module.path,
                callee_span(router.call, 1),
                f"no application includes `{router.local_name}`: {served}",
                help=f"include it with `app.include_router({router.local_name})`, or drop it",
                notes=(
                    self.note(
                        f"for example `{routes[0].label}`",
                        path=routes[0].decorator_file,
                        at=routes[0].decorator_span,
                    ),
                ),
            )

"""FAL703: a handler of an event on an included router runs twice."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import APP, Inclusion, Router
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class RouterOnEventRunsTwice(ApplicationRule):
    """A handler of an event on an included router runs twice."""

    code: ClassVar = "FAL703"
    name: ClassVar = "router-on-event-runs-twice"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("7.2",)
    fastapi: ClassVar = ">=0.112.2"

    def check(self) -> None:
        """Report each handler of an event of a router that an application without a lifespan includes."""
        for application in self.application.routers:
            if application.kind != APP or lifecycle.lifespan_of(application) is not None:
                continue
            for entry in application.entries:
                child = entry.child if isinstance(entry, Inclusion) else None
                if not isinstance(entry, Inclusion) or not isinstance(child, Router) or entry.unlikely:
                    continue
                for item in child.additions:
                    if item.event and item.call is not None and "test" not in item.module.roles:
                        self.report(
                            item.module.path,
                            callee_span(item.call, 1),
                            f"this handler of `{item.event}` runs twice, since its router is included",
                            help="do it in the application's `lifespan`, or in one of the router's",
                            notes=(
                                self.note(
                                    "included here", path=entry.module.path, at=callee_span(entry.call, 1)
                                ),
                            ),
                        )

"""FAL702: a handler of `startup` or `shutdown` never runs, since the application has a lifespan."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class OnEventWithLifespan(ApplicationRule):
    """A handler of `startup` or `shutdown` never runs, since the application has a lifespan."""

    code: ClassVar = "FAL702"
    name: ClassVar = "on-event-with-lifespan"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("7.2",)
    fastapi: ClassVar = ">=0.93"

    def check(self) -> None:
        """Report each handler of an event of an application with a lifespan; at stricter levels, any."""
        is_strict = self.application.settings.level != "default"
        for router in self.application.routers:
            lifespan = lifecycle.lifespan_of(router) if router.kind == APP else None
            for item in router.additions:
                at = callee_span(item.call, 1)
                if not item.event or item.call is None:
                    continue
                if lifespan is not None and router.call is not None and router.module is not None:
                    self.report(
                        item.module.path,
                        at,
                        f"this handler of `{item.event}` never runs: the application has a `lifespan`",
                        help="do it in the lifespan, before or after its `yield`",
                        notes=(
                            self.note(
                                "made with `lifespan=` here",
                                path=router.module.path,
                                at=callee_span(router.call, 1),
                            ),
                        ),
                    )
                elif is_strict:
                    self.report(
                        item.module.path,
                        at,
                        f"`{item.event}` is handled with the deprecated `on_event`",
                        help="pass `lifespan=` to the application",
                        severity=Severity.INFO,
                    )

"""FAL703: a handler of an event on an included router runs twice."""

from __future__ import annotations

from typing import ClassVar, Final

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_TWICE: Final = 2


class RouterOnEventRunsTwice(ApplicationRule):
    """A handler of an event on an included router runs twice."""

    code: ClassVar = "FAL703"
    name: ClassVar = "router-on-event-runs-twice"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("7.2",)
    fastapi: ClassVar = ">=0.112.2"

    def check(self) -> None:
        """Report the handlers of events that an application copies from routers which run them too."""
        for item, inclusion, times in lifecycle.repeated_handlers(self.application):
            at = callee_span(item.call, 1)
            if "test" in item.module.roles or not self.is_first((item.module.path, at, item.argument)):
                continue
            what = f"what `{item.argument}=` lists" if item.argument else f"this handler of `{item.event}`"
            often = "twice" if times == _TWICE else f"{times} times"
            self.report(
                item.module.path,
                at,
                f"{what} runs {often}, since its router is included",
                help="do it in the application's `lifespan`, or in one of the router's",
                notes=(
                    self.note("included here", path=inclusion.module.path, at=callee_span(inclusion.call, 1)),
                ),
            )

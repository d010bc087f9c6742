"""FAL702: a handler of `startup` or `shutdown` never runs, since the application has a lifespan."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.wiring.routing import Addition
    from fastapi_lint.diagnostics import Note


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
            has_lifespan = router.kind == APP and lifecycle.lifespan_of(router) is not None
            for item in router.additions:
                if not item.event or item.call is None:
                    continue
                what = (
                    f"what `{item.argument}=` lists" if item.argument else f"this handler of `{item.event}`"
                )
                if has_lifespan and router.call is not None and router.module is not None:
                    made = self.note(
                        "made with `lifespan=` here", path=router.module.path, at=callee_span(router.call, 1)
                    )
                    self._say(
                        item,
                        f"{what} never runs: the application has a `lifespan`",
                        help_="do it in the lifespan, before or after its `yield`",
                        notes=(made,) if item.call is not router.call else (),
                    )
                elif is_strict:
                    self._say(
                        item,
                        f"`{item.event}` is handled with the deprecated `{item.argument or 'on_event'}`",
                        help_="pass `lifespan=` to the application",
                        severity=Severity.INFO,
                    )

    def _say(
        self,
        item: Addition,
        message: str,
        *,
        help_: str,
        notes: tuple[Note, ...] = (),
        severity: Severity | None = None,
    ) -> None:
        """Report where a handler is added; once where a list holds several."""
        at = callee_span(item.call, 1)
        if not item.argument or self.is_first((item.module.path, at, item.argument)):
            self.report(item.module.path, at, message, help=help_, notes=notes, severity=severity)

"""FAL106: a GET or HEAD handler changes stored data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import writes
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Route
    from fastapi_lint.application.answers.creation import Creation


class WriteInGet(ApplicationRule):
    """A GET or HEAD handler changes stored data."""

    code: ClassVar = "FAL106"
    name: ClassVar = "write-in-get"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.1",)

    def check(self) -> None:
        """Report each handler once, where it is registered for GET."""
        for route in self.application.routes:
            handler = route.handler
            if handler is None or not {"GET", "HEAD"} >= set(route.methods) > set():
                continue
            if not self.is_first(id(handler)):
                continue
            if writes.is_browsed(route) or "test" in handler.module.roles:
                continue
            body = self.application.body(handler)
            found = self.application.writes.of(body)
            if found is None and writes.says_so(route):
                found = self.application.writes.at_times(body)
            if found is not None and not writes.is_aside(found):
                self._report_writing(route, found)

    def _report_writing(self, route: Route, found: Creation) -> None:
        what = f"`{found.entity.definition.name}`" if found.entity is not None else "stored data"
        call = found.call
        self.report(
            *route.registered_at,
            f"`{route.label}` {writes.verb(found)} {what}: `{' → '.join(found.chain)}`",
            help="use POST, PUT, PATCH or DELETE: clients, crawlers and caches repeat a GET as they like",
            notes=(
                self.note(
                    "written here",
                    path=found.path,
                    at=Span(call.line, call.column, call.end_line, call.end_column),
                ),
            ),
        )

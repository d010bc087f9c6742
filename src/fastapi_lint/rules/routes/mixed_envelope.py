"""FAL123: an API wraps some answers in an envelope, and sends others bare."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.answers.envelopes import Shape, shape
from fastapi_lint.application.wiring.purpose import client_routes_by_app, is_for_outside
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Route
    from fastapi_lint.diagnostics import Note


_FEWEST: Final = 2
"""One handler that answers otherwise than the rest has its reasons; two of each kind are no convention."""


class MixedEnvelope(ApplicationRule):
    """An API wraps some answers in an envelope, and sends others bare."""

    code: ClassVar = "FAL123"
    name: ClassVar = "mixed-envelope"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.9",)

    def check(self) -> None:
        """Report each application once."""
        for routes in client_routes_by_app(self.application):
            app = routes[0].routers[0]
            if app.module is None or app.call is None or app.module.roles & {"test", "example"}:
                continue
            enveloped, bare = self._sorted(routes)
            if min(len(enveloped), len(bare)) < _FEWEST:
                continue
            self.report(
                app.module.path,
                callee_span(app.call, 1),
                f"{len(enveloped)} handlers wrap their answers in an envelope, {len(bare)} send them bare",
                help="answer in one structure: what is asked for alone, or one envelope everywhere",
                notes=(
                    self._note(f"`{enveloped[0].label}` wraps its answer", enveloped[0]),
                    self._note(f"`{bare[0].label}` sends it bare", bare[0]),
                ),
            )

    def _sorted(self, routes: list[Route]) -> tuple[list[Route], list[Route]]:
        """Give a route of each handler that wraps its answer, and of each that doesn't."""
        seen = set()
        found: dict[Shape, list[Route]] = {Shape.ENVELOPED: [], Shape.BARE: []}
        for route in routes:
            if id(route.handler) in seen or is_for_outside(route):
                continue
            seen.add(id(route.handler))
            kind = shape(self.application, route)
            if kind is not None:
                found[kind].append(route)
        return found[Shape.ENVELOPED], found[Shape.BARE]

    def _note(self, message: str, route: Route) -> Note:
        return self.note(message, path=route.decorator_file, at=route.decorator_span)

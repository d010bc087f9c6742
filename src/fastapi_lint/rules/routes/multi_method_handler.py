"""FAL126: one handler serves several methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.purpose import is_for_outside, serves_clients
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function, Route

_DATA = frozenset({responses.Returned.DATA, responses.Returned.NOTHING})
_BESIDES = frozenset({"HEAD", "OPTIONS"})


class MultiMethodHandler(ApplicationRule):
    """One handler serves several methods, which mean different things."""

    code: ClassVar = "FAL126"
    name: ClassVar = "multi-method-handler"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.1",)

    def check(self) -> None:
        """Report each handler once, at the registration that brings the second method."""
        by_handler: dict[Function, list[Route]] = {}
        for route in self.application.routes:
            if route.handler is not None:
                by_handler.setdefault(route.handler, []).append(route)
        for routes in by_handler.values():
            self._judge([route for route in routes if _counts(self.application, route)])

    def _judge(self, routes: list[Route]) -> None:
        methods: dict[str, None] = {}
        for route in routes:
            methods.update(dict.fromkeys(item for item in route.methods if item not in _BESIDES))
            if len(methods) > 1:
                names = " and ".join(methods)
                self.report(
                    *route.registered_at,
                    f"`{route.path}` has one handler for {names}",
                    help="write a handler for each method, and a function that they share",
                )
                return


def _counts(application: Application, route: Route) -> bool:
    """Whether a route is a client's choice: no old name, no form, nothing that passes on whatever comes."""
    return (
        serves_clients(application, route)
        and not is_for_outside(route)
        and not route.deprecated
        and _sends_data(application, route)
        and not any(item.converter == "path" for item in parse(route.path).placeholders)
    )


def _sends_data(application: Application, route: Route) -> bool:
    if response_models.declares_body(application, route):
        return True
    return responses.returned(responses.answer(application, route)) <= _DATA

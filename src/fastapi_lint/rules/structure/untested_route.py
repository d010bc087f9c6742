"""FAL901: no test requests a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.answers import responses
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Route

_ASIDE: Final = frozenset({"test", "example", "script", "migration"})


class UntestedRoute(ApplicationRule):
    """No test of the project requests this route."""

    code: ClassVar = "FAL901"
    name: ClassVar = "untested-route"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("9.2",)

    def check(self) -> None:
        """Report each served route that the tests leave out, where there are tests that request some."""
        requested = self.application.requested
        if not requested.count or not requested.is_complete:
            return
        registered: dict[tuple[str, int], list[Route]] = {}
        for route in self.application.routes:
            if self._counts(route):
                registered.setdefault((route.decorator_file, route.decorator_line), []).append(route)
        untested = [same[0] for same in registered.values() if not any(map(requested.tests, same))]
        if requested.uses_own_client and len(untested) * 2 > len(registered):
            return
        for route in untested:
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"no test requests `{route.label}`",
                help="request it in a test, with what it must refuse as well",
            )

    def _counts(self, route: Route) -> bool:
        handler = route.handler
        return (
            route.app is not None
            and handler is not None
            and not handler.module.roles & _ASIDE
            and responses.has_contract(route)
        )

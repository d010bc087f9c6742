"""FAL114: no part of a path says which version of the API it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.evaluation.values import External
from fastapi_lint.application.wiring.matching import PLACEHOLDER
from fastapi_lint.application.wiring.naming import is_version
from fastapi_lint.application.wiring.purpose import client_routes_by_app, is_for_outside
from fastapi_lint.application.wiring.routes import callee_span, origin_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Module, Route
    from fastapi_lint.application.wiring.routing import Router
    from fastapi_lint.diagnostics import Span


_FEWEST: Final = 3
"""Applications with fewer routes than this are no API of which there will be versions."""


class UnversionedPath(ApplicationRule):
    """No part of a path says which version of the API it belongs to."""

    code: ClassVar = "FAL114"
    name: ClassVar = "unversioned-path"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.3",)

    def check(self) -> None:
        """Report an application once if most of its paths have no version, or else what stands apart."""
        for routes in client_routes_by_app(self.application):
            app = routes[0].routers[0]
            if len(routes) < _FEWEST:
                continue
            if app.module is not None and app.call is not None and not _is_versioned_otherwise(app):
                self._judge(routes, app.module, callee_span(app.call, 1))

    def _judge(self, routes: list[Route], module: Module, at: Span) -> None:
        versioned = [route for route in routes if _has_version(route)]
        bare = [route for route in routes if not _has_version(route) and not is_for_outside(route)]
        if len(versioned) * 2 < len(bare):
            self.report(
                module.path,
                at,
                f"`{bare[0].label}`{_more(bare)} no version in the path",
                help="include the routers below a prefix such as `/api/v1`",
            )
            return
        groups: dict[tuple[str, Span], list[Route]] = {}
        for route in bare:
            groups.setdefault(_entrance(route), []).append(route)
        for (path, span), group in groups.items():
            self.report(
                path,
                span,
                f"`{group[0].label}`{_more(group)} no version in the path, as `{versioned[0].label}` has",
                help="put it below the prefix that the other routes have",
            )


def _more(routes: list[Route]) -> str:
    others = len(routes) - 1
    return " has" if not others else f" and {others} more route{'s' if others > 1 else ''} have"


def _has_version(route: Route) -> bool:
    """Whether a version stands in the path, before the first placeholder that is none."""
    for segment in route.path.split("/"):
        if is_version(segment):
            return True
        if PLACEHOLDER.search(segment):
            return False
    return False


def _is_versioned_otherwise(app: Router) -> bool:
    """Whether something else than the routes' paths may say the version: a proxy's path, a header."""
    in_header = isinstance(app.cls, External) and app.cls.name.startswith("cadwyn.")
    aside = app.module is not None and app.module.roles & {"test", "example"}
    return "root_path" in app.settings or in_header or bool(aside)


def _entrance(route: Route) -> tuple[str, Span]:
    """Where a route comes into its application: the outermost include, or its own registration."""
    for prefix in route.prefixes[1:]:
        place = origin_of(prefix)
        if place is not None:
            return place
    return route.registered_at

"""Routes that stand beside an API: about the application itself, for browsers, for other services' calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import responses
from fastapi_lint.application.evaluation.values import Object, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.matching import PLACEHOLDER

if TYPE_CHECKING:
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_ABOUT_ITSELF: Final = frozenset(
    split(
        "alive docs health healthcheck healthz heartbeat info live liveness livez metrics openapi ping probe "
        "readiness ready readyz redoc robots favicon sitemap status statusz up version versions"
    )
)
"""Words for what is asked about the application itself, by those who run it."""
_HEALTH: Final = frozenset(split("health healthcheck healthz liveness readiness"))
_OUTSIDE: Final = frozenset(
    split("webhook webhooks callback callbacks oauth oauth2 oidc saml scim sso userinfo")
)
"""Words for addresses that another party or a standard gives."""


def is_about_itself(route: Route) -> bool:
    """Whether a route is the root, a file such as `/robots.txt`, or about the application: `/health/db`."""
    return is_path_about_itself(route.path)


def is_path_about_itself(path: str) -> bool:
    """Whether a path is the root, a file, or about the application."""
    literals = [segment for segment in path.split("/") if segment and not PLACEHOLDER.search(segment)]
    if not path.strip("/") or (literals and "." in literals[-1] and path.endswith(literals[-1])):
        return True
    return any(set(words(segment)) & _HEALTH for segment in literals) or bool(
        path.rstrip("/").endswith(tuple(literals[-1:])) and set(words(literals[-1])) & _ABOUT_ITSELF
    )


def is_for_outside(route: Route) -> bool:
    """Whether a route's address is given by a standard or told to another service: OAuth, webhooks."""
    literals = [segment for segment in route.path.split("/") if not PLACEHOLDER.search(segment)]
    return any(
        _OUTSIDE & set(words(segment)) or segment.startswith(".") or segment in {"token", "ga4gh"}
        for segment in literals
    )


def serves_clients(application: Application, route: Route) -> bool:
    """Whether a route is part of an API: JSON for its clients, and about more than the application itself."""
    return (
        responses.has_contract(route)
        and responses.sends_json(route) is True
        and not is_about_itself(route)
        and not sends_other_than_json(application, route)
    )


def client_routes_by_app(application: Application) -> list[list[Route]]:
    """The routes that serve clients, of each outermost application that has any, in their order."""
    by_app: dict[int, list[Route]] = {}
    for route in application.routes:
        if route.app is not None and route.routers and serves_clients(application, route):
            by_app.setdefault(id(route.routers[0]), []).append(route)
    return list(by_app.values())


def sends_other_than_json(application: Application, route: Route) -> bool:
    """Whether a handler returns a page, a file or a redirect, at least on some way."""
    return any(
        isinstance(option, Object)
        and responses.kind_of_class(option.cls) not in {None, "", "raw", responses.JSON}
        for option in options(responses.answer(application, route))
    )

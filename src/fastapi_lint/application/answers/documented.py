"""What the generated documentation says of a route: a text of its own, and a group that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import responses
from fastapi_lint.application.evaluation.values import ClassValue, is_none
from fastapi_lint.application.wiring.routing import APP

if TYPE_CHECKING:
    from fastapi_lint.application.wiring.routes import Route


def is_listed(route: Route) -> bool:
    """Whether a served route is in the documentation, with all that it was registered with known."""
    schemas = [router.settings.get("openapi_url") for router in route.routers if router.kind == APP]
    return (
        route.app is not None
        and not (schemas and schemas[-1] is not None and is_none(schemas[-1]))
        and responses.has_contract(route)
        and route.registration.complete
        and not any(isinstance(router.cls, ClassValue) for router in route.routers)
    )


def has_text(route: Route) -> bool:
    """Whether a summary, a description or the handler's docstring describes a route."""
    given = {"summary", "description", "openapi_extra"} & route.keywords.keys()
    return bool(given) or route.handler is None or route.handler.definition.is_documented


def has_tags(route: Route) -> bool:
    """Whether a route, or a router or an inclusion on the way to it, is given tags."""
    origins = [prefix.origin for prefix in route.prefixes]
    given = [
        route.keywords,
        *(router.settings for router in route.routers),
        *(getattr(origin, "keywords", {}) for origin in origins),
    ]
    return bool(route.tags) or any("tags" in keywords for keywords in given)

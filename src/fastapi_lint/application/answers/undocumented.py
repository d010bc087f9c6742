"""Errors that clients get and the generated documentation doesn't name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers.documented import is_listed
from fastapi_lint.application.answers.escaping import is_served_as_written
from fastapi_lint.application.answers.raising import Raising
from fastapi_lint.application.evaluation.values import Dictionary, is_none
from fastapi_lint.application.wiring.routing import Inclusion
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.raising import Leaving
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_DEEPEST: Final = 2
"""How many calls deep exceptions are followed: the deeper, the more has been checked before."""
_FIRST: Final = 400
_INVALID: Final = 422
"""FastAPI documents this one itself."""
_BROKEN: Final = 500
"""What is nobody's fault but the server's needs no documentation."""


def undocumented(application: Application) -> Iterator[tuple[Route, int, Leaving]]:
    """The statuses of HTTP exceptions that leave the routes' handlers and aren't documented.

    Each once a route, with the first exception of that status.
    """
    found = Raising(deepest=_DEEPEST)
    for route in application.routes:
        for status, leaving in _of_route(application, route, found):
            yield route, status, leaving


def _of_route(application: Application, route: Route, found: Raising) -> Iterator[tuple[int, Leaving]]:
    handler = route.handler
    if handler is None or not is_listed(route) or not is_served_as_written(route):
        return
    named = _documented(route)
    if named is None:
        return
    for leaving in found.leaving(handler.definition.body, application.body(handler)):
        status = leaving.status
        if status is None or status < _FIRST or status in {_INVALID, _BROKEN}:
            continue
        if not leaving.is_certain or _is_variable(leaving):
            continue
        if not {"default", str(status), f"{status // 100}XX"} & named:
            named.add(str(status))
            yield status, leaving


def _is_variable(leaving: Leaving) -> bool:
    """Whether an instance is raised that was made elsewhere, maybe for another case."""
    return isinstance(leaving.node, model.Raise) and isinstance(leaving.node.exception, model.Name)


def _documented(route: Route) -> set[str] | None:
    """What is documented for a route, its routers, includes and applications; None if not all is known."""
    origins = [prefix.origin for prefix in route.prefixes]
    places = [
        route.keywords,
        *(router.settings for router in route.routers),
        *(origin.keywords for origin in origins if isinstance(origin, Inclusion)),
    ]
    if any("openapi_extra" in keywords for keywords in places):
        return None
    if any("openapi" in router.attributes for router in route.routers):
        return None
    found: set[str] = set()
    for keywords in places:
        given: Value | None = keywords.get("responses")
        if given is None or is_none(given):
            continue
        if not isinstance(given, Dictionary) or given.others or not given.complete:
            return None
        found |= {str(key) for key in given.entries}
    return found

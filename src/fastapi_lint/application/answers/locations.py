"""Where created resources are: the route that reads them, and whether an answer says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import UNKNOWN, Dictionary, FunctionValue, Object, options
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.matching import PLACEHOLDER
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_HEADERS = frozenset({"location", "content-location"})
MOST_FUNCTIONS = 1000
"""How many functions behind a route are looked into; behind more than these anything may be said."""


def reading(application: Application, route: Route) -> Route | None:
    """Give the route that reads one of what a POST to a collection creates: `GET /orders/{order_id}`."""
    collection = _shape(route.path)
    for other in application.routes:
        if other.app == route.app and "GET" in other.methods:
            start, _, last = other.path.rstrip("/").rpartition("/")
            if PLACEHOLDER.fullmatch(last) and _shape(start) == collection:
                return other
    return None


def _shape(path: str) -> str:
    return PLACEHOLDER.sub("{}", path.rstrip("/"))


def names_location(application: Application, route: Route) -> bool:
    """Whether the handler, a dependency, or what these call names the header; true where it may."""
    if route.handler is None:
        return True
    waiting = [route.handler]
    for dependency in route.all_dependencies():
        callable_ = unwrapped(dependency.callable)
        if isinstance(callable_, FunctionValue):
            waiting.append(application.function_of(callable_))
    seen: set[int] = set()
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        if len(seen) > MOST_FUNCTIONS or _names_it(function):
            return True
        waiting += application.body(function).callees
    return any(map(_may_have_it, options(application.body(route.handler).result)))


def _names_it(function: Function) -> bool:
    return any(
        isinstance(item, model.Constant) and isinstance(item.value, str) and item.value.lower() in _HEADERS
        for statement in nested_statements(function.definition.body)
        for item in expressions(statement)
    )


def _may_have_it(value: object) -> bool:
    """Whether a returned Response has headers that can't be read."""
    if not isinstance(value, Object):
        return False
    headers = value.keywords.get("headers", UNKNOWN if "headers" in value.attributes else Dictionary({}))
    return not isinstance(headers, Dictionary)

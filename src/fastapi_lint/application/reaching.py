"""How requests come to a function: the route, and the calls from its handler or a dependency down to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import FunctionValue
from fastapi_lint.application.wiring.dependencies import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way to a function: a route, and the functions that call one another, down to it."""

    route: Route
    functions: tuple[Function, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The ends of the way as messages name them; what is between is an ellipsis."""
        first, last = self.functions[0].qualname, self.functions[-1].qualname
        if len(self.functions) == 1:
            return (last,)
        return (first, last) if len(self.functions) == 2 else (first, "…", last)  # noqa: PLR2004


def ways(application: Application) -> dict[int, Way]:
    """The way to each function that requests run, by the function's identity.

    Handlers come before dependencies, and routes in their order. Middleware and exception handlers serve
    no route, so what only they call has no way.
    """
    found: dict[int, Way] = {}
    for starts in (_handlers(application), _dependencies(application)):
        waiting = deque[Way]()
        for route, function in starts:
            if id(function) not in found:
                found[id(function)] = Way(route, (function,))
                waiting.append(found[id(function)])
        while waiting:
            way = waiting.popleft()
            for callee in application.body(way.functions[-1]).callees:
                if id(callee) not in found:
                    found[id(callee)] = Way(way.route, (*way.functions, callee))
                    waiting.append(found[id(callee)])
    return found


def _handlers(application: Application) -> Iterator[tuple[Route, Function]]:
    for route in application.routes:
        if route.handler is not None:
            yield route, route.handler


def _dependencies(application: Application) -> Iterator[tuple[Route, Function]]:
    for route in application.routes:
        for dependency in route.all_dependencies():
            callable_ = unwrapped(dependency.callable)
            if isinstance(callable_, FunctionValue):
                yield route, application.function_of(callable_)

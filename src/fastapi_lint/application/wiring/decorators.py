"""What decorators around handlers do to what FastAPI serves: which run in vain, which hide the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import calling
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    Closer,
    External,
    ExternalMethod,
    FunctionValue,
    Object,
)
from fastapi_lint.application.library import auth

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.facts import model

WRAPPING: Final = frozenset(
    {
        "aiocache.cached",
        "aiocache.decorators.cached",
        "async_lru.alru_cache",
        "asyncache.cached",
        "backoff.on_exception",
        "backoff.on_predicate",
        "cachetools.cached",
        "fastapi_cache.decorator.cache",
        "fastapi_limiter.decorators.rate_limiter",
        "functools.cache",
        "functools.lru_cache",
        "ratelimit.limits",
        "slowapi.Limiter.limit",
        "slowapi.Limiter.shared_limit",
        "slowapi.extension.Limiter.limit",
        "slowapi.extension.Limiter.shared_limit",
        "starlette.authentication.requires",
        "tenacity.retry",
    }
)
"""Decorators of libraries that give back another function, which has to be the one that is registered."""


class Decorators:
    """Applies decorators once more, to see what they give."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def in_vain(self, function: Function, routes: tuple[Route, ...]) -> list[tuple[int, Route]]:
        """The decorators above a route decorator whose result FastAPI never sees, as positions from the top.

        Each with the route that is served without it. What gives the function back, marked or noted down, is
        no matter; what isn't known is taken to do so.
        """
        decorators = function.definition.decorators
        served = {id(route.registration.call): route for route in routes}
        found: list[tuple[int, Route]] = []
        below: Route | None = None
        for position in range(len(decorators) - 1, -1, -1):
            decorator = decorators[position]
            route = served.get(id(decorator))
            if route is not None:
                below = route
            elif below is not None and self._wraps(decorator, function, below):
                found.append((position, below))
        return found[::-1]

    def _wraps(self, decorator: model.Expression, function: Function, route: Route) -> bool:
        frame = Frame(function.value.scope)
        applied = self._evaluator.evaluate(decorator, frame)
        endpoint = route.registration.endpoint
        if isinstance(applied, Closer):
            return False
        name = _external_name(applied)
        if name:
            return name in WRAPPING or name in auth.AUTHENTICATING_DECORATORS
        if not isinstance(applied, (FunctionValue, Bound, ClassValue, Object)):
            return False
        result = calling.call_value(self._evaluator, applied, frame, endpoint)
        if isinstance(result, FunctionValue) and isinstance(endpoint, FunctionValue):
            return result.definition is not endpoint.definition
        return isinstance(result, Object) and isinstance(result.cls, ClassValue)


def _external_name(applied: Value) -> str:
    """The canonical name of a library's decorator, or of what made it."""
    if isinstance(applied, External):
        return library.canonical(applied.name)
    if isinstance(applied, ExternalMethod):
        return library.canonical(f"{applied.owner}.{applied.name}")
    if isinstance(applied, Object) and isinstance(applied.cls, External):
        return library.canonical(applied.cls.name)
    of = getattr(applied, "of", "")
    return library.canonical(of) if of else ""


def hidden_signature(route: Route) -> tuple[FunctionValue, tuple[str, ...]] | None:
    """The wrapper around a handler that FastAPI serves in its place, where its signature hides the handler's.

    With the parameters, such as `*args` and `**kwargs`, that FastAPI takes for query parameters.
    """
    endpoint = route.registration.endpoint
    if not isinstance(endpoint, FunctionValue) or endpoint.wraps is not None:
        return None
    if "<locals>" not in endpoint.qualname or "__signature__" in endpoint.attributes:
        return None
    if any(id(route.registration.call) == id(item) for item in endpoint.definition.decorators):
        return None  # a handler that a function defines and registers
    variadic = tuple(
        {"args": "*", "kwargs": "**"}[parameter.kind] + parameter.name
        for parameter in endpoint.definition.parameters
        if parameter.kind in {"args", "kwargs"}
    )
    return (endpoint, variadic) if variadic else None

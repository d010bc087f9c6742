"""Which calls hold up the event loop when asynchronous code makes them, and what in the project waits on whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import attributes
from fastapi_lint.application.library import Effect
from fastapi_lint.application.values import ClassValue, FunctionValue, Literal, Object, options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import CallMeaning, Chain
    from fastapi_lint.application.routing import Router
    from fastapi_lint.application.values import Value

CONSUMERS: Final = frozenset(
    {"all", "any", "dict", "enumerate", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
"""Built-in functions that run through the generator that they are given (or, like `enumerate`, are run through)."""
_SECOND_LOOPS: Final = frozenset(
    {
        "asyncio.run",
        "anyio.run",
        "asyncio.AbstractEventLoop.run_until_complete",
        "asyncio.AbstractEventLoop.run_forever",
        "asyncio.Runner.run",
    }
)


@dataclass(frozen=True, slots=True)
class Blocking:
    """A call that holds up its thread.

    `chain` are the calls behind it, down to the one that waits; `is_lazy` says that it only waits once its
    result is entered or run through.
    """

    chain: Chain
    burns: bool
    is_second_loop: bool
    is_lazy: bool


def of_call(meaning: CallMeaning) -> Blocking | None:
    """How a call blocks; None if it doesn't, or where an asynchronous function that it runs has to answer for it."""
    effect = next((effect for effect in (Effect.BLOCK, Effect.CPU) if effect in meaning.effects), None)
    if effect is None or meaning.is_coroutine or any(function.is_async for function in meaning.functions):
        return None
    if meaning.name == "time.sleep" and meaning.arguments and _is_zero(meaning.arguments[0]):
        return None
    return Blocking(
        meaning.effects[effect],
        effect is Effect.CPU,
        meaning.name in _SECOND_LOOPS,
        any(function.definition.is_generator for function in meaning.functions),
    )


def _is_zero(value: Value) -> bool:
    return isinstance(value, Literal) and value.value == 0


def outside_of_routes(
    routers: Iterable[Router], dependencies: Iterable[Value]
) -> Iterator[tuple[FunctionValue, Object | None]]:
    """What else runs for requests, with the object that it is a method of.

    Middleware, exception handlers, and dependencies that are objects.
    """
    for dependency in dependencies:
        if isinstance(dependency, Object) and isinstance(dependency.cls, ClassValue):
            found = attributes.find(dependency.cls, "__call__")
            if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                yield found[1], dependency
    for router in routers:
        for middleware, _ in router.middleware:
            for option in options(middleware):
                if isinstance(option, FunctionValue):
                    yield option, None
                elif isinstance(option, ClassValue):
                    for name in ("dispatch", "__call__"):
                        found = attributes.find(option, name)
                        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                            yield found[1], Object(option)
        for _, handler in router.exception_handlers:
            for option in options(handler):
                if isinstance(option, FunctionValue):
                    yield option, None

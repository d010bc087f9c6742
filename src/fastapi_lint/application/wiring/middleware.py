"""Middleware of the project: functions that run around requests, outside of all handlers of exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    External,
    FunctionValue,
    Object,
    is_none,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.wiring.routing import Router

_DESCRIPTION: Final = "starlette.middleware.Middleware"
_METHODS: Final = ("dispatch", "__call__")


def added_to(router: Router) -> list[tuple[Value, Mapping[str, Value]]]:
    """The middleware of an application with its arguments: what calls added, and what it was made with."""
    listed = router.settings.get("middleware")
    made_with = [
        (item.arguments[0], item.keywords)
        for item in (listed.items if isinstance(listed, Collection) else ())
        if _is_description(item) and isinstance(item, Object) and item.arguments
    ]
    return [*router.middleware, *made_with]


def is_all_known(router: Router) -> bool:
    """Whether `added_to` gives everything that an application is made with."""
    listed = router.settings.get("middleware")
    if listed is None or is_none(listed):
        return True
    return isinstance(listed, Collection) and listed.complete and all(map(_is_description, listed.items))


def _is_description(value: Value) -> bool:
    return isinstance(value, Object) and isinstance(value.cls, External) and value.cls.name == _DESCRIPTION


def middleware_of(router: Router) -> Iterator[tuple[FunctionValue, Object | None]]:
    """The functions of an application's own middleware, with the object that each is a method of."""
    for middleware, keywords in added_to(router):
        yield from functions_of(middleware, keywords)


def functions_of(
    middleware: Value, keywords: Mapping[str, Value]
) -> Iterator[tuple[FunctionValue, Object | None]]:
    """The functions of the project that one piece of middleware runs."""
    dispatch = keywords.get("dispatch")
    for option in (*options(middleware), *(options(dispatch) if dispatch is not None else ())):
        if isinstance(option, FunctionValue):
            yield option, None
        elif isinstance(option, ClassValue):
            for name in _METHODS:
                found = attributes.find(option, name)
                if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                    yield found[1], Object(option)

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
    options,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.wiring.routing import Router

_DESCRIPTION: Final = "starlette.middleware.Middleware"
_METHODS: Final = ("dispatch", "__call__")


def middleware_of(router: Router) -> Iterator[tuple[FunctionValue, Object | None]]:
    """The functions of an application's own middleware, with the object that each is a method of."""
    added = [*router.middleware]
    listed = router.settings.get("middleware")
    for item in listed.items if isinstance(listed, Collection) else ():
        if isinstance(item, Object) and isinstance(item.cls, External) and item.cls.name == _DESCRIPTION:
            added += [(cls, item.keywords) for cls in item.arguments[:1]]
    for middleware, keywords in added:
        dispatch = keywords.get("dispatch")
        for option in (*options(middleware), *(options(dispatch) if dispatch is not None else ())):
            if isinstance(option, FunctionValue):
                yield option, None
            elif isinstance(option, ClassValue):
                for name in _METHODS:
                    found = attributes.find(option, name)
                    if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                        yield found[1], Object(option)

"""The middleware of an application: which functions run around requests, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import responses
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    ClassValue,
    Collection,
    External,
    FunctionValue,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.wiring.routing import Addition
from fastapi_lint.application.written import nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routing import Router

CORS: Final = ("starlette.middleware.cors.CORSMiddleware", "fastapi.middleware.cors.CORSMiddleware")
_ANSWERING: Final = {
    "AuthenticationMiddleware",
    "HTTPSRedirectMiddleware",
    "SlowAPIASGIMiddleware",
    "SlowAPIMiddleware",
    "TrustedHostMiddleware",
}
"""Middleware of libraries that may answer a request itself."""
_DESCRIPTION: Final = "starlette.middleware.Middleware"
_METHODS: Final = ("dispatch", "__call__")
_LISTED: Final = "middleware"
"""The argument of an application's construction that lists middleware."""


def layers(router: Router) -> list[Addition]:
    """The middleware that requests to an application go through, the outermost first.

    Each that a call adds is put around what is there; those that the application is made with are inside of
    these, in the order in which they are listed.
    """
    added = [item for item in reversed(router.additions) if not item.event]
    return [*added, *_listed(router)]


def _listed(router: Router) -> Iterator[Addition]:
    given = router.settings.get(_LISTED)
    if router.module is None or not isinstance(given, Collection):
        return
    written = _written(router, len(given.items))
    for at, item in enumerate(given.items):
        value, keywords = _described(item)
        call = written[at] if written else router.call
        yield Addition(value, "", call, router.module, not given.complete, 0, keywords, argument=_LISTED)


def _described(item: Value) -> tuple[Value, Mapping[str, Value]]:
    """The middleware that an item of the list describes, with its arguments."""
    if _is_description(item) and isinstance(item, Object) and item.arguments:
        return item.arguments[0], item.keywords
    return UNKNOWN, {}


def _is_description(value: Value) -> bool:
    return isinstance(value, Object) and isinstance(value.cls, External) and value.cls.name == _DESCRIPTION


def _written(router: Router, size: int) -> list[model.Call]:
    """The calls in the list that an application is made with; empty where it is written elsewhere."""
    keywords = router.call.keywords if router.call is not None else ()
    display = next((item.value for item in keywords if item.name == _LISTED), None)
    calls = [item for item in getattr(display, "items", ()) if isinstance(item, model.Call)]
    return calls if len(calls) == size else []


def is_all_known(router: Router) -> bool:
    """Whether `layers` gives everything that an application is made with."""
    listed = router.settings.get(_LISTED)
    if listed is None or is_none(listed):
        return True
    return isinstance(listed, Collection) and listed.complete and all(map(_is_description, listed.items))


def middleware_of(router: Router) -> Iterator[tuple[FunctionValue, Object | None]]:
    """The functions of an application's own middleware, with the object that each is a method of."""
    for layer in layers(router):
        yield from functions_of(layer.value, layer.keywords)


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


def inside_of_cors(application: Application) -> Iterator[tuple[Addition, Addition]]:
    """CORS middleware with the one closest around it that answers by itself.

    Of two functions that add middleware nobody says which comes first: both stand in one block of code, or
    the application is made with the inner one.
    """
    for router in application.routers:
        around: list[Addition] = []
        for layer in layers(router):
            if is_cors(layer.value):
                outer = next(
                    (
                        item
                        for item in reversed(around)
                        if not item.uncertain
                        and (layer.argument or (item.place, item.module) == (layer.place, layer.module))
                        and _answers(application, item.value)
                    ),
                    None,
                )
                if outer is not None and not layer.uncertain:
                    yield layer, outer
                break  # what stands further in has these headers from here
            around.append(layer)


def is_cors(value: Value) -> bool:
    """Whether middleware adds CORS headers."""
    if isinstance(value, ClassValue):
        return value.derives_from(*CORS)
    return isinstance(value, External) and value.name in CORS


def _answers(application: Application, value: Value) -> bool:
    """Whether middleware sends a Response of its own in place of the one from further in."""
    if isinstance(value, External):
        return value.name.rpartition(".")[2] in _ANSWERING
    if isinstance(value, ClassValue):
        found = attributes.find(value, "dispatch")
        value = found[1] if isinstance(found, tuple) else value
    if not isinstance(value, FunctionValue):
        return False
    body = application.body(application.function_of(value))
    return any(
        isinstance(option, Object)
        and (option.arguments or option.keywords)
        and bool(responses.kind_of_class(option.cls))
        for statement in nested_statements(value.definition.body)
        if isinstance(statement, model.Return) and statement.value is not None
        for option in options(body.value(statement.value))
    )

"""What stands around a handler and may refuse a caller: middleware, mounts, classes of routes, decorators.

All of these are known by what they do, if the project has written them, and by a table, if it hasn't. What is
neither may refuse. Middleware of the project may also let some paths through, so it is never certain to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    Dictionary,
    External,
    FunctionValue,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.library import auth
from fastapi_lint.application.security.statuses import status_of_response
from fastapi_lint.application.wiring.dependencies import callable_name
from fastapi_lint.application.wiring.middleware import functions_of, is_all_known, layers
from fastapi_lint.application.wiring.routes import number_of
from fastapi_lint.application.wiring.routing import Mounting, Router
from fastapi_lint.application.written import statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.bodies import Bodies, Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.wiring.routes import Route

UNAUTHORIZED: Final = 401
_REFUSALS: Final = frozenset({UNAUTHORIZED, 403})
_OWN: Final = ("starlette.", "fastapi.")
_AUTHENTICATION: Final = "starlette.middleware.authentication.AuthenticationMiddleware"
_ERROR: Final = "starlette.authentication.AuthenticationError"
_ROUTE_CLASSES: Final = frozenset({"fastapi.routing.APIRoute", "starlette.routing.Route", "builtins.object"})
_OF_EXCEPTIONS: Final = re.compile(r"exclu|public|skip|whitelist|allow|ignore|exempt|open")
"""Names of arguments that say whom a library's middleware lets through."""
_RATE_LIMITS: Final = frozenset({"limit", "shared_limit", "exempt"})

Found = tuple[str, bool]
"""The dotted name of what may refuse, empty where it isn't known, and whether it surely does."""


class Surroundings:
    """Says what around a route's handler may refuse a caller, outermost first."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._of_routers: dict[int, tuple[Found, ...]] = {}

    def of(self, route: Route) -> Iterator[Found]:
        """What may refuse, or surely does, before the dependencies of a route or its handler are asked."""
        for router in route.routers:
            yield from self._middleware(router)
        for prefix in route.prefixes:
            if isinstance(prefix.origin, Mounting) and not isinstance(prefix.origin.app, Router):
                yield callable_name(prefix.origin.app), False
        if route.routers:
            yield from self._of_route_class(route.routers[-1])
        yield from self._decorators(route)

    def _middleware(self, router: Router) -> tuple[Found, ...]:
        known = self._of_routers.get(id(router))
        if known is None:
            found = [
                each
                for layer in layers(router)
                for option in options(layer.value)
                for each in self._of_middleware(option, layer.keywords)
            ]
            if not is_all_known(router):
                found.append(("", False))
            known = self._of_routers[id(router)] = tuple(found)
        return known

    def _of_middleware(self, middleware: Value, keywords: Mapping[str, Value]) -> Iterator[Found]:
        if isinstance(middleware, External):
            name = library.canonical(middleware.name)
            if name == _AUTHENTICATION:
                yield from self._of_backend(keywords.get("backend"))
            elif name in auth.AUTHENTICATING_MIDDLEWARE:
                yield middleware.name, not any(map(_OF_EXCEPTIONS.search, keywords))
            elif not _is_harmless(name):
                yield middleware.name, False
        elif isinstance(middleware, Unknown):
            yield "", False
        elif isinstance(middleware, ClassValue) and any(
            not _is_harmless(library.canonical(name)) for name in middleware.external_bases()
        ):
            yield middleware.name, False
            return
        for function, receiver in functions_of(middleware, keywords):
            if _answers_refusal(self._run(function, receiver)):
                yield callable_name(middleware if receiver is not None else function), False
                return

    def _of_backend(self, backend: Value | None) -> Iterator[Found]:
        """Starlette's middleware asks a backend, and refuses whom that makes an error of.

        A backend that returns None for some, who then are nobody in particular, leaves it to others.
        """
        cls = backend.cls if isinstance(backend, Object) else backend
        found = attributes.find(cls, "authenticate") if isinstance(cls, ClassValue) else None
        function = found[1] if isinstance(found, tuple) else None
        if not isinstance(function, FunctionValue):
            yield _AUTHENTICATION, False
            return
        raised = self._run(function, Object(cls) if cls is not None else None).raised
        refuses = any(
            library.is_subclass(name, _ERROR) for item in raised for name in _classes(item.exception)
        )
        if refuses and not _returns_none(function.definition):
            yield _AUTHENTICATION, False

    def _of_route_class(self, router: Router) -> Iterator[Found]:
        """What a custom class of routes wraps around handlers."""
        given = router.settings.get("route_class", router.attributes.get("route_class"))
        for cls in options(given) if given is not None and not is_none(given) else ():
            if isinstance(cls, External) and library.canonical(cls.name) in _ROUTE_CLASSES:
                continue
            known = isinstance(cls, ClassValue) and all(
                library.canonical(name) in _ROUTE_CLASSES for name in cls.external_bases()
            )
            if not isinstance(cls, ClassValue) or not known or not cls.is_fully_known():
                yield callable_name(cls), False
                continue
            bodies = list(self._of_handlers_of(cls))
            if any(map(_answers_refusal, bodies)):
                yield cls.name, any(item.status in _REFUSALS for body in bodies for item in body.raised)

    def _of_handlers_of(self, cls: ClassValue) -> Iterator[Body]:
        """What the handlers do that a class of routes makes in `get_route_handler`."""
        found = attributes.find(cls, "get_route_handler")
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            for made in options(self._run(found[1], Object(cls)).result):
                if isinstance(made, FunctionValue):
                    yield self._run(made, None)

    def _decorators(self, route: Route) -> Iterator[Found]:
        endpoint = route.registration.endpoint
        while isinstance(endpoint, FunctionValue) and endpoint.wraps is not None:
            body = self._run(endpoint, None)
            if _answers_refusal(body) or any(item.status in _REFUSALS for item in body.raised):
                yield f"{endpoint.module.name}.{endpoint.qualname.partition('.<locals>')[0]}", True
            endpoint = endpoint.wraps
        for reason in route.handler.value.opaque_decorators if route.handler is not None else ():
            name = reason.removeprefix("result of ")
            dotted = library.canonical(name)
            if dotted in auth.AUTHENTICATING_DECORATORS:
                yield dotted, True
            elif " " in name:
                yield "", False
            elif (
                dotted.partition(".")[0] not in auth.HARMLESS_DECORATOR_PACKAGES
                and dotted.rpartition(".")[2] not in _RATE_LIMITS
            ):
                yield dotted, False

    def _run(self, function: FunctionValue, receiver: Value | None) -> Body:
        value: Value = Bound(function, receiver) if receiver is not None else function
        site = CallSite(value, [], {}, None, Frame(function.scope), complete=False)
        return self._bodies.called(function, receiver, site)


def _is_harmless(name: str) -> bool:
    """Whether a library's middleware, or a class that middleware derives from, lets everybody through."""
    package = name.partition(".")[0]
    is_own = name.startswith(_OWN) and name != _AUTHENTICATION
    return is_own or package in auth.HARMLESS_MIDDLEWARE_PACKAGES or package in {"builtins", "typing", "abc"}


def _answers_refusal(body: Body) -> bool:
    """Whether code around a handler raises 401, makes a response of it, or sends it.

    Itself, or in a method of its own. What answers 403 restricts uploads, origins and the like as well.
    """
    if any(item.status == UNAUTHORIZED for item in body.raised):
        return True
    owner = body.function.owner
    return any(
        _number(call.keywords.get("status_code")) == UNAUTHORIZED
        or status_of_response(call.result) == UNAUTHORIZED
        or any(_sends_refusal(argument) for argument in call.arguments)
        or any(owner and inner.function.owner == owner and _answers_refusal(inner) for inner in call.bodies)
        for call in body.calls.values()
    )


def _sends_refusal(message: Value) -> bool:
    """Whether it is what ASGI sends to begin a response: `{"type": "http.response.start", "status": 401}`."""
    return isinstance(message, Dictionary) and _number(message.entries.get("status")) == UNAUTHORIZED


def _number(value: Value | None) -> int | None:
    return number_of(value) if value is not None else None


def _classes(exception: Value) -> Iterator[str]:
    cls = exception.cls if isinstance(exception, Object) else exception
    if isinstance(cls, External):
        yield cls.name
    elif isinstance(cls, ClassValue):
        yield from cls.external_bases()


def _returns_none(definition: model.FunctionDefinition) -> bool:
    """Whether a function gives None on some way: it says so, or it ends without a word."""
    return not isinstance(definition.body[-1], (model.Return, model.Raise, model.Try, model.With)) or any(
        isinstance(item, model.Return)
        and (item.value is None or (isinstance(item.value, model.Constant) and item.value.value is None))
        for item in statements(definition.body)
    )

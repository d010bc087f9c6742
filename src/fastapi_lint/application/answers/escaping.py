"""Exceptions of the project that nobody answers: what leaves the routes, and what the application handles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import raising
from fastapi_lint.application.answers.raising import Raising
from fastapi_lint.application.evaluation import attributes, containers
from fastapi_lint.application.evaluation.entities import is_entity
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    Dictionary,
    External,
    FunctionValue,
    Literal,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.middleware import layers, middleware_of
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.application.written import dotted, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.raising import Leaving
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.application.wiring.routing import Router

_ROUTE_CLASSES: Final = frozenset({"fastapi.routing.APIRoute", "fastapi.APIRoute"})
_DECORATING_LITTLE: Final = frozenset(
    {"slowapi.Limiter.limit", "slowapi.extension.Limiter.limit", "fastapi_cache.decorator.cache"}
)
"""Decorators of libraries that let exceptions through."""
_EVERY_STATUS: Final = 500
"""A handler of this status is given every error that nothing else handles."""
_OVERRIDES: Final = ("exception_handler", "add_exception_handler", "build_middleware_stack", "__call__")


@dataclass(frozen=True, slots=True)
class Escape:
    """An exception of the project that leaves a route, by way of a function that FastAPI calls for it."""

    route: Route
    function: Function
    leaving: Leaving
    cls: ClassValue


def is_own_exception(value: Value) -> bool:
    """Whether it is an exception of a class of the project that derives from Python's alone."""
    if (
        not isinstance(value, Object)
        or not isinstance(value.cls, ClassValue)
        or not value.cls.is_fully_known()
    ):
        return False
    if set(words(value.cls.definition.name)) & _OF_SERVERS:
        return False
    outside = [name for name in value.cls.external_bases() if name not in _NO_EXCEPTIONS]
    return bool(outside) and all(
        name.startswith("builtins.") and "builtins.Exception" in raising.lineage(External(name))
        for name in outside
    )


_DEEPEST: Final = 2
"""How many calls deep exceptions are followed: the deeper, the more has been checked before."""
_OF_SERVERS: Final = frozenset(
    split(
        "config configuration configured settings setup internal server bug unexpected unreachable startup "
        "connection connectivity unavailable database redis"
    )
)
"""Words in the names of exceptions for which a 500 is the right answer."""
_NO_EXCEPTIONS: Final = frozenset({"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"})


def escapes(application: Application) -> Iterator[Escape]:
    """The project's exceptions that leave the routes that are served, and that nothing is known to handle."""
    found = Raising(is_own_exception, deepest=_DEEPEST, trusts_callers=True, follows=_is_of_no_entity)
    judged: dict[tuple[int, ...], Handling] = {}
    known: dict[int, tuple[Leaving, ...]] = {}
    for route in application.routes:
        if route.app is None or route.kind != "http" or not is_served_as_written(route):
            continue
        apps = tuple(router for router in route.routers if router.kind == APP)
        key = tuple(map(id, apps))
        if key not in judged:
            judged[key] = Handling(application, apps)
        if judged[key].is_unknown:
            continue
        for function in _called(application, route):
            if id(function) not in known:
                body = application.body(function)
                known[id(function)] = (
                    tuple(found.leaving(function.definition.body, body))
                    if _may_raise(application, function, _DEEPEST)
                    else ()
                )
            for leaving in known[id(function)]:
                exception = leaving.exception
                if not isinstance(exception, Object) or not isinstance(exception.cls, ClassValue):
                    continue
                if judged[key].handles(leaving) or _is_caught_at_yield(application, route, leaving):
                    continue
                yield Escape(route, function, leaving, exception.cls)


def _is_of_no_entity(called: Value) -> bool:
    """Whether it is no method of an entity: those guard their row, and what they refuse is checked before."""
    of = called.receiver if isinstance(called, Bound) else None
    cls = of.cls if isinstance(of, Object) else of
    if not isinstance(cls, ClassValue):
        return True
    # A declarative base that is made of a class of the project may not be recognised as one.
    return not is_entity(cls) and not isinstance(attributes.find(cls, "__tablename__"), tuple)


def _may_raise(application: Application, function: Function, deepest: int) -> bool:
    """Whether a function, or one that it calls, raises an exception of the project somewhere."""
    body = application.body(function)
    return any(
        is_own_exception(option if isinstance(option, Object) else Object(option))
        for item in body.raised
        for option in options(item.exception)
    ) or (deepest > 0 and any(_may_raise(application, callee, deepest - 1) for callee in body.callees))


def is_served_as_written(route: Route) -> bool:
    """Whether nothing around the handler, a decorator or a class of routes, may catch what it raises."""
    handler = route.handler
    if handler is None or "test" in handler.module.roles:
        return False
    around: Value | None = route.registration.endpoint
    while around is not None:
        function = around.function if isinstance(around, Bound) else around
        if not isinstance(function, FunctionValue) or not _DECORATING_LITTLE.issuperset(
            function.opaque_decorators
        ):
            return False
        if function.definition is handler.definition:
            break
        if _catches_anything(function.definition.body) or function.wraps is None:
            return False
        around = function.wraps
    given = [route.keywords.get("route_class_override")]
    given += [
        router.settings.get("route_class", router.attributes.get("route_class")) for router in route.routers
    ]
    return all(value is None or _lets_through(value) for value in given)


def _lets_through(route_class: Value) -> bool:
    """Whether a class of routes has no `except` of its own."""
    if isinstance(route_class, ClassValue):
        return route_class.is_fully_known() and not any(
            isinstance(item, ClassValue) and _catches_anything(item.definition.body)
            for item in route_class.mro()
        )
    return isinstance(route_class, External) and route_class.name in _ROUTE_CLASSES


def _catches_anything(body: tuple[model.Statement, ...]) -> bool:
    return any(
        isinstance(statement, model.With) or (isinstance(statement, model.Try) and bool(statement.handlers))
        for statement in nested_statements(body)
    )


def _called(application: Application, route: Route) -> Iterator[Function]:
    """The functions that FastAPI calls for a route: the handler, and dependencies that don't yield."""
    if route.handler is not None:
        yield route.handler
    for dependency in route.all_dependencies():
        callable_ = unwrapped(dependency.callable)
        if isinstance(callable_, FunctionValue) and not callable_.opaque_decorators:
            yield application.function_of(callable_)


def _is_caught_at_yield(application: Application, route: Route, leaving: Leaving) -> bool:
    """Whether a dependency that waits at its `yield` may make something else of an exception."""
    for dependency in route.all_dependencies():
        callable_ = unwrapped(dependency.callable)
        if isinstance(callable_, FunctionValue):
            if callable_.definition.is_generator and _may_end(
                application.body(application.function_of(callable_)), leaving
            ):
                return True
        elif not isinstance(callable_, (ClassValue, Object, External)):
            return True
    return False


def _may_end(body: Body, leaving: Leaving) -> bool:
    """Whether a function has an `except` for an exception that doesn't just raise it again."""
    return any(
        raising.catches(handler, body, leaving.exception) and not _only_raises_again(handler)
        for statement in statements(body.function.definition.body)
        if isinstance(statement, model.Try)
        for handler in statement.handlers
    )


def _only_raises_again(handler: model.Handler) -> bool:
    last = handler.body[-1]
    return isinstance(last, model.Raise) and last.exception is None


class Handling:
    """What the applications around a route, innermost last, handle of the exceptions that leave it."""

    def __init__(self, application: Application, apps: tuple[Router, ...]) -> None:
        self._application = application
        self._caught: set[str] = set()
        self._middleware: list[Body] = []
        self.is_unknown = not apps
        for app in apps:
            self._read(app)

    def handles(self, leaving: Leaving) -> bool:
        """Whether an exception handler or middleware may answer an exception."""
        names = {*raising.lineage(leaving.exception)}
        return (
            bool(names & self._caught)
            or any(_may_end(body, leaving) for body in self._middleware)
            or self._may_be_handled_outside
        )

    @cached_property
    def _may_be_handled_outside(self) -> bool:
        modules = self._application.modules.by_path.values()
        return any(_hands_over(module, self._application) for module in modules)

    def _read(self, app: Router) -> None:
        for key, _ in app.exception_handlers:
            for option in options(key):
                self._register(option)
        given = app.settings.get("exception_handlers")
        if isinstance(given, Dictionary):
            for entry in given.entries:
                self._register(containers.value_of_key(entry))
            self.is_unknown |= bool(given.others) or not given.complete
        elif given is not None and not is_none(given):
            self.is_unknown = True
        if isinstance(app.cls, ClassValue) and any(
            isinstance(attributes.find(app.cls, name), tuple) for name in _OVERRIDES
        ):
            self.is_unknown = True
        for added in layers(app):
            self.is_unknown |= any(isinstance(option, Unknown) for option in options(added.value))
        for value, _ in middleware_of(app):
            self._middleware.append(self._application.body(self._application.function_of(value)))

    def _register(self, key: Value) -> None:
        if isinstance(key, (ClassValue, External)):
            self._caught.add(raising.lineage(key)[0])
        elif isinstance(key, Literal):
            if key.value == _EVERY_STATUS:
                self._caught |= raising.BROAD
        else:
            self.is_unknown = True


def _hands_over(module: Module, application: Application) -> bool:
    """Whether a module calls a function of a library that is named as if it registered exception handlers."""
    outside: set[str] = set()
    calls: list[str] = []
    if module.roles & {"test", "example"}:
        return False
    for statement in nested_statements(module.facts.body):
        if isinstance(statement, model.ImportFrom) and not statement.level:
            if application.modules.find(module, statement.module) is None:
                outside |= {item.alias or item.name for item in statement.names}
        elif isinstance(statement, model.Import):
            outside |= {
                (item.alias or item.name).partition(".")[0]
                for item in statement.names
                if application.modules.find(module, item.name) is None
            }
        for item in expressions(statement):
            if isinstance(item, model.Call) and item.arguments:
                name = dotted(item.function)
                if any(
                    word in name.rpartition(".")[2].lower()
                    for word in ("exception_handler", "error_handler", "problem")
                ):
                    calls.append(name)
    return any(name.partition(".")[0] in outside and "." not in name for name in calls)

"""HTTP exceptions where they are raised: without a code, by services, in place of an error that is lost."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import failures, raising, responses
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    Literal,
    Object,
    options,
)
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.middleware import middleware_of
from fastapi_lint.application.written import dotted, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

_FIRST_OF_SERVERS: Final = 500
_PLACE_OF_DETAIL: Final = 1
_OF_HTTP: Final = frozenset(
    split(
        "api apis auth authentication authorization controller controllers dependencies dependency deps "
        "endpoint endpoints error errors exception exceptions guard guards handler handlers http middleware "
        "middlewares oauth permission permissions rest route router routers routes security view views web"
    )
)
"""Names of modules and packages that are about requests and answers."""
_TELLING: Final = frozenset(
    split(
        "log logs logger logging debug info warn warning error exception critical fatal report record "
        "capture notify print sentry trace traceback alert emit track audit"
    )
)
"""Words of what is called to tell of an error."""


def raised(body: Body) -> Iterator[tuple[model.Expression, Object]]:
    """The HTTP exceptions that a function itself raises, as they are written and what they are."""
    for statement in statements(body.function.definition.body):
        if isinstance(statement, model.Raise) and statement.exception is not None:
            found = [
                Object(item) if isinstance(item, (ClassValue, External)) else item
                for item in options(body.value(statement.exception))
            ]
            if len(found) == 1 and isinstance(found[0], Object) and raising.is_http_exception(found[0]):
                yield statement.exception, found[0]


def without_code(body: Body) -> Iterator[model.Expression]:
    """What a function raises of HTTP exceptions whose detail is a sentence, and nothing for programs."""
    for written, exception in raised(body):
        given = exception.keywords.get("detail")
        if given is None and len(exception.arguments) > _PLACE_OF_DETAIL:
            given = exception.arguments[_PLACE_OF_DETAIL]
        if isinstance(exception.cls, External) and given is not None and isinstance(written, model.Call):
            detail = next(
                (item.value for item in written.keywords if item.name == "detail"),
                written.arguments[_PLACE_OF_DETAIL] if len(written.arguments) > _PLACE_OF_DETAIL else None,
            )
            if detail is not None and _is_sentence(detail, given):
                yield written


def _is_sentence(written: model.Expression, value: Value) -> bool:
    if isinstance(written, model.Template):
        return any(
            isinstance(part, model.Constant) and " " in str(part.value).strip() for part in written.parts
        )
    if isinstance(written, model.Binary):
        return _is_sentence(written.left, value)
    return (
        isinstance(written, model.Constant)
        and isinstance(written.value, str)
        and " " in written.value.strip()
    )


def answers_exceptions_itself(application: Application) -> bool:
    """Whether the project has a handler of its own for HTTP exceptions, or for all."""
    for router in application.routers:
        keys = [option for key, _ in router.exception_handlers for option in options(key)]
        given = router.settings.get("exception_handlers")
        if given is not None and not isinstance(given, Collection):
            if not isinstance(given, Dictionary) or given.others or not given.complete:
                return True
            keys += [_key(entry) for entry in given.entries]
        if any(_is_for_http(key) for key in keys):
            return True
    return False


def _key(entry: object) -> Value:
    from fastapi_lint.application.evaluation.containers import value_of_key  # noqa: PLC0415

    return value_of_key(entry)


def _is_for_http(key: Value) -> bool:
    if isinstance(key, Literal):
        return isinstance(key.value, int) and not isinstance(key.value, bool)
    names = raising.lineage(key)
    return not names or raising.HTTP_EXCEPTION in names or names[0] in raising.BROAD


class Layers:
    """Which modules are about HTTP: those of handlers, dependencies, middleware and exception handlers."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._about_http = set(self._paths())

    def _paths(self) -> Iterator[str]:
        for route in self._application.routes:
            if route.handler is not None:
                yield route.handler.path
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                if isinstance(callable_, (FunctionValue, ClassValue)):
                    yield callable_.module.path
        for router in self._application.routers:
            for value, _ in middleware_of(router):
                yield value.module.path
            for _, handler in router.exception_handlers:
                for option in options(handler):
                    if isinstance(option, FunctionValue):
                        yield option.module.path

    def is_inside(self, module: Module) -> bool:
        """Whether a module isn't about HTTP, by what it holds and by its name."""
        named = {word for part in module.path.removesuffix(".py").split("/") for word in words(part)}
        return module.path not in self._about_http and not named & _OF_HTTP

    @cached_property
    def _called_by_handlers(self) -> frozenset[str]:
        """The files of the functions that handlers call, directly or not."""
        return frozenset(
            path
            for path in self._application.modules.by_path
            if any(map(self._is_called, self._application.functions_in(path)))
        )

    def _is_called(self, function: Function) -> bool:
        way = self._application.way_to(function)
        return (
            way is not None and len(way.functions) > 1 and bool(self._application.routes_of(way.functions[0]))
        )

    def is_called_by_handlers(self, module: Module) -> bool:
        """Whether handlers call into a module that isn't about HTTP."""
        return module.path in self._called_by_handlers and self.is_inside(module)

    def is_service(self, function: Function) -> bool:
        """Whether a function that a handler calls stands in a module that isn't about HTTP."""
        return (
            self.is_inside(function.module)
            and self._is_called(function)
            and not any(
                word in {"request", "response", "websocket"}
                for item in function.definition.parameters
                for word in words(dotted(item.annotation) if item.annotation is not None else "")
            )
        )


def unlogged(body: Body) -> Iterator[tuple[model.Handler, int]]:
    """Each `except` of a function for everything that answers 5xx and tells nobody what was wrong."""
    for statement in statements(body.function.definition.body):
        if not isinstance(statement, model.Try):
            continue
        for handler in statement.handlers:
            if raising.is_broad(handler, body):
                status = _answered(handler, body)
                if status is not None and not _is_told(handler, body):
                    yield handler, status


def _answered(handler: model.Handler, body: Body) -> int | None:
    """The status, of 500 or more, of all that an `except` answers; None where it may do something else."""
    found: set[int | None] = set()
    for statement in statements(handler.body):
        if isinstance(statement, model.Raise):
            if statement.exception is None:
                return None
            for option in options(body.value(statement.exception)):
                exception = Object(option) if isinstance(option, (ClassValue, External)) else option
                found.add(status_of(exception) if raising.is_http_exception(exception) else None)
        elif isinstance(statement, model.Return):
            value = body.value(statement.value) if statement.value is not None else None
            is_response = isinstance(value, Object) and bool(responses.kind_of_class(value.cls))
            found.add(failures.status_of(value) if isinstance(value, Object) and is_response else None)
    known = [status for status in found if status is not None and status >= _FIRST_OF_SERVERS]
    return known[0] if known and len(known) == len(found) else None


def _is_told(handler: model.Handler, body: Body) -> bool:
    """Whether an `except` logs the error, or calls something that may."""
    for statement in statements(handler.body):
        made = statement.exception if isinstance(statement, model.Raise) else None
        for item in expressions(statement):
            if not isinstance(item, model.Call) or item is made:
                continue
            meaning = body.call(item)
            if set(words(dotted(item.function) or _last(item.function))) & _TELLING:
                return True
            given = [*item.arguments, *(keyword.value for keyword in item.keywords)]
            is_handed = any(isinstance(each, model.Name) and each.id == handler.name for each in given)
            if is_handed and not (meaning is not None and meaning.name.startswith("builtins.")):
                return True
            if meaning is not None and meaning.bodies and not raising.is_http_exception(meaning.result):
                return True
    return False


def _last(function: model.Expression) -> str:
    return function.name if isinstance(function, model.Attribute) else ""

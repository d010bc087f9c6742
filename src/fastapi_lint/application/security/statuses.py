"""The status that a client gets for an exception: its own, or what a handler of the application gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Object,
    options,
)
from fastapi_lint.application.wiring.routes import number_of
from fastapi_lint.application.written import assigned_values
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Bodies
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.wiring.routes import Route

_ATTRIBUTES: Final = ("status_code", "http_status", "http_status_code", "status", "http_code", "code")
"""Where exceptions keep the status that a handler for all of them answers with, in any case."""

REFUSALS: Final = frozenset({401, 403})
_HTTP_EXCEPTION: Final = "starlette.exceptions.HTTPException"


class Statuses:
    """Says which status exceptions end in."""

    def __init__(self, routes: Iterable[Route], bodies: Bodies) -> None:
        self._routes = routes
        self._bodies = bodies
        self._handlers: dict[int, tuple[ClassValue, Value]] | None = None
        self._answers: dict[int, frozenset[int]] = {}

    def of(self, exception: Value) -> int | None:
        """The status of what is raised, None if unknown; a class is raised as its call without arguments."""
        if isinstance(exception, ClassValue):
            site = CallSite(exception, [], {}, None, Frame(exception.scope))
            exception = self._bodies.constructed(exception, site)[0]
        known = status_of(exception)
        if (
            known is not None
            or not isinstance(exception, Object)
            or not isinstance(exception.cls, ClassValue)
        ):
            return known
        for cls in exception.cls.mro():
            found = self._handled().get(id(cls))
            if found is not None:
                answers = self._answers_of(found[1])
                return (
                    _carried(exception) if not answers else next(iter(answers)) if len(answers) == 1 else None
                )
        return None

    def may_refuse(self, exception: Value) -> bool:
        """Whether `of` can give 401 or 403, as far as that shows without following a constructor."""
        known = status_of(exception)
        cls = exception.cls if isinstance(exception, Object) else exception
        if known in REFUSALS:
            return True
        if not isinstance(cls, ClassValue):
            return False
        is_class = exception is cls
        is_http = any(library.is_subclass(name, _HTTP_EXCEPTION) for name in cls.external_bases())
        return (is_class and is_http) or any(id(base) in self._handled() for base in cls.mro())

    def _handled(self) -> dict[int, tuple[ClassValue, Value]]:
        """The handlers of the project's exceptions, by the identity of the class that they handle."""
        if self._handlers is None:
            self._handlers = {}
            routers = {id(router): router for route in self._routes for router in route.routers}
            for router in routers.values():
                for caught, handler in router.exception_handlers:
                    for cls in options(caught):
                        if isinstance(cls, ClassValue):
                            self._handlers.setdefault(id(cls), (cls, handler))
        return self._handlers

    def _answers_of(self, handler: Value) -> frozenset[int]:
        """The statuses that a handler itself names; none where it takes the exception's."""
        if id(handler) not in self._answers:
            self._answers[id(handler)] = frozenset(self._named_in(handler))
        return self._answers[id(handler)]

    def _named_in(self, handler: Value) -> Iterator[int]:
        function, receiver = (
            (handler.function, handler.receiver) if isinstance(handler, Bound) else (handler, None)
        )
        if isinstance(function, FunctionValue):
            site = CallSite(function, [], {}, None, Frame(function.scope), complete=False)
            body = self._bodies.called(function, receiver, site)
            yield from (item.status for item in body.raised if item.status is not None)
            for call in body.calls.values():
                for given in call.node.keywords if call.node is not None else ():
                    if given.name == "status_code" and _is_fixed(given.value, function):
                        number = number_of(body.value(given.value))
                        if number is not None:
                            yield number


def status_of_response(value: Value) -> int | None:
    """The status of a response that is made with a fixed one."""
    for option in options(value):
        if isinstance(option, Object):
            names = [option.cls.name] if isinstance(option.cls, External) else []
            if isinstance(option.cls, ClassValue):
                names = list(option.cls.external_bases())
            if any(library.is_subclass(name, "starlette.responses.Response") for name in names):
                given = option.keywords.get("status_code") or (
                    option.arguments[1] if len(option.arguments) > 1 else None
                )
                return number_of(given) if given is not None else None
    return None


def _is_fixed(expression: model.Expression, function: FunctionValue) -> bool:
    """Whether an expression is written out, and no name of the function: the exception's status, say."""
    root = expression
    while isinstance(root, model.Attribute):
        root = root.value
    if isinstance(root, model.Name):
        parameters = {parameter.name for parameter in function.definition.parameters}
        return root.id not in parameters | assigned_values(function.definition.body).keys()
    return isinstance(root, model.Constant)


def _carried(exception: Object) -> int | None:
    """The status that an exception carries in an attribute of its own or of its class."""
    cls = exception.cls
    for name in _ATTRIBUTES:
        for spelling in (name, name.upper()):
            value = exception.attributes.get(spelling)
            if value is None and isinstance(cls, ClassValue):
                found = attributes.find(cls, spelling)
                value = found[1] if isinstance(found, tuple) else None
            number = number_of(value) if value is not None else None
            if number is not None:
                return number
    return None

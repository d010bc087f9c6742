"""Challenges: the `WWW-Authenticate` header, with which a 401 says how to authenticate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import failures, raising, responses
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Dictionary,
    External,
    FunctionValue,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.wiring.middleware import middleware_of
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application

UNAUTHORIZED: Final = 401
_HEADER: Final = "www-authenticate"
_PLACE_IN_EXCEPTION: Final = 2
_PLACE_IN_RESPONSE: Final = 2


def refusals_without(body: Body) -> Iterator[model.Expression]:
    """The expressions of a function that make an exception or a response of 401 without a challenge.

    What is made and not raised or returned right there counts as little as what isn't known.
    """
    for statement in nested_statements(body.function.definition.body):
        made = None
        if isinstance(statement, model.Raise):
            made = statement.exception
        elif isinstance(statement, model.Return):
            made = statement.value
        if made is not None and _is_without(body.value(made), is_raised=isinstance(statement, model.Raise)):
            yield made


def _is_without(value: Value, *, is_raised: bool) -> bool:
    found = [Object(item) if isinstance(item, (ClassValue, External)) else item for item in options(value)]
    return bool(found) and all(
        isinstance(item, Object) and (_exception_without(item) if is_raised else _response_without(item))
        for item in found
    )


def _exception_without(exception: Object) -> bool:
    if not raising.is_http_exception(exception) or status_of(exception) != UNAUTHORIZED:
        return False
    headers = exception.attributes.get("headers") or exception.keywords.get("headers")
    if isinstance(exception.cls, ClassValue):
        if headers is None:
            found = attributes.find(exception.cls, "headers")
            headers = found[1] if isinstance(found, tuple) else None
        return _lacks(headers) and (headers is not None or not _may_get_headers(exception.cls))
    if headers is None and len(exception.arguments) > _PLACE_IN_EXCEPTION:
        headers = exception.arguments[_PLACE_IN_EXCEPTION]
    return _lacks(headers)


def _may_get_headers(cls: ClassValue) -> bool:
    """Whether a class of the project speaks of headers, or hands on what it is given."""
    return any(
        isinstance(item, ClassValue)
        and any(_speaks_of_headers(statement) for statement in nested_statements(item.definition.body))
        for item in cls.mro()
    )


def _speaks_of_headers(statement: model.Statement) -> bool:
    parameters = statement.parameters if isinstance(statement, model.FunctionDefinition) else ()
    return any(item.kind == "kwargs" or item.name == "headers" for item in parameters) or any(
        (isinstance(item, (model.Name, model.Attribute)) and getattr(item, "id", "") == "headers")
        or (isinstance(item, model.Attribute) and item.name == "headers")
        for item in expressions(statement)
    )


def _response_without(response: Object) -> bool:
    is_response = isinstance(response.cls, External) and responses.kind_of_class(response.cls)
    if not is_response or failures.status_of(response) != UNAUTHORIZED:
        return False
    headers = response.keywords.get("headers")
    if headers is None and len(response.arguments) > _PLACE_IN_RESPONSE:
        headers = response.arguments[_PLACE_IN_RESPONSE]
    return _lacks(headers)


def _lacks(headers: Value | None) -> bool:
    """Whether headers are known, and have no challenge."""
    if headers is None or is_none(headers):
        return True
    return (
        isinstance(headers, Dictionary)
        and headers.complete
        and not headers.others
        and not any(isinstance(key, str) and key.lower() == _HEADER for key in headers.entries)
    )


def are_added_later(application: Application) -> bool:
    """Whether an exception handler or middleware of the project speaks of the header."""
    for router in application.routers:
        functions = [value for value, _ in middleware_of(router)]
        functions += [
            option
            for _, handler in router.exception_handlers
            for option in options(handler)
            if isinstance(option, FunctionValue)
        ]
        given = router.settings.get("exception_handlers")
        if isinstance(given, Dictionary):
            functions += [item for item in given.entries.values() if isinstance(item, FunctionValue)]
        if any(map(_speaks, functions)):
            return True
    return False


def _speaks(function: FunctionValue) -> bool:
    return any(
        isinstance(item, model.Constant) and isinstance(item.value, str) and item.value.lower() == _HEADER
        for statement in nested_statements(function.definition.body)
        for item in expressions(statement)
    )

"""Which functions are worth following the caller through: it takes long, and most can't come to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import FunctionValue
from fastapi_lint.application.security.exchanges import token_kind
from fastapi_lint.application.security.statuses import REFUSALS, status_of_response
from fastapi_lint.application.security.token_calls import skips_signature
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.security.statuses import Statuses


def without_checks(application: Application, statuses: Statuses) -> frozenset[int]:
    """The identities of all functions below routes in which following the caller can't find a check.

    Those that have no refusal, open no token and call no dependency, neither themselves nor below: in these
    no token is left unverified either.
    """
    dependencies = {id(function): function for function in _dependencies(application)}
    callers: dict[int, list[Function]] = {}
    checking = dict(dependencies)
    seen: set[int] = set()
    waiting = [route.handler for route in application.routes if route.handler is not None]
    waiting += dependencies.values()
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        if _decides(application, statuses, function):
            checking[id(function)] = function
        for callee in application.body(function).callees:
            callers.setdefault(id(callee), []).append(function)
            waiting.append(callee)
    return frozenset(seen - _with_callers(checking.values(), callers))


def reading_unverified(application: Application) -> set[int]:
    """The identities of all functions below routes that read a token unverified, or call one that does."""
    callers: dict[int, list[Function]] = {}
    reading: dict[int, Function] = {}
    seen: set[int] = set()
    starts = [route.handler for route in application.routes if route.handler is not None]
    waiting = [application.body(function) for function in (*starts, *_dependencies(application))]
    while waiting:
        body = waiting.pop()
        if id(body) in seen:
            continue
        seen.add(id(body))
        for call in body.calls.values():
            if skips_signature(call):
                reading[id(body.function)] = body.function
            inner = [*call.bodies, *map(application.body, call.functions)]
            for other in inner:
                callers.setdefault(id(other.function), []).append(body.function)
            waiting += inner
    return _with_callers(reading.values(), callers)


def _dependencies(application: Application) -> Iterator[Function]:
    for route in application.routes:
        for dependency in route.all_dependencies():
            inner = unwrapped(dependency.callable)
            if isinstance(inner, FunctionValue):
                yield application.function_of(inner)


def _with_callers(functions: Iterable[Function], callers: dict[int, list[Function]]) -> set[int]:
    waiting = list(functions)
    found = set(map(id, waiting))
    while waiting:
        for caller in callers.get(id(waiting.pop()), ()):
            if id(caller) not in found:
                found.add(id(caller))
                waiting.append(caller)
    return found


def _decides(application: Application, statuses: Statuses, function: Function) -> bool:
    """Whether a function itself refuses, or verifies a token or only reads it."""
    body = application.body(function)
    for statement in statements(function.definition.body):
        if isinstance(statement, model.Raise) and statement.exception is not None:
            if statuses.may_refuse(body.value(statement.exception)):
                return True
        elif (
            isinstance(statement, model.Return)
            and statement.value is not None
            and status_of_response(body.value(statement.value)) in REFUSALS
        ):
            return True
    return any(token_kind(meaning) in {"verify", "read"} for meaning in body.calls.values())

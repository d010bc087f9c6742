"""Clients of other services that a request makes for itself, though they are made to serve many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import blocking, library
from fastapi_lint.application.library.http_clients import REUSABLE
from fastapi_lint.application.written import dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_OF_ONE: Final = frozenset({"app", "auth", "cert", "cookies", "cookie_jar", "transport", "mounts"})
"""Arguments that make a client one user's, or a test's."""


def made_for_a_request(application: Application, function: Function) -> Iterator[CallMeaning]:
    """The calls of a function that make a client, which nothing in them ties to the request."""
    body = application.body(function)
    found = [
        meaning
        for meaning in body.calls.values()
        if meaning.node is not None and library.canonical(meaning.name) in REUSABLE
    ]
    if not found or _is_kept(application, function):
        return
    local = set(_local_names(function))
    for meaning in found:
        call = meaning.node
        if (
            call is not None
            and not any(item.name is None or item.name in _OF_ONE for item in call.keywords)
            and local.isdisjoint(_names(call))
            and not blocking.happens_once(function.module.facts.body, call.line)
        ):
            yield meaning


def _is_kept(application: Application, function: Function) -> bool:
    """Whether a function on the way from the route keeps what it gives, or no request of HTTP leads to it."""
    way = application.way_to(function)
    if way is None or way.route.kind == "websocket":
        return True
    return any(
        "cache" in dotted(decorator.function if isinstance(decorator, model.Call) else decorator).lower()
        for each in (*way.functions, function)
        for decorator in each.definition.decorators
    )


def _local_names(function: Function) -> Iterator[str]:
    """The names that a function binds: its parameters, and what it assigns; those around it too."""
    scope = function.value.scope
    while scope.parent is not None:  # what only the module binds is the same for all requests
        yield from scope.names
        scope = scope.parent
    definition = function.definition
    yield from (parameter.name for parameter in definition.parameters)
    for statement in nested_statements(definition.body):
        targets: tuple[object, ...] = ()
        if isinstance(statement, model.Assignment):
            targets = statement.targets
        elif isinstance(statement, model.For):
            targets = (statement.target,)
        for target in targets:
            for item in target.items if isinstance(target, model.Sequence) else (target,):
                if isinstance(item, model.Name):
                    yield item.id


def _names(call: model.Call) -> Iterator[str]:
    for argument in (*call.arguments, *(item.value for item in call.keywords)):
        for node in (argument, *expressions(argument)):
            if isinstance(node, model.Name):
                yield node.id

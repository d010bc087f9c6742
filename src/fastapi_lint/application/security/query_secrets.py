"""Passwords, keys and tokens that requests carry in their query, where logs and histories keep them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Annotated,
    External,
    FunctionValue,
    Literal,
    Object,
    Union,
    is_none,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.exchanges import token_kind
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.wiring.purpose import is_for_outside, sends_other_than_json
from fastapi_lint.application.wiring.unintended import definition_of
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import SignatureParameter
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.diagnostics import Span

_PASSWORDS: Final = frozenset(split("password passwd pwd passphrase"))
_KEYS: Final = frozenset(
    tuple(pair.split("-"))
    for pair in split(
        "api-key access-key secret-key private-key admin-key access-token refresh-token auth-token "
        "bearer-token session-token id-token api-token user-token admin-token login-token client-secret "
        "api-secret app-secret"
    )
)
_WHOLE: Final = frozenset(split("apikey accesstoken refreshtoken authtoken jwt"))
_AMBIGUOUS: Final = frozenset({"token", "secret"})
"""What is a secret only where a function refuses callers by it: others are names of things."""
_ABOUT: Final = frozenset(
    split("has is with include show use require requires needs no without allow force set change reset")
)
"""First words of flags and of what is to be done."""
_LINKS: Final = frozenset(
    split(
        "verify verification confirm confirmation activate activation unsubscribe optout invite invitation "
        "invitations accept magic download downloads share shared sharing link links file files preview "
        "embed image images avatar thumbnail media video audio attachment attachments stream streams sse "
        "events feed feeds rss atom ics calendar export signed forgot"
    )
)
"""Words of addresses that people are given to open, or that browsers load by themselves, with no header."""
_TEXTS: Final = frozenset({"builtins.str", "builtins.bytes", "pydantic.SecretStr", "typing.Any"})
_DEEPEST: Final = 3


def secrets_in_query(application: Application) -> dict[int, dict[str, tuple[Route, str]]]:
    """The parameters that take a secret from the query of HTTP requests.

    By the definition (its identity) and the parameter's name, each with the first such route and the name
    that clients send. What a websocket asks for too is left out: browsers can't send it any other way.
    """
    found: dict[int, dict[str, tuple[Route, str]]] = {}
    exempt: set[tuple[int, str]] = set()
    for route in application.routes:
        if not _may_take_secrets(application, route):
            continue
        inputs = application.inputs(route)
        for item in inputs.of(Source.QUERY):
            definition = definition_of(item.owner)
            name = _secret(application, item)
            if definition is None or not name:
                continue
            if route.kind == "websocket":
                exempt.add((id(definition), item.name))
            elif not _is_exempt(application, route, name):
                found.setdefault(id(definition), {}).setdefault(item.name, (route, name))
    for key, name in exempt:
        found.get(key, {}).pop(name, None)
    return {key: parameters for key, parameters in found.items() if parameters}


def secrets_read_from_query(application: Application, function: Function) -> Iterator[tuple[Span, str]]:
    """Where a function takes a secret out of `request.query_params`, and the secret's name there."""
    for call in application.body(function).calls.values():
        node = call.node
        if node is None or not node.arguments or not _is_query(node.function):
            continue
        name = node.arguments[0]
        if (
            isinstance(name, model.Constant)
            and isinstance(name.value, str)
            and kind_of(name.value) == "secret"
            and _is_request(application.body(function), node.function)
            and _is_asked_in_vain(application, function, name.value)
        ):
            yield place_of(node), name.value


def _is_asked_in_vain(application: Application, function: Function, name: str) -> bool:
    """Whether some route runs a function that could be sent the secret otherwise, and no websocket does."""
    way = application.way_to(function)
    routes = [
        route
        for route in application.routes
        if any(definition_of(each.callable) is function.definition for each in route.all_dependencies())
    ] or ([way.route] if way is not None else [])
    return not any(route.kind == "websocket" for route in routes) and any(
        not _is_exempt(application, route, name) for route in routes
    )


def _is_query(function: model.Expression) -> bool:
    return (
        isinstance(function, model.Attribute)
        and function.name == "get"
        and isinstance(function.value, model.Attribute)
        and function.value.name == "query_params"
    )


def _is_request(body: Body, function: model.Expression) -> bool:
    """Whether it is the query of an HTTP request, and not that of a websocket."""
    assert isinstance(function, model.Attribute)  # noqa: S101 - asked before
    assert isinstance(function.value, model.Attribute)  # noqa: S101
    value = body.value(function.value.value)
    return isinstance(value, Object) and any(
        library.is_subclass(name, "starlette.requests.Request")
        for name in ([value.cls.name] if isinstance(value.cls, External) else [])
    )


@cache
def kind_of(name: str) -> str:
    """Whether an input of that name is a `secret`, `ambiguous`, or (empty) none."""
    parts = words(name)
    if not parts or parts[0] in _ABOUT:
        return ""
    if parts[-1] in _PASSWORDS | _WHOLE or tuple(parts[-2:]) in _KEYS:
        return "secret"
    return "ambiguous" if len(parts) == 1 and parts[0] in _AMBIGUOUS else ""


def _may_take_secrets(application: Application, route: Route) -> bool:
    """Whether any name in the signatures of a route sounds like a secret, which is quickly seen."""
    callables = (route.registration.endpoint, *(each.callable for each in route.all_dependencies()))
    return any(
        kind_of(_sent(parameter))
        for callable_ in callables
        for parameter in application.dependencies.signature(callable_).parameters
        if parameter.marker is None or parameter.marker.name == "Query"
    )


def _sent(parameter: SignatureParameter) -> str:
    alias = parameter.marker.keywords.get("alias") if parameter.marker is not None else None
    return alias.value if isinstance(alias, Literal) and isinstance(alias.value, str) else parameter.name


def _secret(application: Application, item: Input) -> str:
    """The name under which an input sends a secret; empty where it is none, or may be none."""
    name = _sent(item.parameter)
    kind = kind_of(name)
    if not kind or not _is_text(item.parameter.annotation):
        return ""
    if kind == "secret":
        return name
    owner = unwrapped(item.owner)
    if not isinstance(owner, FunctionValue):
        return ""
    body = application.body(application.function_of(owner))
    return name if _refuses_strangers(body, _DEEPEST) or _verifies(body) else ""


def _is_text(annotation: Value | None) -> bool:
    if annotation is None:
        return True
    if isinstance(annotation, Annotated):
        return _is_text(annotation.base)
    if isinstance(annotation, Union):
        return all(is_none(member) or _is_text(member) for member in annotation.members)
    return isinstance(annotation, External) and library.canonical(annotation.name) in _TEXTS


def _refuses_strangers(body: Body, depth: int) -> bool:
    """Whether a function answers 401."""
    return any(item.status == 401 for item in body.raised) or (  # noqa: PLR2004 - Unauthorized
        depth > 0
        and Effect.REFUSE in body.effects
        and any(_refuses_strangers(inner, depth - 1) for call in body.calls.values() for inner in call.bodies)
    )


def _verifies(body: Body) -> bool:
    return any(token_kind(call) == "verify" for call in body.calls.values())


def _is_exempt(application: Application, route: Route, name: str) -> bool:
    """Whether a route is a link that people are given, which can't carry a token anywhere else."""
    if words(name)[-1] in _PASSWORDS:
        return False
    parts = {word for segment in route.path.split("/") for word in words(segment)}
    parts |= set(words(route.name.rpartition(".")[2]))
    return (
        bool(parts & _LINKS)
        or is_for_outside(route)
        or "test" in (route.handler.module.roles if route.handler is not None else ())
        or sends_other_than_json(application, route)
    )

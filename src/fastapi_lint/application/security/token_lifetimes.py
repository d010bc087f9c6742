"""How long the tokens are valid that functions make: which never expire, and which access tokens do late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import Dictionary, Literal, is_none
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.security.token_calls import PACKAGES
from fastapi_lint.application.written import assigned_values, dotted, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_CLAIMS: Final = {
    "jwt.encode": (0, "payload"),
    "jwt.PyJWT.encode": (0, "payload"),
    "jose.jwt.encode": (0, "claims"),
    "joserfc.jwt.encode": (1, "claims"),
    "authlib.jose.JsonWebToken.encode": (1, "payload"),
}
"""Where calls that make tokens take the claims: by position (from 0), and under which name."""
_STRATEGY: Final = "fastapi_users.authentication.JWTStrategy"
_WHO: Final = frozenset(
    {"sub", "subject", "user", "username", "userid", "uid", "email", "account", "client", "member", "login"}
)
_EXPIRY: Final = ("exp", "expires", "expiry", "expiration", "expire", "ttl")
_SECONDS: Final = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_OTHER_TOKENS: Final = frozenset(
    {"refresh", "reset", "verify", "verification", "invite", "invitation", "remember", "api", "confirm"}
)


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A call that makes a token; `seconds` is how long it is valid, None for ever.

    `caller` is the function, with the line of its call, that gives the claims, where that is another one.
    """

    function: Function
    call: model.Call
    seconds: float | None
    caller: tuple[Function, model.Call] | None = None


def tokens_made(application: Application) -> Iterator[TokenMade]:
    """The tokens that tell who somebody is, made by functions that requests run; each call once."""
    seen: set[int] = set()
    reported: set[int] = set()
    for path in application.modules.by_path:
        for function in application.functions_in(path):
            body = application.body(function)
            for made in _made(body, None, seen):
                if id(made.call) not in reported:
                    reported.add(id(made.call))
                    yield made


def _made(body: Body, caller: tuple[Function, model.Call] | None, seen: set[int]) -> Iterator[TokenMade]:
    """The tokens that a function makes, and those that what it calls makes of its arguments."""
    if id(body) in seen:
        return
    seen.add(id(body))
    for call in body.calls.values():
        if call.node is None:
            continue
        if call.name.partition(".")[0] in PACKAGES:
            yield from _of_call(body, call, call.node, caller)
        for inner in call.bodies:
            yield from _made(inner, (body.function, call.node), seen)


def _of_call(
    body: Body, call: CallMeaning, node: model.Call, caller: tuple[Function, model.Call] | None
) -> Iterator[TokenMade]:
    if call.name == _STRATEGY:
        lifetime = _argument(call, 1, "lifetime_seconds")
        if lifetime is not None and is_none(lifetime):
            yield TokenMade(body.function, node, None)
        return
    place = _CLAIMS.get(call.name)
    claims = _argument(call, *place) if place is not None else None
    if not isinstance(claims, Dictionary) or not claims.complete or claims.others:
        return
    names = [str(name) for name in claims.entries]
    parts = {word for name in names for word in words(name)}
    if not parts & _WHO:
        return
    if not parts.intersection(_EXPIRY):
        if _speaks_of_expiry(body.function.definition):
            return
        given = body.function.definition.parameters
        yield TokenMade(body.function, node, None, caller if given else None)
        return
    seconds = _lifetime(body, node)
    if seconds is not None and _is_access_token(body.function, claims):
        yield TokenMade(body.function, node, seconds)


def _speaks_of_expiry(definition: model.FunctionDefinition) -> bool:
    """Whether a function writes the name of such a claim, though it may take it out again."""
    return any(
        isinstance(part, model.Constant) and part.value in _EXPIRY
        for statement in statements(definition.body)
        for part in expressions(statement)
    )


def _is_access_token(function: Function, claims: Dictionary) -> bool:
    kinds = [claims.entries.get(name) for name in ("type", "token_type", "typ", "kind", "scope", "purpose")]
    told = {*words(function.name)}
    for kind in kinds:
        told |= set(words(kind.value)) if isinstance(kind, Literal) and isinstance(kind.value, str) else set()
    return "access" in told and not told & _OTHER_TOKENS


def _lifetime(body: Body, node: model.Call) -> float | None:
    """The shortest time after which the token expires, of those that the function writes out."""
    assigned = assigned_values(body.function.definition.body)
    pending: list[model.Expression] = [*node.arguments, *(item.value for item in node.keywords)]
    found: list[float] = []
    known: set[str] = set()
    while pending:
        expression = pending.pop()
        for part in (expression, *expressions(expression)):
            if isinstance(part, model.Name) and part.id not in known:
                known.add(part.id)
                pending += assigned.get(part.id, [])
            elif isinstance(part, model.Call) and dotted(part.function).rpartition(".")[2] == "timedelta":
                seconds = _seconds(body, part)
                if seconds is None:
                    return None
                found.append(seconds)
    return min(found, default=None)


def _seconds(body: Body, call: model.Call) -> float | None:
    """The length of a `timedelta(…)` with known arguments, in seconds."""
    total = 0.0
    given = [(item.name, item.value) for item in call.keywords]
    given += list(zip(("days", "seconds"), call.arguments, strict=False))
    for name, expression in given:
        value = body.value(expression)
        if isinstance(expression, model.Constant):
            value = Literal(expression.value)
        unit = _SECONDS.get(name or "")
        if unit is None or not isinstance(value, Literal) or not isinstance(value.value, (int, float)):
            return None
        total += unit * value.value
    return total


def _argument(call: CallMeaning, position: int, keyword: str) -> Value | None:
    if keyword in call.keywords:
        return call.keywords[keyword]
    return call.arguments[position] if position < len(call.arguments) else None

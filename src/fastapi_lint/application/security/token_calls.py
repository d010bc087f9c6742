"""What calls that verify or make a token say of the signature: whether it counts, and which algorithms do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Collection,
    Dictionary,
    External,
    Literal,
    Object,
    is_none,
)
from fastapi_lint.application.library.auth import TOKENS
from fastapi_lint.application.library.model import words
from fastapi_lint.application.written import assigned_values, expressions, statements
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.library.auth import TokenCall
    from fastapi_lint.application.linked import Application

PACKAGES: Final = frozenset(name.partition(".")[0] for name in TOKENS)
UNVERIFIED_CLAIMS: Final = "jose.jwt.get_unverified_claims"
_OPTIONS: Final = {"jwt.decode": 3, "jwt.decode_complete": 3, "jose.jwt.decode": 3}
"""Where calls take `options`, by position (from 0)."""
_VERIFIES: Final = {"jose.jws.verify": 3}
"""Where calls take `verify`, by position (from 0)."""
_PYJWT: Final = frozenset(
    {"jwt.decode", "jwt.decode_complete", "jwt.PyJWT.decode", "jwt.PyJWT.decode_complete"}
)
_JOSE: Final = frozenset({"jose.jwt.decode"})


class TokenFault(NamedTuple):
    """A call that makes or takes unsigned tokens (`none`), or leaves the algorithm open (`any`)."""

    kind: str
    function: Function
    call: model.Call
    package: str


def token_call(call: CallMeaning) -> TokenCall | None:
    """What the table of tokens holds for a call."""
    if not call.name or call.functions or call.name.partition(".")[0] not in PACKAGES:
        return None
    owner, _, member = call.name.rpartition(".")
    return TOKENS.get(call.name) or library.entry(TOKENS, owner, member)


def skips_signature(call: CallMeaning) -> str:
    """Say what makes a call give the claims of a token without looking at the signature; else empty."""
    name = call.name
    if call.functions or name.partition(".")[0] not in PACKAGES:
        return ""
    if name == UNVERIFIED_CLAIMS:
        return "get_unverified_claims"
    given = _argument(call, _OPTIONS.get(name, -1), "options")
    stated = given.entries.get("verify_signature") if isinstance(given, Dictionary) else None
    if isinstance(stated, Literal) and stated.value is False:
        return "verify_signature: False"
    verify = _argument(call, _VERIFIES.get(name, -1), "verify")
    if isinstance(verify, Literal) and verify.value is False and (name in _PYJWT or name in _VERIFIES):
        return "verify=False"
    return ""


def token_faults(application: Application) -> Iterator[TokenFault]:
    """The calls, in functions that requests run, that take or make tokens of any algorithm or of none."""
    for function, call in token_calls(application):
        known = token_call(call)
        if known is None or known.algorithms is None or call.node is None:
            continue
        kind = _fault(call, known)
        if kind:
            yield TokenFault(kind, function, call.node, call.name.partition(".")[0])


def token_calls(application: Application) -> Iterator[tuple[Function, CallMeaning]]:
    """The calls of packages for tokens in functions that requests run."""
    for path in application.modules.by_path:
        for function in application.functions_in(path):
            for call in application.body(function).calls.values():
                if call.name.partition(".")[0] in PACKAGES:
                    yield function, call


def _fault(call: CallMeaning, known: TokenCall) -> str:
    if known.algorithms is None or skips_signature(call):
        return ""
    given = _argument(call, *known.algorithms)
    named = {item.value for item in _items(given) if isinstance(item, Literal)}
    if any(isinstance(name, str) and name.lower() == "none" for name in named):
        return "none"
    if known.kind != "verify" or (given is not None and not is_none(given)):
        return ""
    if call.node is None or any(item.name is None for item in call.node.keywords):
        return ""
    if any(isinstance(item, model.Starred) for item in call.node.arguments):
        return ""
    return "any" if call.name in _JOSE or (call.name in _PYJWT and _is_text_key(call, known)) else ""


def _is_text_key(call: CallMeaning, known: TokenCall) -> bool:
    """Whether the key is no `PyJWK`, which brings its algorithm with it."""
    if known.key is None or call.node is None:
        return False
    key = _argument(call, *known.key)
    if isinstance(key, Literal):
        return isinstance(key.value, str)
    if isinstance(key, Object) and isinstance(key.cls, External):
        return key.cls.name in {"builtins.str", "builtins.bytes"}
    position, keyword = known.key
    written = next((item.value for item in call.node.keywords if item.name == keyword), None)
    if written is None and position < len(call.node.arguments):
        written = call.node.arguments[position]
    name = written.id if isinstance(written, model.Name) else getattr(written, "name", "")
    return names_secret(name) and "secret" in name.lower()


def _items(given: Value | None) -> list[Value]:
    if isinstance(given, Collection):
        return given.items
    return [given] if given is not None else []


def _argument(call: CallMeaning, position: int, keyword: str) -> Value | None:
    if keyword in call.keywords:
        return call.keywords[keyword]
    return call.arguments[position] if 0 <= position < len(call.arguments) else None


_TAKING: Final = frozenset(
    words("get split rsplit partition strip lstrip rstrip removeprefix replace encode decode json form body")
)
_LOOKING: Final = frozenset(
    words("len isinstance print bool str debug info warning error get_unverified_header")
)


def part_taken(expression: model.Expression) -> model.Expression | None:
    """What an expression takes a part of, or gives in another form; None where it does something else."""
    if isinstance(expression, (model.Attribute, model.Subscript, model.Await)):
        return expression.value
    if isinstance(expression, model.Call):
        called = expression.function
        if isinstance(called, model.Attribute) and called.name in _TAKING:
            return called.value
        if isinstance(called, model.Name) and called.id == "str" and expression.arguments:
            return expression.arguments[0]
    return None


def hands_on(
    definition: model.FunctionDefinition, token: model.Expression, taken: model.Call, body: Body
) -> bool:
    """Whether a function gives a token, or what holds it, to a call that may verify it: not `taken`."""
    names = _names_of(definition, token)
    for statement in statements(definition.body):
        for expression in expressions(statement):
            if not isinstance(expression, model.Call) or expression is taken or _looks(expression, body):
                continue
            given = (*expression.arguments, *(item.value for item in expression.keywords))
            inside = [part for item in given for part in (item, *expressions(item))]
            if taken in inside:
                continue
            if any(part == token or (isinstance(part, model.Name) and part.id in names) for part in inside):
                return True
    return False


def _names_of(definition: model.FunctionDefinition, token: model.Expression) -> set[str]:
    """The names of values that are made with a token."""
    names = {token.id} if isinstance(token, model.Name) else set()
    for name, values in assigned_values(definition.body).items():
        if any(
            not _is_call(value) and any(part == token for part in (value, *expressions(value)))
            for value in values
        ):
            names.add(name)
    return names


def _is_call(value: model.Expression) -> bool:
    return isinstance(value, (model.Call, model.Await))


def _looks(call: model.Call, body: Body) -> bool:
    """Whether a call does nothing with a token that could tell a false one."""
    called = call.function
    name = called.name if isinstance(called, model.Attribute) else getattr(called, "id", "")
    meaning = body.call(call)
    return name in _LOOKING or name in _TAKING or (meaning is not None and bool(skips_signature(meaning)))


def is_setting(test: model.Expression) -> bool:
    """Whether a condition asks a setting: an attribute or a constant, or a comparison with one."""
    parts = (test, *expressions(test))
    return any(
        isinstance(part, model.Attribute) or (isinstance(part, model.Name) and part.id.isupper())
        for part in parts
    )

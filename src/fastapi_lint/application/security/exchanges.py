"""Routes that exchange credentials: log in and out, register, reset a password, come back from a provider."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, External
from fastapi_lint.application.library.auth import TOKENS
from fastapi_lint.application.security.callers import words

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_FORM = "fastapi.security.OAuth2PasswordRequestForm"
_DEEPEST = 4
"""How many calls deep the making of a token is looked for."""


def _all(names: str) -> frozenset[str]:
    return frozenset(names.split())


_EXCHANGES = _all(
    "login logout signin signout signup register registration refresh password passwd oauth "
    "oauth2 oidc saml sso forgot otp mfa totp logon authenticate impersonate relogin"
)
_PAIRS = frozenset(
    {
        ("log", "in"),
        ("log", "out"),
        ("sign", "in"),
        ("sign", "up"),
        ("sign", "out"),
        ("verify", "email"),
        ("confirm", "email"),
    }
)
_PLACES = frozenset({"token", "session", "authorize"})


def exchanges_credentials(route: Route) -> bool:
    """Whether a route exists to look at credentials: by its path, its handler's name, or its form."""
    if route.handler is None:
        return False
    segments = [part for part in route.path.split("/") if part and not part.startswith("{")]
    names = [route.handler.name, *segments[-1:]]
    if (
        any(_is_exchange(words(name)) for name in names)
        or route.path.rstrip("/").rpartition("/")[2] in _PLACES
    ):
        return True
    return any(_is_form(dependency.callable) for dependency in route.all_dependencies())


def makes_token(application: Application, function: Function) -> bool:
    """Whether a handler makes a token, itself or through what it calls."""
    return _makes_token(application, function, _DEEPEST, set())


def _is_exchange(parts: list[str]) -> bool:
    return (
        any(word in _EXCHANGES for word in parts)
        or "callback" in (*parts[:1], *parts[-1:])  # and not the logs of callbacks
        or any(pair in _PAIRS for pair in itertools.pairwise(parts))
    )


def _is_form(value: Value) -> bool:
    names = (
        value.external_bases()
        if isinstance(value, ClassValue)
        else [value.name]
        if isinstance(value, External)
        else []
    )
    return any(library.is_subclass(name, _FORM) for name in names)


def _makes_token(application: Application, function: Function, depth: int, seen: set[int]) -> bool:
    if depth == 0 or id(function) in seen:
        return False
    seen.add(id(function))
    body: Body = application.body(function)
    if any(token_kind(call) == "create" for call in body.calls.values()):
        return True
    return any(_makes_token(application, callee, depth - 1, seen) for callee in body.callees)


def token_kind(call: CallMeaning) -> str:
    """Whether a call verifies a token (`verify`), makes one (`create`) or reads one (`read`); else empty."""
    return _kind_of(call.name) if call.name and not call.functions else ""


@functools.cache
def _kind_of(name: str) -> str:
    owner, _, member = name.rpartition(".")
    found = TOKENS.get(name) or library.entry(TOKENS, owner, member)
    return found.kind if found is not None else ""

"""Cookies that hold credentials, and what keeps them from scripts and from unencrypted connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.security.callers import words
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_RESPONSE: Final = "starlette.responses.Response"
_CREDENTIALS: Final = frozenset(
    {"token", "session", "sessionid", "sid", "jwt", "auth", "bearer", "authorization"}
)
_OTHERS: Final = frozenset(
    {
        "csrf",
        "xsrf",
        "csrftoken",
        "hint",
        "state",
        "flag",
        "is",
        "expired",
        "type",
        "kind",
        "expires",
        "locale",
    }
)
_PROTECTIONS: Final = ("httponly", "secure")
_POSITIONS: Final = {"secure": 6, "httponly": 7}
"""Where `set_cookie` takes them, by position (from 0)."""


@dataclass(frozen=True, slots=True)
class OpenCookie:
    """A cookie with a credential, by a call of `set_cookie`; `missing` are the protections that it lacks."""

    function: Function
    call: model.Call
    name: str
    missing: tuple[str, ...]


def open_cookies(application: Application) -> Iterator[OpenCookie]:
    """The cookies that functions set which requests run."""
    for path in application.modules.by_path:
        for function in application.functions_in(path):
            for call in application.body(function).calls.values():
                if call.node is not None and _sets_cookie(call):
                    name = _credential(call, call.node)
                    missing = _missing(call, call.node)
                    if name and missing:
                        yield OpenCookie(function, call.node, name, missing)


def _sets_cookie(call: CallMeaning) -> bool:
    owner, _, member = call.name.rpartition(".")
    return member == "set_cookie" and not call.functions and library.is_subclass(owner, _RESPONSE)


def _credential(call: CallMeaning, node: model.Call) -> str:
    """How a cookie is called that holds a credential; empty for others, and for such with a constant."""
    written = _written(node, 1, "value")
    if isinstance(written, (model.Constant, model.Masked)):
        return ""
    key = _written(node, 0, "key")
    known = call.keywords.get("key") or (call.arguments[0] if call.arguments else None)
    literal = known.value if isinstance(known, Literal) else None
    called = key.id if isinstance(key, model.Name) else key.name if isinstance(key, model.Attribute) else ""
    for name in (literal, called):
        parts = set(words(name)) if isinstance(name, str) else set()
        if parts & _OTHERS:
            return ""
        if parts & _CREDENTIALS:
            return str(literal or called)
    return ""


def _missing(call: CallMeaning, node: model.Call) -> tuple[str, ...]:
    """The protections that a call leaves out or takes away; none where it isn't known what it passes."""
    if any(item.name is None for item in node.keywords):
        spread = True
    else:
        spread = any(isinstance(item, model.Starred) for item in node.arguments)
    missing: list[str] = []
    for name in _PROTECTIONS:
        given = call.keywords.get(name)
        if given is None and _POSITIONS[name] < len(call.arguments):
            given = call.arguments[_POSITIONS[name]]
        written = _written(node, _POSITIONS[name], name)
        if written is None and given is None:
            missing += [] if spread else [name]
        elif isinstance(written, model.Constant) and written.value is False:
            missing.append(name)
    return tuple(missing)


def _written(node: model.Call, position: int, keyword: str) -> model.Expression | None:
    given = next((item.value for item in node.keywords if item.name == keyword), None)
    return node.arguments[position] if given is None and position < len(node.arguments) else given

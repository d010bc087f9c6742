"""Which inputs and settings are secret, and which calls write a log."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, External, Literal, Marker, Object, options
from fastapi_lint.application.library.model import words
from fastapi_lint.application.schemas.secrets import is_text, kind_of
from fastapi_lint.application.security.callers import words as name_words
from fastapi_lint.application.taint.types import classes_in, is_model
from fastapi_lint.application.written import dotted, expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.taint.types import Fields

_METHODS: Final = frozenset(
    words(
        "debug info warning warn error exception critical log trace success fatal adebug ainfo awarning "
        "aerror aexception acritical"
    )
)
_OTHER_TOKENS: Final = frozenset(
    words(
        "page next previous continuation pagination cursor device push fcm sync cancel stop unsubscribe max "
        "min"
    )
)
"""Words before `token` that say that it opens nothing."""
_CARDS: Final = frozenset({"cvv", "cvc", "card number", "credit card", "ssn"})
_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_NO_SECRETS: Final = frozenset({"csrf", "xsrf", "public", "hash", "id", "name", "url", "type"})
SCHEME_PARTS: Final = frozenset({"credentials", "password", "client_secret"})
"""Attributes of what FastAPI's security classes give that are secret."""
_SETTINGS: Final = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")


@functools.cache
def is_secret(name: str) -> bool:
    """Whether a parameter, a field or a setting of that name holds what opens something."""
    if name.lower() in _HEADERS or kind_of(name) is not None:
        return True
    parts = name_words(name)
    if not parts or _NO_SECRETS & set(parts[-1:]) or "csrf" in parts or "xsrf" in parts:
        return False
    joined = " ".join(parts)
    is_token = parts[-1] == "token" and not _OTHER_TOKENS & set(parts[:-1])
    return is_token or parts[-1] == "jwt" or any(joined.endswith(card) for card in _CARDS)


def secret_field(cls: ClassValue, fields: Fields, depth: int = 3) -> str:
    """The first field of a model that is secret and that the model's text shows; empty for none."""
    for owner in cls.mro():
        for name in owner.annotations if isinstance(owner, ClassValue) else ():
            declared = fields.of(cls, name)
            if declared is None or (
                isinstance(owner, ClassValue) and _is_left_out(owner.scope.names.get(name))
            ):
                continue
            if is_secret(name) and is_text(declared[0], {}):
                return name
            for inner in classes_in(declared[0]) if depth else ():
                if (
                    isinstance(inner, ClassValue)
                    and is_model(inner)
                    and secret_field(inner, fields, depth - 1)
                ):
                    return name
    return ""


def _is_left_out(default: Value | None) -> bool:
    """Whether `Field(repr=False)` or `Field(exclude=True)` keeps a field out of a model's text."""
    if not isinstance(default, Marker):
        return False
    stated = {name: item.value for name, item in default.keywords.items() if isinstance(item, Literal)}
    return stated.get("repr") is False or stated.get("exclude") is True


def is_secret_setting(owner: Value, name: str, fields: Fields) -> bool:
    """Whether an attribute is a setting that is secret, and no `SecretStr`."""
    if not is_secret(name) or kind_of(name) is None:
        return False
    for option in options(owner):
        if isinstance(option, Object) and isinstance(option.cls, ClassValue):
            declared = fields.of(option.cls, name) if option.cls.derives_from(*_SETTINGS) else None
            if declared is not None and is_text(declared[0], {}):
                return True
    return False


def is_scheme(callable_: Value | None) -> bool:
    """Whether a dependency is one of FastAPI's security schemes, which gives a credential."""
    cls = callable_.cls if isinstance(callable_, Object) else None
    return isinstance(cls, External) and library.is_subclass(cls.name, "fastapi.security.base.SecurityBase")


def is_form(annotation: Value | None) -> bool:
    """Whether a type is FastAPI's form of a log-in."""
    name = annotation.name if isinstance(annotation, External) else ""
    return bool(name) and library.is_subclass(name, "fastapi.security.OAuth2PasswordRequestForm")


def writes_log(meaning: CallMeaning | None, node: model.Call) -> bool:
    """Whether a call prints or writes into a log."""
    if meaning is not None and meaning.functions:
        return False
    function = node.function
    if isinstance(function, model.Name):
        return meaning is not None and meaning.name == "builtins.print"
    if not isinstance(function, model.Attribute) or function.name not in _METHODS:
        return False
    owner = dotted(function.value).rpartition(".")[2].lower()
    return "log" in owner.strip("_") or (meaning is not None and meaning.name.startswith("logging."))


def logs_a_setting(body: Body, fields: Fields) -> bool:
    """Whether a function writes a secret setting into a log, as it is written."""
    for meaning in body.calls.values():
        node = meaning.node
        if node is None or not writes_log(meaning, node):
            continue
        for item in expressions(node):
            if isinstance(item, model.Attribute) and is_secret_setting(
                body.value(item.value), item.name, fields
            ):
                return True
    return False

"""Secrets that a project hides before they go out: the names whose values it replaces by a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.schemas import secrets
from fastapi_lint.application.written import dotted, everything_in, expressions
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from fastapi_lint.application.linked import Application

_STEMS: Final = (
    "censor",
    "conceal",
    "hidden",
    "hide",
    "mask",
    "obfuscat",
    "redact",
    "sanitiz",
    "scrub",
    "shorten",
)


def masked_names(application: Application) -> frozenset[str]:
    """The names of secrets that are given a value that is named for hiding things, anywhere but in tests.

    As in `data["password"] = settings.mask`, `{"password": redact(password)}` or `User(password=MASKED)`.
    """
    return frozenset(
        name
        for module in application.modules.by_path.values()
        if "test" not in module.roles
        for node in everything_in(module.facts.body)
        for name, value in _given(node)
        if secrets.kind_of(name) is not None and any(map(_hides, (value, *expressions(value))))
    )


def is_mask(value: model.Expression) -> bool:
    """Whether a value is a constant, or made by a function that is named for hiding things."""
    if isinstance(value, (model.Constant, model.Masked)):
        return True
    return any(
        isinstance(item, model.Call) and _hides(item.function) for item in (value, *expressions(value))
    )


def is_hidden(value: model.Expression) -> bool:
    """Whether a value is what a function gives that is named for hiding things: `redact(config)`."""
    value = value.value if isinstance(value, model.Await) else value
    return isinstance(value, model.Call) and _hides(value.function)


def _hides(expression: model.Expression) -> bool:
    return any(word.startswith(_STEMS) for word in words_of(dotted(expression)))


def _given(node: msgspec.Struct) -> Iterator[tuple[str, model.Expression]]:
    """The values that a piece of code gives to names, keys and keywords."""
    if isinstance(node, model.Assignment) and node.value is not None:
        for target in node.targets:
            if isinstance(target, model.Attribute):
                yield target.name, node.value
            elif isinstance(target, model.Subscript) and isinstance(target.index, model.Constant):
                yield str(target.index.value), node.value
    elif isinstance(node, model.Mapping):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, model.Constant) and value is not None:
                yield str(key.value), value
    elif isinstance(node, model.Keyword) and node.name is not None:
        yield node.name, node.value

"""Kinds of arguments: a function is evaluated once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Bound,
    Choice,
    Collection,
    Dictionary,
    EnumMember,
    External,
    ExternalMethod,
    Literal,
    Object,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.evaluation.values import Value


def shape(value: Value | None, depth: int = 2) -> object:
    """What kind of value it is, as far as that can change what a function does with it.

    Texts, numbers and what is unknown are of one kind, except for SQL: no effect hangs on them.
    """
    if isinstance(value, Object):
        return _shape_of_object(value, depth)
    if isinstance(value, External):
        return value.name
    if isinstance(value, Literal):
        return "none" if value.value is None else _verb(value.value)
    if isinstance(value, Collection):
        inner = tuple(dict.fromkeys(shape(item, depth - 1) for item in value.items[:4])) if depth else ()
        return None if inner in {(), (None,)} else (value.kind, inner)
    if isinstance(value, Choice):
        kinds = frozenset([shape(option, depth) for option in value.options])
        return next(iter(kinds)) if len(kinds) == 1 else kinds
    if isinstance(value, Bound):
        return id(value.function), shape(value.receiver, max(depth - 1, 0))
    if isinstance(value, ExternalMethod):
        return value.owner, value.name, shape(value.receiver, max(depth - 1, 0))
    if isinstance(value, EnumMember):
        return id(value.cls), value.name
    return None if value is None or isinstance(value, (Unknown, Dictionary)) else id(value)


def exactly(value: Value) -> object:
    """The shape of a value, and all that a condition could tell: constants, and whether a list is empty."""
    if isinstance(value, Literal):
        return type(value.value), value.value
    if isinstance(value, Choice):
        return tuple(map(exactly, value.options))
    if isinstance(value, Collection):
        return value.kind, value.complete, bool(value.items), shape(value)
    if isinstance(value, Dictionary):
        return Dictionary, value.complete, bool(value.entries or value.others)
    if isinstance(value, Object) and isinstance(value.cls, External):
        return value.cls.name, shape(value)
    return type(value), shape(value)


def shape_of_named(values: Mapping[str, Value], depth: int = 2) -> tuple[object, ...]:
    """The shapes of values with names, whose order doesn't matter."""
    return tuple([part for name in sorted(values) for part in (name, shape(values[name], depth))])


def _verb(text: object) -> str | None:
    """What SQL does, which is what a function does that runs it."""
    if not isinstance(text, str) or " " not in text.strip():
        return None
    verb = library.sql_verb(text)
    return verb if verb in library.SQL_VERBS else None


def _shape_of_object(value: Object, depth: int) -> object:
    if isinstance(value.cls, External):
        if value.cls.name.startswith("builtins."):
            known = value.attributes.get("<sql>") or value.attributes.get("<starts>")
            return _verb(known.value) if isinstance(known, Literal) else None
        cls: object = value.cls.name
    else:
        cls = id(value.cls)
    if depth == 0:
        return cls
    arguments = tuple([shape(item, depth - 1) for item in value.type_arguments])
    return cls, shape_of_named(value.attributes, depth - 1), arguments

"""How types are called in lists and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.values import (
    Annotated,
    Choice,
    ClassValue,
    EnumMember,
    External,
    Generic,
    Literal,
    TypeVariable,
    Union,
)

if TYPE_CHECKING:
    from fastapi_lint.application.values import Value


def type_name(value: Value) -> str:
    """Name a type: `app.schemas.Order`, `list[app.schemas.Order]`; `?` where it isn't known."""
    if isinstance(value, ClassValue):
        return value.name
    if isinstance(value, External):
        return value.name.removeprefix("builtins.")
    if isinstance(value, Generic):
        return f"{type_name(value.origin)}[{', '.join(map(type_name, value.arguments))}]"
    if isinstance(value, Union):
        return " | ".join(map(type_name, value.members))
    if isinstance(value, Annotated):
        return type_name(value.base)
    if isinstance(value, Choice):
        return type_name(value.options[0])
    if isinstance(value, TypeVariable):
        return value.name
    if isinstance(value, EnumMember):
        return f"{value.cls.name}.{value.name}"
    return repr(value.value) if isinstance(value, Literal) else "?"

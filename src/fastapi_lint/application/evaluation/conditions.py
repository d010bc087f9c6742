"""Conditions: whether a value is true, for certain or as long as settings have their defaults."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import (
    NONE,
    Bound,
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    LambdaValue,
    Literal,
    Marker,
    ModuleValue,
    Object,
    Partial,
    Unknown,
)
from fastapi_lint.application.modules import FRAMEWORKS
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


NEGATED_FLAG = Unknown("the negation of a flag of another package")


def truth(value: Value, node: model.Expression, frame: Frame) -> bool | None:
    """Whether a condition holds, where that doesn't depend on the environment."""
    if isinstance(node, model.Constant) and isinstance(value, Literal):
        return bool(value.value)
    if isinstance(node, model.Comparison) and node.left == model.Name("__name__"):
        return False
    if isinstance(value, External) and value.name == "typing.TYPE_CHECKING":
        return True
    if frame.function is not None and frame.recorder is None and not _reads_environment(node):
        return decided(value)
    return None


def by_default(value: Value) -> bool | None:
    """Whether a condition holds as long as settings have their defaults.

    A flag of another package is taken to be off.
    """
    if value is NEGATED_FLAG:
        return True
    if isinstance(value, External):
        return None if value.name.partition(".")[0] in sys.stdlib_module_names | FRAMEWORKS else False
    return decided(value)


def decided(value: Value) -> bool | None:
    """Whether a value is true, where its kind says so."""
    if isinstance(value, Literal):
        return bool(value.value)
    if isinstance(value, Collection):
        return bool(value.items) if value.complete else None
    if isinstance(value, Dictionary):
        return bool(value.entries) if value.complete and not value.others else None
    if isinstance(value, (ClassValue, FunctionValue, LambdaValue, Bound, Partial, Marker, ModuleValue)):
        return True
    return True if isinstance(value, Object) and type(value) is not Object else None


def when_false(value: Value) -> Value:
    """What a value that may be false is when it is."""
    is_bool = (
        isinstance(value, Object) and isinstance(value.cls, External) and value.cls.name == "builtins.bool"
    )
    return Literal(value=False) if is_bool else NONE


def _reads_environment(node: model.Expression) -> bool:
    """Whether a condition reads an attribute, as settings are: it may not hold what is written down."""
    if isinstance(node, model.Attribute):
        is_status = node.name.startswith("HTTP_") or node.value == model.Name("HTTPStatus")
        return not is_status
    if isinstance(node, model.Call):
        receiver = node.function.value if isinstance(node.function, model.Attribute) else model.Name("")
        return any(
            map(_reads_environment, (receiver, *node.arguments, *(item.value for item in node.keywords)))
        )
    if isinstance(node, model.Comparison):
        return any(map(_reads_environment, (node.left, *node.others)))
    if isinstance(node, model.Boolean):
        return any(map(_reads_environment, node.values))
    if isinstance(node, model.Unary):
        return _reads_environment(node.operand)
    return isinstance(node, (model.Subscript, model.Await))

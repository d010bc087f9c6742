"""Conditions: whether a value is true, for certain or as long as settings have their defaults."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

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
    from collections.abc import Mapping

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


class Something:
    """What is known of an argument that is there, whatever it is."""


SOMETHING: Final = Something()
Given = bool | int | float | str | Something | None
"""What a call gives for a parameter."""


def settled(test: model.Expression, known: Mapping[str, Given]) -> bool | None:
    """Whether a condition holds where some names stand for what is known; None if these don't decide it."""
    if isinstance(test, model.Name):
        return bool(known[test.id]) if test.id in known else None
    if isinstance(test, model.Unary):
        inner = settled(test.operand, known) if test.operator == "not" else None
        return None if inner is None else not inner
    if isinstance(test, model.Boolean):
        found = [settled(value, known) for value in test.values]
        decides = test.operator == "or"
        return decides if decides in found else None if None in found else not decides
    if isinstance(test, model.Comparison) and len(test.others) == 1 and isinstance(test.left, model.Name):
        return _compared(test, known)
    if isinstance(test, model.Call) and isinstance(test.function, model.Attribute):
        return _begins_or_ends(test, test.function, known)
    return None


def _compared(test: model.Comparison, known: Mapping[str, Given]) -> bool | None:
    if not isinstance(test.left, model.Name) or test.left.id not in known:
        return None
    left, other, operator = known[test.left.id], test.others[0], test.operators[0]
    is_positive = operator in {"is", "==", "in"}
    if isinstance(other, model.Constant) and operator in {"is", "is not", "==", "!="}:
        if left is SOMETHING:
            return not is_positive if other.value is None else None
        return (left == other.value) is is_positive
    if isinstance(other, model.Sequence) and operator in {"in", "not in"} and left is not SOMETHING:
        values = [item.value for item in other.items if isinstance(item, model.Constant)]
        return (left in values) is is_positive if len(values) == len(other.items) else None
    return None


def _begins_or_ends(test: model.Call, method: model.Attribute, known: Mapping[str, Given]) -> bool | None:
    """Whether a text that is known begins or ends with another one, or with one of several."""
    text = known.get(method.value.id) if isinstance(method.value, model.Name) else None
    if not isinstance(text, str) or len(test.arguments) != 1 or test.keywords:
        return None
    wanted = test.arguments[0].items if isinstance(test.arguments[0], model.Sequence) else test.arguments
    values = [item.value for item in wanted if isinstance(item, model.Constant)]
    texts = tuple(item for item in values if isinstance(item, str))
    if len(texts) != len(wanted) or method.name not in {"startswith", "endswith"}:
        return None
    return text.startswith(texts) if method.name == "startswith" else text.endswith(texts)


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

"""Assignments: how names, attributes and items of containers get their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import attributes, calling, containers
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    Choice,
    Collection,
    Dictionary,
    Literal,
    Object,
    options,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Scope,
        Value,
    )


def assign(evaluator: Evaluator, target: model.Expression, value: Value, frame: Frame) -> None:
    """Bind what is on the left of an assignment, of a `for`, or behind `as`."""
    if isinstance(target, model.Name):
        if frame.flags:
            frame.flags.pop(target.id, None)
        bind(frame.scope, target.id, value)
    elif isinstance(target, model.Sequence):
        items = unpack(evaluator, value, len(target.items))
        for inner, item in zip(target.items, items, strict=True):
            assign(evaluator, inner.value if isinstance(inner, model.Starred) else inner, item, frame)
    elif isinstance(target, model.Attribute):
        for option in options(evaluator.evaluate(target.value, frame)):
            attributes.set_attribute(option, target.name, value)
    elif isinstance(target, model.Subscript):
        container = evaluator.evaluate(target.value, frame)
        key = evaluator.evaluate(target.index, frame)
        if isinstance(container, Dictionary):
            entry = key.value if isinstance(key, Literal) else containers.key_of(key)
            if entry is not None or isinstance(key, Literal):
                container.entries[entry] = value
            else:
                container.others.append(value)


def bind(scope: Scope, name: str, value: Value) -> None:
    """Give a name of a scope its value."""
    if scope.outer_names:
        scope = scope.outer_names.get(name, scope)
    scope.names[name] = value
    if type(value) is not Object and isinstance(value, Object):
        calling.name_object(value, scope, name)


def unpack(evaluator: Evaluator, value: Value, count: int) -> list[Value]:
    """The values that `count` targets get from one value."""
    if isinstance(value, Collection) and value.complete and len(value.items) == count:
        return value.items
    item = evaluator.element_of(value) if isinstance(value, (Collection, Choice)) else UNKNOWN
    if isinstance(value, Collection) and value.kind == "tuple" and len(value.items) == count:
        return value.items
    return [item] * count

"""Expressions: what each kind of them stands for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes, binding, calling, conditions, containers
from fastapi_lint.application.evaluation.budgets import LONGEST_LOOP
from fastapi_lint.application.evaluation.frames import CallSite, Frame, qualified_prefix
from fastapi_lint.application.evaluation.values import (
    NO_KEYWORDS,
    NONE,
    UNKNOWN,
    Awaitable,
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    LambdaValue,
    Literal,
    Object,
    Scope,
    is_none,
    join,
)
from fastapi_lint.application.library import web
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


def _name(evaluator: Evaluator, node: model.Name, frame: Frame) -> Value:
    return evaluator.lookup(frame.scope, node.id)


literal = functools.lru_cache(maxsize=10_000, typed=True)(Literal)
"""A literal by its value; few different ones are most of all that there are."""


def _attribute(evaluator: Evaluator, node: model.Attribute, frame: Frame) -> Value:
    return attributes.attribute(evaluator, evaluator.evaluate(node.value, frame), node.name, frame)


def _call(evaluator: Evaluator, node: model.Call, frame: Frame) -> Value:
    callee = evaluator.evaluate(node.function, frame)
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    complete = True
    for argument in node.arguments:
        value = evaluator.evaluate(argument, frame)
        if isinstance(argument, model.Starred):
            items = evaluator.items_of(value)
            complete = complete and items is not None
            arguments += items or []
        else:
            arguments.append(value)
    for item in node.keywords:
        value = evaluator.evaluate(item.value, frame)
        if item.name is not None:
            keywords[item.name] = value
        elif isinstance(value, Dictionary):
            keywords.update({key: entry for key, entry in value.entries.items() if isinstance(key, str)})
            complete = complete and value.complete and not value.others
        else:
            complete = False
    site = CallSite(callee, arguments, keywords or NO_KEYWORDS, node, frame, complete)
    if frame.recorder is not None:
        return frame.recorder.call(evaluator, site)
    return calling.call(evaluator, site)


def _template(evaluator: Evaluator, node: model.Template, frame: Frame) -> Value:
    parts = [evaluator.text_of(evaluator.evaluate(part, frame)) for part in node.parts]
    if all(part is not None for part in parts):
        return Literal("".join(part for part in parts if part is not None))
    text = Object(External("builtins.str"))
    if parts[0] is not None:
        text.attributes["<starts>"] = Literal(parts[0])  # the verb of an SQL statement
    elif isinstance(node.parts[0], model.Masked) and node.parts[0].sql:
        text.attributes["<starts>"] = Literal(node.parts[0].sql)
    return text


def _masked(node: model.Masked) -> Object:
    """A text that isn't known, except for the words of SQL in it."""
    return Object(External("builtins.str"), attributes={"<sql>": Literal(node.sql)} if node.sql else {})


def _sequence(evaluator: Evaluator, node: model.Sequence, frame: Frame) -> Value:
    items: list[Value] = []
    complete = True
    for item in node.items:
        value = evaluator.evaluate(item, frame)
        if isinstance(item, model.Starred):
            inner = evaluator.items_of(value)
            complete = complete and inner is not None
            items += inner or []
        else:
            items.append(value)
    return Collection(node.kind, items, complete)


def _mapping(evaluator: Evaluator, node: model.Mapping, frame: Frame) -> Value:
    result = Dictionary({})
    for key, item in zip(node.keys, node.values, strict=True):
        value = evaluator.evaluate(item, frame)
        if key is None:
            if isinstance(value, Dictionary):
                result.entries.update(value.entries)
                result.complete = result.complete and value.complete
            else:
                result.complete = False
            continue
        known = evaluator.evaluate(key, frame)
        if isinstance(known, Literal):
            result.entries[known.value] = value
        else:
            entry_key = containers.key_of(known)
            if entry_key is None:
                result.others.append(value)
            else:
                result.entries[entry_key] = value
    return result


def _subscript(evaluator: Evaluator, node: model.Subscript, frame: Frame) -> Value:
    value = evaluator.evaluate(node.value, frame)
    if isinstance(node.index, model.Slice):
        return value if isinstance(value, Collection) else UNKNOWN
    index = evaluator.evaluate(node.index, frame)
    return containers.subscript(evaluator, value, index)


def _binary(evaluator: Evaluator, node: model.Binary, frame: Frame) -> Value:
    return containers.operate(
        node.operator, evaluator.evaluate(node.left, frame), evaluator.evaluate(node.right, frame)
    )


def _boolean(evaluator: Evaluator, node: model.Boolean, frame: Frame) -> Value:
    ends = node.operator == "or"  # the truth that makes the operands behind it superfluous
    values: list[Value] = []
    for index, operand in enumerate(node.values, 1):
        value = evaluator.evaluate(operand, frame)
        decided = conditions.decided(value)
        if decided is ends or index == len(node.values):
            for rest in node.values[index:] if frame.recorder is not None else ():
                evaluator.evaluate(rest, frame)
            return join([*values, value])
        if decided is None:
            values.append(value if ends else conditions.when_false(value))
    return UNKNOWN


def _unary(evaluator: Evaluator, node: model.Unary, frame: Frame) -> Value:
    value = evaluator.evaluate(node.operand, frame)
    if node.operator == "not":
        decided = conditions.decided(value)
        if decided is None:
            return conditions.NEGATED_FLAG if conditions.by_default(value) is False else UNKNOWN
        return Literal(not decided)
    if node.operator == "-" and isinstance(value, Literal) and isinstance(value.value, (int, float)):
        return Literal(-value.value)
    return value


def _comparison(evaluator: Evaluator, node: model.Comparison, frame: Frame) -> Value:
    left = _as_number(evaluator.evaluate(node.left, frame))
    others = [_as_number(evaluator.evaluate(other, frame)) for other in node.others]
    if len(others) == 1 and isinstance(left, Literal) and isinstance(others[0], Literal):
        if node.operators[0] in {"==", "is"}:
            return Literal(left.value == others[0].value)
        if node.operators[0] in {"!=", "is not"}:
            return Literal(left.value != others[0].value)
    if len(others) == 1 and node.operators[0] in {"in", "not in"}:
        contained = containers.contains(others[0], left)
        if contained is not None:
            return Literal(contained is (node.operators[0] == "in"))
    if (
        len(others) == 1
        and is_none(others[0])
        and isinstance(left, (ClassValue, FunctionValue, Collection, Dictionary))
    ):
        return Literal(node.operators[0] in {"!=", "is not"})
    if len(others) == 1 and is_none(others[0]) and type(left) is not Object and isinstance(left, Object):
        return Literal(node.operators[0] in {"!=", "is not"})
    return Object(External("builtins.bool"))


def _as_number(value: Value) -> Value:
    """The number that the name of a status stands for; all other values as they are."""
    status = web.status_code(library.canonical(value.name)) if isinstance(value, External) else None
    return value if status is None else Literal(status)


def _conditional(evaluator: Evaluator, node: model.Conditional, frame: Frame) -> Value:
    value = evaluator.evaluate(node.test, frame)
    test = conditions.truth(value, node.test, frame)
    if test is not None:
        return evaluator.evaluate(node.body if test else node.orelse, frame)
    values = [evaluator.evaluate(node.body, frame), evaluator.evaluate(node.orelse, frame)]
    return join(values[::-1] if conditions.by_default(value) is False else values)


def _await(evaluator: Evaluator, node: model.Await, frame: Frame) -> Value:
    value = evaluator.evaluate(node.value, frame)
    if frame.recorder is not None and isinstance(node.value, model.Call):
        frame.recorder.awaited(node.value)
    if isinstance(value, Awaitable):
        return value.value
    return calling.awaited(value, node.value, frame)


def _yield(evaluator: Evaluator, node: model.Yield, frame: Frame) -> Value:
    value = evaluator.evaluate(node.value, frame) if node.value is not None else NONE
    frame.yields.append(evaluator.element_of(value) if node.delegates else value)
    frame.all_yields_known = frame.all_yields_known and not node.delegates and not frame.uncertain
    return UNKNOWN


def _lambda(_: Evaluator, node: model.Lambda, frame: Frame) -> Value:
    return LambdaValue(node, frame.scope, qualified_prefix(frame) + "<lambda>")


def _comprehension(evaluator: Evaluator, node: model.Comprehension, frame: Frame) -> Value:
    scope = Scope({}, frame.scope, frame.scope.module)
    inner = Frame(
        scope,
        frame.function,
        frame.receiver,
        frame.depth,
        frame.uncertain,
        frame.unlikely,
        frame.returns,
        frame.yields,
    )
    inner.recorder, inner.bindings, inner.flags = frame.recorder, frame.bindings, frame.flags
    clause = node.clauses[0]
    iterable = evaluator.evaluate(clause.iterable, inner)
    calling.iterated(iterable, clause.iterable, inner)
    items = evaluator.items_of(iterable) if len(node.clauses) == 1 and not clause.conditions else None
    complete = items is not None and len(items) <= LONGEST_LOOP
    result: list[Value] = []
    dictionary = Dictionary({}, complete=complete)
    for item in items if complete and items is not None else [evaluator.element_of(iterable)]:
        evaluator.statements_left -= 1
        binding.assign(evaluator, clause.target, item, inner)
        for condition in clause.conditions:
            evaluator.evaluate(condition, inner)
        for other in node.clauses[1:]:
            binding.assign(
                evaluator,
                other.target,
                evaluator.element_of(evaluator.evaluate(other.iterable, inner)),
                inner,
            )
            for condition in other.conditions:
                evaluator.evaluate(condition, inner)
        element = evaluator.evaluate(node.element, inner)
        if node.value is None:
            result.append(element)
            continue
        value = evaluator.evaluate(node.value, inner)
        if isinstance(element, Literal):
            dictionary.entries[element.value] = value
        else:
            dictionary.others.append(value)
    if node.value is not None:
        return dictionary
    return Collection("list" if node.kind == "generator" else node.kind, result, complete)


def _walrus(evaluator: Evaluator, node: model.Walrus, frame: Frame) -> Value:
    value = evaluator.evaluate(node.value, frame)
    binding.assign(evaluator, node.target, value, frame)
    return value


EXPRESSIONS: dict[type, Callable[[Evaluator, Any, Frame], Value]] = {
    model.Name: _name,
    model.Attribute: _attribute,
    model.Call: _call,
    model.Constant: lambda _evaluator, node, _frame: literal(node.value),
    model.Template: _template,
    model.Sequence: _sequence,
    model.Mapping: _mapping,
    model.Subscript: _subscript,
    model.Binary: _binary,
    model.Boolean: _boolean,
    model.Unary: _unary,
    model.Comparison: _comparison,
    model.Conditional: _conditional,
    model.Await: _await,
    model.Yield: _yield,
    model.Lambda: _lambda,
    model.Comprehension: _comprehension,
    model.Walrus: _walrus,
    model.Starred: lambda evaluator, node, frame: evaluator.evaluate(node.value, frame),
    model.Masked: lambda _evaluator, node, _frame: _masked(node),
}
"""How each kind of expression is evaluated."""

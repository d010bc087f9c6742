"""Statements: what running each kind of them does to names and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi_lint.application.evaluation import binding, calling, conditions, containers, importing
from fastapi_lint.application.evaluation.annotations import bind_type_parameters
from fastapi_lint.application.evaluation.budgets import LONGEST_LOOP
from fastapi_lint.application.evaluation.frames import CONTINUES, EXITS, Frame, qualified_prefix
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Collection,
    Deferred,
    FunctionValue,
    Scope,
    TypeVariable,
    Unknown,
    join,
)
from fastapi_lint.application.written import blocks
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


def _function_definition(evaluator: Evaluator, node: model.FunctionDefinition, frame: Frame) -> None:
    scope = frame.scope
    owner = scope.names.get("<class>") if scope.is_class else None
    prefix = qualified_prefix(frame)
    value: Value = FunctionValue(
        node,
        scope.module,
        scope.parent if scope.is_class and scope.parent else scope,
        prefix + node.name,
        owner if isinstance(owner, ClassValue) else None,
    )
    for decorator in reversed(node.decorators):
        value = calling.decorate(evaluator, decorator, value, frame)
    binding.bind(scope, node.name, value)


def _class_definition(evaluator: Evaluator, node: model.ClassDefinition, frame: Frame) -> None:
    bases = [evaluator.evaluate(base, frame) for base in node.bases]
    keywords = {item.name: evaluator.evaluate(item.value, frame) for item in node.keywords if item.name}
    outer = frame.scope
    while outer.is_class and outer.parent is not None:
        outer = outer.parent
    if node.type_parameters:
        variables: dict[str, Value] = {name: TypeVariable(name) for name in node.type_parameters}
        outer = Scope(variables, outer, frame.scope.module)
    scope = Scope({}, outer, frame.scope.module, is_class=True)
    cls = ClassValue(
        node, frame.scope.module, scope, qualified_prefix(frame) + node.name, bases, keywords=keywords
    )
    scope.names["<class>"] = cls
    for base in cls.mro()[1:]:
        evaluator.subclasses.setdefault(id(base), []).append(cls)
    for base in bases:
        bind_type_parameters(cls, base)
    body = Frame(scope, frame.function, None, frame.depth, frame.uncertain, frame.unlikely)
    body.conditions = frame.conditions
    evaluator.run(node.body, body)
    value: Value = cls
    for decorator in reversed(node.decorators):
        value = calling.decorate(evaluator, decorator, value, frame)
    binding.bind(frame.scope, node.name, value)


def _assignment(evaluator: Evaluator, node: model.Assignment, frame: Frame) -> None:
    target = node.targets[0]
    if node.annotation is not None and isinstance(target, model.Name) and frame.scope.is_class:
        cls = frame.scope.names["<class>"]
        if isinstance(cls, ClassValue):
            cls.annotations[target.id] = node.annotation
            cls.field_lines[target.id] = node.line
    if node.value is None:
        if node.annotation is not None and isinstance(target, model.Name) and not frame.scope.is_class:
            frame.scope.names.setdefault(
                target.id, evaluator.instance_of(evaluator.evaluate(node.annotation, frame))
            )
        return
    value = evaluator.evaluate(node.value, frame)
    if node.annotation is not None and isinstance(value, Unknown) and not frame.scope.is_class:
        value = evaluator.instance_of(evaluator.evaluate(node.annotation, frame))
    for target in node.targets:
        binding.assign(evaluator, target, value, frame)


def _augmented_assignment(evaluator: Evaluator, node: model.AugmentedAssignment, frame: Frame) -> None:
    current = evaluator.evaluate(node.target, frame)
    value = evaluator.evaluate(node.value, frame)
    if isinstance(current, Collection) and node.operator == "+":
        if isinstance(value, Collection):
            current.items.extend(value.items)
            current.complete = current.complete and value.complete
        else:
            current.complete = False
        return
    binding.assign(evaluator, node.target, containers.operate(node.operator, current, value), frame)


def _return(evaluator: Evaluator, node: model.Return, frame: Frame) -> bool:
    frame.returns.append(evaluator.evaluate(node.value, frame) if node.value is not None else NONE)
    frame.jump = "return"
    return EXITS


def _raise(evaluator: Evaluator, node: model.Raise, frame: Frame) -> bool:
    if node.exception is not None:
        exception = evaluator.evaluate(node.exception, frame)
        if frame.recorder is not None:
            frame.recorder.raised(exception, node.line, frame.scope.module.path)
    frame.jump = "raise"
    return EXITS


def _if(evaluator: Evaluator, node: model.If, frame: Frame) -> bool:
    value = evaluator.evaluate(node.test, frame)
    test = conditions.truth(value, node.test, frame)
    if test is None and frame.flags:
        test = conditions.settled(node.test, frame.flags)
        if test is not None and frame.recorder is not None:
            frame.recorder.decided(node.test, holds=test)
    if test is not None:
        return evaluator.run(node.body if test else node.orelse, frame)
    default = conditions.by_default(value) if frame.recorder is None else None
    likely = None if default is None else 0 if default else 1
    return branch(evaluator, [node.body, node.orelse], frame, likely=likely)


def branch(
    evaluator: Evaluator,
    bodies: list[tuple[model.Statement, ...]],
    frame: Frame,
    *,
    likely: int | None = None,
    is_loop: bool = False,
) -> bool:
    """Follow each of several bodies, of which one runs; names that they bind differently become choices.

    `likely` is the index of the one that runs where the environment doesn't say otherwise. Leaving the body
    of a loop isn't leaving what stands behind it.
    """
    names = frame.scope.names
    before = dict(names)
    ends: list[dict[str, Value]] = []
    likely_exits = False
    around = frame.conditions
    for index in sorted(range(len(bodies)), key=lambda index: index != likely):
        names.clear()
        names.update(before)
        frame.uncertain += likely is None
        frame.unlikely += likely not in {None, index}
        frame.conditions = around | {id(bodies[index])}
        exits = evaluator.run(bodies[index], frame)
        frame.conditions = around
        frame.uncertain -= likely is None
        frame.unlikely -= likely not in {None, index}
        if not exits or is_loop:
            ends.append(dict(names))
        elif index == likely and frame.jump == "raise":
            likely = 1 - index  # the program only runs where the environment says otherwise
        elif index == likely:
            likely_exits = frame.jump == "return"
    if not ends:
        return EXITS
    frame.unlikely += likely_exits  # whatever follows in this frame
    if len(ends) < len(bodies) and not is_loop:
        frame.conditions = around | {hash(tuple(map(id, bodies)))}
    names.clear()
    names.update(ends[0])
    for end in ends[1:]:
        for name, value in end.items():
            other = names.get(name)
            if other is None:
                names[name] = value
            elif other is not value:
                names[name] = join([other, value])
    return CONTINUES


def _for(evaluator: Evaluator, node: model.For, frame: Frame) -> bool:
    iterable = evaluator.evaluate(node.iterable, frame)
    items = evaluator.items_of(iterable)
    if items is None or len(items) > LONGEST_LOOP:
        binding.assign(evaluator, node.target, evaluator.element_of(iterable), frame)
        return _loop(evaluator, node, frame)
    unlikely = frame.unlikely
    for item in items:
        binding.assign(evaluator, node.target, item, frame)
        exits = evaluator.run(node.body, frame)
        frame.unlikely = unlikely  # what leaves one round doesn't leave the others
        if exits and frame.jump != "continue":
            return CONTINUES if frame.jump == "break" else EXITS
    return evaluator.run(node.orelse, frame) and not _may_break(node.body)


def _may_break(body: tuple[model.Statement, ...]) -> bool:
    """Whether a loop's body holds a `break` of this loop, which passes its `else` by."""
    return any(
        statement.keyword == "break"
        if isinstance(statement, model.Simple)
        else not isinstance(statement, (model.For, model.While)) and any(map(_may_break, blocks(statement)))
        for statement in body
    )


def _while(evaluator: Evaluator, node: model.While, frame: Frame) -> bool:
    evaluator.evaluate(node.test, frame)
    return _loop(evaluator, node, frame)


def _loop(evaluator: Evaluator, node: model.For | model.While, frame: Frame) -> bool:
    """Follow the body of a loop once, which may run any number of times."""
    unlikely = frame.unlikely
    branch(evaluator, [node.body, ()], frame, is_loop=True)
    frame.unlikely = unlikely
    evaluator.run(node.orelse, frame)
    return CONTINUES


def _simple(_: Evaluator, node: model.Simple, frame: Frame) -> bool:
    if node.keyword not in {"break", "continue"}:
        return CONTINUES
    frame.jump = node.keyword
    return EXITS


def _with(evaluator: Evaluator, node: model.With, frame: Frame) -> bool:
    for item in node.items:
        value = evaluator.evaluate(item.context, frame)
        entered = calling.enter(evaluator, value, frame)
        if item.target is not None:
            binding.assign(evaluator, item.target, entered, frame)
    return evaluator.run(node.body, frame)


def _try(evaluator: Evaluator, node: model.Try, frame: Frame) -> bool:
    around = frame.conditions
    if node.handlers:
        frame.conditions = around | {id(node.body)}
    exits = evaluator.run(node.body, frame)
    names = frame.scope.names
    for handler in node.handlers:
        if handler.type is not None:
            caught = evaluator.evaluate(handler.type, frame)
            if handler.name is not None:
                names[handler.name] = evaluator.instance_of(caught)
        before = dict(names)
        frame.uncertain += 1
        frame.conditions = around | {id(handler.body)}
        if not evaluator.run(handler.body, frame):
            exits = CONTINUES
        frame.uncertain -= 1
        if not exits or frame.recorder is None:
            for name, value in before.items():
                if not isinstance(value, (Unknown, Deferred)):
                    names[name] = value
    frame.conditions = around
    if not exits:
        exits = evaluator.run(node.orelse, frame)
    return evaluator.run(node.finalbody, frame) or exits


def _match(evaluator: Evaluator, node: model.Match, frame: Frame) -> bool:
    evaluator.evaluate(node.subject, frame)
    for case in node.cases:
        for name in case.captures:
            frame.scope.names[name] = UNKNOWN
        if case.guard is not None:
            evaluator.evaluate(case.guard, frame)
    return branch(evaluator, [*(case.body for case in node.cases), ()], frame)


def _type_alias(evaluator: Evaluator, node: model.TypeAlias, frame: Frame) -> None:
    frame.scope.names[node.name] = evaluator.evaluate(node.value, frame)


def _scope_statement(_: Evaluator, node: model.Scope, frame: Frame) -> None:
    for name in node.names:
        outer = frame.scope.parent
        while outer is not None and name not in outer.names and outer.parent is not None:
            outer = outer.parent
        if outer is not None:
            frame.scope.outer_names[name] = outer


def _expression(evaluator: Evaluator, node: model.ExpressionStatement, frame: Frame) -> None:
    evaluator.evaluate(node.value, frame)


def _assert(evaluator: Evaluator, node: model.Assert, frame: Frame) -> None:
    evaluator.evaluate(node.test, frame)


STATEMENTS: dict[type, Callable[[Evaluator, Any, Frame], bool | None]] = {
    model.FunctionDefinition: _function_definition,
    model.ClassDefinition: _class_definition,
    model.Assignment: _assignment,
    model.AugmentedAssignment: _augmented_assignment,
    model.ExpressionStatement: _expression,
    model.Return: _return,
    model.Raise: _raise,
    model.If: _if,
    model.For: _for,
    model.While: _while,
    model.With: _with,
    model.Try: _try,
    model.Import: importing.import_modules,
    model.ImportFrom: importing.import_names,
    model.Match: _match,
    model.TypeAlias: _type_alias,
    model.Assert: _assert,
    model.Scope: _scope_statement,
    model.Simple: _simple,
}
"""How each kind of statement is followed; true where the rest of the block around it can't be reached."""

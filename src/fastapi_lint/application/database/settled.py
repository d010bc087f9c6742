"""What a call settles of the function that it calls: which flags are set, and so what is never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import conditions
from fastapi_lint.application.evaluation.conditions import SOMETHING, Given
from fastapi_lint.application.written import assigned_values, blocks, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body

Settled = frozenset[tuple[str, Given]]
"""Parameters of which is known what they are, or that they are set."""
NOTHING: Settled = frozenset()


def settled(call: model.Call, body: Body, outer: Settled) -> Settled:
    """What is known of a called function's parameters. `outer` is what is known where the call stands."""
    parameters = body.function.definition.parameters
    plain = [item.name for item in parameters if item.kind in {"positional", "normal"}]
    if body.function.value.owner is not None and body.function.value.kind != "static":
        plain = plain[1:]
    given = dict(zip(plain, call.arguments, strict=False))
    given.update({item.name: item.value for item in call.keywords if item.name is not None})
    is_complete = not any(isinstance(item, model.Starred) for item in call.arguments) and all(
        item.name is not None for item in call.keywords
    )
    changed = assigned_values(body.function.definition.body)
    found: set[tuple[str, Given]] = set()
    for parameter in parameters:
        default = parameter.default
        if parameter.name in given:
            states = _states(given[parameter.name], dict(outer))
            if SOMETHING in states and not (isinstance(default, model.Constant) and default.value is None):
                continue
        elif is_complete and isinstance(default, model.Constant):
            states = (default.value,)
        else:
            continue
        found.update(
            (parameter.name, state) for state in states if state is SOMETHING or parameter.name not in changed
        )
    return frozenset(found)


def _states(expression: model.Expression, outer: dict[str, Given]) -> tuple[Given, ...]:
    """What an argument is, as far as one can see: a lookup may find nothing. Empty if one can't."""
    if isinstance(expression, model.Constant):
        return (expression.value,)
    if isinstance(expression, model.Name) and expression.id in outer:
        return (outer[expression.id],)
    if isinstance(expression, model.Call) and isinstance(expression.function, model.Attribute):
        is_lookup = expression.function.name == "get" and len(expression.arguments) == 1
        return () if is_lookup else (SOMETHING,)
    return () if isinstance(expression, model.Conditional) else (SOMETHING,)


def never_run(definition: model.FunctionDefinition, known: Settled) -> frozenset[int]:
    """The expressions of a function, by identity, that don't run where this is known of its parameters."""
    return frozenset(map(id, _unused(definition.body, dict(known)))) if known else frozenset()


def _unused(block: Iterable[model.Statement], known: dict[str, Given]) -> Iterator[model.Expression]:
    is_over = False
    for statement in block:
        if is_over:
            yield from _all((statement,))
            continue
        for expression in expressions(statement):
            yield from _unused_parts(expression, known)
        if isinstance(statement, model.If):
            test = conditions.settled(statement.test, known)
            for branch, runs in ((statement.body, test is not False), (statement.orelse, test is not True)):
                yield from _unused(branch, known) if runs else _all(branch)
            taken = statement.body if test else statement.orelse
            is_over = test is not None and bool(taken) and _leaves(taken[-1])
            continue
        for inner in blocks(statement):
            yield from _unused(inner, known)


def _unused_parts(expression: model.Expression, known: dict[str, Given]) -> Iterator[model.Expression]:
    """What of an expression isn't evaluated: a branch of a conditional, what follows a decided `and`."""
    if isinstance(expression, model.Conditional):
        test = conditions.settled(expression.test, known)
        if test is not None:
            part = expression.orelse if test else expression.body
            yield from (part, *expressions(part))
    elif isinstance(expression, model.Boolean):
        decides = expression.operator == "or"
        is_decided = False
        for value in expression.values:
            if is_decided:
                yield from (value, *expressions(value))
            is_decided = is_decided or conditions.settled(value, known) is decides


def _all(block: Iterable[model.Statement]) -> Iterator[model.Expression]:
    for statement in statements(block):
        yield from expressions(statement)


def _leaves(statement: model.Statement) -> bool:
    return isinstance(statement, (model.Return, model.Raise)) or (
        isinstance(statement, model.Simple) and statement.keyword in {"break", "continue"}
    )

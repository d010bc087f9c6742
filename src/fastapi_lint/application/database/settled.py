"""What a call settles of the function that it calls: which flags are set, and so what is never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fastapi_lint.application.written import assigned_values, blocks, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body

State = Literal["something", "true", "false", "none"]
Settled = frozenset[tuple[str, State]]
"""Parameters of which is known whether they are None, or set; "something" is taken as set."""
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
    found: set[tuple[str, State]] = set()
    for parameter in parameters:
        default = parameter.default
        if parameter.name in given:
            state = _state(given[parameter.name], dict(outer))
            if state == "something" and not (isinstance(default, model.Constant) and default.value is None):
                continue
        elif is_complete and isinstance(default, model.Constant):
            state = _state(default, {})
        else:
            continue
        if state == "something" or (state is not None and parameter.name not in changed):
            found.add((parameter.name, state))
    return frozenset(found)


def _state(expression: model.Expression, outer: dict[str, State]) -> State | None:
    """What an argument is, as far as one can see: a lookup may find nothing."""
    if isinstance(expression, model.Constant):
        return "none" if expression.value is None else "true" if expression.value else "false"
    if isinstance(expression, model.Name) and expression.id in outer:
        return outer[expression.id]
    if isinstance(expression, model.Call) and isinstance(expression.function, model.Attribute):
        is_lookup = expression.function.name == "get" and len(expression.arguments) == 1
        return None if is_lookup else "something"
    return None if isinstance(expression, model.Conditional) else "something"


def never_run(definition: model.FunctionDefinition, known: Settled) -> frozenset[int]:
    """The expressions of a function, by identity, that don't run where this is known of its parameters."""
    return frozenset(map(id, _unused(definition.body, dict(known)))) if known else frozenset()


def _unused(block: Iterable[model.Statement], known: dict[str, State]) -> Iterator[model.Expression]:
    is_over = False
    for statement in block:
        if is_over:
            yield from _all((statement,))
            continue
        for expression in expressions(statement):
            yield from _unused_parts(expression, known)
        if isinstance(statement, model.If):
            test = _truth(statement.test, known)
            for branch, runs in ((statement.body, test is not False), (statement.orelse, test is not True)):
                yield from _unused(branch, known) if runs else _all(branch)
            taken = statement.body if test else statement.orelse
            is_over = test is not None and bool(taken) and _leaves(taken[-1])
            continue
        for inner in blocks(statement):
            yield from _unused(inner, known)


def _unused_parts(expression: model.Expression, known: dict[str, State]) -> Iterator[model.Expression]:
    """What of an expression isn't evaluated: a branch of a conditional, what follows a decided `and`."""
    if isinstance(expression, model.Conditional):
        test = _truth(expression.test, known)
        if test is not None:
            part = expression.orelse if test else expression.body
            yield from (part, *expressions(part))
    elif isinstance(expression, model.Boolean):
        decides = expression.operator == "or"
        is_decided = False
        for value in expression.values:
            if is_decided:
                yield from (value, *expressions(value))
            is_decided = is_decided or _truth(value, known) is decides


def _truth(test: model.Expression, known: dict[str, State]) -> bool | None:
    """Whether a test holds; None if that isn't settled."""
    if isinstance(test, model.Name):
        return known[test.id] in {"something", "true"} if test.id in known else None
    if isinstance(test, model.Unary) and test.operator == "not":
        inner = _truth(test.operand, known)
        return None if inner is None else not inner
    if isinstance(test, model.Boolean):
        found = [_truth(value, known) for value in test.values]
        decides = test.operator == "or"
        return decides if decides in found else None if None in found else not decides
    if (
        isinstance(test, model.Comparison)
        and isinstance(test.left, model.Name)
        and test.left.id in known
        and isinstance(test.others[0], model.Constant)
        and test.others[0].value is None
    ):
        is_none = known[test.left.id] == "none"
        return is_none if test.operators[0] in {"is", "=="} else not is_none
    return None


def _all(block: Iterable[model.Statement]) -> Iterator[model.Expression]:
    for statement in statements(block):
        yield from expressions(statement)


def _leaves(statement: model.Statement) -> bool:
    return isinstance(statement, (model.Return, model.Raise)) or (
        isinstance(statement, model.Simple) and statement.keyword in {"break", "continue"}
    )

"""What stands where in a function as it is written: expressions inside expressions, names and what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_EXPRESSIONS = (
    model.Name, model.Attribute, model.Call, model.Constant, model.Masked, model.Template, model.Sequence, model.Mapping,
    model.Subscript, model.Binary, model.Boolean, model.Unary, model.Comparison, model.Conditional, model.Starred, model.Await,
    model.Yield, model.Lambda, model.Comprehension, model.Walrus, model.Slice, model.Other,
)  # fmt: skip
_PARTS = (model.Keyword, model.Clause, model.WithItem)
_NESTED = (model.FunctionDefinition, model.ClassDefinition)


def children(node: msgspec.Struct) -> Iterator[model.Expression]:
    """The expressions directly inside an expression or a statement, in order, without those of statements inside it."""
    for name in node.__struct_fields__:
        yield from _expressions_in(getattr(node, name))


def _expressions_in(value: object) -> Iterator[model.Expression]:
    if isinstance(value, _EXPRESSIONS):
        yield value
    elif isinstance(value, _PARTS):
        yield from children(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _expressions_in(item)


def expressions(node: msgspec.Struct) -> Iterator[model.Expression]:
    """All expressions inside an expression or a statement, in the order of evaluation at best, bodies of lambdas left out."""
    for child in children(node):
        yield child
        if not isinstance(child, model.Lambda):
            yield from expressions(child)


def blocks(statement: model.Statement) -> tuple[tuple[model.Statement, ...], ...]:
    """The blocks of statements that a compound statement holds; none of a nested function or class."""
    if isinstance(statement, (model.If, model.For, model.While)):
        return statement.body, statement.orelse
    if isinstance(statement, model.With):
        return (statement.body,)
    if isinstance(statement, model.Try):
        return (statement.body, *(handler.body for handler in statement.handlers), statement.orelse, statement.finalbody)
    if isinstance(statement, model.Match):
        return tuple(case.body for case in statement.cases)
    return ()


def statements(body: Iterable[model.Statement]) -> Iterator[model.Statement]:
    """All statements of a block and of the blocks inside it, in order, nested functions and classes not entered."""
    for statement in body:
        yield statement
        for block in blocks(statement):
            yield from statements(block)


def names_of(target: model.Expression) -> Iterator[str]:
    """The names that an assignment's target binds."""
    if isinstance(target, model.Name):
        yield target.id
    elif isinstance(target, model.Sequence):
        for item in target.items:
            yield from names_of(item)
    elif isinstance(target, model.Starred):
        yield from names_of(target.value)


def bindings(statement: model.Statement) -> Iterator[tuple[str, model.Expression]]:
    """The names that a statement itself binds, each with the expression that its value comes from."""
    if isinstance(statement, model.Assignment) and statement.value is not None:
        for target in statement.targets:
            yield from ((name, statement.value) for name in names_of(target))
    elif isinstance(statement, model.AugmentedAssignment):
        yield from ((name, statement.value) for name in names_of(statement.target))
    elif isinstance(statement, model.For):
        yield from ((name, statement.iterable) for name in names_of(statement.target))
    elif isinstance(statement, model.With):
        for item in statement.items:
            if item.target is not None:
                yield from ((name, item.context) for name in names_of(item.target))
    if not isinstance(statement, _NESTED):
        for expression in expressions(statement):
            if isinstance(expression, model.Walrus):
                yield from ((name, expression.value) for name in names_of(expression.target))


def assigned_values(body: Iterable[model.Statement]) -> dict[str, list[model.Expression]]:
    """The names that a function's statements bind, with the expressions that their values come from."""
    found: dict[str, list[model.Expression]] = {}
    for statement in statements(body):
        for name, value in bindings(statement):
            found.setdefault(name, []).append(value)
    return found

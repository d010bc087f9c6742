"""What stands where in a function as it is written: expressions in expressions, names and their values."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_Node = TypeVar("_Node")
_Found = TypeVar("_Found")

_NESTED = (model.FunctionDefinition, model.ClassDefinition)
_ONE = frozenset({"Expression", "Expression | None"})
_MANY = frozenset({"tuple[Expression, ...]", "tuple[Expression | None, ...]"})
_PARTS = frozenset({"tuple[Keyword, ...]", "tuple[Clause, ...]", "tuple[WithItem, ...]"})


MOST_REMEMBERED: Final = 30_000
"""Answers of one kind that are kept: about ten megabytes of them."""


def remembered(answer: Callable[[_Node], _Found]) -> Callable[[_Node], _Found]:
    """Work out only once what many rules ask about the same part of facts, which is known by its identity.

    When there are too many answers all are forgotten, so that memory stays bounded.
    """
    known: dict[int, tuple[_Node, _Found]] = {}  # with the part itself: while it is kept, no other has its id

    @functools.wraps(answer)
    def remember(node: _Node) -> _Found:
        found = known.get(id(node))
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[id(node)] = node, answer(node)
        return found[1]

    return remember


def _holders(kind: type[msgspec.Struct]) -> tuple[tuple[str, frozenset[str]], ...]:
    """The fields of a kind of node that hold expressions, each with how many: read off its annotations."""
    return tuple(
        (name, group)
        for name, annotation in kind.__annotations__.items()
        for group in (_ONE, _MANY, _PARTS)
        if annotation in group
    )


_HOLDERS: dict[type, tuple[tuple[str, frozenset[str]], ...]] = {
    kind: _holders(kind)
    for kind in vars(model).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
}
_INERT = (
    model.Name,
    model.Constant,
    model.Masked,
    model.Attribute,
    model.Mapping,
    model.Template,
    model.Sequence,
)
_LEAVES = frozenset(kind for kind, holders in _HOLDERS.items() if not holders)


_CODE = re.compile("Expression|Statement|Parameter|Keyword|Clause|WithItem|Handler|Case")
_PART_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name, annotation in kind.__annotations__.items() if _CODE.search(annotation))
    for kind in _HOLDERS
}


def parts(node: msgspec.Struct) -> list[msgspec.Struct]:
    """The nodes directly inside a node, in order, those of nested functions and classes too."""
    found: list[msgspec.Struct] = []
    for name in _PART_NAMES[type(node)]:
        part = getattr(node, name)
        if type(part) is tuple:
            found += [item for item in part if item is not None]
        elif part is not None:
            found.append(part)
    return found


def children(node: msgspec.Struct) -> Sequence[model.Expression]:
    """The expressions directly inside an expression or a statement, in order.

    Those of statements inside a statement are left out.
    """
    kind = type(node)
    if kind in _LEAVES:
        return ()
    found: list[model.Expression] = []
    for name, group in _HOLDERS[kind]:
        value = getattr(node, name)
        if group is _ONE:
            if value is not None:
                found.append(value)
        elif group is _MANY:
            found += [item for item in value if item is not None]
        else:
            for part in value:
                found += children(part)
    return found


def is_inert(expression: model.Expression | None) -> bool:
    """Whether an expression can be left out: it calls nothing, and evaluating it does nothing else."""
    return expression is not None and all(
        isinstance(part, _INERT) for part in (expression, *expressions(expression))
    )


@remembered
def expressions(node: msgspec.Struct) -> tuple[model.Expression, ...]:
    """All expressions inside an expression or a statement, outer ones first, bodies of lambdas left out."""
    found: list[model.Expression] = []
    pending = [*reversed(children(node))]
    while pending:
        child = pending.pop()
        found.append(child)
        kind = type(child)
        if kind not in _LEAVES and kind is not model.Lambda:
            pending += reversed(children(child))
    return tuple(found)


def blocks(statement: model.Statement) -> tuple[tuple[model.Statement, ...], ...]:
    """The blocks of statements that a compound statement holds; none of a nested function or class."""
    if type(statement) not in _COMPOUND:
        return ()
    if isinstance(statement, (model.If, model.For, model.While)):
        return statement.body, statement.orelse
    if isinstance(statement, model.With):
        return (statement.body,)
    if isinstance(statement, model.Try):
        return (
            statement.body,
            *(handler.body for handler in statement.handlers),
            statement.orelse,
            statement.finalbody,
        )
    if isinstance(statement, model.Match):
        return tuple(case.body for case in statement.cases)
    return ()


_COMPOUND = frozenset({model.If, model.For, model.While, model.With, model.Try, model.Match})


@remembered
def statements(body: Iterable[model.Statement]) -> tuple[model.Statement, ...]:
    """All statements of a block and of the blocks inside it, in order, without those of nested functions."""
    found: list[model.Statement] = []
    pending = [*body][::-1]
    while pending:
        statement = pending.pop()
        found.append(statement)
        if type(statement) in _COMPOUND:
            pending += [inner for block in reversed(blocks(statement)) for inner in reversed(block)]
    return tuple(found)


@remembered
def nested_statements(body: Iterable[model.Statement]) -> tuple[model.Statement, ...]:
    """All statements of a block, of the blocks inside it, and of nested functions and classes, in order."""
    found: list[model.Statement] = []
    for statement in statements(body):
        found.append(statement)
        if isinstance(statement, _NESTED):
            found += nested_statements(statement.body)
    return tuple(found)


def everything_in(body: Iterable[msgspec.Struct]) -> Iterator[msgspec.Struct]:
    """All nodes of some statements or expressions, of nested functions and lambdas too, last ones first."""
    pending = [*body]
    while pending:
        node = pending.pop()
        yield node
        pending += parts(node)


def returns_pair(function: model.FunctionDefinition) -> bool:
    """Whether a function returns `one, two` somewhere, written like that."""
    return any(
        isinstance(statement, model.Return)
        and isinstance(statement.value, model.Sequence)
        and statement.value.kind == "tuple"
        and len(statement.value.items) == len(("one", "two"))
        for statement in statements(function.body)
    )


def is_replaced(
    body: Sequence[model.Statement], first: model.FunctionDefinition, second: model.FunctionDefinition
) -> bool:
    """Whether two functions are defined in the same block, so that the second takes the first one's name."""
    for block in (body, *(inner for statement in nested_statements(body) for inner in _blocks_in(statement))):
        if any(item is first for item in block):
            return any(item is second for item in block)
    return False


def _blocks_in(statement: model.Statement) -> tuple[tuple[model.Statement, ...], ...]:
    return (statement.body,) if isinstance(statement, _NESTED) else blocks(statement)


def names_of(target: model.Expression) -> Iterator[str]:
    """The names that an assignment's target binds."""
    if isinstance(target, model.Name):
        yield target.id
    elif isinstance(target, model.Sequence):
        for item in target.items:
            yield from names_of(item)
    elif isinstance(target, model.Starred):
        yield from names_of(target.value)


def bindings(
    statement: model.Statement, inside: Iterable[model.Expression] | None = None
) -> Iterator[tuple[str, model.Expression]]:
    """The names that a statement itself binds, each with the expression that its value comes from.

    `inside` are the expressions of the statement, for callers that have them already.
    """
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
        for expression in expressions(statement) if inside is None else inside:
            if isinstance(expression, model.Walrus):
                yield from ((name, expression.value) for name in names_of(expression.target))


def assigned_values(body: Iterable[model.Statement]) -> dict[str, list[model.Expression]]:
    """The names that a function's statements bind, with the expressions of their values."""
    found: dict[str, list[model.Expression]] = {}
    for statement in statements(body):
        for name, value in bindings(statement):
            found.setdefault(name, []).append(value)
    return found


def dotted(expression: model.Expression) -> str:
    """A name, or attributes of a name, as it is written; empty for anything else."""
    if isinstance(expression, model.Name):
        return expression.id
    if isinstance(expression, model.Attribute):
        inner = dotted(expression.value)
        return f"{inner}.{expression.name}" if inner else ""
    return ""


def called(call: model.Call) -> str:
    """The last name of what is called as it is written: `Column` of `sqlalchemy.Column(…)`, or empty."""
    function = call.function.value if isinstance(call.function, model.Subscript) else call.function
    return function.name if isinstance(function, model.Attribute) else dotted(function)

"""Loops as they are written: what stands in which loop, and what depends on the loop's variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation.values import Collection, options
from fastapi_lint.application.written import (
    bindings,
    blocks,
    children,
    dotted,
    expressions,
    names_of,
    statements,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application.bodies import Body

_BATCH_METHODS = frozenset({"in_", "not_in", "notin_", "any_", "overlap"})
_BATCH_KEYS = frozenset({"$in", "$nin"})
_CHANGING_METHODS = frozenset({"append", "add", "extend", "update", "insert", "setdefault"})


@dataclass(eq=False, slots=True)
class Loop:
    """A `for` loop, or one `for` of a comprehension, which has no `statement` and an empty `body`."""

    target: model.Expression
    iterable: model.Expression
    body: tuple[model.Statement, ...] = ()
    statement: model.For | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names that are bound anew each time."""
        return frozenset(names_of(self.target))

    @property
    def item(self) -> str:
        """How messages name what the loop takes at a time."""
        return ", ".join(names_of(self.target))

    @property
    def ends_at_once(self) -> bool:
        """Whether the body, reached to its end, leaves the loop."""
        return _ends_loop(self.body)


@dataclass(eq=False, slots=True)
class Placed:
    """An expression inside of loops, outermost first, and the statement that it belongs to."""

    loops: tuple[Loop, ...]
    statement: model.Statement


class Repetitions:
    """Which expressions of a function stand in loops; expressions are known by their identity."""

    def __init__(self, definition: model.FunctionDefinition) -> None:
        self.expressions: list[model.Expression] = []
        """All that stand in loops, in the order of the source."""
        self._places: dict[int, Placed] = {}
        self._statements(definition.body, ())

    def of(self, expression: object) -> Placed | None:
        """Where an expression stands, None if in no loop or if something is bound to it."""
        return self._places.get(id(expression))

    def _statements(self, body: Iterable[model.Statement], loops: tuple[Loop, ...]) -> None:
        for statement in body:
            if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
                continue
            if isinstance(statement, model.For):
                self._expression(statement.iterable, loops, statement)
                loop = Loop(statement.target, statement.iterable, statement.body, statement)
                self._statements(statement.body, (*loops, loop))
                self._statements(statement.orelse, loops)
                continue
            bound: tuple[model.Expression, ...] = ()
            if isinstance(statement, (model.Assignment, model.Delete)):
                bound = statement.targets
            for expression in children(statement):
                if not any(expression is item for item in bound):
                    self._expression(expression, loops, statement)
            for block in blocks(statement):
                self._statements(block, loops)

    def _expression(
        self, expression: model.Expression, loops: tuple[Loop, ...], statement: model.Statement
    ) -> None:
        if loops:
            self._places[id(expression)] = Placed(loops, statement)
            self.expressions.append(expression)
        if isinstance(expression, model.Lambda):
            return
        if isinstance(expression, model.Comprehension):
            inner = [Loop(clause.target, clause.iterable) for clause in expression.clauses]
            self._expression(expression.element, (*loops, *inner), statement)
            if expression.value is not None:
                self._expression(expression.value, (*loops, *inner), statement)
            for position, clause in enumerate(expression.clauses):
                self._expression(clause.iterable, (*loops, *inner[:position]), statement)
                for condition in clause.conditions:
                    self._expression(condition, (*loops, *inner[: position + 1]), statement)
            return
        if isinstance(expression, model.Conditional):
            in_order: Sequence[model.Expression] = (expression.body, expression.test, expression.orelse)
        else:
            in_order = children(expression)
        for child in in_order:
            self._expression(child, loops, statement)


class Dependence:
    """What depends on the variable of one loop, in a function whose values are known.

    A batch doesn't count: one query for a slice of five hundred ids is no query for each. Nor does the
    session that is asked.
    """

    def __init__(self, loop: Loop, inner: tuple[Loop, ...], body: Body) -> None:
        self._body = body
        self.names = set(loop.names)
        self._grow(loop.body)
        for other in inner:
            if not other.names <= self.names and self.mentions(other.iterable):
                self.names |= other.names
                self._grow(other.body)

    @classmethod
    def of_names(
        cls, names: frozenset[str], statements: tuple[model.Statement, ...], body: Body
    ) -> Dependence:
        """What depends on some names in a function's statements."""
        made = cls(Loop(model.Sequence("tuple", ()), model.Other()), (), body)
        made.names = set(names)
        made._grow(statements)
        return made

    def _grow(self, block: tuple[model.Statement, ...]) -> None:
        written = [(item, expressions(item)) for item in statements(block)]
        assigned = [binding for item, inside in written for binding in bindings(item, inside)]
        changed = [change for item, _ in written for change in _changes(item)]
        sources = [
            (clause.iterable, frozenset(names_of(clause.target)))
            for _, inside in written
            for expression in inside
            if isinstance(expression, model.Comprehension)
            for clause in expression.clauses
        ]
        bound = {name for name, _ in assigned} | self.names
        sources += [(value, frozenset({name})) for name, value in (*assigned, *changed) if name in bound]
        before = -1
        while len(self.names) != before:
            before = len(self.names)
            for value, names in sources:
                if not names <= self.names and self.mentions(value):
                    self.names |= names

    def mentions(self, expression: model.Expression) -> bool:
        """Whether an expression's value depends on the loop's variable, one item at a time."""
        return any(True for _ in self._mentions(expression))

    def _mentions(self, expression: model.Expression) -> Iterator[model.Name]:
        if isinstance(expression, model.Name):
            if expression.id in self.names and not self._is_batch_or_session(expression):
                yield expression
            return
        if isinstance(expression, model.Subscript) and isinstance(expression.index, model.Slice):
            yield from self._mentions(expression.value)
            return
        method = expression.function if isinstance(expression, model.Call) else None
        if isinstance(method, model.Attribute) and method.name in _BATCH_METHODS:
            yield from self._mentions(method.value)
            for argument in children(expression):
                if isinstance(argument, model.Sequence):
                    yield from self._mentions(argument)
            return
        if isinstance(expression, model.Mapping):
            for key, value in zip(expression.keys, expression.values, strict=True):
                if not (isinstance(key, model.Constant) and key.value in _BATCH_KEYS):
                    yield from self._mentions(value)
            return
        if isinstance(expression, model.Lambda):
            return
        for child in children(expression):
            yield from self._mentions(child)

    def _is_batch_or_session(self, name: model.Name) -> bool:
        value = self._body.value(name)
        if session_kind(value) is not None:
            return True
        return any(isinstance(item, Collection) and item.kind != "tuple" for item in options(value))


def _changes(statement: model.Statement) -> Iterator[tuple[str, model.Expression]]:
    """Names whose objects a statement changes: `filters.append(value)`, `values[key] = value`."""
    if isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Call):
        method = statement.value.function
        if not isinstance(method, model.Attribute) or not isinstance(method.value, model.Name):
            return
        if method.name in _CHANGING_METHODS:
            for argument in statement.value.arguments:
                yield method.value.id, argument
    elif isinstance(statement, model.Assignment) and statement.value is not None:
        for target in statement.targets:
            if isinstance(target, (model.Subscript, model.Attribute)) and isinstance(
                target.value, model.Name
            ):
                yield target.value.id, statement.value


def needs_the_step_before(loop: Loop, query: model.Expression) -> bool:
    """Whether what a query asks comes from what it found the time before, as on the way down a tree."""
    if _is_work_list(loop):
        return True
    found: set[str] = set()
    bound_before: set[str] = set(loop.names)
    is_reached = False
    ordered = list(statements(loop.body))
    for item in ordered:
        if any(expression is query for expression in expressions(item)):
            is_reached = True
            break
        bound_before.update(name for name, _ in bindings(item))
    if not is_reached:
        return False
    while True:
        before = len(found)
        for item in ordered:
            for name, value in bindings(item):
                if any(
                    expression is query or (isinstance(expression, model.Name) and expression.id in found)
                    for expression in (value, *expressions(value))
                ):
                    found.add(name)
        if len(found) == before:
            break
    carried = found - bound_before
    return any(isinstance(item, model.Name) and item.id in carried for item in expressions(query))


def _is_work_list(loop: Loop) -> bool:
    """Whether the body puts more work into the very list that the loop runs over."""
    iterable = loop.iterable
    return isinstance(iterable, model.Name) and any(
        name == iterable.id for item in statements(loop.body) for name, _ in _changes(item)
    )


def is_sent_once(loop: Loop, query: model.Expression) -> bool:
    """Whether a block around the query leaves the loop: what is done once the right item is found."""
    return _leaves_after(loop.body, query)


def _leaves_after(body: tuple[model.Statement, ...], query: model.Expression) -> bool:
    for statement in body:
        for block in blocks(statement):
            if _holds(block, query):
                return _ends_loop(block) or _leaves_after(block, query)
    return False


def _ends_loop(body: tuple[model.Statement, ...]) -> bool:
    last = body[-1] if body else None
    if isinstance(last, (model.With, model.Try)):
        return _ends_loop(last.body)
    if isinstance(last, model.If) and last.orelse:
        return _ends_loop(last.body) and _ends_loop(last.orelse)
    return isinstance(last, (model.Return, model.Raise)) or (
        isinstance(last, model.Simple) and last.keyword == "break"
    )


def is_cached(loop: Loop, query: model.Expression) -> bool:
    """Whether a query only runs for what a dictionary, filled in the loop, doesn't hold yet."""
    bound = loop.names | {name for item in statements(loop.body) for name, _ in bindings(item)}
    return is_kept(loop.body, query, bound)


def is_kept(
    body: tuple[model.Statement, ...], query: model.Expression, bound: frozenset[str] = frozenset()
) -> bool:
    """Whether a query of some statements only runs for what a dictionary that they fill doesn't hold yet.

    `bound` are names that are made anew each time, so that they keep nothing.
    """
    stores = {
        dotted(target.value)
        for item in statements(body)
        if isinstance(item, model.Assignment)
        for target in item.targets
        if isinstance(target, model.Subscript)
    } | {
        dotted(item.value.function.value)
        for item in statements(body)
        if isinstance(item, model.ExpressionStatement)
        and isinstance(item.value, model.Call)
        and isinstance(item.value.function, model.Attribute)
        and item.value.function.name == "setdefault"
    }
    looked_up = stores - bound - {""}
    for item in statements(body):
        for name, value in bindings(item):
            if not any(expression is query for expression in (value, *expressions(value))) and any(
                dotted(part) in stores - bound - {""} for part in (value, *expressions(value))
            ):
                looked_up.add(name)
    return bool(looked_up) and _guarded(body, query, looked_up)


def _guarded(body: Iterable[model.Statement], query: model.Expression, stores: set[str]) -> bool:
    for statement in body:
        if isinstance(statement, model.If):
            asks = any(dotted(part) in stores for part in (statement.test, *expressions(statement.test)))
            if asks and (
                _holds(statement.body, query) or _holds(statement.orelse, query) or _leaves(statement.body)
            ):
                return True
        if any(_guarded(block, query, stores) for block in blocks(statement)):
            return True
    return False


def _holds(body: Iterable[model.Statement], query: model.Expression) -> bool:
    return any(part is query for item in statements(body) for part in expressions(item))


def _leaves(body: tuple[model.Statement, ...]) -> bool:
    last = body[-1] if body else None
    return isinstance(last, model.Return) or (isinstance(last, model.Simple) and last.keyword == "continue")

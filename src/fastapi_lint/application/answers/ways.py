"""The ways through a function: where it returns, and whether something has happened on every way there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from fastapi_lint.application.written import children, expressions, remembered, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Ask = Callable[[model.Call], "Occurs"]
    Gives = Callable[[model.Assignment], bool]


class Occurs(Enum):
    """Whether a call makes something happen."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    ALWAYS = "always"
    ENDS = "ends"
    """The call never comes back: it raises on every way."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a function without an error: what is returned (None: nothing), what happened before."""

    returned: model.Expression | None
    happened: bool


States = frozenset[bool]
_NOWHERE: States = frozenset()
_BEFORE: States = frozenset({False})
_AFTER: States = frozenset({True})
_CONFLICTS = ("Integrity", "Duplicate", "Unique", "Exist", "Conflict")
"""Words in the names of errors that say that something is there already."""


NO_CONDITIONS: Mapping[int, bool] = MappingProxyType({})


def ways(
    body: tuple[model.Statement, ...],
    decided: Mapping[int, bool] = NO_CONDITIONS,
    ask: Ask | None = None,
    gives_up: Gives | None = None,
) -> list[Way]:
    """Every way on which a function's statements come to an end without an error.

    `decided` says which conditions hold, by identity; all others count as open. `ask` says
    of each call whether it makes happen what is wanted. A `for` loop is
    taken to run, since who asks for nothing gets nothing. That the wanted call itself fails is an error,
    even if it is caught and only `None` comes of it. `gives_up` says of an assignment whether it notes an
    error; a way on which nothing has happened until then doesn't count.
    """
    walk = _Walk(decided, ask or _never, gives_up)
    for happened in sorted(walk.block(body, _BEFORE)):
        walk.found[Way(None, happened)] = None
    return list(walk.found)


def _never(_: model.Call) -> Occurs:
    return Occurs.NEVER


class _Walk:
    """Follows statements with what may have happened so far: truth values, none at a dead end."""

    def __init__(self, decided: Mapping[int, bool], ask: Ask, gives_up: Gives | None) -> None:
        self._decided = decided
        self._ask = ask
        self._gives_up = gives_up
        self._breaks: list[States] = []
        self.found: dict[Way, None] = {}

    def block(self, body: Iterable[model.Statement], states: States) -> States:
        for statement in body:
            if not states:
                break
            states = self._statement(statement, states)
        return states

    def _statement(self, node: model.Statement, states: States) -> States:
        if isinstance(node, (model.FunctionDefinition, model.ClassDefinition)):
            return states
        if isinstance(node, model.If):
            states = self._expression(node.test, states)
            test = self._decided.get(id(node.test))
            if test is not None:
                return self.block(node.body if test else node.orelse, states)
            return self.block(node.body, states) | self.block(node.orelse, states)
        if isinstance(node, (model.For, model.While)):
            return self._loop(node, states)
        if isinstance(node, model.With):
            for item in node.items:
                states = self._expression(item.context, states)
            return self.block(node.body, states)
        if isinstance(node, model.Try):
            return self._try(node, states)
        if isinstance(node, model.Match):
            return self._match(node, states)
        for child in children(node):
            states = self._expression(child, states)
        if isinstance(node, model.Return):
            for happened in sorted(states):
                self.found[Way(node.value, happened)] = None
            return _NOWHERE
        if isinstance(node, model.Simple) and node.keyword in {"break", "continue"}:
            if node.keyword == "break" and self._breaks:
                self._breaks[-1] |= states
            return _NOWHERE
        if isinstance(node, model.Assignment) and self._gives_up is not None and self._gives_up(node):
            return states & _AFTER
        return _NOWHERE if isinstance(node, model.Raise) else states

    def _loop(self, node: model.For | model.While, states: States) -> States:
        head = node.iterable if isinstance(node, model.For) else node.test
        states = self._expression(head, states)
        self._breaks.append(_NOWHERE)
        after = self.block(node.body, states)
        broken = self._breaks.pop()
        if _is_endless(node):
            return broken
        if isinstance(node, model.While) or (self._ask is _never and not _is_never_empty(node)):
            after |= states
        return broken | self.block(node.orelse, after)

    def _match(self, node: model.Match, states: States) -> States:
        states = self._expression(node.subject, states)
        after = _NOWHERE
        for case in node.cases:
            after |= self.block(case.body, states)
        last = node.cases[-1]
        return after if not last.values and last.guard is None else after | states

    def _try(self, node: model.Try, states: States) -> States:
        after = self.block(node.orelse, self.block(node.body, states))
        is_tried = any(self._asks(statement) for statement in node.body)
        for handler in node.handlers:
            found = self.found
            self.found = {}
            end = self.block(handler.body, states)
            caught, self.found = self.found, found
            if not is_tried or _is_conflict(handler):
                after |= end
            elif end >= _AFTER:
                after |= _AFTER
            self.found.update(
                (way, None) for way in caught if not is_tried or way.happened or not _is_nothing(way.returned)
            )
        final = self.block(node.finalbody, after or _BEFORE)
        return final if after else _NOWHERE

    def _asks(self, node: model.Statement) -> bool:
        """Whether a statement, or one inside of it, makes happen what is wanted."""
        return any(
            self._ask(item) in {Occurs.SOMETIMES, Occurs.ALWAYS}
            for statement in statements([node])
            for item in expressions(statement)
            if isinstance(item, model.Call)
        )

    def _expression(self, node: model.Expression, states: States) -> States:
        if not _calls(node):
            return states
        if isinstance(node, model.Boolean):
            states = self._expression(node.values[0], states)
            return states.union(*(self._expression(value, states) for value in node.values[1:]))
        if isinstance(node, model.Conditional):
            states = self._expression(node.test, states)
            return self._expression(node.body, states) | self._expression(node.orelse, states)
        if isinstance(node, model.Comprehension):
            states = self._expression(node.clauses[0].iterable, states)
            inner = states
            for child in children(node):
                inner = self._expression(child, inner)
            return states | inner
        for child in children(node):
            states = self._expression(child, states)
        if not isinstance(node, model.Call):
            return states
        occurs = self._ask(node)
        if occurs is Occurs.ENDS:
            return _NOWHERE
        if occurs is Occurs.NEVER or not states:
            return states
        return _AFTER if occurs is Occurs.ALWAYS else states | _AFTER


@remembered
def _calls(node: model.Expression) -> bool:
    """Whether evaluating an expression calls anything: nothing else makes a difference."""
    return isinstance(node, model.Call) or (
        not isinstance(node, model.Lambda) and any(map(_calls, children(node)))
    )


def _is_endless(node: model.For | model.While) -> bool:
    return isinstance(node, model.While) and isinstance(node.test, model.Constant) and bool(node.test.value)


def _is_never_empty(node: model.For | model.While) -> bool:
    """Whether a loop runs at least once: over a display, or over `range(3)`."""
    if isinstance(node, model.While):
        return False
    iterable = node.iterable
    if isinstance(iterable, model.Sequence):
        return bool(iterable.items)
    return (
        isinstance(iterable, model.Call)
        and isinstance(iterable.function, model.Name)
        and iterable.function.id == "range"
        and len(iterable.arguments) == 1
        and isinstance(iterable.arguments[0], model.Constant)
        and bool(iterable.arguments[0].value)
    )


def _is_conflict(handler: model.Handler) -> bool:
    names = [handler.type] if handler.type is not None else []
    names += [item for item in names for item in expressions(item)]
    texts = [
        item.id if isinstance(item, model.Name) else item.name
        for item in names
        if isinstance(item, (model.Name, model.Attribute))
    ]
    return any(word in text for text in texts for word in _CONFLICTS)


def _is_nothing(returned: model.Expression | None) -> bool:
    return returned is None or (isinstance(returned, model.Constant) and not returned.value)

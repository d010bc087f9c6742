"""Queries that a function sends for each item of some data: itself, through calls, or by relationships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.application.database.iteration import DATA, Iteration
from fastapi_lint.application.database.loops import (
    Dependence,
    Repetitions,
    is_cached,
    is_sent_once,
    needs_the_step_before,
)
from fastapi_lint.application.database.query_chains import QueryChains, step, unread_results
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    Literal,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.library import Effect, sql_verb
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning, Step
    from fastapi_lint.application.database.loops import Loop, Placed
    from fastapi_lint.application.evaluation.entities import Relationship
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.wiring.dependencies import Dependencies

_WRITES = frozenset({Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.FLUSH, Effect.COMMIT})
"""What is done for each row besides asking: work of its own, that no query for all rows replaces."""
_BY_KEY = frozenset({"get", "get_one"})
_RUNNERS = frozenset({"execute", "exec", "scalar", "scalars"})


@dataclass(frozen=True, slots=True)
class RepeatedQuery:
    """A query in a loop: the loop, the calls that lead to it, the relationship where one is loaded."""

    loop: Loop
    chain: tuple[Step, ...] = ()
    relationship: Relationship | None = None


class RepeatedQueries:
    """Finds the queries that one function repeats."""

    def __init__(
        self, function: Function, body: Body, dependencies: Dependencies, evaluator: Evaluator
    ) -> None:
        self._function = function
        self._body = body
        self._signature = dependencies.signature
        self._evaluator = evaluator
        self._chains = QueryChains()
        self._dependences: dict[tuple[int, ...], Dependence] = {}
        self._seen: set[tuple[int, str]] = set()

    @cached_property
    def _repetitions(self) -> Repetitions:
        return Repetitions(self._function.definition)

    @cached_property
    def _iteration(self) -> Iteration:
        injected = {
            parameter.name
            for parameter in self._signature(self._function.value).parameters
            if parameter.marker is not None and parameter.marker.name in {"Depends", "Security"}
        }
        return Iteration(self._body, frozenset(injected))

    @cached_property
    def _unread(self) -> frozenset[int]:
        return unread_results(self._function.definition)

    def found(self) -> dict[int, RepeatedQuery]:
        """The queries, by the identity of the expressions that repeat them."""
        if Effect.QUERY not in self._body.effects and not any(map(_may_be_row, self._body.values)):
            return {}
        queries = ((expression, self._of(expression)) for expression in self._repetitions.expressions)
        return {id(expression): query for expression, query in queries if query is not None}

    def _of(self, expression: model.Expression) -> RepeatedQuery | None:
        if isinstance(expression, model.Call):
            return self._of_call(expression)
        return self._of_attribute(expression) if isinstance(expression, model.Attribute) else None

    def _of_call(self, call: model.Call) -> RepeatedQuery | None:
        """The query that a call sends for each item of a loop; None if it sends none that is repeated."""
        placed = self._repetitions.of(call)
        meaning = self._body.call(call) if placed is not None else None
        if placed is None or meaning is None or not self._asks(meaning):
            return None
        if id(call) in self._unread and not meaning.functions:
            return None
        loop = self._loop_of(call, placed)
        if loop is None or is_sent_once(loop, call):
            return None
        if _runs_item(loop, call, meaning):
            return None
        if is_cached(loop, call) or needs_the_step_before(loop, call):
            return None
        line = loop.statement.line if loop.statement is not None else call.line
        if self._is_in_session(meaning, line):
            return None
        inner = placed.loops[placed.loops.index(loop) :]
        chain = self._chains.behind(call, meaning, self._dependence(inner))
        return None if chain is None else RepeatedQuery(loop, (step(call, meaning, self._body), *chain))

    def _of_attribute(self, expression: model.Attribute) -> RepeatedQuery | None:
        """The lazy relationship that an attribute loads for each item of a loop, said once for each loop."""
        placed = self._repetitions.of(expression)
        if placed is None:
            return None
        owner, awaits = expression.value, False
        if isinstance(owner, model.Attribute) and owner.name == "awaitable_attrs":
            owner, awaits = owner.value, True
        rows = [row for row in options(self._body.value(owner)) if not is_none(row)]
        found = [entities.loads_lazily(self._evaluator, row, expression.name) for row in rows]
        if not found or None in found or (any(map(entities.is_loaded_async, rows)) and not awaits):
            return None
        loop = self._loop_of(owner, placed)
        key = (id(loop), f"{_written(owner)}.{expression.name}")
        if loop is None or key in self._seen:
            return None
        self._seen.add(key)
        return RepeatedQuery(loop, relationship=found[0])

    def _asks(self, meaning: CallMeaning) -> bool:
        effects = meaning.effects
        if Effect.QUERY not in effects or not _WRITES.isdisjoint(effects) or _takes_no_rows(meaning):
            return False
        names = {self._function.qualname, self._function.name}
        is_recursive = any(function is self._function for function in meaning.functions)
        return not is_recursive and not any(item.name in names for item in effects[Effect.QUERY])

    def _loop_of(self, expression: model.Expression, placed: Placed) -> Loop | None:
        """The innermost loop over data whose variable an expression depends on, if it runs more than once."""
        for position in range(len(placed.loops) - 1, -1, -1):
            loop = placed.loops[position]
            if loop.ends_at_once or not self._dependence(placed.loops[position:]).mentions(expression):
                continue
            if self._iteration.kind(loop.iterable) == DATA:
                return loop
        return None

    def _dependence(self, loops: tuple[Loop, ...]) -> Dependence:
        key = tuple(map(id, loops))
        if key not in self._dependences:
            self._dependences[key] = Dependence(loops[0], loops[1:], self._body)
        return self._dependences[key]

    def _is_in_session(self, meaning: CallMeaning, line: int) -> bool:
        """Whether `session.get` finds the row among those that the function has loaded before the loop."""
        callee = meaning.callee
        if not isinstance(callee, ExternalMethod) or callee.name not in _BY_KEY or not meaning.arguments:
            return False
        wanted = meaning.arguments[0]
        earlier = [
            call.result
            for call in self._body.calls.values()
            if call.node is not None and call.node.line < line and call is not meaning
        ]
        lists = (value for value in earlier if isinstance(value, Collection))
        return isinstance(wanted, ClassValue) and any(cls is wanted for cls in entities.entities_in(lists))


def _may_be_row(value: Value) -> bool:
    return any(isinstance(option, Object) and entities.is_entity(option.cls) for option in options(value))


def _runs_item(loop: Loop, call: model.Call, meaning: CallMeaning) -> bool:
    """Whether what the loop gives is the statement itself, or holds it: no two ask the same."""
    if not isinstance(meaning.callee, ExternalMethod) or meaning.callee.name not in _RUNNERS:
        return False
    statement = call.arguments[0] if len(call.arguments) == 1 and not call.keywords else None
    while isinstance(statement, model.Attribute):
        statement = statement.value
    return isinstance(statement, model.Name) and statement.id in loop.names


def _takes_no_rows(meaning: CallMeaning) -> bool:
    """Whether a call sends a `SELECT` of no table: for what a function does, such as taking a lock."""
    given = meaning.arguments[0] if meaning.arguments else None
    if (
        isinstance(given, Object)
        and isinstance(given.cls, External)
        and given.cls.name == "sqlalchemy.TextClause"
    ):
        given = given.arguments[0] if given.arguments else None
    if isinstance(given, Object):
        given = given.attributes.get("<sql>", given)
    if not isinstance(given, Literal) or not isinstance(given.value, str) or meaning.functions:
        return False
    return sql_verb(given.value) == "select" and " from " not in " ".join(given.value.lower().split())


def _written(expression: model.Expression) -> str:
    if isinstance(expression, model.Attribute):
        return f"{_written(expression.value)}.{expression.name}"
    return expression.id if isinstance(expression, model.Name) else str(id(expression))

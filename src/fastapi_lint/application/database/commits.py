"""Commits as a function makes them: one for each item of a loop, or several on one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.iteration import DATA, Iteration
from fastapi_lint.application.database.loops import Repetitions, is_sent_once
from fastapi_lint.application.database.query_chains import step
from fastapi_lint.application.database.sessions import opens
from fastapi_lint.application.database.settled import NOTHING, never_run, settled
from fastapi_lint.application.library import Effect
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import blocks, dotted, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning, Chain
    from fastapi_lint.application.database.loops import Loop
    from fastapi_lint.application.database.settled import Settled

_PORTIONS: Final = frozenset(
    {"batch", "batches", "chunk", "chunks", "page", "pages", "part", "slice", "window"}
)
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class RepeatedCommit:
    """A commit in a loop, and the calls that lead to it; empty where the loop makes it itself."""

    loop: Loop
    chain: Chain


def commits_behind(
    call: model.Call, meaning: CallMeaning, body: Body, known: Settled = NOTHING, depth: int = 0
) -> Chain | None:
    """The calls from this one down to a commit that it always makes; None if it makes none, or only at times.

    `known` is what is settled of the parameters of `body`, the function that the call stands in.
    """
    if Effect.COMMIT not in meaning.effects or (meaning.is_coroutine and not meaning.is_awaited):
        return None
    here = step(call, meaning, body)
    if not meaning.bodies:
        return (here,) if not meaning.functions else None
    if depth >= _DEEPEST or len(meaning.bodies) > 1 or meaning.functions[0].is_cached:
        return None
    inner = meaning.bodies[0]
    inside = settled(call, inner, known)
    skipped = never_run(inner.function.definition, inside)
    for part in _always_run(inner.function.definition.body):
        other = inner.call(part)
        if other is None or not isinstance(part, model.Call) or id(part) in skipped:
            continue
        rest = commits_behind(part, other, inner, inside, depth + 1)
        if rest is not None:
            return (here, *rest)
    return None


def _always_run(block: Iterable[model.Statement]) -> Iterator[model.Expression]:
    """The expressions of a function that depend on no condition, unless it ends before."""
    for statement in block:
        yield from expressions(statement)
        if isinstance(statement, model.With):
            yield from _always_run(statement.body)
        elif isinstance(statement, model.Try) and not any(map(_expects_conflict, statement.handlers)):
            yield from _always_run((*statement.body, *statement.orelse, *statement.finalbody))


def _expects_conflict(handler: model.Handler) -> bool:
    """Whether an `except` is for rows that are there already, which each commit finds out for itself."""
    return handler.type is not None and any(
        "Integrity" in dotted(part).rpartition(".")[2] for part in (handler.type, *expressions(handler.type))
    )


def repeated_commits(body: Body) -> dict[int, RepeatedCommit]:
    """The commits that a function makes for each item of some data, by the identity of the call.

    One for each loop. A portion of the items at a time is what it should be; each item on its own is what is
    wanted where an error in one is caught and the loop goes on, where it has a session of its own, and where
    something slow happens between two commits. What `async for` takes arrives over time.
    """
    definition = body.function.definition
    if Effect.COMMIT not in body.effects or definition.is_generator:
        return {}
    repetitions = Repetitions(definition)
    if not repetitions.expressions:
        return {}
    iteration = Iteration(body, frozenset())
    found: dict[int, RepeatedCommit] = {}
    seen = {
        id(inner)
        for statement in statements(definition.body)
        if isinstance(statement, model.Try)
        for handler in statement.handlers
        for inner in statements(handler.body)
    }  # what an `except` takes back, it takes back as far as it can
    for expression in repetitions.expressions:
        meaning = body.call(expression)
        placed = repetitions.of(expression) if meaning is not None else None
        if meaning is None or placed is None or not isinstance(expression, model.Call):
            continue
        loop = placed.loops[-1]
        if loop.statement is None or id(loop.statement) in seen or loop.statement.is_async:
            continue
        chain = commits_behind(expression, meaning, body)
        if chain is None or loop.ends_at_once or is_sent_once(loop, expression):
            continue
        if iteration.kind(loop.iterable) != DATA or _is_portion(loop):
            continue
        if _is_on_its_own(loop, expression, body) or _is_slow(loop, body):
            continue
        seen.add(id(loop.statement))
        found[id(expression)] = RepeatedCommit(loop, chain)
    return found


def _is_portion(loop: Loop) -> bool:
    """Whether a loop takes several items at a time."""
    named = {word for name in loop.names for word in words(name)}
    named |= {word for name in dotted(loop.iterable).split(".") for word in words(name)}
    iterable = loop.iterable
    if isinstance(iterable, model.Call):
        named |= {word for name in dotted(iterable.function).split(".") for word in words(name)}
        is_stepped = dotted(iterable.function) == "range" and len(iterable.arguments) > len(("start", "stop"))
        return is_stepped or not _PORTIONS.isdisjoint(named)
    return not _PORTIONS.isdisjoint(named)


def _is_on_its_own(loop: Loop, call: model.Call, body: Body) -> bool:
    """Whether the loop goes on after errors, or what is around the commit sets items apart or counts."""
    if any(isinstance(statement, model.Try) and statement.handlers for statement in statements(loop.body)):
        return True
    return any(
        _sets_apart(statement, body)
        for statement in statements(loop.body)
        if any(part is call for block in blocks(statement) for part in _inside(block))
    )


def _sets_apart(statement: model.Statement, body: Body) -> bool:
    if isinstance(statement, model.With):
        for item in statement.items:
            meaning = body.call(item.context)
            if meaning is not None and (opens(meaning) is not None or Effect.CONNECT in meaning.effects):
                return True
            if meaning is None or "begin" in meaning.name.rpartition(".")[2]:
                return True
        return False
    if isinstance(statement, model.If):
        return any(map(_counts, (statement.test, *expressions(statement.test))))
    return False


def _counts(part: model.Expression) -> bool:
    """Whether a condition waits for a portion to be full: `number % 100 == 0`, `len(rows) >= 100`."""
    if isinstance(part, model.Comparison):
        left, other = part.left, part.others[0]
        is_measured = isinstance(left, model.Call) and dotted(left.function) == "len"
        return is_measured and not (isinstance(other, model.Constant) and not other.value)
    if isinstance(part, model.Name):
        return not _PORTIONS.isdisjoint(words(part.id))
    return isinstance(part, model.Binary) and part.operator == "%"


def _is_slow(loop: Loop, body: Body) -> bool:
    """Whether a loop sends requests or waits, over which no transaction should stay open."""
    for part in _inside(loop.body):
        meaning = body.call(part)
        if meaning is not None and (
            Effect.HTTP in meaning.effects or Effect.CPU in meaning.effects or meaning.name.endswith(".sleep")
        ):
            return True
        if isinstance(part, model.Yield):
            return True
    return False


def _inside(block: Iterable[model.Statement]) -> list[model.Expression]:
    return [part for statement in statements(block) for part in expressions(statement)]


@dataclass(frozen=True, slots=True)
class FurtherCommit:
    """A commit behind another one on the same way: the calls that lead to it, and the first one's line."""

    chain: Chain
    first: int


def further_commits(body: Body) -> dict[int, FurtherCommit]:
    """The second commit that a function makes in any case, by the identity of the call.

    Where something slow happens in between, over which no transaction should stay open, there is none.
    """
    definition = body.function.definition
    if Effect.COMMIT not in body.effects or definition.is_generator:
        return {}
    first = 0
    for part in _always_run(definition.body):
        meaning = body.call(part)
        if meaning is None or not isinstance(part, model.Call):
            continue
        chain = commits_behind(part, meaning, body)
        if chain is not None and first:
            return {id(part): FurtherCommit(chain, first)}
        if chain is not None:
            first = part.line
        elif Effect.HTTP in meaning.effects or meaning.name.endswith(".sleep"):
            first = 0
    return {}

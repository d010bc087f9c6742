"""Reads that a function awaits one after the other although they could run at the same time.

Two reads may run together if neither needs what the other gives, and if they share nothing that serves one at
a time: a database session, a connection, an object of which nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import EnumMember, External, Literal, Object
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.parameters import is_complex
from fastapi_lint.application.written import blocks, dotted, expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application.bodies import Body, CallMeaning

_READING: Final = frozenset(
    {Effect.QUERY, Effect.HTTP, Effect.CONNECT, Effect.BLOCK, Effect.CPU, Effect.FILE}
)
"""What calls may do that can change their places."""
_ONE_AT_A_TIME: Final = (
    "sqlalchemy.",
    "sqlmodel.",
    "asyncpg.",
    "psycopg.",
    "aiosqlite.",
    "aiomysql.",
    "databases.",
)
"""Libraries whose sessions and connections answer one question at a time."""
_FETCHING: Final = frozenset({"get", "head"})
_CLIENTS: Final = frozenset({"httpx.AsyncClient", "aiohttp.ClientSession"})
_DEEPEST: Final = 6


def awaited_in_sequence(body: Body) -> Iterator[tuple[CallMeaning, ...]]:
    """The runs of two or more statements of a function that each await a read which needs no other one."""
    if not body.function.is_async or sum(meaning.is_awaited for meaning in body.calls.values()) < 2:  # noqa: PLR2004
        return
    for block in _blocks(body.function.definition.body):
        run: list[CallMeaning] = []
        bound: set[str] = set()
        for statement in (*block, None):
            read = _read(statement, body) if isinstance(statement, model.Assignment) else None
            if (
                read is not None
                and bound.isdisjoint(_names(read[0].node))
                and all(_are_apart(each, read[0], body) for each in run)
            ):
                run.append(read[0])
                bound.add(read[1])
                continue
            if len(run) > 1:
                yield tuple(run)
            run, bound = ([read[0]], {read[1]}) if read is not None else ([], set())


def _blocks(body: Sequence[model.Statement]) -> Iterator[Sequence[model.Statement]]:
    yield body
    for statement in body:
        for block in blocks(statement):
            yield from _blocks(block)


def _read(statement: model.Assignment, body: Body) -> tuple[CallMeaning, str] | None:
    """The read that `name = await read(…)` awaits, and the name."""
    value, target = statement.value, statement.targets[0]
    if not isinstance(value, model.Await) or len(statement.targets) > 1 or not isinstance(target, model.Name):
        return None
    meaning = body.call(value.value)
    if meaning is None or not {Effect.QUERY, Effect.HTTP} & meaning.effects.keys():
        return None
    return (meaning, target.id) if _READING.issuperset(meaning.effects) and _fetches(meaning) else None


def _fetches(meaning: CallMeaning) -> bool:
    """Whether all that goes out asks for something, over connections that are the call's own."""
    ends = list(_ends(meaning, set(), 0))
    for end in ends:
        name = library.canonical(end.name)
        if Effect.HTTP in end.effects and name.rpartition(".")[2] not in _FETCHING:
            return False
        if name.startswith(_ONE_AT_A_TIME) and Effect.CONNECT not in meaning.effects:
            return False
    return bool(ends)


def _ends(meaning: CallMeaning, seen: set[int], depth: int) -> Iterator[CallMeaning]:
    """The calls of libraries that a call comes to."""
    if not meaning.bodies:
        if meaning.effects:
            yield meaning
        return
    for inner in meaning.bodies if depth < _DEEPEST else ():
        if id(inner) not in seen:
            seen.add(id(inner))
            for each in inner.calls.values():
                yield from _ends(each, seen, depth + 1)


def _are_apart(first: CallMeaning, second: CallMeaning, body: Body) -> bool:
    """Whether all that two calls share is data, or a client that serves many at once."""
    shared = set(_names(first.node)) & set(_names(second.node)) & set(_local(body))
    return all(
        _is_harmless(argument, body)
        for meaning in (first, second)
        if meaning.node is not None
        for argument in _parts(meaning.node)
        if shared & {item.id for item in (argument, *expressions(argument)) if isinstance(item, model.Name)}
    )


def _parts(call: model.Call) -> Iterator[model.Expression]:
    """The arguments of a call, and what it is a method of."""
    yield from call.arguments
    yield from (item.value for item in call.keywords)
    if isinstance(call.function, model.Attribute):
        yield call.function.value


def _is_harmless(expression: model.Expression, body: Body) -> bool:
    value = body.value(expression)
    if isinstance(value, (Literal, EnumMember)):
        return True
    if isinstance(value, Object) and isinstance(value.cls, External):
        return value.cls.name in _CLIENTS or is_complex(value.cls) is False
    return isinstance(expression, model.Template)


def _local(body: Body) -> Iterable[str]:
    definition = body.function.definition
    yield from (parameter.name for parameter in definition.parameters)
    for block in _blocks(definition.body):
        for statement in block:
            for target in statement.targets if isinstance(statement, model.Assignment) else ():
                yield from (
                    item.id for item in (target, *expressions(target)) if isinstance(item, model.Name)
                )
            if isinstance(statement, model.For):
                yield dotted(statement.target)
            if isinstance(statement, model.With):
                yield from (dotted(item.target) for item in statement.items if item.target is not None)


def _names(call: model.Call | None) -> Iterator[str]:
    if call is not None:
        yield from (item.id for item in (call, *expressions(call)) if isinstance(item, model.Name))

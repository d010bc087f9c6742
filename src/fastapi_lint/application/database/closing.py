"""Sessions that a dependency opens and that nobody closes, or nobody after an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.database.sessions import opens
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    FunctionValue,
    Object,
    Yielded,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import bindings, blocks, children, expressions, names_of, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.database.sessions import SessionKind
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_CLOSING: Final = frozenset({"close", "aclose", "remove", "release", "__exit__", "__aexit__", "__del__"})
_REGISTRIES: Final = frozenset(
    {"sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"}
)
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A session that stays open: the call that opens it, and how it is handed over.

    `how` is `returned`, `closed` (returned from the block that closes it), `yielded`, or `unless` (closed
    behind the `yield`, where an error doesn't come to).
    """

    call: model.Call
    kind: SessionKind
    how: str


def unclosed(application: Application, function: Function) -> dict[int, Unclosed]:
    """The sessions that a dependency gives and leaves open, by the identity of the call that opens each."""
    body = application.body(function)
    if Effect.CONNECT not in body.effects or function.value.kind == "context" or function.is_cached:
        return {}
    found = {id(item.call): item for item in _left_open(body, 0)}
    return {} if found and _is_closed_by_takers(application, function) else found


def _left_open(body: Body, depth: int) -> Iterator[Unclosed]:
    definition = body.function.definition
    kinds = {id(call): kind for call, kind in _openings(body, depth)}
    if not kinds:
        return
    named: dict[str, tuple[model.Call, SessionKind]] = {}
    for statement in statements(definition.body):
        for name, value in bindings(statement):
            made = _call_of(value)
            if made is not None and id(made) in kinds:
                named[name] = made, kinds[id(made)]
    for statement, guarded, entered in _guarded(definition.body, frozenset(), frozenset()):
        if isinstance(statement, model.Return) and not definition.is_generator:
            yield from _returned(statement, named, kinds, guarded, entered, body)
        elif definition.is_generator:
            for item in (part for part in expressions(statement) if isinstance(part, model.Yield)):
                yield from _yielded(item, named, kinds, guarded, body)


def _returned(
    statement: model.Return,
    named: dict[str, tuple[model.Call, SessionKind]],
    kinds: dict[int, SessionKind],
    guarded: frozenset[str],
    entered: frozenset[str],
    body: Body,
) -> Iterator[Unclosed]:
    for item in _handed_over(statement.value, body):
        if isinstance(item, model.Call) and id(item) in kinds:
            yield Unclosed(item, kinds[id(item)], "returned")
        elif isinstance(item, model.Name) and item.id in named and item.id not in guarded - entered:
            call, kind = named[item.id]
            yield Unclosed(call, kind, "closed" if item.id in entered else "returned")


def _yielded(
    node: model.Yield,
    named: dict[str, tuple[model.Call, SessionKind]],
    kinds: dict[int, SessionKind],
    guarded: frozenset[str],
    body: Body,
) -> Iterator[Unclosed]:
    for item in _handed_over(node.value, body):
        if isinstance(item, model.Call) and id(item) in kinds and not node.delegates:
            yield Unclosed(item, kinds[id(item)], "yielded")
        elif isinstance(item, model.Name) and item.id in named and item.id not in guarded:
            call, kind = named[item.id]
            is_closed = any(
                isinstance(part, model.Attribute)
                and part.name in _CLOSING
                and isinstance(part.value, model.Name)
                and part.value.id == item.id
                for statement in statements(body.function.definition.body)
                for part in expressions(statement)
            )
            yield Unclosed(call, kind, "unless" if is_closed else "yielded")


def _handed_over(value: model.Expression | None, body: Body) -> Iterator[model.Expression]:
    """What is given away: the value itself, or what an object that can't close it is made around."""
    inner = value.value if isinstance(value, model.Await) else value
    if inner is None:
        return
    yield inner
    meaning = body.call(inner)
    if isinstance(inner, model.Call) and meaning is not None and isinstance(meaning.callee, ClassValue):
        if not meaning.callee.is_fully_known() or _can_close(meaning.callee):
            return
        for given in (*inner.arguments, *(item.value for item in inner.keywords)):
            yield given.value if isinstance(given, model.Await) else given


def _can_close(cls: ClassValue) -> bool:
    """Whether a class has something that may close what it holds, a base of another package included."""
    for item in cls.mro():
        if isinstance(item, ClassValue):
            if any(
                (isinstance(part, model.Attribute) and part.name in _CLOSING)
                for statement in item.definition.body
                if isinstance(statement, model.FunctionDefinition)
                for inner in statements(statement.body)
                for part in expressions(inner)
            ) or any(name in item.scope.names for name in _CLOSING):
                return True
        elif isinstance(item, External) and not item.name.startswith(("builtins.", "abc.", "typing.")):
            return True
    return False


def _openings(body: Body, depth: int) -> Iterator[tuple[model.Call, SessionKind]]:
    """The calls of a function that open a session and leave it to the function to close it."""
    for meaning in body.calls.values():
        kind = opens(meaning) if meaning.node is not None else None
        if kind is None or meaning.node is None or not _is_session_itself(meaning):
            continue
        if meaning.functions:
            gives = [inner for inner in meaning.bodies if not inner.function.definition.is_generator]
            if depth >= _DEEPEST or not gives or any(inner.function.is_cached for inner in gives):
                continue
            if not all(any(True for _ in _left_open(inner, depth + 1)) for inner in gives):
                continue
        yield meaning.node, kind


def _is_session_itself(meaning: CallMeaning) -> bool:
    """Whether the call gives the session, and not what `with` gets one from, or a registry that keeps it."""
    if isinstance(meaning.result, Yielded) or _is_registry(meaning.callee):
        return False
    return any(
        name not in _REGISTRIES and (found := library.class_model(name)) is not None and bool(found.session)
        for option in options(meaning.result)
        if isinstance(option, Object)
        for name in _names_of(option)
    )


def _is_registry(value: Value) -> bool:
    return isinstance(value, Object) and not _REGISTRIES.isdisjoint(_names_of(value))


def _names_of(value: Object) -> tuple[str, ...]:
    """The names of the classes of other packages that an object is of."""
    if isinstance(value.cls, External):
        return (library.canonical(value.cls.name),)
    return tuple(value.cls.external_bases()) if isinstance(value.cls, ClassValue) else ()


def _call_of(value: model.Expression | None) -> model.Call | None:
    inner = value.value if isinstance(value, model.Await) else value
    return inner if isinstance(inner, model.Call) else None


def _guarded(
    block: Iterable[model.Statement], guarded: frozenset[str], entered: frozenset[str]
) -> Iterator[tuple[model.Statement, frozenset[str], frozenset[str]]]:
    """Statements, with the names that are closed behind them and those that a `with` around them closes."""
    for statement in block:
        yield statement, guarded, entered
        if isinstance(statement, model.With):
            bound = {
                name
                for item in statement.items
                for name in (
                    *(names_of(item.target) if item.target is not None else ()),
                    *_names_in([item.context]),
                )
            }
            yield from _guarded(statement.body, guarded | bound, entered | bound)
        elif isinstance(statement, model.Try):
            closed = guarded | _closed_in(statement)
            yield from _guarded(statement.body, closed, entered)
            for block_ in (*(handler.body for handler in statement.handlers), statement.orelse):
                yield from _guarded(block_, closed, entered)
            yield from _guarded(statement.finalbody, guarded, entered)
        else:
            for inner in blocks(statement):
                yield from _guarded(inner, guarded, entered)


def _closed_in(node: model.Try) -> frozenset[str]:
    """The names that something is done with at a `try`'s end, or in an `except` that catches everything."""
    broad = [
        statement
        for handler in node.handlers
        if handler.type is None
        or (isinstance(handler.type, model.Name) and handler.type.id in {"Exception", "BaseException"})
        for statement in handler.body
    ]
    closes = {
        name
        for statement in statements(broad)
        for part in expressions(statement)
        if isinstance(part, model.Attribute) and part.name in _CLOSING
        for name in _names_in([part.value])
    }
    ends = {name for statement in statements(node.finalbody) for name in _names_in(children(statement))}
    return frozenset(closes | ends)


def _names_in(found: Iterable[model.Expression]) -> frozenset[str]:
    return frozenset(
        part.id for item in found for part in (item, *expressions(item)) if isinstance(part, model.Name)
    )


def _is_closed_by_takers(application: Application, function: Function) -> bool:
    """Whether a handler, or a dependency, that is given the sessions closes some: it is up to them then."""
    seen: set[int] = set()
    for route in application.routes:
        takers = [
            callable_
            for dependency in route.all_dependencies()
            if isinstance(callable_ := unwrapped(dependency.callable), FunctionValue)
        ]
        if not any(taker.definition is function.definition for taker in takers):
            continue
        for taker in (*takers, *((route.handler.value,) if route.handler is not None else ())):
            if taker.definition is function.definition or id(taker.definition) in seen:
                continue
            seen.add(id(taker.definition))
            given = {parameter.name for parameter in taker.definition.parameters}
            if any(_closes_one(statement, given) for statement in statements(taker.definition.body)):
                return True
    return False


def _closes_one(statement: model.Statement, names: set[str]) -> bool:
    if isinstance(statement, model.With) and any(
        isinstance(item.context, model.Name) and item.context.id in names for item in statement.items
    ):
        return True
    return any(
        isinstance(part, model.Attribute)
        and part.name in _CLOSING
        and isinstance(part.value, model.Name)
        and part.value.id in names
        for part in expressions(statement)
    )

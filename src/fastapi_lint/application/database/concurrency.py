"""Sessions that several tasks use at once, or that a task uses when its request is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    ExternalMethod,
    Object,
    Unknown,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.written import blocks, called, dotted, expressions, names_of, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value

_GATHERING: Final = frozenset({"asyncio.gather", "asyncio.wait", "asyncio.as_completed"})
_STARTING: Final = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_METHODS: Final = frozenset({"create_task", "start_soon"})
_GROUPS: Final = ("asyncio.TaskGroup", "anyio.abc.TaskGroup", "anyio.create_task_group")
_FAMILIES: Final = ("sqlalchemy.", "sqlmodel.", "asyncpg.")
_USING: Final = frozenset(
    {Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.COMMIT, Effect.FLUSH, Effect.ROLLBACK}
)


@dataclass(frozen=True, slots=True)
class SharedSession:
    """A session that tasks share: how it is written, and whether the one task outlives it instead."""

    name: str
    outlives: bool = False


@dataclass(frozen=True, slots=True)
class _Task:
    """A call that runs as a task, and whether it is made in a loop."""

    call: model.Call
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Start:
    """A call that starts a task: in a loop, in the `with` of a group (0: in none), awaited later."""

    call: model.Call
    in_loop: bool
    group: int
    is_awaited: bool


def shared_by_tasks(body: Body) -> dict[int, SharedSession]:
    """The sessions of a function that its tasks share, by the identity of the call that runs the tasks."""
    definition = body.function.definition
    if not definition.is_async or not any(map(_runs_tasks, body.calls.values())):
        return {}
    found: dict[int, SharedSession] = {}
    started: Counter[tuple[int, int]] = Counter()
    for meaning in body.calls.values():
        if meaning.node is None:
            continue
        if meaning.name in _GATHERING:
            shared = _shared(list(_gathered(meaning.node, definition)), body)
            if shared is not None:
                found[id(meaning.node)] = SharedSession(shared)
    for start in _starts(body):
        call = start.call.arguments[0] if start.call.arguments else None
        for key, name in _sessions_of(call, body).items() if isinstance(call, model.Call) else ():
            started[key, start.group] += 1
            if started[key, start.group] == len(("one", "another")) or start.in_loop:
                found[id(start.call)] = SharedSession(name)
            elif not start.is_awaited and started[key, start.group] == 1:
                found[id(start.call)] = SharedSession(name, outlives=True)
    return found


def _runs_tasks(meaning: CallMeaning) -> bool:
    return (
        meaning.name in _GATHERING
        or meaning.name in _STARTING
        or (
            meaning.node is not None
            and isinstance(meaning.node.function, model.Attribute)
            and meaning.node.function.name in _METHODS
        )
    )


def _shared(tasks: list[_Task], body: Body) -> str | None:
    """How the session is written that more than one of some tasks uses."""
    counted: set[int] = set()
    for task in tasks:
        for key, name in _sessions_of(task.call, body).items():
            if task.is_repeated or key in counted:
                return name
            counted.add(key)
    return None


def _gathered(call: model.Call, definition: model.FunctionDefinition) -> Iterator[_Task]:
    for given in call.arguments:
        yield from _tasks_in(given.value if isinstance(given, model.Starred) else given, definition, 0)


def _tasks_in(given: model.Expression, definition: model.FunctionDefinition, depth: int) -> Iterator[_Task]:
    if isinstance(given, model.Call):
        inner = (
            given.arguments[0]
            if called(given) in {"create_task", "ensure_future"} and given.arguments
            else None
        )
        yield _Task(inner if isinstance(inner, model.Call) else given)
    elif isinstance(given, model.Comprehension):
        bound = {name for clause in given.clauses for name in names_of(clause.target)}
        if isinstance(given.element, model.Call):
            for task in _tasks_in(given.element, definition, depth):
                inner_names = {
                    part.id
                    for part in expressions(task.call)
                    if isinstance(part, model.Name) and part.id in bound
                }
                yield _Task(task.call, is_repeated=bool(inner_names) or not bound)
    elif isinstance(given, model.Sequence):
        for item in given.items:
            yield from _tasks_in(item.value if isinstance(item, model.Starred) else item, definition, depth)
    elif isinstance(given, model.Name) and depth == 0:
        yield from _tasks_of_name(given.id, definition)


def _tasks_of_name(name: str, definition: model.FunctionDefinition) -> Iterator[_Task]:
    """The tasks that a list of this name holds: as it is bound, and what is appended to it."""
    for statement, in_loop in _with_loops(definition.body, in_loop=False):
        if isinstance(statement, model.Assignment) and statement.value is not None:
            if any(name in names_of(target) for target in statement.targets):
                yield from _tasks_in(statement.value, definition, 1)
        elif isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Call):
            call = statement.value
            if (
                isinstance(call.function, model.Attribute)
                and call.function.name == "append"
                and dotted(call.function.value) == name
            ):
                for given in call.arguments:
                    for task in _tasks_in(given, definition, 1):
                        yield _Task(task.call, is_repeated=in_loop)


def _starts(body: Body) -> Iterator[_Start]:
    """The calls that start one task."""
    definition = body.function.definition
    waited = {
        name
        for statement in statements(definition.body)
        for part in expressions(statement)
        if isinstance(part, model.Await)
        for inner in (part.value, *expressions(part))
        if isinstance(inner, model.Name)
        for name in (inner.id,)
    }
    inside = {
        id(part)
        for statement in statements(definition.body)
        for outer in expressions(statement)
        if isinstance(outer, (model.Await, model.Comprehension, model.Sequence))
        or (isinstance(outer, model.Call) and called(outer) in {"append", "add", "gather", "wait"})
        for part in expressions(outer)
    }
    groups = {
        id(part): id(statement)
        for statement in statements(definition.body)
        if isinstance(statement, model.With)
        for inner in statements(statement.body)
        for part in expressions(inner)
    }
    for statement, in_loop in _with_loops(definition.body, in_loop=False):
        names = {
            name
            for target in (statement.targets if isinstance(statement, model.Assignment) else ())
            for name in names_of(target)
        }
        for part in expressions(statement):
            meaning = body.call(part)
            if meaning is None or not isinstance(part, model.Call):
                continue
            in_group = _is_group(meaning)
            if meaning.name in _STARTING or in_group:
                if id(part) in inside:
                    continue  # part of what is gathered
                yield _Start(part, in_loop, groups.get(id(part), 0), in_group or bool(names & waited))


def _is_group(meaning: CallMeaning) -> bool:
    node = meaning.node
    if node is None or not isinstance(node.function, model.Attribute) or node.function.name not in _METHODS:
        return False
    callee = meaning.callee
    if isinstance(callee, ExternalMethod):
        return callee.owner in _GROUPS
    return meaning.name.rpartition(".")[0] in _GROUPS


def _sessions_of(call: model.Call, body: Body) -> dict[int, str]:
    """The async sessions that a call uses, by the identity of their values, as they are written."""
    meaning = body.call(call)
    if meaning is None or any(map(_locks, meaning.bodies)):
        return {}
    if _USING.isdisjoint(meaning.effects) and not _is_opaque(meaning):
        return {}
    found: dict[int, str] = {}
    given = [*call.arguments, *(item.value for item in call.keywords)]
    if isinstance(call.function, model.Attribute):
        given.append(call.function.value)
    for item in given:
        value = body.value(item)
        for held in _held(value):
            found.setdefault(id(held), dotted(item) or "the session")
    return found


def _is_opaque(meaning: CallMeaning) -> bool:
    """Whether nothing is known of what is called, so that it takes a session to use it."""
    return isinstance(meaning.callee, (Object, Unknown))


def _held(value: Value) -> Iterator[Value]:
    """The async sessions that a value is, or holds as an attribute."""
    for option in options(value):
        if _is_async_session(option):
            yield option
        elif isinstance(option, Object) and isinstance(option.cls, ClassValue):
            yield from (item for item in option.attributes.values() if _is_async_session(item))


def _is_async_session(value: Value) -> bool:
    if not isinstance(value, Object):
        return False
    kind = session_kind(value)
    names = [value.cls.name] if isinstance(value.cls, External) else []
    if isinstance(value.cls, ClassValue):
        names = list(value.cls.external_bases())
    return kind is not None and kind.is_async and any(name.startswith(_FAMILIES) for name in names)


def _locks(body: Body) -> bool:
    """Whether a function waits for its turn before it does anything."""
    return any(
        isinstance(statement, model.With)
        and any(
            "lock" in part.lower() or "semaphore" in part.lower()
            for item in statement.items
            for part in dotted(item.context).split(".")
        )
        for statement in statements(body.function.definition.body)
    )


def _with_loops(block: Iterable[model.Statement], *, in_loop: bool) -> Iterator[tuple[model.Statement, bool]]:
    for statement in block:
        yield statement, in_loop
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            continue
        is_loop = isinstance(statement, (model.For, model.While))
        for inner in blocks(statement):
            yield from _with_loops(inner, in_loop=in_loop or is_loop)

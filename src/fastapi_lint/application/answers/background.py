"""Work behind the response: background tasks that nobody runs, and sessions that are closed by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation.values import External, FunctionValue, Literal, Object, options
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import children, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Marker, Value
    from fastapi_lint.application.linked import Application

TASKS: Final = "starlette.background.BackgroundTasks"
STREAM: Final = "starlette.responses.StreamingResponse"
CLOSED_BEFORE: Final = ((0, 106), (0, 118))
"""From the first FastAPI on, until the second, dependencies end before the response is sent."""
FUNCTION_SCOPE_SINCE: Final = (0, 121)
_DEEPEST: Final = 4


def _is_a(value: Value, name: str) -> bool:
    return (
        isinstance(value, Object)
        and isinstance(value.cls, External)
        and library.is_subclass(value.cls.name, name)
    )


def _makes_tasks(call: model.Expression, body: Body) -> bool:
    meaning = body.call(call)
    return (
        meaning is not None
        and isinstance(meaning.callee, External)
        and library.is_subclass(meaning.callee.name, TASKS)
    )


def never_run(body: Body) -> Iterator[model.Call]:
    """The `BackgroundTasks()` in a function that are given tasks, and that no response is given."""
    definition = body.function.definition
    if not any(meaning.name.endswith("BackgroundTasks") for meaning in body.calls.values()):
        return
    for statement in statements(definition.body):
        made = statement.value if isinstance(statement, model.Assignment) else None
        if (
            isinstance(made, model.Call)
            and _makes_tasks(made, body)
            and isinstance(statement, model.Assignment)
        ):
            target = statement.targets[0]
            if (
                len(statement.targets) == 1
                and isinstance(target, model.Name)
                and _is_lost(target.id, body, 0)
            ):
                yield made
        for item in expressions(statement):
            if not isinstance(item, model.Call):
                continue
            if isinstance(item.function, model.Attribute) and item.function.name == "add_task":
                inner = item.function.value
                if isinstance(inner, model.Call) and _makes_tasks(inner, body):
                    yield inner
            for given in _given(item):
                if (
                    isinstance(given, model.Call)
                    and _makes_tasks(given, body)
                    and _is_lost_in(item, given, body, 0)
                ):
                    yield given


def _is_lost(name: str, body: Body, depth: int) -> bool:
    """Whether all that a function does with the tasks of a name is to add some."""
    definition = body.function.definition
    harmless: set[int] = set()
    adds = False
    bound = 0
    for statement in statements(definition.body):
        if isinstance(statement, model.Assignment):
            targets = [target for target in statement.targets if _is(target, name)]
            harmless.update(map(id, targets))
            bound += len(targets)
        for item in expressions(statement):
            if not isinstance(item, model.Call):
                continue
            function = item.function
            if (
                isinstance(function, model.Attribute)
                and function.name == "add_task"
                and _is(function.value, name)
            ):
                harmless.add(id(function.value))
                adds = True
            for given in _given(item):
                if _is(given, name):
                    if depth >= _DEEPEST or not _is_lost_in(item, given, body, depth + 1):
                        return False
                    harmless.add(id(given))
                    adds = True
    uses = (
        item
        for statement in nested_statements(definition.body)
        for item in _everything(statement)
        if _is(item, name) and id(item) not in harmless
    )
    return adds and bound <= 1 and next(uses, None) is None


def _is_lost_in(call: model.Call, given: model.Expression, body: Body, depth: int) -> bool:
    """Whether the function that is called with some tasks only adds to them."""
    meaning = body.call(call)
    if (
        meaning is None
        or not meaning.bodies
        or any(isinstance(item, External) for item in options(meaning.callee))
    ):
        return False
    for inner in meaning.bodies:
        names = [
            item.name for item in inner.function.definition.parameters if item.kind not in {"args", "kwargs"}
        ]
        if meaning.receiver is not None or names[:1] in (["self"], ["cls"]):
            names = names[1:]
        keyword = next((item.name for item in call.keywords if item.value is given), None)
        if keyword is None:
            position = next((at for at, item in enumerate(call.arguments) if item is given), len(names))
            keyword = names[position] if position < len(names) else None
        if keyword is None or keyword not in names or not _is_lost(keyword, inner, depth):
            return False
    return True


def _given(call: model.Call) -> list[model.Expression]:
    return [*call.arguments, *(item.value for item in call.keywords)]


def _is(node: model.Expression | None, name: str) -> bool:
    return isinstance(node, model.Name) and node.id == name


def _everything(node: model.Statement | model.Expression) -> Iterator[model.Expression]:
    """All expressions in a statement, those of lambdas too."""
    for child in children(node):
        yield child
        yield from _everything(child)
        if isinstance(child, model.Lambda):
            yield child.body
            yield from _everything(child.body)


@dataclass(frozen=True, slots=True)
class Late:
    """A session that is used after its dependency closed it: where it is handed on, and to what.

    `dependency` is the function that closes it. `streams`: what uses it makes a response's body.
    """

    call: model.Call
    name: str
    dependency: FunctionValue
    streams: bool


def used_late(application: Application, body: Body) -> Iterator[Late]:
    """Sessions of a handler's dependencies that are handed to what runs after they are closed."""
    function = body.function
    closed: dict[str, FunctionValue] = {}
    for parameter in application.dependencies.signature(function.value).parameters:
        marker = parameter.marker
        if marker is None or marker.name not in {"Depends", "Security"} or marker.callable is None:
            continue
        dependency = unwrapped(marker.callable)
        if (
            isinstance(dependency, FunctionValue)
            and _ends_early(application, marker)
            and _closes(dependency.definition)
            and session_kind(application.bodies.provided(marker.callable)) is not None
        ):
            closed[parameter.name] = dependency
    if not closed:
        return
    nested = {
        item.name: {each.id for part in nested_statements(item.body) for each in _names(part)}
        for item in statements(function.definition.body)
        if isinstance(item, model.FunctionDefinition)
    }
    for statement in statements(function.definition.body):
        for call in expressions(statement):
            if not isinstance(call, model.Call):
                continue
            streams = _makes_stream(call, body)
            if streams or _adds_task(call, body):
                used = {name for given in _given(call) for name in _used(given, nested)}
                for name in sorted(used & closed.keys()):
                    yield Late(call, name, closed[name], streams)


def _names(node: model.Statement) -> Iterator[model.Name]:
    return (item for item in _everything(node) if isinstance(item, model.Name))


def _used(given: model.Expression, nested: dict[str, set[str]]) -> Iterator[str]:
    """The names that an argument hands on: itself, those of a generator's call, of a function made here."""
    if isinstance(given, model.Name):
        yield given.id
        yield from nested.get(given.id, ())
    elif isinstance(given, model.Call):
        for item in (given.function, *_given(given)):
            yield from _used(item, nested)
    elif isinstance(given, model.Lambda):
        yield from (
            item.id for item in (given.body, *_everything(given.body)) if isinstance(item, model.Name)
        )


def _adds_task(call: model.Call, body: Body) -> bool:
    function = call.function
    return (
        isinstance(function, model.Attribute)
        and function.name == "add_task"
        and any(_is_a(option, TASKS) for option in options(body.value(function.value)))
    )


def _makes_stream(call: model.Call, body: Body) -> bool:
    meaning = body.call(call)
    return (
        meaning is not None
        and isinstance(meaning.callee, External)
        and library.is_subclass(meaning.callee.name, STREAM)
    )


def _ends_early(application: Application, marker: Marker) -> bool:
    """Whether a dependency ends before the response is sent."""
    scope = marker.keywords.get("scope")
    target = application.target_fastapi
    if isinstance(scope, Literal) and scope.value == "function" and target >= FUNCTION_SCOPE_SINCE:
        return True
    return CLOSED_BEFORE[0] <= target < CLOSED_BEFORE[1]


def _closes(definition: model.FunctionDefinition) -> bool:
    """Whether a generator does anything behind its `yield`."""
    if not definition.is_generator:
        return False
    every: Iterable[model.Statement] = tuple(statements(definition.body))
    last = max(
        (node.line for node in every for item in expressions(node) if isinstance(item, model.Yield)),
        default=0,
    )
    return any(node.line > last or (isinstance(node, model.With) and node.end_line >= last) for node in every)

"""PATCH routes that write what the client didn't send: the defaults of the model.

A dump of the body without `exclude_unset` has a value for every field. It does harm where it is spread into
an update, set attribute by attribute, or handed to a function that does either; so do assignments of single
fields that nothing asks about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    External,
    ExternalMethod,
    Marker,
    Object,
    options,
)
from fastapi_lint.application.schemas import fields, used
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.written import dotted, expressions, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import ClassValue, Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_DUMPS: Final = {"model_dump", "dict"}
_ENCODERS: Final = {"fastapi.encoders.jsonable_encoder", "builtins.dict", "builtins.vars"}
_SELECTS: Final = {"exclude_unset", "exclude_none", "exclude_defaults", "include"}
_UPDATING: Final = {
    "apply", "change", "edit", "merge", "modify", "patch", "save", "set", "update", "updates", "values",
}  # fmt: skip
"""Words in the names of functions that write what they are given into something that exists."""
_LOOKING: Final = {"items", "keys", "copy"}
_DEEPEST: Final = 4
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Overwriting:
    """A PATCH route, the model of its body, and where the default of a field overwrites what is stored.

    `field` is the one that is assigned; empty where the whole model is dumped. `can_add` says whether the
    dump is a call without arguments.
    """

    route: Route
    model: ClassValue
    path: str
    span: Span
    field: str = ""
    can_add: bool = False


def overwriting(application: Application, evaluator: Evaluator) -> Iterator[Overwriting]:
    """The places where PATCH routes write defaults, each once, for the first route that leads there."""
    seen: set[int] = set()
    for route in application.routes:
        if "PATCH" not in route.methods or not used.is_judged(route) or route.handler is None:
            continue
        inputs = application.inputs(route)
        for item in inputs.of(Source.BODY, Source.FORM):
            annotation = item.parameter.annotation
            found = list(used.models_in(annotation, {})) if annotation is not None else []
            cls = found[0] if len(found) == 1 else None
            if cls is None or not fields.is_pydantic(cls):
                continue
            optional = _optional_fields(evaluator, cls)
            if not optional:
                continue
            walk = _Walk(route, cls, optional)
            body = application.body(route.handler)
            is_partial = len(optional) == len(fields.fields_of(evaluator, cls))
            assigned = list(walk.assignments(body, item.name)) if is_partial else []
            for place in (*walk.dumps(body, 0), *(assigned if len(assigned) >= _FEWEST else ())):
                if id(place[0]) not in seen:
                    seen.add(id(place[0]))
                    yield place[1]


def _optional_fields(evaluator: Evaluator, cls: ClassValue) -> set[str]:
    """The fields that a client may leave out; none where there are too few to leave some out."""
    every = fields.fields_of(evaluator, cls)
    found = {
        name
        for name, field in every.items()
        if field.default is not None
        and (
            not isinstance(field.default, Marker)
            or field.default.default is not None
            or not {"default", "default_factory"}.isdisjoint(field.default.keywords)
        )
    }
    return found if len(every) >= _FEWEST else set()


Place = tuple[object, Overwriting]
_Test = Callable[["model.Expression | None"], bool]


class _Walk:
    """Follows the body of one route through what its handler calls."""

    def __init__(self, route: Route, cls: ClassValue, optional: set[str]) -> None:
        self._route = route
        self._cls = cls
        self._optional = optional
        self._visited: set[int] = set()

    def dumps(self, body: Body, depth: int) -> Iterator[Place]:
        """Dumps of the model in a function, and in those that it calls, that are written somewhere."""
        if id(body) in self._visited or depth > _DEEPEST:
            return
        self._visited.add(id(body))
        for meaning in body.calls.values():
            call = meaning.node
            if call is not None and self._is_dump(meaning) and _is_written(body, call, None, 0):
                span = Span(call.line, call.column, call.end_line, call.end_column)
                is_method = isinstance(meaning.callee, ExternalMethod)
                bare = is_method and not call.arguments and not call.keywords
                yield call, Overwriting(self._route, self._cls, body.function.path, span, can_add=bare)
            for inner in meaning.bodies:
                yield from self.dumps(inner, depth + 1)

    def _is_dump(self, meaning: CallMeaning) -> bool:
        if meaning.node is None or any(
            item.name in _SELECTS or item.name is None for item in meaning.node.keywords
        ):
            return False
        callee = meaning.callee
        if isinstance(callee, ExternalMethod):
            is_dump = callee.name in _DUMPS and callee.owner in {fields.MODEL, fields.SQL_MODEL}
            return is_dump and self._is_body(callee.receiver)
        if isinstance(callee, External) and library.canonical(callee.name) in _ENCODERS:
            return len(meaning.arguments) == 1 and self._is_body(meaning.arguments[0])
        return False

    def _is_body(self, value: Value) -> bool:
        return any(
            isinstance(option, Object) and option.cls is self._cls and "<fresh>" not in option.attributes
            for option in options(value)
        )

    def assignments(self, body: Body, name: str) -> Iterator[Place]:
        """Assignments of a field that may be missing: `item.note = payload.note`, with no question before."""
        for statement in _unconditional(body.function.definition.body):
            if not isinstance(statement, model.Assignment) or not isinstance(
                statement.value, model.Attribute
            ):
                continue
            source = statement.value
            target = statement.targets[0]
            if (
                isinstance(source.value, model.Name)
                and source.value.id == name
                and source.name in self._optional
                and isinstance(target, model.Attribute)
                and not (isinstance(target.value, model.Name) and target.value.id == name)
            ):
                span = Span(statement.line, statement.column, statement.end_line, statement.end_column)
                yield (
                    statement,
                    Overwriting(self._route, self._cls, body.function.path, span, field=source.name),
                )


def _unconditional(block: tuple[model.Statement, ...]) -> Iterator[model.Statement]:
    """The statements that run whatever the body of the request holds: none inside of an `if` or a loop."""
    for statement in block:
        yield statement
        if isinstance(statement, (model.With, model.Try)):
            yield from _unconditional(statement.body)


def _is_written(body: Body, dump: model.Expression, parameter: str | None, depth: int) -> bool:
    """Whether a dump, or a parameter that is one, goes into an update in a function; nothing filters it."""
    definition = body.function.definition
    names = {parameter} if parameter is not None else set()
    for statement in statements(definition.body):
        if isinstance(statement, model.Assignment) and statement.value is dump:
            names |= {item.id for item in statement.targets if isinstance(item, model.Name)}

    def is_it(item: model.Expression | None) -> bool:
        return item is dump or (isinstance(item, model.Name) and item.id in names)

    if any(_filters(statement, is_it) for statement in statements(definition.body)):
        return False
    return any(_writes(body, statement, is_it, depth) for statement in statements(definition.body))


def _filters(statement: model.Statement, is_it: _Test) -> bool:
    """Whether a statement leaves entries out of a dump, so that what wasn't sent may be among them."""
    for item in expressions(statement):
        if isinstance(item, model.Comprehension):
            for clause in item.clauses:
                if clause.conditions and _source(clause.iterable, is_it):
                    return True
    return (
        isinstance(statement, model.For)
        and _source(statement.iterable, is_it)
        and any(isinstance(inner, model.If) for inner in statements(statement.body))
    )


def _source(iterable: model.Expression, is_it: _Test) -> bool:
    """Whether what is iterated over is the dump, or `dump.items()`."""
    if is_it(iterable):
        return True
    return (
        isinstance(iterable, model.Call)
        and isinstance(iterable.function, model.Attribute)
        and iterable.function.name in _LOOKING
        and bool(is_it(iterable.function.value))
    )


def _writes(body: Body, statement: model.Statement, is_it: _Test, depth: int) -> bool:
    if isinstance(statement, model.For) and _source(statement.iterable, is_it):
        return any(
            isinstance(item, model.Call) and dotted(item.function) == "setattr"
            for inner in statements(statement.body)
            for item in expressions(inner)
        )
    return any(
        isinstance(item, model.Call) and _hands_on(body, item, is_it, depth)
        for item in expressions(statement)
    )


def _hands_on(body: Body, call: model.Call, is_it: _Test, depth: int) -> bool:
    """Whether a call is given the dump, and updates something with it."""
    given: list[tuple[int | str | None, model.Expression]] = [*enumerate(call.arguments)]
    given += [(item.name, item.value) for item in call.keywords]
    for place, value in given:
        inner = value.values if isinstance(value, model.Mapping) else (value,)
        if not any(is_it(item) for item in inner):
            continue
        meaning = body.call(call)
        if meaning is not None and meaning.bodies:
            if depth < _DEEPEST and any(_takes(item, place, depth) for item in meaning.bodies):
                return True
            continue
        name = dotted(call.function).rpartition(".")[2] or _method(call)
        if not name[:1].isupper() and not _UPDATING.isdisjoint(words_of(name)):
            return True
    return False


def _method(call: model.Call) -> str:
    return call.function.name if isinstance(call.function, model.Attribute) else ""


def _takes(body: Body, place: int | str | None, depth: int) -> bool:
    """Whether a function that is called with a dump in some place writes it."""
    parameters = [item for item in body.function.definition.parameters if item.name not in {"self", "cls"}]
    if isinstance(place, int):
        parameter = parameters[place].name if place < len(parameters) else None
    elif place is None:
        parameter = next((item.name for item in parameters if item.kind == "kwargs"), None)
    else:
        parameter = place
    return parameter is not None and _is_written(body, model.Other(), parameter, depth + 1)

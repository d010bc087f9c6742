"""What of rows is loaded when it is first read: by code, by a schema that is made of them, by the response.

Under an async session that is an error (`MissingGreenlet`), under another one a query for each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    Literal,
    Marker,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.library import mapping
from fastapi_lint.application.written import children, dotted, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.entities import Relationship
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_READERS: Final = frozenset({"model_validate", "from_orm", "validate"})
_ASKING: Final = frozenset(
    {"MissingGreenlet", "unloaded", "awaitable_attrs", "run_sync", "__dict__", "set_committed_value"}
)
"""Names that say that a function knows what is loaded, or loads it itself."""


@dataclass(frozen=True, slots=True)
class Read:
    """A relationship that is loaded when it is read.

    `schema` is the model that reads it, None where the code does; `is_each`: it is loaded for each row of a
    list.
    """

    relationship: Relationship
    schema: ClassValue | None = None
    is_each: bool = False


class Loading:
    """Finds what functions read of rows that isn't loaded yet."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator
        self._known: dict[int, dict[int, Read]] = {}
        self._repeated: dict[int, dict[int, Read]] = {}

    def failing(self, function: Function) -> dict[int, Read]:
        """What an async function reads of rows that an async session loaded, by the expression's identity.

        That is the attribute, the call that makes a schema of the row, or what the handler returns.
        """
        known = self._known.get(id(function))
        if known is None:
            known = self._known[id(function)] = dict(self._failing(function))
        return known

    def repeated(self, function: Function) -> dict[int, Read]:
        """What a schema loads for each row of a list, in a function or in the response, if that is no error.

        By the identity of the call that makes the schema, or of what the handler returns.
        """
        known = self._repeated.get(id(function))
        if known is None:
            known = self._repeated[id(function)] = {
                key: read
                for key, (row, read) in self._by_schemas(function, self._application.body(function)).items()
                if read.is_each
                and not entities.is_loaded_async(row)
                and not _reads(function.definition, read.relationship.name)
            }
        return known

    def _failing(self, function: Function) -> Iterator[tuple[int, Read]]:
        body = self._application.body(function)
        if not function.is_async or not any(map(_is_async_row, body.values)):
            return
        if _asks_what_is_loaded(function.definition):
            return
        taken = _Loaded(body)
        handed = self._handed_in(function)
        seen: set[tuple[str, str]] = set()
        for statement in statements(function.definition.body):
            bound = statement.targets if isinstance(statement, (model.Assignment, model.Delete)) else ()
            for part in expressions(statement):
                if not isinstance(part, model.Attribute) or any(part is target for target in bound):
                    continue
                key = dotted(part.value), part.name
                if _root(part) in handed:
                    continue
                found = self._read(body.value(part.value), part.name)
                if found is None or key in seen or taken.has(found, part.value):
                    continue
                seen.add(key)
                yield id(part), Read(found)
        for key_, (row, read) in self._by_schemas(function, body).items():
            if entities.is_loaded_async(row) and not taken.has(read.relationship, None):
                yield key_, read

    def _handed_in(self, function: Function) -> frozenset[str]:
        """The parameters that other code fills, which may have loaded more of a row."""
        signature = self._application.dependencies.signature(function.value)
        return frozenset(
            item.name
            for item in signature.parameters
            if item.marker is None or item.marker.name not in {"Depends", "Security"}
        )

    def _read(self, owner: Value, name: str) -> Relationship | None:
        """The relationship that is loaded when it is read; None for rows that a relationship led to.

        These may be in the session for another reason, with more than their own statement loaded.
        """
        rows = [row for row in options(owner) if not is_none(row)]
        found = [entities.loads_lazily(self._evaluator, row, name) for row in rows]
        if not found or None in found or not all(map(entities.is_loaded_async, rows)):
            return None
        is_related = any(isinstance(row, Object) and entities.OWNER in row.attributes for row in rows)
        return None if is_related else found[0]

    def _by_schemas(self, function: Function, body: Body) -> dict[int, tuple[Object, Read]]:
        """What schemas read, by the expression that has one made, with one of the rows."""
        if not any(map(_is_row, body.values)):
            return {}
        found: dict[int, tuple[Object, Read]] = {}
        in_loops: set[int] = set()
        for statement in statements(function.definition.body):
            for part in expressions(statement):
                if isinstance(part, model.Comprehension):
                    in_loops |= {id(inner) for inner in expressions(part)}
            if isinstance(statement, model.For):
                in_loops |= {id(part) for inner in statements(statement.body) for part in expressions(inner)}
        for statement in statements(function.definition.body):
            for part in expressions(statement):
                if isinstance(part, model.Call) and part.arguments:
                    schema = _schema_of(body, part)
                    for row in options(body.value(part.arguments[0])) if schema is not None else ():
                        self._note(found, id(part), row, schema, is_each=id(part) in in_loops)
        for route in self._application.routes_of(function):
            answer = response_models.declared(self._application, route)
            item = response_models.item_of_list(self._application, route)
            schema = response_models.schema_class(item if item is not None else answer)
            if schema is None or responses.streams(self._application, route):
                continue
            for statement in statements(function.definition.body):
                if not isinstance(statement, model.Return) or statement.value is None:
                    continue
                for option in options(body.value(statement.value)):
                    is_list = isinstance(option, Collection) and item is not None
                    for row in option.items if isinstance(option, Collection) else (option,):
                        self._note(found, id(statement.value), row, schema, is_each=is_list)
        return found

    def _note(
        self,
        found: dict[int, tuple[Object, Read]],
        key: int,
        row: Value,
        schema: ClassValue | None,
        *,
        is_each: bool,
    ) -> None:
        if schema is None or not isinstance(row, Object) or not entities.is_entity(row.cls):
            return
        for name in _fields(schema):
            relationship = entities.loads_lazily(self._evaluator, row, name)
            if relationship is not None:
                found.setdefault(key, (row, Read(relationship, schema, is_each)))
                return


class _Loaded:
    """What a function may have loaded by other means than the options of the row's own statement."""

    def __init__(self, body: Body) -> None:
        self._texts: set[str] = set()
        self._loads_unknown = False
        self._helped: set[str] = set()
        self._markers: list[Value] = []
        self._entities: list[ClassValue] = []
        self._read_before: list[tuple[Value, ClassValue]] = []
        for meaning in body.calls.values():
            callee = meaning.callee
            is_refresh = isinstance(callee, ExternalMethod) and callee.name == "refresh"
            for value in (*meaning.arguments[1:], *meaning.keywords.values()):
                names = [
                    item.value
                    for option in options(value)
                    for item in (option.items if isinstance(option, Collection) else (option,))
                    if isinstance(item, Literal) and isinstance(item.value, str)
                ]
                self._texts.update(names)
                self._loads_unknown |= is_refresh and not names
            if meaning.node is not None and meaning.functions:
                self._helped |= {
                    part.id
                    for given in children(meaning.node)
                    for part in (given, *expressions(given))
                    if isinstance(part, model.Name)
                }
        for value in body.values:
            for option in options(value):
                if isinstance(option, Object):
                    if isinstance(option.cls, External) and option.cls.name in mapping.RELATIONSHIP_LOADERS:
                        self._markers += option.arguments
                    elif isinstance(option.cls, ClassValue) and entities.OWNER not in option.attributes:
                        self._entities.append(option.cls)
                elif isinstance(option, Collection):
                    self._entities += list(entities.entities_in([option]))

    def has(self, found: Relationship, owner: model.Expression | None) -> bool:
        """Whether the relationship may be loaded already where `owner` is read."""
        if self._loads_unknown or found.name in self._texts:
            return True
        if any(item is found.marker for item in self._markers):
            return True
        if owner is not None and isinstance(owner, model.Name) and owner.id in self._helped:
            return True
        return not found.is_list and (
            found.target is None or any(cls is found.target for cls in self._entities)
        )


def _reads(definition: model.FunctionDefinition, name: str) -> bool:
    """Whether a function reads an attribute of this name itself."""
    return any(
        isinstance(part, model.Attribute) and part.name == name
        for statement in statements(definition.body)
        for part in expressions(statement)
    )


def _root(expression: model.Expression) -> str:
    """The name that `a` is in `a.b.c`; empty for what isn't a name."""
    while isinstance(expression, model.Attribute):
        expression = expression.value
    return expression.id if isinstance(expression, model.Name) else ""


def _is_row(value: Value) -> bool:
    return any(
        isinstance(item, Object) and entities.OPTIONS in item.attributes and entities.is_entity(item.cls)
        for option in options(value)
        for item in (option.items if isinstance(option, Collection) else (option,))
    )


def _is_async_row(value: Value) -> bool:
    return any(
        isinstance(item, Object) and entities.ASYNC in item.attributes and entities.is_entity(item.cls)
        for option in options(value)
        for item in (option.items if isinstance(option, Collection) else (option,))
    )


def _asks_what_is_loaded(definition: model.FunctionDefinition) -> bool:
    return any(
        (isinstance(part, model.Attribute) and part.name in _ASKING)
        or (isinstance(part, model.Name) and part.id in _ASKING)
        for statement in nested_statements(definition.body)
        for part in (
            *expressions(statement),
            *(
                handler.type
                for handler in (statement.handlers if isinstance(statement, model.Try) else ())
                if handler.type is not None
            ),
        )
    )


def _schema_of(body: Body, call: model.Call) -> ClassValue | None:
    """The model that `Model.model_validate(row)` makes."""
    function = call.function
    if not isinstance(function, model.Attribute) or function.name not in _READERS:
        return None
    callee = body.value(function)
    if isinstance(callee, Bound):
        return None  # a function of the project
    return response_models.schema_class(body.value(function.value))


def _fields(schema: ClassValue) -> Iterator[str]:
    """The fields of a model that are read off attributes of the same name."""
    seen: set[str] = set()
    for item in schema.mro():
        if isinstance(item, ClassValue):
            for name in item.annotations:
                default = item.scope.names.get(name)
                is_aliased = isinstance(default, (Marker, Object)) and any(
                    key in default.keywords for key in ("alias", "validation_alias", "exclude")
                )
                if name not in seen and not is_aliased:
                    yield name
                seen.add(name)

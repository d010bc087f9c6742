"""Rows that are stored with a value which must be unique, where nobody handles that it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Dictionary,
    External,
    ExternalMethod,
    FunctionValue,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import called, dotted, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_COLUMNS: Final = frozenset({"Column", "mapped_column", "Field"})
_STORING: Final = frozenset({"commit", "flush"})
_MAKING: Final = frozenset({"model_validate", "from_orm", "parse_obj"})
_ERRORS: Final = frozenset(
    {"IntegrityError", "DatabaseError", "DBAPIError", "SQLAlchemyError", "Exception", "BaseException"}
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that may be there already: its entity, and the column or columns that must be unique."""

    entity: ClassValue
    columns: str


def unhandled(application: Application, function: Function) -> dict[int, Conflict]:
    """The commits and flushes of a function that fail where a unique value is taken, by identity.

    The value comes from the function's parameters; nothing looks for it before, and no `except` on the way
    from the route, no dependency and no exception handler is for the error.
    """
    body = application.body(function)
    if Effect.CREATE not in body.effects:
        return {}
    way = application.way_to(function)
    if way is None or _handles(function.definition):
        return {}
    made = dict(_made(body))
    if not made or any(_looks_up(application.body(step), set(made.values())) for step in way.functions):
        return {}
    added: list[tuple[int, Conflict]] = []
    found: dict[int, Conflict] = {}
    for meaning in sorted(
        body.calls.values(), key=lambda item: item.node.line if item.node is not None else 0
    ):
        callee, node = meaning.callee, meaning.node
        if node is None or not isinstance(callee, ExternalMethod) or session_kind(callee.receiver) is None:
            continue
        if callee.name == "add" and node.arguments:
            given = node.arguments[0]
            conflict = made.get(given.id) if isinstance(given, model.Name) else None
            if conflict is not None:
                added.append((node.line, conflict))
        elif callee.name in _STORING and added and not found:
            found[id(node)] = added[0][1]
    if not found or any(map(_handles, _definitions(application, function))) or _has_handler(application):
        return {}
    return found


def _made(body: Body) -> Iterator[tuple[str, Conflict]]:
    """The names of new rows of entities with unique columns that are given what the function was given."""
    definition = body.function.definition
    parameters = {item.name for item in definition.parameters} - {"self", "cls"}
    for statement in statements(definition.body):
        if not isinstance(statement, model.Assignment) or not isinstance(statement.targets[0], model.Name):
            continue
        call = statement.value
        if not isinstance(call, model.Call):
            continue
        cls = body.value(call.function)
        if isinstance(call.function, model.Attribute) and call.function.name in _MAKING:
            cls = body.value(call.function.value)
        if not isinstance(cls, ClassValue) or not entities.is_entity(cls):
            continue
        for columns in _unique(cls):
            if all(_is_given(call, name, parameters) for name in columns):
                yield statement.targets[0].id, Conflict(cls, ", ".join(columns))
                break


def _is_given(call: model.Call, column: str, parameters: set[str]) -> bool:
    """Whether a column gets what a parameter holds, as it is: no password's hash, no new key."""
    named = next((item.value for item in call.keywords if item.name == column), None)
    if named is not None:
        while isinstance(named, model.Attribute):
            named = named.value
        return isinstance(named, model.Name) and named.id in parameters
    spread = [item.value for item in call.keywords if item.name is None]
    whole = call.arguments[:1] if isinstance(call.function, model.Attribute) else ()
    return any(
        isinstance(part, model.Name) and part.id in parameters
        for given in (*spread, *whole)
        for part in (given, *expressions(given))
    )


def _unique(cls: ClassValue) -> Iterator[tuple[str, ...]]:
    """The columns of a table that must be unique, each alone or several together."""
    for item in cls.mro():
        if not isinstance(item, ClassValue):
            continue
        for statement in item.definition.body:
            if not isinstance(statement, model.Assignment) or not isinstance(
                statement.targets[0], model.Name
            ):
                continue
            name, value = statement.targets[0].id, statement.value
            if value is None:
                continue
            calls = [part for part in (value, *expressions(value)) if isinstance(part, model.Call)]
            if name == "__table_args__":
                for call in calls:
                    if called(call) == "UniqueConstraint":
                        texts = [part.value for part in call.arguments if isinstance(part, model.Constant)]
                        if texts and len(texts) == len(call.arguments):
                            yield tuple(str(text) for text in texts)
            elif any(
                called(call) in _COLUMNS
                and any(
                    given.name == "unique"
                    and isinstance(given.value, model.Constant)
                    and given.value.value is True
                    for given in call.keywords
                )
                for call in calls
            ):
                yield (name,)


def _looks_up(body: Body, wanted: set[Conflict]) -> bool:
    """Whether a function asks for rows of the entity, and so may have refused before."""
    classes = {id(item.entity) for item in wanted}
    return any(
        isinstance(given, ClassValue) and id(given) in classes
        for meaning in body.calls.values()
        if meaning.name.rpartition(".")[2] in {"select", "query", "get", "exists", "merge"}
        for given in meaning.arguments
    ) or any(
        Effect.QUERY in meaning.effects
        and any(
            isinstance(option, ClassValue) and id(option) in classes
            for inner in meaning.bodies
            for value in inner.values
            for option in options(value)
        )
        for meaning in body.calls.values()
    )


def _definitions(application: Application, function: Function) -> Iterator[model.FunctionDefinition]:
    """The functions on the way from the route, and the route's dependencies."""
    way = application.way_to(function)
    if way is None:
        return
    for step in way.functions:
        yield step.definition
    for dependency in way.route.all_dependencies():
        callable_ = unwrapped(dependency.callable)
        if isinstance(callable_, FunctionValue):
            yield callable_.definition


def _handles(definition: model.FunctionDefinition) -> bool:
    """Whether a function has an `except` for errors of the database, or for all."""
    return any(
        handler.type is None
        or not _ERRORS.isdisjoint(
            dotted(part).rpartition(".")[2] for part in (handler.type, *expressions(handler.type))
        )
        for statement in nested_statements(definition.body)
        if isinstance(statement, model.Try)
        for handler in statement.handlers
    )


def _has_handler(application: Application) -> bool:
    """Whether an application answers such errors in one place."""
    for router in application.routers:
        given = router.settings.get("exception_handlers")
        if isinstance(given, Dictionary) and (given.others or not given.complete):
            return True
        if any(_is_for_errors(caught) for caught, _ in router.exception_handlers):
            return True
    return any(
        isinstance(part, model.Name) and part.id == "IntegrityError"
        for module in application.modules.by_path.values()
        for statement in module.facts.body
        if isinstance(statement, model.FunctionDefinition)
        for decorator in statement.decorators
        for part in (decorator, *expressions(decorator))
    )


def _is_for_errors(caught: Value) -> bool:
    return not isinstance(caught, (External, ClassValue)) or caught.name.rpartition(".")[2] in _ERRORS

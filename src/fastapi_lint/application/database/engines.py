"""Engines: where they are made, whether anything keeps them, and what their pools are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import External, FunctionValue, Object, options
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import assigned_values, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

MAKERS: Final = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlalchemy.engine_from_config",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.ext.asyncio.async_engine_from_config",
    }
)
_ENGINES: Final = frozenset({"sqlalchemy.Engine", "sqlalchemy.ext.asyncio.AsyncEngine"})
_DEEPEST: Final = 4


class Engines:
    """Finds the engines that each request makes anew."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._each: set[int] | None = None

    def made_by_requests(self, function: Function) -> frozenset[int]:
        """The calls of a function, by identity, that make an engine that nothing keeps for the next request.

        Engines for an address that is handed to the function, and those that are disposed of, don't count.
        """
        body = self._application.body(function)
        calls = {id(call) for call in _unkept(body, 0)}
        if not calls or function.name == "__init__":
            return frozenset()
        return frozenset(calls) if id(function) in self._for_each_request() else frozenset()

    def _for_each_request(self) -> set[int]:
        """The functions that each request runs, caches and what fills them left out."""
        if self._each is None:
            found: set[int] = set()
            waiting = list(self._starts())
            while waiting:
                function = waiting.pop()
                if id(function) in found or function.is_cached:
                    continue
                found.add(id(function))
                body = self._application.body(function)
                kept = _kept_calls(function.definition)
                waiting += [
                    inner
                    for meaning in body.calls.values()
                    if meaning.node is None or id(meaning.node) not in kept
                    for inner in meaning.functions
                ]
            self._each = found
        return self._each

    def _starts(self) -> Iterator[Function]:
        for route in self._application.routes:
            if route.handler is not None:
                yield route.handler
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                if isinstance(callable_, FunctionValue):
                    yield self._application.function_of(callable_)


def makes_engine(meaning: CallMeaning) -> bool:
    """Whether a call is SQLAlchemy's own that makes an engine."""
    return isinstance(meaning.callee, External) and library.canonical(meaning.callee.name) in MAKERS


def _unkept(body: Body, depth: int) -> Iterator[model.Call]:
    definition = body.function.definition
    making = [
        meaning.node
        for meaning in body.calls.values()
        if meaning.node is not None and (makes_engine(meaning) or _gives_new(meaning, depth))
    ]
    if not making or _disposes(definition):
        return
    kept = _kept_calls(definition)
    parameters = {item.name for item in definition.parameters} - {"self", "cls"}
    for call in making:
        if id(call) not in kept and not _mentions(call, parameters, definition):
            yield call


def _gives_new(meaning: CallMeaning, depth: int) -> bool:
    """Whether a function of the project makes an engine each time and gives it to its caller."""
    if depth >= _DEEPEST or not meaning.bodies or any(item.is_cached for item in meaning.functions):
        return False
    is_engine = any(
        isinstance(option, Object)
        and isinstance(option.cls, External)
        and library.canonical(option.cls.name) in _ENGINES
        for option in options(meaning.result)
    )
    return is_engine and all(any(True for _ in _unkept(inner, depth + 1)) for inner in meaning.bodies)


def _kept_calls(definition: model.FunctionDefinition) -> frozenset[int]:
    """The calls, by identity, whose result something keeps: an object, a container, or a global name."""
    globals_ = {
        name
        for statement in statements(definition.body)
        if isinstance(statement, model.Scope)
        for name in statement.names
    }
    stored: set[str] = set()
    kept: set[int] = set()
    for statement in statements(definition.body):
        if not isinstance(statement, model.Assignment) or statement.value is None:
            continue
        if any(
            isinstance(target, (model.Attribute, model.Subscript))
            or (isinstance(target, model.Name) and target.id in globals_)
            for target in statement.targets
        ):
            inside = (statement.value, *expressions(statement.value))
            kept |= {id(part) for part in inside}
            stored |= {part.id for part in inside if isinstance(part, model.Name)}
    for name, values in assigned_values(definition.body).items():
        if name in stored:
            kept |= {id(part) for value in values for part in (value, *expressions(value))}
    return frozenset(kept)


def _disposes(definition: model.FunctionDefinition) -> bool:
    return any(
        isinstance(part, model.Attribute) and part.name == "dispose"
        for statement in statements(definition.body)
        for part in expressions(statement)
    )


def _mentions(call: model.Call, names: set[str], definition: model.FunctionDefinition) -> bool:
    """Whether a call's arguments come from a parameter, assignments followed."""
    assigned = assigned_values(definition.body)
    waiting = [*call.arguments, *(item.value for item in call.keywords)]
    seen: set[str] = set()
    while waiting:
        given = waiting.pop()
        for part in (given, *expressions(given)):
            if isinstance(part, model.Name) and part.id not in seen:
                if part.id in names:
                    return True
                seen.add(part.id)
                waiting += assigned.get(part.id, ())
    return False

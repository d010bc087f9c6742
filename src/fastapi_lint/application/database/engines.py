"""Engines: where they are made, whether anything keeps them, and what their pools are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import External, FunctionValue, Literal, Object, options
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import (
    assigned_values,
    dotted,
    expressions,
    nested_statements,
    statements,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

MAKERS: Final = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlalchemy.engine_from_config",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.ext.asyncio.async_engine_from_config",
    }
)
_SHORT: Final = frozenset(name.rpartition(".")[2] for name in MAKERS)
_ENGINES: Final = frozenset({"sqlalchemy.Engine", "sqlalchemy.ext.asyncio.AsyncEngine"})
_DEEPEST: Final = 4


class Engines:
    """Finds the engines that each request makes anew."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator
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

    def without_pool_settings(self) -> Iterator[tuple[Module, model.Call]]:
        """The engines that are made without a word about their pool, in the order of files and lines."""
        return without_pool_settings(self._application, self._evaluator)

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


_SETTINGS: Final = frozenset(
    {
        "pool_size",
        "max_overflow",
        "pool_recycle",
        "pool_pre_ping",
        "pool_timeout",
        "poolclass",
        "pool",
        "creator",
    }
)
_FILES: Final = ("sqlite", "duckdb")


def without_pool_settings(
    application: Application, evaluator: Evaluator
) -> Iterator[tuple[Module, model.Call]]:
    """The engines that are made without a word about their pool, in the order of files and lines.

    Databases in files have no server that connections are scarce at, and an engine of one use has no need of
    a pool. What is passed on by `**` isn't known.
    """
    for _, module in sorted(application.modules.by_path.items()):
        if module.roles & {"test", "migration", "script", "example"}:
            continue
        used_once = _of_one_use(module)
        for statement in nested_statements(module.facts.body):
            for call in expressions(statement):
                if (
                    not isinstance(call, model.Call)
                    or id(call) in used_once
                    or dotted(call.function).rpartition(".")[2] not in _SHORT
                ):
                    continue
                callee = evaluator.evaluate(call.function, Frame(evaluator.scope_of(module)))
                is_maker = isinstance(callee, External) and library.canonical(callee.name) in MAKERS
                names = {item.name for item in call.keywords}
                if not is_maker or None in names or names & _SETTINGS or _is_file(call, module, evaluator):
                    continue
                yield module, call


def _of_one_use(module: Module) -> frozenset[int]:
    """The expressions, by identity, of functions that neither keep nor give away what comes of them."""
    return frozenset(
        identity
        for statement in nested_statements(module.facts.body)
        if isinstance(statement, model.FunctionDefinition)
        for identity in _local_to(statement)
    )


def _local_to(definition: model.FunctionDefinition) -> frozenset[int]:
    every = [part for statement in statements(definition.body) for part in expressions(statement)]
    if _disposes(definition):
        return frozenset(map(id, every))
    given = [
        part
        for statement in statements(definition.body)
        for outer in (
            (statement,)
            if isinstance(statement, model.Return)
            else [item for item in expressions(statement) if isinstance(item, model.Yield)]
        )
        for part in expressions(outer)
    ]
    names = {part.id for part in given if isinstance(part, model.Name)}
    kept = {*_kept_calls(definition), *map(id, given)}
    for name, values in assigned_values(definition.body).items():
        if name in names:
            kept |= {id(part) for value in values for part in (value, *expressions(value))}
    return frozenset(map(id, every)) - kept


def _is_file(call: model.Call, module: Module, evaluator: Evaluator) -> bool:
    """Whether an engine's address is that of a file, or may be one by its name."""
    first = call.arguments[0] if call.arguments else next((item.value for item in call.keywords), None)
    if first is None:
        return True
    value = evaluator.evaluate(first, Frame(evaluator.scope_of(module)))
    known = [option.value for option in options(value) if isinstance(option, Literal)]
    known += [part.value for part in (first, *expressions(first)) if isinstance(part, model.Constant)]
    return any(
        isinstance(text, str) and (text.startswith(_FILES) or text == "check_same_thread")
        for text in (*known, *_texts(call))
    ) or any("sqlite" in dotted(part).lower() for part in (first, *expressions(first)))


def _texts(call: model.Call) -> Iterator[object]:
    for item in call.keywords:
        for part in (item.value, *expressions(item.value)):
            if isinstance(part, model.Constant):
                yield part.value

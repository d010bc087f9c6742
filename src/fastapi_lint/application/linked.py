"""The linked application: all facts in, one model out that rules ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import calling
from fastapi_lint.application.bodies import Bodies, Body
from fastapi_lint.application.dependencies import Dependencies, unwrapped
from fastapi_lint.application.evaluation import STATEMENT_BUDGET, Evaluator
from fastapi_lint.application.frames import CallSite, Frame
from fastapi_lint.application.functions import Function, Functions
from fastapi_lint.application.modules import Module, Modules
from fastapi_lint.application.routes import Route, RouteTable
from fastapi_lint.application.routing import Router
from fastapi_lint.application.values import Bound, ClassValue, FunctionValue, Object, Scope
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fastapi_lint.facts.model import ModuleFacts

NEWEST: tuple[int, ...] = (0, 165, 0)
LIVE_ROUTERS_SINCE = (0, 137)
"""From this FastAPI on, what is added to a router after it was included is served too."""


def link(
    facts: Iterable[ModuleFacts],
    *,
    source_roots: tuple[str, ...] = (),
    target_fastapi: tuple[int, ...] | None = None,
    roles: Callable[[str], frozenset[str]] | None = None,
) -> Application:
    """Link the facts of a project's files. The order in which they come makes no difference.

    `source_roots` are directories, relative to the project's root, that imports are looked up in first. `roles` says what a path is for.
    """
    modules = Modules(facts, source_roots)
    if roles is not None:
        for module in modules.by_path.values():
            module.roles = roles(module.path)
    return Application(modules, target_fastapi or NEWEST)


class Application:
    """What FastAPI would make of a project. Everything is worked out when it is first asked for, and then kept."""

    def __init__(self, modules: Modules, target_fastapi: tuple[int, ...]) -> None:
        self.modules = modules
        self.target_fastapi = target_fastapi
        self._evaluator = Evaluator(modules)
        self._functions = Functions()
        for module in modules.by_path.values():
            self._evaluator.scope_of(module)
        self._run_factories()
        self.dependencies = Dependencies(self._evaluator)
        self.bodies = Bodies(self._evaluator, self._functions, self.dependencies)
        self._reached: dict[str, list[Function]] | None = None
        self.table = RouteTable(
            self._evaluator, self.dependencies, self._functions, live=target_fastapi >= LIVE_ROUTERS_SINCE
        )
        self.routes: tuple[Route, ...] = self.table.build()
        self._routes_of: dict[int, list[Route]] = {}
        for route in self.routes:
            if route.handler is not None:
                self._routes_of.setdefault(id(route.handler), []).append(route)

    def module(self, path: str) -> Module | None:
        """The module in a file, by its path relative to the project's root."""
        return self.modules.by_path.get(path)

    def routes_of(self, function: Function) -> tuple[Route, ...]:
        """The routes that a function serves; none for a dependency or a helper."""
        return tuple(self._routes_of.get(id(function), ()))

    def body(self, function: Function) -> Body:
        """What a function does, as FastAPI or its callers call it."""
        return self.bodies.of(function)

    def functions_in(self, path: str) -> tuple[Function, ...]:
        """The functions of a file that requests run: handlers, dependencies and whatever these call, by line."""
        if self._reached is None:
            self._reached = {}
            for function in self._reach():
                self._reached.setdefault(function.path, []).append(function)
            for functions in self._reached.values():
                functions.sort(key=lambda function: function.line)
        return tuple(self._reached.get(path, ()))

    def _reach(self) -> list[Function]:
        waiting = [route.handler for route in self.routes if route.handler is not None]
        for route in self.routes:
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                if isinstance(callable_, FunctionValue):
                    waiting.append(self._functions.of(callable_))
        found: dict[int, Function] = {}
        while waiting:
            function = waiting.pop()
            if id(function) not in found:
                found[id(function)] = function
                waiting += self.bodies.of(function).callees
        return list(found.values())

    def _run_factories(self) -> None:
        """Call what makes applications and routers, and nothing in the project calls: a server or a test would."""
        for module in self.modules.by_path.values():
            scope = self._evaluator.scopes[module.path]
            for function, receiver in _functions_of(scope):
                definition = function.definition
                if id(definition) in self._evaluator.entered or not _makes_routers(definition, scope, self._evaluator):
                    continue
                before = len(self._evaluator.routers)
                self._evaluator.statements_left = STATEMENT_BUDGET
                callee = function if receiver is None else Bound(function, receiver)
                calling.call(self._evaluator, CallSite(callee, [], {}, None, Frame(scope)))
                for router in self._evaluator.routers[before:]:
                    router.maker = router.maker or f"{module.name}:{function.qualname}"


def _functions_of(scope: Scope) -> Iterator[tuple[FunctionValue, Object | ClassValue | None]]:
    """The functions and methods that a module defines, methods with an object to call them on."""
    for value in list(scope.names.values()):
        if isinstance(value, FunctionValue) and value.module is scope.module:
            yield value, None
        elif isinstance(value, ClassValue) and value.module is scope.module:
            for method in list(value.scope.names.values()):
                if isinstance(method, FunctionValue) and method.module is scope.module:
                    yield method, None if method.kind == "static" else value if method.kind == "class" else Object(value)


def _makes_routers(definition: model.FunctionDefinition, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a body, as written, constructs an application or router, or registers routes on one."""
    return any(_is_maker(call, scope, evaluator) for call in _calls(definition.body))


def _is_maker(call: model.Call, scope: Scope, evaluator: Evaluator) -> bool:
    from fastapi_lint.application import library, routing  # noqa: PLC0415
    from fastapi_lint.application.values import External  # noqa: PLC0415

    if isinstance(call.function, model.Attribute) and call.function.name in {"include_router", "add_api_route"}:
        return True
    if not isinstance(call.function, (model.Name, model.Attribute)):
        return False
    value = evaluator.evaluate(call.function, Frame(scope))
    if isinstance(value, ClassValue):
        return routing.router_kind(value) is not None
    return isinstance(value, External) and (
        value.name in (routing.APP, routing.ROUTER)
        or any(library.is_subclass(value.name, kind) for kind in (routing.APP, routing.ROUTER))
    )


def _calls(body: Iterable[model.Statement]) -> Iterator[model.Call]:
    """The calls that the statements of a body make directly, without those in nested functions' bodies."""
    for statement in body:
        if isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Call):
            yield statement.value
        elif isinstance(statement, (model.Assignment, model.Return)) and isinstance(statement.value, model.Call):
            yield statement.value
        elif isinstance(statement, (model.If, model.For, model.While)):
            yield from _calls(statement.body)
            yield from _calls(statement.orelse)
        elif isinstance(statement, model.With):
            yield from _calls(statement.body)
        elif isinstance(statement, model.Try):
            for block in (statement.body, *(handler.body for handler in statement.handlers), statement.orelse, statement.finalbody):
                yield from _calls(block)


__all__ = ["Application", "Function", "Router", "link"]

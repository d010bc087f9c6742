"""The linked application: all facts in, one model out that rules ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.application.answers.creation import Creations
from fastapi_lint.application.answers.http_errors import Layers
from fastapi_lint.application.answers.raising import Raising
from fastapi_lint.application.answers.swallowing import swallowed
from fastapi_lint.application.answers.writes import Writes
from fastapi_lint.application.blocking import outside_of_routes
from fastapi_lint.application.bodies import Bodies
from fastapi_lint.application.database.engines import Engines
from fastapi_lint.application.database.expiring import expires_rows
from fastapi_lint.application.database.foreign_keys import unindexed
from fastapi_lint.application.database.loading import Loading
from fastapi_lint.application.database.repeated_queries import RepeatedQueries
from fastapi_lint.application.database.sessions import Sessions
from fastapi_lint.application.database.soft_deletes import SoftDeletes
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.interpreter import Evaluator
from fastapi_lint.application.evaluation.values import ClassValue, FunctionValue
from fastapi_lint.application.functions import Functions
from fastapi_lint.application.modules import Modules
from fastapi_lint.application.reaching import ways
from fastapi_lint.application.requested import requested
from fastapi_lint.application.schemas import versions
from fastapi_lint.application.schemas.questions import Schemas
from fastapi_lint.application.security.guards import Guards
from fastapi_lint.application.security.query_secrets import secrets_in_query
from fastapi_lint.application.security.refusals import Refusals
from fastapi_lint.application.security.secrets import Secrets
from fastapi_lint.application.stated import Stated, outside_sessions
from fastapi_lint.application.taint.travels import Aim, Travels
from fastapi_lint.application.wiring.asked import asked
from fastapi_lint.application.wiring.decorators import Decorators
from fastapi_lint.application.wiring.dependencies import Dependencies, unwrapped
from fastapi_lint.application.wiring.factories import run_factories, starts_application
from fastapi_lint.application.wiring.idle import idle
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.parameters import inputs_of_route
from fastapi_lint.application.wiring.provisions import may_provide
from fastapi_lint.application.wiring.routes import RouteTable
from fastapi_lint.application.wiring.shadowing import rearranges_routes, shadows
from fastapi_lint.application.wiring.unincluded import never_included
from fastapi_lint.application.wiring.unintended import bodies_without_marker, read_signatures
from fastapi_lint.application.wiring.unresolved import unresolved
from fastapi_lint.config import Settings
from fastapi_lint.facts.model import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi_lint.application.answers.swallowing import Swallowed
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.database.foreign_keys import ForeignKey
    from fastapi_lint.application.database.repeated_queries import RepeatedQuery
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.reaching import Way
    from fastapi_lint.application.requested import Requested
    from fastapi_lint.application.taint.travels import Arrival
    from fastapi_lint.application.wiring.asked import Asked
    from fastapi_lint.application.wiring.idle import Idle
    from fastapi_lint.application.wiring.parameters import Input, Inputs
    from fastapi_lint.application.wiring.provisions import Provision
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.application.wiring.routing import Router
    from fastapi_lint.application.wiring.shadowing import Shadow
    from fastapi_lint.application.wiring.unresolved import Unresolved
    from fastapi_lint.facts.model import ModuleFacts

NEWEST: tuple[int, ...] = (0, 165, 0)
LIVE_ROUTERS_SINCE = (0, 137)
"""From this FastAPI on, what is added to a router after it was included is served too."""


def link(
    facts: Iterable[ModuleFacts],
    *,
    source_roots: tuple[str, ...] = (),
    target_fastapi: tuple[int, ...] | None = None,
    target_pydantic: tuple[int, ...] | None = None,
    roles: Callable[[str], frozenset[str]] | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> Application:
    """Link the facts of a project's files. The order in which they come makes no difference.

    `source_roots` are directories, relative to the project's root, that imports are looked up in first.
    `roles` says what a path is for, `settings` what the user says about the application.
    """
    modules = Modules(facts, source_roots)
    if roles is not None:
        for module in modules.by_path.values():
            module.roles = roles(module.path)
    return Application(
        modules,
        target_fastapi or NEWEST,
        settings,
        target_pydantic=target_pydantic or versions.written_for(modules.by_path.values()),
    )


class Application:
    """What FastAPI would make of a project. What takes long is worked out when it is first asked for."""

    def __init__(
        self,
        modules: Modules,
        target_fastapi: tuple[int, ...],
        settings: Settings,
        *,
        target_pydantic: tuple[int, ...] = versions.NEWEST,
    ) -> None:
        self.modules = modules
        self.settings = settings
        self.target_fastapi = target_fastapi
        self.target_pydantic = target_pydantic
        self._evaluator = Evaluator(modules, outside_sessions(settings))
        self._functions = Functions()
        for module in sorted(modules.by_path.values(), key=lambda module: not starts_application(module)):
            self._evaluator.scope_of(module)
        self.stated = Stated(settings, self._evaluator)
        run_factories(self._evaluator, modules.by_path.values())
        self.dependencies = Dependencies(self._evaluator)
        self.decorators = Decorators(self._evaluator)
        self.bodies = Bodies(self._evaluator, self._functions, self.dependencies, self.stated)
        self._reached: dict[str, list[Function]] | None = None
        self.table = RouteTable(
            self._evaluator, self.dependencies, self._functions, live=target_fastapi >= LIVE_ROUTERS_SINCE
        )
        self.routes: tuple[Route, ...] = self.table.build()
        self.bodies.served = self._read_signatures
        self.sessions = Sessions(self.routes, self.bodies, self._functions, self._evaluator)
        self.refusals = Refusals(self)
        self.guards = Guards(self.bodies, self.stated)
        self.creations = Creations()
        self.raising = Raising()
        self._swallowed: dict[int, tuple[Swallowed, ...]] = {}
        self.writes = Writes()
        self._repeated: dict[int, dict[int, RepeatedQuery]] = {}
        self.secrets = Secrets(self, self._evaluator)
        self._inputs: dict[int, Inputs] = {}
        self._routes_of: dict[int, list[Route]] = {}
        for route in self.routes:
            if route.handler is not None:
                self._routes_of.setdefault(id(route.handler), []).append(route)

    @property
    def routers(self) -> tuple[Router, ...]:
        """Every application and router that the project makes, in the order of their making."""
        return tuple(self._evaluator.routers)

    def module(self, path: str) -> Module | None:
        """The module in a file, by its path relative to the project's root."""
        return self.modules.by_path.get(path)

    def is_test(self, path: str) -> bool:
        """Whether a file is one of the project's tests."""
        module = self.module(path)
        return module is not None and "test" in module.roles

    @cached_property
    def shadows(self) -> tuple[Shadow, ...]:
        """The routes that no request reaches, since others are registered before them."""
        found = tuple(shadows(self.table.served))
        return () if found and rearranges_routes(self.modules.by_path.values()) else found

    @cached_property
    def bodies_without_marker(self) -> dict[int, dict[str, tuple[Route, Input]]]:
        """Parameters that become a body of GET and HEAD although nothing says so, by definition."""
        return bodies_without_marker(self)

    @cached_property
    def secrets_in_query(self) -> dict[int, dict[str, tuple[Route, str]]]:
        """Parameters that take passwords, keys and tokens from the query, by definition."""
        return secrets_in_query(self)

    def has_marked_defaults(self, function: Function) -> bool:
        """Whether FastAPI reads a function's signature, and a default value in it is a marker's call."""
        is_read = id(function.definition) in self._read_signatures
        return is_read and any(
            isinstance(parameter.default, Call) for parameter in function.definition.parameters
        )

    def path_of(self, callable_: Value) -> str | None:
        """The file of a function of the project that is called; None for all else."""
        value = unwrapped(callable_)
        return value.module.path if isinstance(value, FunctionValue) else None

    @cached_property
    def _read_signatures(self) -> frozenset[int]:
        return read_signatures(self.routes)

    @cached_property
    def idle_dependencies(self) -> dict[int, list[Idle]]:
        """What is written as a dependency but never runs, by definition."""
        return idle(self, self._evaluator)

    def inputs(self, route: Route) -> Inputs:
        """The parameters of a route's handler and dependencies, and where each takes its value from."""
        known = self._inputs.get(id(route))
        if known is None:
            names = parse(route.path_inside).names
            known = self._inputs[id(route)] = inputs_of_route(route, self.dependencies, names)
        return known

    @cached_property
    def asked(self) -> dict[int, Asked]:
        """The functions whose parameters FastAPI fills, by the identity of their definitions."""
        return asked(self)

    @cached_property
    def schemas(self) -> Schemas:
        """What knows the models and parameters of requests and responses."""
        return Schemas(self, self._evaluator)

    @cached_property
    def requested(self) -> Requested:
        """What the project's tests request."""
        return requested(self, self._evaluator)

    @cached_property
    def layers(self) -> Layers:
        """Which modules are about HTTP, and which are called by these."""
        return Layers(self)

    @cached_property
    def provisions(self) -> frozenset[Provision]:
        """What the project may provide for every request, by the words in its code."""
        return may_provide(self.modules.by_path.values())

    @cached_property
    def never_included(self) -> tuple[Router, ...]:
        """The routers with routes that no application or router of the project includes."""
        return tuple(never_included(self, self._evaluator.scopes))

    def unresolved(self) -> tuple[Unresolved, ...]:
        """What could not be resolved, so that rules are silent on it, by file and line."""
        return unresolved(self, self._evaluator.scopes, self._evaluator.routers)

    def routes_of(self, function: Function) -> tuple[Route, ...]:
        """The routes that a function serves; none for a dependency or a helper."""
        return tuple(self._routes_of.get(id(function), ()))

    def way_to(self, function: Function) -> Way | None:
        """How requests come to a function; None where no route leads to it."""
        return self._ways.get(id(function))

    @cached_property
    def _ways(self) -> dict[int, Way]:
        return ways(self)

    def function_of(self, value: FunctionValue) -> Function:
        """The one function of a definition."""
        return self._functions.of(value)

    def repeated_queries(self, function: Function) -> dict[int, RepeatedQuery]:
        """The queries that a function sends in loops, by the identity of the expressions that send them."""
        known = self._repeated.get(id(function))
        if known is None:
            body = self.body(function)
            known = RepeatedQueries(function, body, self.dependencies, self._evaluator).found()
            self._repeated[id(function)] = known
        return known

    @cached_property
    def loading(self) -> Loading:
        """What functions read of rows before it is loaded."""
        return Loading(self, self._evaluator)

    @cached_property
    def expires_rows(self) -> bool:
        """Whether the project's async sessions expire their rows when they commit."""
        return expires_rows(self.modules.by_path.values())

    @cached_property
    def soft_deletes(self) -> SoftDeletes:
        """Which rows are deleted for good that the project marks as deleted elsewhere."""
        return SoftDeletes(self)

    @cached_property
    def unindexed_foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys that no index begins with."""
        return tuple(unindexed(self, self._evaluator))

    @cached_property
    def engines(self) -> Engines:
        """Which engines requests make."""
        return Engines(self, self._evaluator)

    def swallowed(self, function: Function) -> tuple[Swallowed, ...]:
        """The HTTP exceptions that a function which requests run keeps from the client."""
        known = self._swallowed.get(id(function))
        if known is None:
            found: tuple[Swallowed, ...] = ()
            if self.way_to(function) is not None:
                is_handler = bool(self.routes_of(function))
                found = tuple(swallowed(self.body(function), self.raising, is_handler=is_handler))
            known = self._swallowed[id(function)] = found
        return known

    def body(self, function: Function) -> Body:
        """What a function does, as FastAPI or its callers call it.

        Who asks first makes no difference: whatever calls it has been followed before.
        """
        if self._reached is None and not self.bodies.is_reaching:
            self.functions_in(function.path)
        return self.bodies.of(function)

    def arrivals(self, kind: str) -> tuple[Arrival, ...]:
        """What clients send that comes to calls which do what it says; see `Arrival.kind`."""
        return tuple(arrival for arrival in self._arrivals if arrival.kind == kind)

    @cached_property
    def leaks(self) -> tuple[Arrival, ...]:
        """What clients are told of exceptions that may be any, or that tell of the database."""
        return Travels(self, self._evaluator, Aim.FAILURES).leaks()

    @cached_property
    def logged_secrets(self) -> tuple[Arrival, ...]:
        """The secrets of requests and settings that come to a log."""
        return Travels(self, self._evaluator, Aim.SECRETS).logged()

    @cached_property
    def _arrivals(self) -> tuple[Arrival, ...]:
        return Travels(self, self._evaluator).arrivals()

    def functions_in(self, path: str) -> tuple[Function, ...]:
        """The functions of a file that requests run, by line: handlers, dependencies, what these call."""
        if self._reached is None:
            self._reached = {}
            self.bodies.is_reaching = True
            reached = self._reach()
            self.bodies.is_reaching = False
            for function in reached:
                self._reached.setdefault(function.path, []).append(function)
            for functions in self._reached.values():
                functions.sort(key=lambda function: function.line)
        return tuple(self._reached.get(path, ()))

    def _reach(self) -> list[Function]:
        waiting = [route.handler for route in self.routes if route.handler is not None]
        for route in self.routes:
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                if isinstance(callable_, ClassValue):
                    found_init = attributes.find(callable_, "__init__")
                    callable_ = found_init[1] if isinstance(found_init, tuple) else callable_
                if isinstance(callable_, FunctionValue):
                    waiting.append(self._functions.of(callable_))
        instances = [unwrapped(each.callable) for route in self.routes for each in route.all_dependencies()]
        for value, receiver in outside_of_routes(self._evaluator.routers, instances):
            self.bodies.called(
                value, receiver, CallSite(value, [], {}, None, Frame(value.scope), complete=False)
            )
            waiting.append(self._functions.of(value))
        found: dict[int, Function] = {}
        while waiting:
            function = waiting.pop()
            if id(function) not in found:
                found[id(function)] = function
                waiting += self.bodies.of(function).callees
        return list(found.values())


__all__ = ["Application", "link"]

"""Path parameters: which of those that a path declares reach the handler or one of its dependencies.

A parameter arrives by its name, by an alias of `Path()`, as a field of a model, or by hand, through
`request.path_params`. Whatever in the tree of dependencies can't be known may take it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Object,
    Partial,
    is_none,
    options,
)
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.middleware import layers
from fastapi_lint.application.wiring.parameters import Source, is_connection
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.application.written import expressions, nested_statements, remembered
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input, Inputs
    from fastapi_lint.application.wiring.routes import Prefix, Route

_ROUTE_CLASSES = {"fastapi.routing.APIRoute", "fastapi.APIRoute"}
_RAW = {"path_params", "scope", "url"}
"""Attributes of a request that hold the values of path parameters."""


class Why(Enum):
    """What is wrong with a parameter of a path."""

    NOT_RECEIVED = "nothing takes it"
    VARIADIC = "the handler has `*args` or `**kwargs` for it, which are query parameters to FastAPI"
    POSITIONAL_ONLY = "it is taken before `/`, and FastAPI passes keywords"
    OTHER_NAME = "`Path()` asks for a name that the path doesn't have"


@dataclass(frozen=True, slots=True)
class Lost:
    """A path parameter of a route that doesn't arrive; `parameters` of the signature tell why."""

    route: Route
    name: str
    why: Why
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LostPrefix:
    """A parameter of a router's or an include's prefix that none of its routes receives."""

    name: str
    prefix: Prefix
    routes: tuple[Route, ...]


@dataclass(eq=False, slots=True)
class _Shared:
    """What becomes of one parameter of a prefix in the routes below it."""

    prefix: Prefix
    lost: list[Lost] = field(default_factory=list)
    is_received: bool = False
    is_known: bool = True


def lost(application: Application) -> tuple[list[Lost], list[LostPrefix]]:
    """Find the path parameters of routes that don't arrive, and those of prefixes that no route receives.

    What is meant to be ignored is left out: `{rest:path}`, and names that begin with an underscore.
    """
    found: list[Lost] = []
    shared: dict[tuple[int, str], _Shared] = {}
    readers = _Readers(application)
    for route in application.routes:
        pattern = parse(route.path_inside)
        inputs = application.inputs(route)
        misnamed = list(_misnamed(route, inputs))
        found += misnamed
        arriving = _arriving(route, inputs, readers)
        for placeholder in pattern.placeholders:
            name = placeholder.name
            positional = _positional(inputs, name)
            if positional is not None:
                found.append(Lost(route, name, Why.POSITIONAL_ONLY, (positional.name,)))
                continue
            prefix = _prefix_with(route, name)
            group = None
            if prefix is not None:
                group = shared.setdefault((id(prefix.origin), name), _Shared(prefix))
            if arriving is None or misnamed:
                if group is not None:
                    group.is_known = False
            elif name in arriving or placeholder.converter == "path" or name.startswith("_"):
                if group is not None:
                    group.is_received = True
            else:
                (found if group is None else group.lost).append(_unreceived(route, name, inputs))
    whole = []
    for (_, name), group in shared.items():
        if group.is_received:
            found += group.lost
        elif group.is_known:
            whole.append(LostPrefix(name, group.prefix, tuple(loss.route for loss in group.lost)))
    return found, whole


def _prefix_with(route: Route, name: str) -> Prefix | None:
    """The prefix that declares a placeholder, where the route's own path doesn't."""
    return next(
        (
            prefix
            for prefix in reversed(route.prefixes)
            if not prefix.is_mount and name in parse(prefix.text).names
        ),
        None,
    )


def _unreceived(route: Route, name: str, inputs: Inputs) -> Lost:
    variadic = tuple(
        ("*" if item.parameter.kind == "args" else "**") + item.name
        for item in inputs.all
        if item.owner is route.registration.endpoint and item.parameter.kind in {"args", "kwargs"}
    )
    return Lost(route, name, Why.VARIADIC if variadic else Why.NOT_RECEIVED, variadic)


def _positional(inputs: Inputs, name: str) -> Input | None:
    return next(
        (
            item
            for item in inputs.of(Source.PATH)
            if item.parameter.kind == "positional" and item.names == frozenset({name})
        ),
        None,
    )


def _misnamed(route: Route, inputs: Inputs) -> Iterable[Lost]:
    """The parameters that `Path()` asks for and that no path of the application can give."""
    if route.routers[0].kind != APP:
        return  # whoever includes the router may give it a prefix with that name
    names = parse(route.path).names
    for item in inputs.of(Source.PATH):
        if item.is_marked and item.names is not None and item.is_required and names.isdisjoint(item.names):
            yield Lost(route, min(item.names), Why.OTHER_NAME, (item.name,))


def _arriving(route: Route, inputs: Inputs, readers: _Readers) -> frozenset[str] | None:
    """The names of path parameters that something takes; None where that can't be told."""
    taken = [item.names for item in inputs.of(Source.PATH)]
    if (
        not inputs.complete
        or None in taken
        or route.routers[0].kind != APP
        or any(item.source is Source.SPECIAL and readers.may_read(route, item) for item in inputs.all)
        or _is_read_elsewhere(route)
    ):
        return None
    return frozenset(name for names in taken for name in names or ())


class _Readers:
    """Says whether a callable that takes the request may read path parameters from it."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._known: dict[int, bool] = {}

    def may_read(self, route: Route, item: Input) -> bool:
        """Whether a parameter is a request from which its callable may read what the path holds.

        A handler may also look at the URL, or hand the request on to anybody. Dependencies, which many
        routes share, do so all the time, and are followed: it takes `path_params` to get at a parameter.
        """
        if not is_connection(item.parameter.annotation):
            return False
        functions = list(_functions(item.owner))
        if item.owner is route.registration.endpoint:
            return not functions or any(_uses_raw(function.definition, item.name) for function in functions)
        return not functions or any(map(self._reads, functions))

    def _reads(self, value: FunctionValue) -> bool:
        first = self._application.function_of(value)
        known = self._known.get(id(first))
        if known is None:
            waiting, seen = [first], {id(first)}
            known = False
            while waiting and not known:
                function = waiting.pop()
                known = _mentions_path(function.value)
                callees = [item for item in self._application.body(function).callees if id(item) not in seen]
                seen.update(map(id, callees))
                waiting += callees
            self._known[id(first)] = known
        return known


def _functions(value: Value) -> Iterable[FunctionValue]:
    """The functions that run when a value is called, wrappers and what they wrap."""
    if isinstance(value, (Partial, Bound)):
        yield from _functions(value.function)
    elif isinstance(value, FunctionValue):
        yield value
        if value.wraps is not None:
            yield from _functions(value.wraps)
    elif isinstance(value, (ClassValue, Object)):
        cls, method = (value, "__init__") if isinstance(value, ClassValue) else (value.cls, "__call__")
        found = attributes.find(cls, method) if isinstance(cls, ClassValue) else None
        if isinstance(found, tuple):
            yield from _functions(found[1])


def _uses_raw(definition: model.FunctionDefinition, name: str) -> bool:
    """Whether a function reads what a request knows of its path, or gives the request to somebody else."""
    read: set[int] = set()
    for statement in nested_statements(definition.body):
        for node in expressions(statement):
            if isinstance(node, model.Attribute) and node.value == model.Name(name):
                if node.name in _RAW:
                    return True
                read.add(id(node.value))
    return any(
        isinstance(node, model.Name) and node.id == name and id(node) not in read
        for statement in nested_statements(definition.body)
        for node in expressions(statement)
    )


def _is_read_elsewhere(route: Route) -> bool:
    """Whether middleware or the route's class may read path parameters."""
    router = route.routers[-1]
    given = route.keywords.get("route_class_override") or router.settings.get("route_class")
    if given is not None and not is_none(given):
        is_usual = isinstance(given, External) and given.name in _ROUTE_CLASSES
        if not (is_usual or (isinstance(given, ClassValue) and not _mentions_path(given))):
            return True
    return any(
        _mentions_path(option)
        for outer in route.routers
        for layer in layers(outer)
        for option in options(layer.value)
    )


def _mentions_path(value: Value) -> bool:
    """Whether the code of a function or a class of the project names `path_params`."""
    return isinstance(value, (FunctionValue, ClassValue)) and _names_path(value.definition.body)


@remembered
def _names_path(body: tuple[model.Statement, ...]) -> bool:
    return any(
        (isinstance(node, model.Attribute) and node.name == "path_params")
        or (isinstance(node, model.Constant) and node.value == "path_params")
        for statement in nested_statements(body)
        for node in expressions(statement)
    )

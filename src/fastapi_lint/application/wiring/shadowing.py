"""Routes that no request reaches, since what is registered before them answers all of theirs.

Requests go to the first route, in registration order after includes, whose pattern and methods match; a
mount answers everything below its path. Annotations play no part in it, converters do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, External, is_none
from fastapi_lint.application.wiring.matching import covers, parse
from fastapi_lint.application.wiring.routes import MountPoint, Route
from fastapi_lint.application.written import dotted, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.matching import PathPattern

_REARRANGING = {"clear", "insert", "pop", "remove", "reverse", "sort"}
_ROUTE_CLASSES = {"fastapi.routing.APIRoute", "fastapi.APIRoute"}


@dataclass(frozen=True, slots=True)
class Shadow:
    """`route` gets no request of these `methods` (none for a websocket): `by` answers them.

    `is_same`: the two patterns match exactly the same paths.
    """

    route: Route
    methods: tuple[str, ...]
    by: Route | MountPoint
    is_same: bool


@dataclass(eq=False, slots=True)
class _Entry:
    """What is registered at a place of the order."""

    order: int
    item: Route | MountPoint
    pattern: PathPattern


def shadows(served: Iterable[Route | MountPoint]) -> Iterator[Shadow]:
    """Find what is never reached, in the order of registration.

    Silent about what only the running program decides: registered under conditions, with converters of the
    project, or with route classes that match requests in their own way.
    """
    groups: dict[int, list[Route | MountPoint]] = {}
    for item in served:
        groups.setdefault(id(item.routers[0]), []).append(item)
    for group in groups.values():
        yield from _in_order(group)


def rearranges_routes(modules: Iterable[Module]) -> bool:
    """Whether a project takes routes out of a list of them, or moves them in it.

    When it is imported, in whatever list; in a function, in an application's.
    """
    return any(_rearranges_routes(module.facts.body) for module in modules if "test" not in module.roles)


def _rearranges_routes(body: tuple[model.Statement, ...]) -> bool:
    if any(map(_moved, _nodes(statements(body)))):
        return True
    for function in nested_statements(body):
        if isinstance(function, model.FunctionDefinition):
            applications = {item.name for item in function.parameters if _is_application(item.annotation)}
            applications |= {"app"}
            found = map(_moved, _nodes(statements(function.body)))
            if any(dotted(owner).partition(".")[0] in applications for owner in found if owner is not None):
                return True
    return False


def _is_application(annotation: model.Expression | None) -> bool:
    return annotation is not None and dotted(annotation).rpartition(".")[2] in {"FastAPI", "Starlette"}


def _rearranges(body: Iterable[model.Statement]) -> bool:
    return any(map(_moved, _nodes(body)))


def _nodes(body: Iterable[model.Statement]) -> Iterator[model.Statement | model.Expression]:
    for statement in body:
        yield statement
        yield from expressions(statement)


def _moved(node: model.Statement | model.Expression) -> model.Expression | None:
    """What the list `routes` is of that a piece of code takes something out of, or moves something in."""
    if isinstance(node, model.Call):
        function = node.function
        if isinstance(function, model.Attribute) and function.name in _REARRANGING:
            return _owner(function.value)
        return None
    for target in node.targets if isinstance(node, (model.Assignment, model.Delete)) else ():
        owner = _owner(target.value) if isinstance(target, model.Subscript) else None
        if owner is not None:
            return owner
    return None


def _owner(routes: model.Expression) -> model.Expression | None:
    return routes.value if isinstance(routes, model.Attribute) and routes.name == "routes" else None


def _in_order(group: list[Route | MountPoint]) -> Iterator[Shadow]:
    exact: dict[str, list[_Entry]] = {}
    open_: dict[str, list[_Entry]] = {}
    """Patterns with placeholders, by what stands before the first."""
    for order, item in enumerate(group):
        path = item.path if isinstance(item, Route) else f"{item.path}/{{path:path}}"
        entry = _Entry(order, item, parse(path))
        if not entry.pattern.is_comparable:
            continue
        if isinstance(item, Route):
            if _matches_in_its_own_way(item):
                continue
            yield from _of_route(item, _candidates(entry, exact, open_))
        start = entry.pattern.start
        (open_ if entry.pattern.placeholders else exact).setdefault(start, []).append(entry)


def _candidates(
    entry: _Entry, exact: dict[str, list[_Entry]], open_: dict[str, list[_Entry]]
) -> list[_Entry]:
    """The earlier entries that cover the pattern, in order; those that are there whenever it is."""
    pattern = entry.pattern
    found = [] if pattern.placeholders else list(exact.get(pattern.text, ()))
    for length in range(len(pattern.start) + 1):
        found += [
            earlier for earlier in open_.get(pattern.start[:length], ()) if covers(earlier.pattern, pattern)
        ]
    found = [earlier for earlier in found if earlier.item.conditions <= entry.item.conditions]
    return sorted(found, key=lambda earlier: earlier.order)


def _of_route(route: Route, earlier: list[_Entry]) -> Iterator[Shadow]:
    left = list(route.methods)
    for entry in earlier:
        other = entry.item
        if isinstance(other, MountPoint):
            if any(prefix.origin is other.mounting for prefix in route.prefixes):
                continue
            taken = list(left)
        elif other.kind != route.kind:
            continue
        else:
            taken = [method for method in left if method in other.methods]
        if not taken and route.kind == "http":
            continue
        left = [method for method in left if method not in taken]
        if not (isinstance(other, Route) and is_same_handler(route, other)):
            is_same = isinstance(other, Route) and covers(parse(route.path), entry.pattern)
            yield Shadow(route, tuple(taken), other, is_same)
        if not left:
            return


def is_same_handler(one: Route, other: Route) -> bool:
    """Whether two routes call the same code: then it doesn't matter which of them answers."""
    if one.handler is not None:
        return one.handler is other.handler
    return (one.file, one.line) == (other.file, other.line)


def _matches_in_its_own_way(route: Route) -> bool:
    """Whether a route's class may decide otherwise which requests it takes, or its router drops routes."""
    router = route.routers[-1]
    if any(
        isinstance(cls, ClassValue) and _rearranges(nested_statements(cls.definition.body))
        for cls in (router.cls.mro() if isinstance(router.cls, ClassValue) else ())
    ):
        return True
    given = route.keywords.get("route_class_override") or router.settings.get("route_class")
    return given is not None and not is_none(given) and not _matches_as_usual(given)


def _matches_as_usual(route_class: Value) -> bool:
    if isinstance(route_class, External):
        return route_class.name in _ROUTE_CLASSES
    return (
        isinstance(route_class, ClassValue)
        and route_class.is_fully_known()
        and not isinstance(attributes.find(route_class, "matches"), tuple)
        and all(name in {*_ROUTE_CLASSES, "builtins.object"} for name in route_class.external_bases())
    )

"""Layers by their imports: what stands around handlers may know of services, and not the other way round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.wiring.routing import ROUTER
from fastapi_lint.application.written import expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routes import Route

_ASIDE: Final = frozenset({"test", "example", "script", "migration"})


@dataclass(frozen=True, slots=True)
class Outward:
    """An import that points outwards: `names` are what is taken from a module with handlers.

    `route` is one that the first handler among them serves; None where there is none.
    """

    module: Module
    statement: model.ImportFrom
    names: tuple[str, ...]
    target: Module
    route: Route | None
    is_service: bool
    """Whether the importing module is a service, and not another module with handlers."""


def outward_imports(application: Application) -> Iterator[Outward]:
    """Imports of services from modules of handlers, and of handlers from one such module into another."""
    handlers: dict[str, dict[int, Route]] = {}
    for route in application.routes:
        handler = route.handler
        if handler is None or handler.module.roles & _ASIDE or route.decorator_file != handler.path:
            continue
        if route.routers and route.routers[-1].kind == ROUTER:
            handlers.setdefault(handler.path, {}).setdefault(id(handler.definition), route)
    for module in application.modules.by_path.values() if handlers else ():
        if module.roles & _ASIDE:
            continue
        if module.path in handlers:
            yield from (item for item in _taken(application, module, handlers) if item.route is not None)
        elif application.layers.is_called_by_handlers(module) and not _wires(module):
            yield from _taken(application, module, handlers)


def _taken(
    application: Application, module: Module, handlers: dict[str, dict[int, Route]]
) -> Iterator[Outward]:
    """What a module imports of the definitions in modules of handlers, other than itself."""
    for statement in nested_statements(module.facts.body):
        if not isinstance(statement, model.ImportFrom):
            continue
        path = (
            application.modules.find_relative(module, statement.level, statement.module)
            if statement.level
            else application.modules.find(module, statement.module)
        )
        target = application.module(path) if path is not None and path in handlers else None
        if target is None or target is module:
            continue
        defined = {
            item.name: item
            for item in statements(target.facts.body)
            if isinstance(item, (model.FunctionDefinition, model.ClassDefinition))
        }
        named = [item.name for item in statement.names if item.name in defined]
        served = [handlers[target.path].get(id(defined[name])) for name in named]
        if module.path in handlers:
            named = [name for name, route in zip(named, served, strict=True) if route is not None]
        if named:
            route = next((route for route in served if route is not None), None)
            yield Outward(module, statement, tuple(named), target, route, module.path not in handlers)


def _wires(module: Module) -> bool:
    """Whether a module puts an application together, which knows of all that it is made from."""
    return any(
        isinstance(item, model.Call)
        and isinstance(item.function, model.Attribute)
        and item.function.name in {"include_router", "add_api_route", "mount", "add_middleware"}
        for statement in nested_statements(module.facts.body)
        for item in expressions(statement)
    )

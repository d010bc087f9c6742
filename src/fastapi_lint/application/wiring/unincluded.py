"""Routers with routes that nothing includes, so that no application serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import ModuleValue, options
from fastapi_lint.application.wiring.routes import mounted
from fastapi_lint.application.wiring.routing import ROUTER, VERBS, Inclusion, Mounting, Registration
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.values import Scope
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routing import Router

_NO_APPLICATION: Final = {"test", "example", "script"}
_FILLS: Final = VERBS | {
    "add_api_route", "add_api_websocket_route", "api_route", "include_router", "prefix", "tags", "websocket",
}  # fmt: skip
"""What is asked of a router to fill it, which is no use of its routes."""
_SEARCHES: Final = {"__import__", "entry_points", "import_module", "iter_modules", "walk_packages"}
"""Functions that find modules by names that are put together."""


def never_included(application: Application, scopes: Mapping[str, Scope]) -> list[Router]:
    """The routers of modules that have routes and that no application or router includes.

    None where the project serves nothing, so that others include its routers; where some include, or the
    search for modules, can't be followed; and none that the code uses in some other way.
    """
    candidates = [
        router
        for router in application.routers
        if router.kind == ROUTER
        and router.name
        and router.module is not None
        and "test" not in router.module.roles
        and not router.is_included
        and any(isinstance(entry, (Registration, Inclusion)) for entry in router.entries)
    ]
    if not candidates or not _serves(application) or not _knows_includes(application):
        return []
    taken = {
        id(option)
        for router in application.routers
        for entry in router.entries
        if isinstance(entry, Mounting)
        for option in options(mounted(entry))
    }
    modules = [module for module in application.modules.by_path.values() if "test" not in module.roles]
    return [
        router
        for router in candidates
        if id(router) not in taken
        and not any(_uses(router, module, scopes.get(module.path)) for module in modules)
    ]


def _serves(application: Application) -> bool:
    """Whether the project has an application of its own, not only in tests and examples."""
    for route in application.routes:
        outermost = route.routers[0].module
        if route.app is not None and outermost is not None and not outermost.roles & _NO_APPLICATION:
            return True
    return False


def _knows_includes(application: Application) -> bool:
    """Whether everything is known that may be an include of a router."""
    return not any(item.what in {"include", "mount"} for item in application.unresolved()) and not any(
        map(_searches_and_includes, application.modules.by_path.values())
    )


def _searches_and_includes(module: Module) -> bool:
    names = set()
    for statement in nested_statements(module.facts.body):
        for node in expressions(statement):
            if isinstance(node, model.Attribute):
                names.add(node.name)
            elif isinstance(node, model.Name):
                names.add(node.id)
    return "include_router" in names and not names.isdisjoint(_SEARCHES)


def _uses(router: Router, module: Module, scope: Scope | None) -> bool:
    """Whether a module does something with a router but fill it."""
    if scope is None:
        return True
    own = {name for name, value in scope.names.items() if value is router}
    modules = {
        name
        for name, value in scope.names.items()
        if isinstance(value, ModuleValue) and value.module is router.module
    }
    filled: set[int] = set()
    for statement, node in _nodes(module):
        if isinstance(statement, model.ImportFrom) and statement not in module.facts.body:
            if any(item.name == router.local_name for item in statement.names):
                return True  # a function imports it, or its namesake
            continue
        if isinstance(node, model.Attribute) and isinstance(node.value, model.Name):
            if node.value.id in own and node.name in _FILLS:
                filled.add(id(node.value))
            elif node.value.id in modules and node.name == router.local_name:
                return True
        elif isinstance(node, model.Call) and _gets_by_name(node, router.local_name):
            return True
    return any(
        isinstance(node, model.Name) and node.id in own and id(node) not in filled
        for statement, node in _nodes(module)
        if not _binds(statement, node)
    )


def _gets_by_name(call: model.Call, name: str) -> bool:
    """`getattr(module, "router")`, or the name in a text that is imported: `"app.items:router"`."""
    return any(
        isinstance(argument, model.Constant)
        and isinstance(argument.value, str)
        and argument.value.replace(":", ".").rpartition(".")[2] == name
        for argument in call.arguments
    )


def _binds(statement: model.Statement, node: object) -> bool:
    return isinstance(statement, model.Assignment) and any(node is target for target in statement.targets)


def _nodes(module: Module) -> Iterator[tuple[model.Statement, object]]:
    for statement in nested_statements(module.facts.body):
        yield statement, statement
        for node in expressions(statement):
            yield statement, node

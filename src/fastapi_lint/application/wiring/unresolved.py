"""What linking could not resolve: registrations, includes, prefixes and dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.application.evaluation.values import (
    External,
    ExternalMethod,
    FunctionValue,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.security.guards import is_readable
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.routing import VERBS, Inclusion, Registration, Router
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.values import (
        Scope,
        Value,
    )
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routing import Mounting

_DECORATORS = VERBS | {"api_route", "websocket"}
_CALLS = {"include_router", "add_api_route", "add_api_websocket_route"}
_OWN = {"self", "cls", "super"}
_BARE_TYPES = {"builtins", "types", "typing", "sys"}
_RUNTIME = "its value is only known when the program runs"
_UNREACHED = "no way was found in which this code is run"


class Unresolved(msgspec.Struct, frozen=True, order=True):
    """Something that has no place in the linked routes, or not all of it; lines count from 1.

    `what` is route, path, methods, handler, include, prefix, mount, dependency or dependencies.
    """

    file: str
    line: int
    what: str
    why: str


def unresolved(
    application: Application, scopes: Mapping[str, Scope], routers: list[Router]
) -> tuple[Unresolved, ...]:
    """Everything that could not be resolved, by file and line; tests are left out."""
    found = {
        *(item for router in routers for item in _of_router(application, router)),
        *_of_dependencies(application),
        *_of_code(application, scopes, routers),
    }
    tests = {path for path, module in application.modules.by_path.items() if "test" in module.roles}
    places: dict[tuple[object, ...], Unresolved] = {}
    for item in sorted(found):
        if item.file not in tests:  # a loop leaves several entries in one place
            reason = item.why if item.what == "dependency" else ""
            places.setdefault((item.file, item.line, item.what, reason), item)
    return tuple(places.values())


def _of_router(application: Application, router: Router) -> Iterator[Unresolved]:
    if router.module is not None:
        line = router.call.line if router.call is not None else 0
        yield from _of_keywords(application, router.settings, router.module.path, line)
    for entry in router.entries:
        path, line = entry.module.path, entry.call.line if entry.call is not None else 0
        if isinstance(entry, Registration):
            yield from _of_registration(application, entry, path, line)
        elif isinstance(entry, Inclusion):
            if not isinstance(entry.child, Router):
                yield Unresolved(path, line, "include", _reason(entry.child))
            yield from _of_keywords(application, entry.keywords, path, line)
        else:
            yield from _of_mounting(application, entry, path, line)


def _of_registration(
    application: Application, entry: Registration, path: str, line: int
) -> Iterator[Unresolved]:
    if application.table.path_text(entry.path) is None:
        yield Unresolved(path, line, "path", _reason(entry.path))
    if not entry.methods:
        yield Unresolved(path, line, "methods", _reason(entry.keywords.get("methods")))
    if application.table.place(entry.endpoint) is None:
        yield Unresolved(path, line, "handler", _reason(entry.endpoint))
    listed = entry.keywords.get("dependencies")
    if listed is not None and not is_readable(listed):
        yield Unresolved(path, line, "dependencies", _reason(listed))


def _of_keywords(
    application: Application, keywords: Mapping[str, Value], path: str, line: int
) -> Iterator[Unresolved]:
    """The arguments that an application, a router or an include has."""
    prefix, listed = keywords.get("prefix"), keywords.get("dependencies")
    if prefix is not None and application.table.path_text(prefix) is None:
        yield Unresolved(path, line, "prefix", _reason(prefix))
    if listed is not None and not is_readable(listed):
        yield Unresolved(path, line, "dependencies", _reason(listed))


def _of_mounting(application: Application, entry: Mounting, path: str, line: int) -> Iterator[Unresolved]:
    if application.table.path_text(entry.path) is None:
        yield Unresolved(path, line, "path", _reason(entry.path))
    if isinstance(entry.app, Unknown):
        yield Unresolved(path, line, "mount", _reason(entry.app))


def _of_dependencies(application: Application) -> Iterator[Unresolved]:
    """Parameters and lists whose `Depends(…)` names nothing that is known, down the trees of all routes."""
    seen: set[int] = set()
    for route in application.routes:
        waiting = [route.registration.endpoint]
        for dependency in route.dependencies:
            if not dependency.parameter and _is_unknown(application, dependency.callable):
                yield Unresolved(
                    route.decorator_file, route.decorator_line, "dependency", _reason(dependency.callable)
                )
            waiting.append(dependency.callable)
        while waiting:
            callable_ = waiting.pop()
            if id(callable_) in seen:
                continue
            seen.add(id(callable_))
            module = getattr(unwrapped(callable_), "module", None)
            for parameter in application.dependencies.signature(callable_).parameters:
                marker = parameter.marker
                if marker is None or marker.name not in {"Depends", "Security"}:
                    continue
                inner = application.dependencies.of_marker(
                    marker, parameter.annotation, parameter.name
                ).callable
                if module is not None and _is_unknown(application, inner):
                    why = f"`{parameter.name}`: {_reason(inner)}"
                    yield Unresolved(module.path, parameter.line, "dependency", why)
                waiting.append(inner)


def _is_unknown(application: Application, callable_: Value) -> bool:
    """A library's dependency that is known to verify callers is known well enough."""
    return isinstance(callable_, Unknown) and application.guards.verifies(callable_) is None


def _of_code(
    application: Application, scopes: Mapping[str, Scope], routers: list[Router]
) -> Iterator[Unresolved]:
    """What looks like a registration or an include and left nothing in any router."""
    entries = [
        *(entry for router in routers for entry in router.entries),
        *(route.registration for route in application.routes),  # those of class-based views have moved
    ]
    calls = {id(entry.call) for entry in entries}
    handlers = {
        id(inner.definition)
        for entry in entries
        if isinstance(entry, Registration) and isinstance(inner := unwrapped(entry.endpoint), FunctionValue)
    }
    for path, module in application.modules.by_path.items():
        if not _imports_fastapi(module):
            continue
        scope = scopes.get(path)
        names = scope.names if scope is not None else {}
        for node in _nodes(module.facts.body):
            if isinstance(node, model.FunctionDefinition) and id(node) not in handlers:
                for decorator in node.decorators:
                    if id(decorator) not in calls and _registers(decorator):
                        yield from _missed(decorator, "route", names, path)
            elif isinstance(node, model.Call) and id(node) not in calls and _attribute(node) in _CALLS:
                yield from _missed(
                    node, "include" if _attribute(node) == "include_router" else "route", names, path
                )


def _missed(call: model.Expression, what: str, names: Mapping[str, Value], path: str) -> Iterator[Unresolved]:
    root: model.Expression = call
    while isinstance(root, (model.Call, model.Attribute)):
        root = root.function if isinstance(root, model.Call) else root.value
    if not isinstance(root, model.Name) or not isinstance(call, model.Call) or root.id in _OWN:
        return  # a router's own method, which registers when it is called
    router = names.get(root.id)
    if isinstance(router, Unknown):
        yield Unresolved(path, call.line, what, f"`{root.id}`: {_reason(router)}")
    elif router is None or isinstance(router, Router):
        yield Unresolved(path, call.line, what, _UNREACHED)


def _registers(decorator: model.Expression) -> bool:
    """Whether a decorator is written as one that registers a handler under a path."""
    if not isinstance(decorator, model.Call) or _attribute(decorator) not in _DECORATORS:
        return False
    paths = [*decorator.arguments[:1], *(item.value for item in decorator.keywords if item.name == "path")]
    return any(
        isinstance(item, model.Template)
        or (isinstance(item, model.Constant) and str(item.value)[:1] in {"", "/"})
        for item in paths
    )


def _attribute(call: model.Call) -> str:
    return call.function.name if isinstance(call.function, model.Attribute) else ""


def _imports_fastapi(module: Module) -> bool:
    for node in _nodes(module.facts.body):
        if isinstance(node, model.ImportFrom) and (node.module or "").partition(".")[0] == "fastapi":
            return True
        if isinstance(node, model.Import) and any(
            item.name.partition(".")[0] == "fastapi" for item in node.names
        ):
            return True
    return False


def _nodes(value: object) -> Iterator[msgspec.Struct]:
    """Every statement and expression, however deep."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from _nodes(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def _reason(value: Value | None) -> str:
    """Why nothing is known, in words."""
    for option in options(value) if value is not None else ():
        if isinstance(option, Unknown) and option.of:
            return f"what `{option.of}` returns isn't known"
        if isinstance(option, Unknown) and option.reason:
            return option.reason
        outside = option.cls if isinstance(option, Object) else option
        if isinstance(outside, (External, ExternalMethod)):
            name = outside.name if isinstance(outside, External) else f"{outside.owner}.{outside.name}"
            if name.partition(".")[0] in _BARE_TYPES:
                return _RUNTIME
            return f"`{name}` is made outside of the project"
        if is_none(option):
            return "it is None"
    return _RUNTIME

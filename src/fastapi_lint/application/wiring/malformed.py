"""Paths and prefixes that FastAPI refuses when it is started, or that no request can have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.wiring.matching import CONVERTERS, parse
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import APP, Inclusion, Registration
from fastapi_lint.application.written import nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.matching import PathPattern
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.application.wiring.routing import Mounting, Router
    from fastapi_lint.diagnostics import Span

_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")
_REFUSED: Final = "FastAPI refuses it when the module is imported"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A path or prefix that can't work: where it is given, what is wrong, and what to do."""

    file: str
    span: Span
    what: str
    advice: str


def malformed(application: Application) -> Iterator[Malformed]:
    """Find them in all routers of a project but those of tests."""
    served: dict[int, list[Route]] = {}
    for route in application.routes:
        served.setdefault(id(route.registration), []).append(route)
    has_converters: bool | None = None
    for router in application.routers:
        yield from _of_router(application, router)
        for entry in router.entries:
            if "test" in entry.module.roles:
                continue
            if isinstance(entry, Registration):
                routes = served.get(id(entry), [])
                found = _of_registration(application, router, entry, routes)
            elif isinstance(entry, Inclusion):
                found = _of_prefix(application, entry.keywords.get("prefix"), entry)
            else:
                found = _of_mount(application, entry)
            for item in found:
                if isinstance(item, Malformed):
                    yield item
                    continue
                if has_converters is None:
                    has_converters = _registers_converters(application)
                if not has_converters:
                    yield item.fault


@dataclass(frozen=True, slots=True)
class _Converter:
    """A fault unless the project has converters of its own."""

    fault: Malformed


def _of_router(application: Application, router: Router) -> Iterator[Malformed]:
    if router.kind == APP or router.module is None or "test" in router.module.roles or router.call is None:
        return
    prefix = application.table.path_text(router.settings.get("prefix"))
    what = _wrong_prefix(prefix)
    if what:
        yield Malformed(router.module.path, callee_span(router.call, 1), *what)


def _of_prefix(application: Application, value: object, entry: Inclusion) -> Iterator[Malformed]:
    prefix = application.table.path_text(entry.keywords.get("prefix")) if value is not None else None
    what = _wrong_prefix(prefix)
    if what:
        yield Malformed(entry.module.path, callee_span(entry.call, 1), *what)


def _wrong_prefix(prefix: str | None) -> tuple[str, str] | None:
    if not prefix:
        return None
    if not prefix.startswith("/"):
        return (
            f"the prefix `{prefix}` doesn't begin with a slash: {_REFUSED}",
            f"write `/{prefix.rstrip('/')}`",
        )
    if prefix.endswith("/"):
        shorter = prefix.rstrip("/")
        return (
            f"the prefix `{prefix}` ends with a slash: {_REFUSED}",
            f"write `{shorter}`, and begin the paths behind it with a slash"
            if shorter
            else "drop the prefix",
        )
    return None


def _of_mount(application: Application, entry: Mounting) -> Iterator[Malformed]:
    path = application.table.path_text(entry.path)
    if path and not path.startswith("/"):
        what = f"the path `{path}` of a mount doesn't begin with a slash: Starlette refuses it"
        yield Malformed(entry.module.path, callee_span(entry.call, 1), what, f"write `/{path}`")


def _of_registration(
    application: Application, router: Router, entry: Registration, routes: list[Route]
) -> Iterator[Malformed | _Converter]:
    path = application.table.path_text(entry.path)
    if path is None:
        return
    at = (entry.module.path, callee_span(entry.call, 1))
    shown = routes[0].label if routes else f"{'/'.join(entry.methods)} {path}"
    what = _never_reached(router, path, routes)
    if what:
        yield Malformed(*at, f"`{shown}` {what[0]}", what[1])
    for literal in parse(path).literals:
        for braces in _BRACES.findall(literal):
            if braces.startswith("{$"):
                continue  # an expression of OpenAPI, in the path of a callback
            yield Malformed(
                *at,
                f"`{shown}`: `{braces}` is no placeholder, and only these very characters match",
                _advice_on(braces),
            )
    pattern = parse(routes[0].path_inside if routes else path)
    if pattern.repeated:
        listed = ", ".join(f"`{name}`" for name in pattern.repeated)
        yield Malformed(
            *at,
            f"`{shown}` has the parameter {listed} twice: Starlette refuses it when the module is imported",
            "give the two different names; prefixes count",
        )
    yield from _unknown_converters(pattern, at, shown)


def _unknown_converters(pattern: PathPattern, at: tuple[str, Span], shown: str) -> Iterator[_Converter]:
    for placeholder in pattern.placeholders:
        if placeholder.converter not in CONVERTERS:
            yield _Converter(
                Malformed(
                    *at,
                    f"`{shown}`: there is no converter `{placeholder.converter}`, and the path is refused",
                    f"use one of {', '.join(f'`{name}`' for name in sorted(CONVERTERS))}; "
                    "the parameter's type belongs in its annotation",
                )
            )


def _never_reached(router: Router, path: str, routes: list[Route]) -> tuple[str, str] | None:
    full = [route.path_inside for route in routes if route.routers[0].kind == APP]
    if not path:
        if router.kind == APP or "" in full:
            return "has an empty path, which no request has", 'write `"/"`'
        return None
    if not path.startswith("/"):
        if any(not whole.startswith("/") for whole in full) or (router.kind == APP and not full):
            return "doesn't begin with a slash and is never reached", f"write `/{path}`"
        takes_slash = path.startswith("{") and path.partition("}")[0].endswith(":path")
        if full and (path[0].isalnum() or path[0] in "_{") and not takes_slash:
            return f"is glued to the prefix before it, since `{path}` has no slash", f"write `/{path}`"
    if "?" in path:
        return (
            "has a `?` in its path, which no request has: a query is no part of it",
            "drop what begins with `?`, and take it as query parameters",
        )
    return None


def _advice_on(braces: str) -> str:
    name, colon, converter = braces.strip("{}").partition(":")
    wanted = re.sub(r"\W+", "_", name.strip()).strip("_")
    if not wanted or wanted[0].isdigit() or len(braces) == 1:
        return "name it with letters, digits and underscores, in braces"
    behind = f":{converter.strip()}" if colon and converter.strip().isidentifier() else ""
    return f"write `{{{wanted}{behind}}}`"


def _registers_converters(application: Application) -> bool:
    """Whether a project has to do with Starlette's table of converters."""
    return any(map(_imports_converters, _imports(application)))


def _imports(application: Application) -> Iterable[model.Statement]:
    for module in application.modules.by_path.values():
        yield from nested_statements(module.facts.body)


def _imports_converters(statement: model.Statement) -> bool:
    if isinstance(statement, model.ImportFrom):
        return statement.module.endswith("convertors") or any(
            item.name == "convertors" for item in statement.names
        )
    return isinstance(statement, model.Import) and any("convertors" in item.name for item in statement.names)

"""Routes as they are listed: plain values, in the form of the machine format."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.application.evaluation.values import (
    Annotated,
    Choice,
    ClassValue,
    EnumMember,
    External,
    Generic,
    Literal,
    TypeVariable,
    Union,
)
from fastapi_lint.application.wiring.outline import name_of
from fastapi_lint.application.wiring.routing import APP

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.security.guards import Guards
    from fastapi_lint.application.wiring.routes import Route


class RouteRow(msgspec.Struct, frozen=True):
    """A route as `fastapi-lint routes` lists it. Lines count from 1, files as in diagnostics."""

    app: str | None
    kind: str
    path: str
    methods: list[str]
    handler: str
    file: str
    line: int
    decorator_line: int
    status_code: int | None
    response_model: str | None
    dependencies: list[str]
    tags: list[str]
    operation_id: str | None
    include_in_schema: bool
    deprecated: bool


class ListedRoute(msgspec.Struct, frozen=True):
    """A route as people read it: its row, and what else is known of it.

    `guards` are the dotted names of what verifies callers, with a `?` behind those that may do so, and
    `sessions` those of the dependencies that give database sessions. `is_conditional`: only the running
    program decides whether it is registered; `is_public`: it is said that anybody may call it. `status` is
    the declared one, `?` where it isn't known. `app` is the application that would serve it then, where the
    row has none.
    """

    row: RouteRow
    app: str
    guards: tuple[str, ...]
    sessions: tuple[str, ...]
    status: str
    is_conditional: bool
    is_public: bool = False


class Selection(msgspec.Struct, frozen=True):
    """Which routes to list: those that fulfil all that is given.

    `methods` are any of these (`WEBSOCKET` for websockets), in upper case; `path` and `handler` are glob
    patterns, the latter for the dotted name or its end; `unprotected` leaves those that nothing can guard,
    but that aren't said to be public.
    """

    methods: tuple[str, ...] = ()
    path: str | None = None
    handler: str | None = None
    unprotected: bool = False

    def admits(self, route: ListedRoute) -> bool:
        """Whether a route is to be listed."""
        row = route.row
        methods = row.methods or ["WEBSOCKET"]
        return (
            (not self.methods or not set(self.methods).isdisjoint(methods))
            and (self.path is None or fnmatchcase(row.path, self.path))
            and (self.handler is None or fnmatchcase(f".{row.handler}", f"*.{self.handler}"))
            and not (self.unprotected and (route.guards or route.is_public))
        )


def listed(route: Route, guards: Guards, show: Callable[[str], str]) -> ListedRoute:
    """List a route for people; `show` as for `row_of`."""
    return ListedRoute(
        row=row_of(route, show),
        app=route.app or (name_of(route.routers[0]) if route.routers[0].kind == APP else ""),
        guards=tuple(guard.name + ("" if guard.is_certain else "?") for guard in guards.of(route)),
        sessions=guards.sessions_of(route),
        status=str(route.status_code or "") if route.status_is_known else "?",
        is_conditional=route.is_uncertain,
        is_public=guards.is_public(route),
    )


def row_of(route: Route, show: Callable[[str], str]) -> RouteRow:
    """List a route; `show` turns paths that are relative to the project's root into those for readers."""
    return RouteRow(
        app=route.app,
        kind=route.kind,
        path=route.path,
        methods=list(route.methods),
        handler=route.name,
        file=show(route.file),
        line=route.line,
        decorator_line=route.decorator_line,
        status_code=route.status_code,
        response_model=None if route.response_model is None else type_name(route.response_model),
        dependencies=list(dict.fromkeys(dependency.name for dependency in route.all_dependencies())),
        tags=list(route.tags),
        operation_id=route.operation_id,
        include_in_schema=route.include_in_schema,
        deprecated=route.deprecated,
    )


def type_name(value: Value) -> str:
    """Name a type: `app.schemas.Order`, `list[app.schemas.Order]`; `?` where it isn't known."""
    if isinstance(value, ClassValue):
        return value.name
    if isinstance(value, External):
        return value.name.removeprefix("builtins.")
    if isinstance(value, Generic):
        return f"{type_name(value.origin)}[{', '.join(map(type_name, value.arguments))}]"
    if isinstance(value, Union):
        return " | ".join(map(type_name, value.members))
    if isinstance(value, Annotated):
        return type_name(value.base)
    if isinstance(value, Choice):
        return type_name(value.options[0])
    if isinstance(value, TypeVariable):
        return value.name
    if isinstance(value, EnumMember):
        return f"{value.cls.name}.{value.name}"
    return repr(value.value) if isinstance(value, Literal) else "?"

"""Mounted applications and routes of Starlette that the guard of their application doesn't reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.application.evaluation.values import FunctionValue, Literal
from fastapi_lint.application.security.openness import (
    ignores_request,
    is_open,
    is_public_name,
    is_put_behind,
    lets_pass,
    looks_at_caller,
)
from fastapi_lint.application.wiring.purpose import is_path_about_itself
from fastapi_lint.application.wiring.routes import MountPoint
from fastapi_lint.application.wiring.routing import APP, Router

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.application.wiring.routing import View


class OpenMount(NamedTuple):
    """A mount, one of the routes below it that anybody may call, and the guard that doesn't reach it."""

    point: MountPoint
    route: Route
    guard: str


def open_mounts(application: Application) -> Iterator[OpenMount]:
    """Mounted applications with routes that nothing guards, below applications that guard all of theirs."""
    for point in application.table.served:
        if not isinstance(point, MountPoint) or point.app is None or "test" in point.mounting.module.roles:
            continue
        inner = point.mounting.app
        guard = _guard(application, point.routers)
        if not guard or not isinstance(inner, Router) or inner.kind != APP:
            continue
        for route in application.routes:
            is_below = any(prefix.origin is point.mounting for prefix in route.prefixes)
            if not is_below or application.guards.of(route) or not is_open(application, route):
                continue
            if not is_put_behind(application, route):
                yield OpenMount(point, route, guard)
                break


class OpenView(NamedTuple):
    """A route of Starlette's that anybody may call, its path, and the guard that doesn't reach it."""

    view: View
    path: str
    guard: str


def open_views(application: Application) -> Iterator[OpenView]:
    """Routes that Starlette serves in an application that guards all of FastAPI's."""
    for router in application.routers:
        guard = _guard(application, (router,)) if router.views else ""
        if not guard or not lets_pass(application, router):
            continue
        for view in router.views:
            path, endpoint = view.path, view.endpoint
            if view.uncertain or view.module.roles & {"test", "example", "script"}:
                continue
            if not isinstance(path, Literal) or not isinstance(endpoint, FunctionValue):
                continue
            text = str(path.value)
            is_public = is_path_about_itself(text) or is_public_name(text, endpoint.qualname)
            if not is_public and ignores_request(application, endpoint):
                yield OpenView(view, text, guard)


def _guard(application: Application, routers: Iterable[Router]) -> str:
    """What verifies the caller for every route of applications; empty where nothing does."""
    return next(
        (
            dependency.name
            for router in routers
            for top in application.dependencies.of_list(router.settings.get("dependencies"))
            for dependency in top.flattened()
            if application.guards.verifies(dependency.callable) and looks_at_caller(application, dependency)
        ),
        "",
    )

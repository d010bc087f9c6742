"""Mounted applications that the guard of the application around them doesn't reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.application.security.openness import is_open, is_put_behind, looks_at_caller
from fastapi_lint.application.wiring.routes import MountPoint
from fastapi_lint.application.wiring.routing import APP, Router

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route


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
        guard = _guard(application, point)
        if not guard or not isinstance(inner, Router) or inner.kind != APP:
            continue
        for route in application.routes:
            is_below = any(prefix.origin is point.mounting for prefix in route.prefixes)
            if not is_below or application.guards.of(route) or not is_open(application, route):
                continue
            if not is_put_behind(application, route):
                yield OpenMount(point, route, guard)
                break


def _guard(application: Application, point: MountPoint) -> str:
    """What verifies the caller for every route of an application around a mount; empty where nothing does."""
    return next(
        (
            dependency.name
            for router in point.routers
            for top in application.dependencies.of_list(router.settings.get("dependencies"))
            for dependency in top.flattened()
            if application.guards.verifies(dependency.callable) and looks_at_caller(application, dependency)
        ),
        "",
    )

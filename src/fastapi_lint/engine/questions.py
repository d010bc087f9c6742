"""What is asked about applications apart from diagnostics: their routes, their shape, what stays open."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.application.wiring.listing import listed, row_of
from fastapi_lint.application.wiring.outline import outline
from fastapi_lint.engine.limits import LINKING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.projects import read_projects, selections
from fastapi_lint.engine.requests import Watch
from fastapi_lint.engine.showing import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi_lint.application import Application
    from fastapi_lint.application.wiring.listing import ListedRoute, RouteRow
    from fastapi_lint.application.wiring.outline import Node
    from fastapi_lint.application.wiring.unresolved import Unresolved
    from fastapi_lint.config import Config
    from fastapi_lint.engine.requests import Request


def routes(request: Request) -> tuple[RouteRow, ...]:
    """List the routes of the projects asked about. Raises ConfigurationError."""
    return tuple(
        row_of(route, show) for application, show in _applications(request) for route in application.routes
    )


def listed_routes(request: Request) -> tuple[ListedRoute, ...]:
    """List the same routes with what guards them and gives them sessions. Raises ConfigurationError."""
    return tuple(
        listed(route, application.guards, show)
        for application, show in _applications(request)
        for route in application.routes
    )


def outlines(request: Request) -> tuple[Node, ...]:
    """Give the trees of applications and routers of the projects asked about. Raises ConfigurationError."""
    return tuple(node for application, _ in _applications(request) for node in outline(application))


def unresolved(request: Request) -> tuple[Unresolved, ...]:
    """List what the projects asked about leave open. Raises ConfigurationError."""
    return tuple(
        msgspec.structs.replace(item, file=show(item.file))
        for application, show in _applications(request)
        for item in application.unresolved()
    )


def configurations(request: Request) -> tuple[Config, ...]:
    """Give what holds in each of the projects asked about. Raises ConfigurationError."""
    return tuple(selection.config for selection in selections(request))


def files(request: Request) -> tuple[str, ...]:
    """List the files that would be reported on. Raises ConfigurationError."""
    return tuple(
        shown(path, root=selection.config.root, directory=request.working_directory)
        for selection in selections(request)
        for path in sorted(selection.asked)
    )


def _applications(request: Request) -> Iterator[tuple[Application, Callable[[str], str]]]:
    """The applications of the projects asked about, each with how to show paths of its project."""
    for project, _ in read_projects(request, Watch(request.progress)):
        application = project.application
        with deep_recursion(LINKING_DEPTH), no_collection():
            show = functools.partial(shown, root=project.config.root, directory=request.working_directory)
            yield application, show

"""FAL320: the guard of an application doesn't reach an application that is mounted in it."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.mounts import open_mounts, open_views
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class MountedAppUnguarded(ApplicationRule):
    """A mounted application verifies nobody, although the application around it verifies everybody."""

    code: ClassVar = "FAL320"
    name: ClassVar = "mounted-app-unguarded"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.2",)

    def check(self) -> None:
        """Report each such mount, with one of the routes that anybody may call, and Starlette's routes."""
        for found in open_mounts(self.application):
            route = found.route
            self.report(
                found.point.mounting.module.path,
                found.point.span,
                f"`{found.guard}` doesn't run for the mounted application: anybody may call `{route.label}`",
                help="give the mounted application `dependencies=` of its own, or include a router instead",
                notes=(self.note("nothing guards this", path=route.decorator_file, at=route.decorator_span),),
            )
        for view in open_views(self.application):
            self.report(
                view.view.module.path,
                callee_span(view.view.call, 1),
                f"`{view.guard}` doesn't run for `{view.path}`, a route of Starlette: anybody may call it",
                help="register it with FastAPI: `get`, `post` …, with `include_in_schema=False` if need be",
            )

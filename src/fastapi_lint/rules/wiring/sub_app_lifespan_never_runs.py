"""FAL707: the lifespan of a mounted application never runs."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring import lifecycle
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class SubAppLifespanNeverRuns(ApplicationRule):
    """The lifespan of a mounted application never runs."""

    code: ClassVar = "FAL707"
    name: ClassVar = "sub-app-lifespan-never-runs"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("7.2",)

    def check(self) -> None:
        """Report each mount of an application that has something to do when it starts."""
        for mounting, app in lifecycle.never_started(self.application):
            notes = (
                ()
                if app.module is None or app.call is None
                else (self.note("made here", path=app.module.path, at=callee_span(app.call, 1)),)
            )
            self.report(
                mounting.module.path,
                callee_span(mounting.call, 1),
                "the mounted application's start-up never runs: servers start the outermost one alone",
                help="enter its `router.lifespan_context(app)` in the outer application's lifespan",
                notes=notes,
            )

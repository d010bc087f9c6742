"""FAL412: an engine's pool is left to its defaults."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class EngineWithoutPoolSettings(ApplicationRule):
    """An engine is made without a word about its pool of connections."""

    code: ClassVar = "FAL412"
    name: ClassVar = "engine-without-pool-settings"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.4",)

    def check(self) -> None:
        """Report each such engine."""
        for module, call in self.application.engines.without_pool_settings():
            self.report(
                module.path,
                callee_span(call, 1),
                "the engine's pool is left to its defaults: 5 connections, 10 more, none of them checked",
                help="say `pool_size=`, `max_overflow=` and `pool_pre_ping=`, by what the database allows",
            )

"""FAL315: what a client sends becomes a part of an SQL statement's text."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class SqlInjection(ApplicationRule):
    """What a client sends becomes a part of an SQL statement's text."""

    code: ClassVar = "FAL315"
    name: ClassVar = "sql-injection"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report statements whose text holds what a client sent."""
        for arrival in self.application.arrivals("sql"):
            origin = arrival.piece.origin
            self.report(
                arrival.function.path,
                place_of(arrival.call),
                f"`{arrival.asked}` writes {origin.described} into SQL: {arrival.way}",
                help="pass values as bound parameters, and take names of columns from a list",
                notes=tuple(self.note(said, path=path, at=at) for said, path, at in arrival.places),
            )

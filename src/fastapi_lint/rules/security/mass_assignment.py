"""FAL323: a request sets columns that only the application should."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class MassAssignment(ApplicationRule):
    """A request sets columns that only the application should."""

    code: ClassVar = "FAL323"
    name: ClassVar = "mass-assignment"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.7",)

    def check(self) -> None:
        """Report entities that get all fields of a request, with a privilege or an owner among them."""
        for arrival in self.application.arrivals("fields"):
            if arrival.is_refused or arrival.is_for_administrators:
                continue
            entity, _, column = arrival.label.partition(".")
            self.report(
                arrival.function.path,
                place_of(arrival.call),
                f"`{arrival.asked}` lets a client set `{column}` of `{entity}`: {arrival.way}",
                help="take a model that has only what clients may set, and set the rest by name",
                notes=tuple(self.note(said, path=path, at=at) for said, path, at in arrival.places),
            )

"""FAL116: an answer of 201 doesn't say where what was created is."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers.locations import names_location, reading
from fastapi_lint.application.wiring.purpose import serves_clients
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_CREATED = 201


class CreatedWithoutLocation(ApplicationRule):
    """An answer of 201 has no `Location` header, although a route reads what was created."""

    code: ClassVar = "FAL116"
    name: ClassVar = "created-without-location"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.6",)

    def check(self) -> None:
        """Report each registration once."""
        for route in self.application.routes:
            if route.methods != ("POST",) or route.status_code != _CREATED:
                continue
            reads = reading(self.application, route)
            if (
                reads is None
                or not serves_clients(self.application, route)
                or names_location(self.application, route)
            ):
                continue
            if not self.is_first(route.registered_at):
                continue
            self.report(
                *route.registered_at,
                f"`{route.label}` answers 201 without a `Location` header",
                help=f"set `Location` to the path of `{reads.label}`",
                notes=(
                    self.note(
                        "what was created is read here", path=reads.decorator_file, at=reads.decorator_span
                    ),
                ),
            )

"""FAL326: the server requests any URL that a client names."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class ServerSideRequestForgery(ApplicationRule):
    """The server requests any URL that a client names."""

    code: ClassVar = "FAL326"
    name: ClassVar = "server-side-request-forgery"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report requests to a host that a client names, unless only administrators can."""
        for arrival in self.application.arrivals("request"):
            if arrival.is_for_administrators:
                continue
            origin = arrival.piece.origin
            self.report(
                arrival.function.path,
                place_of(arrival.call),
                f"`{arrival.asked}` requests any host that {origin.described} names: {arrival.way}",
                help="request hosts of a list, or refuse addresses that aren't public, also after redirects",
                notes=tuple(self.note(said, path=path, at=at) for said, path, at in arrival.places),
            )

"""FAL324: a client says where a redirect leads."""

from __future__ import annotations

from typing import ClassVar, Final

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_IN_LINKS: Final = frozenset({"path", "query", "form"})
"""What somebody else can put into a link or a form; they have no hold on headers, cookies and JSON."""


class OpenRedirect(ApplicationRule):
    """A client says where a redirect leads."""

    code: ClassVar = "FAL324"
    name: ClassVar = "open-redirect"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report redirects whose host a link can choose."""
        for arrival in self.application.arrivals("redirect"):
            origin = arrival.piece.origin
            if origin.kind in _IN_LINKS:
                self.report(
                    arrival.function.path,
                    place_of(arrival.call),
                    f"`{arrival.asked}` redirects to any site that {origin.described} names: {arrival.way}",
                    help="redirect to paths of this application alone, or to hosts of a list",
                    notes=tuple(self.note(said, path=path, at=at) for said, path, at in arrival.places),
                )

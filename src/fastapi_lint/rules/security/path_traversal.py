"""FAL325: a client chooses a file by a path that can lead out of its directory."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class PathTraversal(ApplicationRule):
    """A client chooses a file by a path that can lead out of its directory."""

    code: ClassVar = "FAL325"
    name: ClassVar = "path-traversal"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report files that are opened, moved or removed by a path that a client wrote."""
        for arrival in self.application.arrivals("path"):
            origin = arrival.piece.origin
            self.report(
                arrival.function.path,
                place_of(arrival.call),
                f"`{arrival.asked}` lets {origin.described} lead out of the directory: {arrival.way}",
                help="take `Path(…).name` alone, or resolve the path and refuse it unless `is_relative_to`",
                notes=tuple(self.note(said, path=path, at=at) for said, path, at in arrival.places),
            )

"""FAL316: a password, a token or another secret comes into the log."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class SensitiveDataLogged(ApplicationRule):
    """A password, a token or another secret comes into the log."""

    code: ClassVar = "FAL316"
    name: ClassVar = "sensitive-data-logged"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.12",)

    def check(self) -> None:
        """Report secrets of requests and settings that are logged or printed."""
        for arrival in self.application.logged_secrets:
            origin = arrival.piece.origin
            if origin.kind == "setting":
                said = f"`{arrival.function.qualname}` logs a secret setting"
            else:
                said = f"`{arrival.asked}` logs a secret of the request"
            self.report(
                arrival.function.path,
                place_of(arrival.call),
                f"{said}: {arrival.way}",
                help="leave it out, or log what tells it from others, such as an id",
                notes=()
                if origin.kind == "setting"
                else tuple(self.note(text, path=path, at=at) for text, path, at in arrival.places),
            )

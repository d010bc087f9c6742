"""FAL307: a token that tells who somebody is never expires."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.token_lifetimes import tokens_made
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.security.token_lifetimes import TokenMade
    from fastapi_lint.diagnostics import Note

_LONGEST: Final = 3_600
"""Seconds that an access token may be valid for at the level `strict`."""


class TokenWithoutExpiry(ApplicationRule):
    """A token that tells who somebody is never expires."""

    code: ClassVar = "FAL307"
    name: ClassVar = "token-without-expiry"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.4",)

    def check(self) -> None:
        """Report calls that make such a token; at the level `strict` also access tokens of over an hour."""
        is_strict = self.application.settings.level != Level.DEFAULT.value
        for made in tokens_made(self.application):
            if made.seconds is None:
                self._report_endless(made)
            elif is_strict and made.seconds > _LONGEST:
                self.report(
                    made.function.path,
                    place_of(made.call),
                    f"`{made.function.qualname}` makes an access token that lasts {_told(made.seconds)}",
                    help="let access tokens expire within the hour, and give refresh tokens",
                )

    def _report_endless(self, made: TokenMade) -> None:
        notes: tuple[Note, ...] = ()
        if made.caller is not None:
            function, call = made.caller
            notes = (self.note("the claims are from here", path=function.path, at=place_of(call)),)
        self.report(
            made.function.path,
            place_of(made.call),
            f"`{made.function.qualname}` makes a token that never expires",
            help="add the claim `exp`: `datetime.now(timezone.utc) + timedelta(minutes=15)`",
            notes=notes,
        )


def _told(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * length:
            return f"{seconds / length:g} {unit}"
    return f"{seconds / 60:g} minutes"

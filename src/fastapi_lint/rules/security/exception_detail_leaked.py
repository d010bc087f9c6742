"""FAL317: a client is told what an exception says that may be any."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class ExceptionDetailLeaked(ApplicationRule):
    """A client is told what an exception says that may be any."""

    code: ClassVar = "FAL317"
    name: ClassVar = "exception-detail-leaked"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.12",)

    def check(self) -> None:
        """Report HTTP exceptions, responses and returned bodies that hold an exception's text."""
        for leak in self.application.leaks:
            if leak.is_for_administrators:
                continue
            origin = leak.piece.origin
            said = "made here" if origin.name == "traceback" else f"`{origin.name}` is caught here"
            self.report(
                leak.function.path,
                place_of(leak.call),
                f"`{leak.asked}` tells the client what went wrong inside: {leak.way}",
                help="log the exception, and answer with a text that is written for the client",
                notes=(self.note(said, path=origin.path, at=Span(origin.line, 1, origin.line, 1)),),
            )

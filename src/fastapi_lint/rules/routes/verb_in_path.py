"""FAL112: a path says with a verb what the method says already."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import responses
from fastapi_lint.application.wiring.naming import segments, verb
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class VerbInPath(ApplicationRule):
    """A path says with a verb what the method says already: `POST /orders/create`."""

    code: ClassVar = "FAL112"
    name: ClassVar = "verb-in-path"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.2",)

    def check(self) -> None:
        """Report each place once where such a verb is written."""
        for route in self.application.routes:
            is_form = "GET" in route.methods and not {"GET", "HEAD"}.issuperset(route.methods)
            if is_form or not responses.has_contract(route) or responses.sends_json(route) is not True:
                continue
            for segment in segments(self.application, route):
                word = verb(segment, route.methods)
                if word is None or not self.is_first((segment.file, segment.span)):
                    continue
                self.report(
                    segment.file,
                    segment.span,
                    f"`{route.label}` says `{word}` in its path: `{segment.text}`",
                    help="name the resource in the path, and let the method say what happens to it",
                )

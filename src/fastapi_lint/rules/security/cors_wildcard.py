"""FAL312: browsers let every site read an application's answers, with the user's cookies."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.origins import any_origin
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_HELP = "list the origins of your own pages, from a setting"


class CorsWildcard(ApplicationRule):
    """Browsers let every site read an application's answers, with the user's cookies."""

    code: ClassVar = "FAL312"
    name: ClassVar = "cors-wildcard"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.9",)

    def check(self) -> None:
        """Report wildcards with credentials; at the level `strict` also those that say nothing of them."""
        is_strict = self.application.settings.level != "default"
        for found in any_origin(self.application):
            if found.module.roles & {"test", "example"}:
                continue
            at = callee_span(found.call, 1)
            if found.with_credentials:
                message = f"`{found.by}` with `allow_credentials=True`: every site may act as its visitor"
                self.report(found.module.path, at, message, help=_HELP)
            elif found.with_credentials is None and is_strict:
                message = f"`{found.by}`: every site may read what this application answers"
                help_ = f"{_HELP}; or say `allow_credentials=False` if it is meant for everybody"
                self.report(found.module.path, at, message, help=help_, severity=Severity.WARNING)

"""FAL206: code for Pydantic 1 in a project that runs with Pydantic 2."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class PydanticV1Idiom(ApplicationRule):
    """A model uses what Pydantic 2 keeps of Pydantic 1 until the next version."""

    code: ClassVar = "FAL206"
    name: ClassVar = "pydantic-v1-idiom"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("2.5",)
    pydantic: ClassVar = ">=2"

    def check(self) -> None:
        """Report each such place."""
        for idiom in self.application.schemas.idioms():
            self.report(
                idiom.path,
                idiom.span,
                f"`{idiom.old}` is of Pydantic 1, and goes with Pydantic 3",
                help=f"`{idiom.new}` has taken its place",
            )

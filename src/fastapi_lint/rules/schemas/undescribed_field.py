"""FAL209: the document doesn't say what a field means."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class UndescribedField(ApplicationRule):
    """A model of the API has fields without a description or an example."""

    code: ClassVar = "FAL209"
    name: ClassVar = "undescribed-field"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("8.3",)

    def check(self) -> None:
        """Report each such model once."""
        for found in self.application.schemas.undescribed():
            names = ", ".join(f"`{name}`" for name in found.names[:5])
            more = f" and {len(found.names) - 5} more" if len(found.names) > 5 else ""  # noqa: PLR2004 - shown
            self.report(
                found.path,
                found.span,
                f"nothing describes {names}{more} of `{found.cls.definition.name}`",
                help="give the fields a `Field(description=…)` or examples",
                notes=(
                    self.note(
                        f"`{found.route.label}` has it",
                        path=found.route.decorator_file,
                        at=found.route.decorator_span,
                    ),
                ),
            )

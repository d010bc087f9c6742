"""FAL203: a password, its hash or a key is part of a response."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class SecretFieldInResponse(ApplicationRule):
    """What a route answers with has a field that holds a secret."""

    code: ClassVar = "FAL203"
    name: ClassVar = "secret-field-in-response"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("2.7",)

    def check(self) -> None:
        """Report each such route, with the places of the fields."""
        for route in self.application.routes:
            found = self.application.schemas.exposure.of(route)
            if not found:
                continue
            names = ", ".join(f"`{item.path}`" for item in found)
            self.report(
                *route.registered_at,
                f"`{route.label}` sends {names} to its clients",
                help="answer with a model without the field, or declare the field with `Field(exclude=True)`",
                notes=tuple(
                    self.note(
                        f"`{item.name}` of `{item.owner.definition.name}`",
                        path=item.owner.module.path,
                        at=Span(item.line, 1, item.line, 1),
                    )
                    for item in found
                ),
            )

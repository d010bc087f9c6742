"""FAL202: a route takes or gives an entity as it is stored."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.schemas.stored import stored_schemas
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class OrmModelAsSchema(ApplicationRule):
    """A stored entity is the schema of a body or of a response."""

    code: ClassVar = "FAL202"
    name: ClassVar = "orm-model-as-schema"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.4", "2.3")

    def check(self) -> None:
        """Report each such route, with the place of the entity."""
        for found in stored_schemas(self.application):
            route = found.route
            entity = found.taken or found.given
            if entity is None:
                continue
            name = entity.definition.name
            if found.taken is not None:
                same = found.given is found.taken
                does = f"takes {'and gives ' if same else ''}`{name}` as it is stored"
            else:
                does = f"answers with `{name}` as it is stored"
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"`{route.label}` {does}",
                help="declare a model with the fields that clients may see or set",
                notes=(
                    self.note(
                        "the entity",
                        path=entity.module.path,
                        at=Span(entity.definition.line, entity.definition.column, entity.definition.line, 1),
                    ),
                ),
            )

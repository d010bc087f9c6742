"""FAL113: a collection of resources is named in the singular."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers import responses
from fastapi_lint.application.wiring.naming import singular_collections
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class SingularCollection(ApplicationRule):
    """A path names a collection of resources in the singular: `/order/{order_id}`."""

    code: ClassVar = "FAL113"
    name: ClassVar = "singular-collection"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.2",)

    def check(self) -> None:
        """Report each collection once, where its name is written first."""
        reported: set[tuple[object, object]] = set()
        for route in self.application.routes:
            if not responses.has_contract(route):
                continue
            for segment, plural in singular_collections(self.application, route):
                if {(route.app, segment.path), (segment.file, segment.span)} & reported:
                    continue
                reported |= {(route.app, segment.path), (segment.file, segment.span)}
                self.report(
                    segment.file,
                    segment.span,
                    f"`{route.label}` names a collection in the singular: `{segment.text}`",
                    help=f"name it in the plural: `{plural}`",
                )

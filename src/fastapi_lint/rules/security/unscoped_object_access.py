"""FAL310: a handler loads by an id what belongs to users, and never looks at the one that asks."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.isolation import unscoped_access
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class UnscopedObjectAccess(ApplicationRule):
    """A handler loads by an id what belongs to users, and never looks at the one that asks."""

    code: ClassVar = "FAL310"
    name: ClassVar = "unscoped-object-access"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.7",)

    def check(self) -> None:
        """Report the call that loads it, once for each handler."""
        handlers = {id(route.handler): route.handler for route in self.application.routes if route.handler}
        for handler in handlers.values():
            found = unscoped_access(self.application, handler)
            if found is not None:
                scoped = f"put `{found.column}` into the query"
                self.report(
                    handler.path,
                    place_of(found.call),
                    f"`{found.route.label}` takes whatever `{found.entity}` has the id `{found.key}`, "
                    f"and never looks at `{found.user}`",
                    help=f"{scoped}, or load it in a dependency that refuses others",
                )

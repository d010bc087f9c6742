"""FAL902: a service knows of routers, or one router of another's handlers."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.layering import outward_imports
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class LayerViolation(ApplicationRule):
    """A service imports from a module with handlers, or such a module another's handlers."""

    code: ClassVar = "FAL902"
    name: ClassVar = "layer-violation"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("9.1",)

    def check(self) -> None:
        """Report each import that points outwards."""
        for item in outward_imports(self.application):
            statement = item.statement
            names = " and ".join(f"`{name}`" for name in item.names[:2])
            more = f" and {len(item.names) - 2} more" if len(item.names) > len(item.names[:2]) else ""
            serves = f", which serves `{item.route.label}`," if item.route is not None and not more else ""
            who = "what handlers call" if item.is_service else "a module with handlers"
            self.report(
                item.module.path,
                Span(statement.line, statement.column, statement.end_line, statement.end_column),
                f"{who} imports {names}{more}{serves} from `{item.target.name}`, where handlers are",
                help="move what both need into a service that knows of neither",
            )

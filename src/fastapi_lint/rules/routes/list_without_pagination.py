"""FAL115: a GET answers with a whole table."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.database.whole_tables import whole_table
from fastapi_lint.application.wiring.purpose import serves_clients
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class ListWithoutPagination(ApplicationRule):
    """A GET answers with a whole table, however many rows it will have."""

    code: ClassVar = "FAL115"
    name: ClassVar = "list-without-pagination"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.10",)

    def check(self) -> None:
        """Report each registration once."""
        for route in self.application.routes:
            if route.methods != ("GET",) or not serves_clients(self.application, route):
                continue
            found = whole_table(self.application, route)
            if found is None or not self.is_first(route.registered_at):
                continue
            meaning, body = found
            call = meaning.node
            self.report(
                *route.registered_at,
                f"`{route.label}` answers with a whole table",
                help="take `limit` and `offset`, or a cursor, and hand them to the query",
                notes=()
                if call is None
                else (
                    self.note(
                        "all rows are read here",
                        path=body.function.path,
                        at=Span(call.line, call.column, call.end_line, call.end_column),
                    ),
                ),
            )

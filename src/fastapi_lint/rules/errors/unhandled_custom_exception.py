"""FAL503: an exception of the project leaves a route, and nothing answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.escaping import escapes
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.answers.escaping import Escape


class UnhandledCustomException(ApplicationRule):
    """An exception of the project's own leaves a route, and no exception handler answers it."""

    code: ClassVar = "FAL503"
    name: ClassVar = "unhandled-custom-exception"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("5.1",)

    def check(self) -> None:
        """Report each place in a handler or dependency at which such an exception comes up."""
        found: dict[tuple[str, int, int, str], list[Escape]] = {}
        for escape in escapes(self.application):
            node = escape.leaving.node
            place = escape.function.path, node.line, node.column, escape.cls.name
            found.setdefault(place, []).append(escape)
        for (path, *_), same in found.items():
            self._report_one(path, same)

    def _report_one(self, path: str, same: list[Escape]) -> None:
        first = same[0]
        leaving, definition = first.leaving, first.cls.definition
        others = len({escape.route.label for escape in same}) - 1
        more = f" and {others} more" if others else ""
        by = f", which `{' → '.join(leaving.names)}` raises," if leaving.names else ""
        at = Span(definition.line, definition.column, definition.line, definition.column + len("class"))
        notes = [
            self.note(f"`{first.cls.qualname}` is defined here", path=first.cls.module.path, at=at),
        ]
        if leaving.names:
            place = Span(leaving.line, 1, leaving.line, 1)
            notes.append(self.note("raised here", path=leaving.path, at=place))
        node, name = leaving.node, first.cls.qualname
        self.report(
            path,
            Span(node.line, node.column, node.end_line, node.end_column),
            f"`{name}`{by} leaves `{first.route.label}`{more}: no handler answers it, so it is a 500",
            help=f"answer it: `@app.exception_handler({name})`, or for a class that it derives from",
            notes=tuple(notes),
        )

"""FAL505: the documentation doesn't name an error that clients get."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers.undocumented import undocumented
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class UndocumentedError(ApplicationRule):
    """A handler raises an HTTPException of a status that the documentation of its route doesn't name."""

    code: ClassVar = "FAL505"
    name: ClassVar = "undocumented-error"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("8.2",)

    def check(self) -> None:
        """Report the first place in a handler at which each such status comes up."""
        reported: set[tuple[str, int, int]] = set()
        for route, status, leaving in undocumented(self.application):
            node = leaving.node
            path = route.handler.path if route.handler is not None else route.file
            if (path, node.line, status) in reported:
                continue
            reported.add((path, node.line, status))
            by = f", which `{' → '.join(leaving.names)}` raises," if leaving.names else ""
            place = Span(leaving.line, 1, leaving.line, 1)
            self.report(
                path,
                Span(node.line, node.column, node.end_line, node.end_column),
                f"the documentation of `{route.label}` doesn't name the {status}{by} that clients get",
                help=f'add it: `responses={{{status}: {{"description": …}}}}`, with a model of the error',
                notes=(self.note("raised here", path=leaving.path, at=place),) if leaving.names else (),
            )

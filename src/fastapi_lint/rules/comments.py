"""On which lines a comment about a diagnostic may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.places import statements_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.diagnostics import Span
    from fastapi_lint.facts.model import Statement


def lines_about(span: Span, body: Sequence[Statement]) -> set[int]:
    """Give the lines on which a comment speaks about what is reported at `span` in a module with this body.

    They are the span's own, all lines of the simple statement or of the decorator that it stands in, and,
    since a decorator belongs to its function, the line of the `def`.
    """
    lines = set(range(span.line, span.end_line + 1))
    for statement in statements_around(span.line, body):
        if span.line < statement.line:
            lines.add(statement.line)
            for decorator in getattr(statement, "decorators", ()):
                line, end_line = getattr(decorator, "line", 0), getattr(decorator, "end_line", 0)
                if line <= span.line <= end_line:
                    lines.update(range(line, end_line + 1))
        elif not hasattr(statement, "body") and not hasattr(statement, "cases"):
            lines.update(range(statement.line, statement.end_line + 1))
    return lines

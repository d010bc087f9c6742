"""One line a diagnostic, under the name of its file."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from fastapi_lint.report.code_text import code_text
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.report.run import Run


def report(run: Run) -> str:
    """The groups, a blank line between them; empty where there is nothing to say."""
    groups = []
    for path, found in groupby(run.diagnostics, key=lambda diagnostic: diagnostic.path):
        rows = [(f"{item.span.line}:{item.span.column}", item) for item in found]
        width = max(len(place) for place, _ in rows)
        lines = [
            f"  {place:<{width}}  {code_text(item, run.look)}  {one_line(item.message)}\n"
            for place, item in rows
        ]
        groups.append(f"{one_line(path)}:\n{''.join(lines)}")
    return "\n".join(groups)

"""One line a diagnostic, for editors, `grep` and logs: `path:line:col: CODE message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.code_text import code_text
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.report.run import Run


def report(run: Run) -> str:
    """The lines, each with its line break; empty where there is nothing to say."""
    return "".join(
        f"{one_line(diagnostic.path)}:{diagnostic.span.line}:{diagnostic.span.column}:"
        f" {code_text(diagnostic, run.look)} {one_line(diagnostic.message)}\n"
        for diagnostic in run.diagnostics
    )

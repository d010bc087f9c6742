"""What Pylint's reports look like, for tools that read those: `path:line: [CODE(name)] message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.report.run import Run


def report(run: Run) -> str:
    """The lines, each with its line break; empty where there is nothing to say."""
    return "".join(
        f"{one_line(diagnostic.path)}:{diagnostic.span.line}:"
        f" [{diagnostic.code}({diagnostic.name})] {one_line(diagnostic.message)}\n"
        for diagnostic in run.diagnostics
    )

"""A table in Markdown, for a comment on a pull request and for the summary of a job.

It begins with a comment that nobody sees, by which a bot finds what it wrote before. GitHub takes comments of
65,536 characters; what doesn't fit is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.summary import headline
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.run import Run

_MARK = "<!-- fastapi-lint -->"
_LONGEST = 60_000


def report(run: Run) -> str:
    """The headline and the table, the most severe first, with their last line break."""
    lines = [_MARK, f"**fastapi-lint**: {headline(run.diagnostics, run.tally)}", ""]
    if not run.diagnostics:
        return "\n".join(lines)
    lines += ["| severity | rule | where | what |", "| --- | --- | --- | --- |"]
    length = 0
    for done, diagnostic in enumerate(run.worst_first):
        row = _row(diagnostic, run)
        length += len(row) + 1
        if length > _LONGEST:
            lines += ["", f"… and {len(run.diagnostics) - done} more."]
            break
        lines.append(row)
    return "\n".join([*lines, ""])


def _row(diagnostic: Diagnostic, run: Run) -> str:
    place = f"{one_line(run.in_repository(diagnostic.path))}:{diagnostic.span.line}"
    cells = (
        diagnostic.severity.value,
        f"[{diagnostic.code}]({diagnostic.url}) {diagnostic.name}",
        f"`{place.replace('`', '')}`",
        _outside_of_code(one_line(diagnostic.message)),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _outside_of_code(text: str) -> str:
    """Escape what Markdown and HTML would take for markup, but not between backticks."""
    parts = text.split("`")
    for index in range(0, len(parts), 2):
        escaped = parts[index].replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
        parts[index] = escaped.replace("*", "\\*").replace("_", "\\_").replace("[", "\\[")
    return "`".join(parts)

"""What a run comes to, in a line or a few."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.wording import counted, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.diagnostics import Diagnostic

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


@dataclass(frozen=True)
class Tally:
    """What was looked at, and what of that is not reported.

    Attributes:
        files: How many files were reported on.
        routes: How many routes are in them.
        suppressed: How many diagnostics comments suppress.
        known: How many a baseline knows.
        older: How many there were at the revision that was compared with.
        revision: That revision.
    """

    files: int
    routes: int
    suppressed: int = 0
    known: int = 0
    older: int = 0
    revision: str = ""

    @property
    def unreported(self) -> str:
        """What is not reported, in parentheses after a space; empty where that is nothing."""
        parts = (
            (self.older, f"already in {one_line(self.revision)}"),
            (self.known, "in the baseline"),
            (self.suppressed, "suppressed by comments"),
        )
        listed = ", ".join(f"{number} {what}" for number, what in parts if number)
        return f" ({listed})" if listed else ""


def headline(diagnostics: Sequence[Diagnostic], tally: Tally) -> str:
    """The one line that answers "and?"."""
    if not diagnostics:
        looked_at = f"{counted(tally.files, 'file')}, {counted(tally.routes, 'route')}"
        return f"All checks passed: {looked_at}{tally.unreported}"
    by_severity = Counter(diagnostic.severity for diagnostic in diagnostics)
    parts = [
        counted(by_severity[severity], _NOUNS[severity])
        if severity in _NOUNS
        else f"{by_severity[severity]} info"
        for severity in Severity
        if by_severity[severity]
    ]
    faulty = len({diagnostic.path for diagnostic in diagnostics})
    return f"Found {', '.join(parts)} in {faulty} of {counted(tally.files, 'file')}{tally.unreported}"


def per_code(diagnostics: Sequence[Diagnostic]) -> list[tuple[int, str, str]]:
    """(count, code, name) of every code found, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    return [
        (n, code, name) for (code, name), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]

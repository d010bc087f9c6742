"""What a run comes to, in a line or a few."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.diagnostics import Diagnostic

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


@dataclass(frozen=True)
class Tally:
    """What was looked at: files reported on, routes among them, and diagnostics that comments suppressed."""

    files: int
    routes: int
    suppressed: int


def headline(diagnostics: Sequence[Diagnostic], tally: Tally) -> str:
    """The one line that answers "and?"."""
    suppressed = f" ({tally.suppressed} suppressed by comments)" if tally.suppressed else ""
    if not diagnostics:
        return (
            f"All checks passed: {counted(tally.files, 'file')}, {counted(tally.routes, 'route')}{suppressed}"
        )
    by_severity = Counter(diagnostic.severity for diagnostic in diagnostics)
    parts = [
        counted(by_severity[severity], _NOUNS[severity])
        if severity in _NOUNS
        else f"{by_severity[severity]} info"
        for severity in Severity
        if by_severity[severity]
    ]
    faulty = len({diagnostic.path for diagnostic in diagnostics})
    return f"Found {', '.join(parts)} in {faulty} of {counted(tally.files, 'file')}{suppressed}"


def per_code(diagnostics: Sequence[Diagnostic]) -> list[tuple[int, str, str]]:
    """(count, code, name) of every code found, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    return [
        (n, code, name) for (code, name), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]

"""GitLab's Code Quality report.

GitLab tells findings apart, and new ones from those it knows, by their fingerprints alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.json_text import array
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from typing import Any

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.run import Run

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(run: Run) -> str:
    """The array, `[]` where there is nothing."""
    return array(
        _issue(item, mark, run) for item, mark in zip(run.diagnostics, run.fingerprints, strict=False)
    )


def _issue(diagnostic: Diagnostic, fingerprint: str, run: Run) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "description": one_line(diagnostic.message),
        "check_name": f"{diagnostic.code} {diagnostic.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": run.in_repository(diagnostic.path),
            "lines": {"begin": span.line, "end": span.end_line},
            "positions": {
                "begin": {"line": span.line, "column": span.column},
                "end": {"line": span.end_line, "column": span.end_column},
            },
        },
    }

"""The machine format, which is an interface: always one JSON array, `[]` where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.json_text import array, diagnostic_record

if TYPE_CHECKING:
    from fastapi_lint.report.run import Run


def report(run: Run) -> str:
    """The array."""
    return array(map(diagnostic_record, run.diagnostics, run.fingerprints))

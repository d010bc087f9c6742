"""The same objects as in the JSON array, a line each; nothing where there is nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi_lint.report.json_text import diagnostic_record

if TYPE_CHECKING:
    from fastapi_lint.report.run import Run


def report(run: Run) -> str:
    """The lines, each with its line break."""
    records = map(diagnostic_record, run.diagnostics, run.fingerprints)
    return "".join(f"{json.dumps(record)}\n" for record in records)

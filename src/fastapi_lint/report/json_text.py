"""JSON, which is an interface: fields are added to it and never changed.

ASCII only, everything else escaped, so that no locale, terminal or pipe can make invalid JSON of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.diagnostics import Diagnostic, Fix, Span


def of_records(records: Iterable[object]) -> str:
    """An array of records that are written as they are: routes, rules."""
    return array(msgspec.to_builtins(record) for record in records)


def array(items: Iterable[Any]) -> str:
    """An array of what JSON can write, with its last line break."""
    return json.dumps(list(items), indent=2) + "\n"


def diagnostic_record(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    """A diagnostic as `check` writes it."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": one_line(diagnostic.message),
        "help": one_line(diagnostic.help),
        "path": diagnostic.path,
        **_span(diagnostic.span),
        "url": diagnostic.url,
        "notes": [
            {
                "message": one_line(note.message),
                "path": note.path,
                "line": note.span.line,
                "column": note.span.column,
            }
            for note in diagnostic.notes
        ],
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
        "symbol": diagnostic.symbol,
        "fingerprint": fingerprint,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": one_line(fix.title),
        "safety": fix.safety,
        "edits": [
            {"path": edit.path, **_span(edit.span), "replacement": edit.replacement} for edit in fix.edits
        ],
    }


def _span(span: Span) -> dict[str, int]:
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }

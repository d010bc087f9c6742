"""Annotations: commands that GitHub Actions reads from the log of a step.

GitHub shows ten errors, ten warnings and ten notices of a step, so the most severe come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.run import Run

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(run: Run) -> str:
    """The commands, a line each; empty where there is nothing to say."""
    return "".join(f"{_command(diagnostic, run)}\n" for diagnostic in run.worst_first)


def _command(diagnostic: Diagnostic, run: Run) -> str:
    span = run.first_line(diagnostic.path, diagnostic.span)
    path = run.in_repository(diagnostic.path)
    properties = {
        "title": f"{diagnostic.code} {diagnostic.name}",
        "file": path,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
    }
    # In the log itself nothing but the message is shown.
    place = f"{one_line(path)}:{span.line}:{span.column}"
    message = f"{place}: {diagnostic.code} {one_line(diagnostic.message)}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")

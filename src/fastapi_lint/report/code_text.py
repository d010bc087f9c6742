"""A diagnostic's code as a terminal shows it: in the colour of its severity, and as a link to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.look import Look

_COLOURS = {Severity.ERROR: 31, Severity.WARNING: 33, Severity.INFO: 36}


def code_text(diagnostic: Diagnostic, look: Look) -> str:
    """Give the code, within the escape sequences that `look` allows."""
    text = diagnostic.code
    if look.links:
        text = f"\x1b]8;;{diagnostic.url}\x1b\\{text}\x1b]8;;\x1b\\"
    return f"\x1b[1;{_COLOURS[diagnostic.severity]}m{text}\x1b[0m" if look.colour else text

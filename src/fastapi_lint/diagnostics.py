"""What a rule says: values that every layer may hold, and that no layer but this one defines."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAGES = "https://fastapi-lint.readthedocs.io/en/latest/rules"


class Severity(str, Enum):
    """How much a diagnostic matters; it decides the exit status and the colour, not whether a rule runs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(msgspec.Struct, frozen=True, order=True):
    """A piece of a file: lines and columns from 1, in characters; `end_column` is the first one after it."""

    line: int
    column: int
    end_line: int
    end_column: int

    def columns_on(self, line: int, length: int) -> range:
        """Give the indices (from 0) of what it covers of `line`, which has `length` characters."""
        if not self.line <= line <= self.end_line:
            return range(0)
        start = self.column - 1 if line == self.line else 0
        return range(start, min(self.end_column - 1, length) if line == self.end_line else length)


class Note(msgspec.Struct, frozen=True):
    """A second place that a reader needs to see in order to believe the message."""

    message: str
    path: str
    span: Span


class Edit(msgspec.Struct, frozen=True):
    """Replace the text of `span` in the file `path` by `replacement`."""

    path: str
    span: Span
    replacement: str


class Fix(msgspec.Struct, frozen=True):
    """Edits that belong together; a safe fix keeps what the application does and its OpenAPI document."""

    title: str
    safety: Literal["safe", "unsafe"]
    edits: tuple[Edit, ...]


class Diagnostic(msgspec.Struct, frozen=True):
    """One fault in one place.

    `path` is relative to the working directory, with `/`. `message` is one line and says what is wrong,
    `help` what to do. `unfixed` says why a rule that has fixes offers none here. What the span and the
    notes of a `sensitive` diagnostic cover is a secret: no report ever shows it. `symbol` is the dotted
    name, inside of its module, of the function or class that the span stands in; empty outside of any.
    """

    code: str
    name: str
    severity: Severity
    message: str
    help: str
    path: str
    span: Span
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    unfixed: str = ""
    sensitive: bool = False
    symbol: str = ""

    @property
    def url(self) -> str:
        """Where the rule's page can be read."""
        return f"{_PAGES}/{self.name}/"

    @property
    def places(self) -> tuple[Diagnostic | Note, ...]:
        """Give its own place, then those of its notes."""
        return (self, *self.notes)


def secret_spans(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Span]]:
    """Give by path what sensitive diagnostics point at: no report shows it, no fingerprint holds it."""
    spans: dict[str, list[Span]] = {}
    for diagnostic in diagnostics:
        if diagnostic.sensitive:
            for place in diagnostic.places:
                spans.setdefault(place.path, []).append(place.span)
    return spans

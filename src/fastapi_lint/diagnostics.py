"""What a rule says: values that every layer may hold, and that no layer but this one defines."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import msgspec


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
    `help` what to do. What the span and the notes of a `sensitive` diagnostic cover is a secret: no
    report ever shows it.
    """

    code: str
    name: str
    severity: Severity
    message: str
    help: str
    path: str
    span: Span
    url: str = ""
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    sensitive: bool = False

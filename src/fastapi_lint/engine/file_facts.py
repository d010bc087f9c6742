"""One file by itself: its text, and the facts in it or why there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.model import ModuleFacts  # noqa: TC001 - the struct names it
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.source import reading

if TYPE_CHECKING:
    from pathlib import Path


class File(msgspec.Struct, frozen=True):
    """What is known of one file by itself: its text and what that says, or why it says nothing."""

    text: str
    facts: ModuleFacts | None
    problem: reading.Unreadable | None = None


def read_file(path: Path, relative: str, text: str | bytes | None = None) -> File:
    """Read one file into facts: everything that is done to a file alone, whatever the others say.

    `text` takes the place of what the file holds.
    """
    if isinstance(text, str):
        source: reading.Source | reading.Unreadable = reading.Source(path, text, "utf-8")
    else:
        source = reading.read(path) if text is None else reading.decode(path, text)
    if isinstance(source, reading.Unreadable):
        return File("", None, source)
    try:
        return File(source.text, read_facts(relative, source.text))
    except SyntaxError as error:
        reason = f"syntax error: {error.msg}" if error.msg else "syntax error"
        problem = reading.Unreadable(path, reason, error.lineno or 1, max(error.offset or 1, 1))
    except ValueError as error:  # null bytes and lone surrogates, which only text that no file holds can have
        problem = reading.Unreadable(path, f"can't be read: {error}")
    except (RecursionError, MemoryError):
        problem = reading.Unreadable(path, "is nested too deeply to be read")
    return File(source.text, None, problem)

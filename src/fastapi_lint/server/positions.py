"""Places in a text, between this linter's and the protocol's.

Here lines and columns count from 1, and columns in characters. There both count from 0, and columns in the
code units of an encoding that client and server agree on, which is UTF-16 unless the client can do better.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lsprotocol import types

from fastapi_lint.source.reading import split_lines, split_lines_with_ends

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Span

_UNITS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Places:
    """The places of one text, in the units of one encoding."""

    def __init__(self, text: str, encoding: types.PositionEncodingKind | str) -> None:
        self._text = text
        self._lines = split_lines(text)
        self._codec, self._unit = _UNITS[types.PositionEncodingKind(encoding)]

    def range(self, span: Span) -> types.Range:
        """Give a span's place; what lies behind the end of a line is moved to it, as of the text."""
        return types.Range(
            self._position(span.line, span.column), self._position(span.end_line, span.end_column)
        )

    def edits(self, after: str) -> list[types.TextEdit]:
        """Say what makes the text another one: as few lines as can be, and of these what differs."""
        old, new = split_lines_with_ends(self._text), split_lines_with_ends(after)
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [
            self._edit(first, "".join(old[first:last]), "".join(new[start:end]))
            for tag, first, last, start, end in matcher.get_opcodes()
            if tag != "equal"
        ]

    def _edit(self, line: int, old: str, new: str) -> types.TextEdit:
        """Replace what begins with a line (from 0), but for what both texts have at their ends."""
        before = _shared(old, new)
        after = _shared(old[before:][::-1], new[before:][::-1])
        start = self._offset(line, old[:before])
        end = self._offset(line, old[: len(old) - after])
        return types.TextEdit(types.Range(start, end), new[before : len(new) - after])

    def _offset(self, line: int, passed: str) -> types.Position:
        lines = split_lines(passed)
        return types.Position(line + len(lines) - 1, self._units(lines[-1]))

    def _position(self, line: int, column: int) -> types.Position:
        if line > len(self._lines):
            return types.Position(len(self._lines) - 1, self._units(self._lines[-1]))
        return types.Position(line - 1, self._units(self._lines[line - 1][: column - 1]))

    def _units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self._codec, "surrogatepass")) // self._unit


def _shared(first: str, second: str) -> int:
    """How many characters two texts begin with in common; a line end of two characters isn't torn apart."""
    common = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        common += 1
    return common - 1 if "\r" in first[common - 1 : common] and "\n" in first[common : common + 1] else common


def overlap(first: types.Range, second: types.Range) -> bool:
    """Whether two ranges have a place in common; a range without length has its own, and ends count."""
    return _key(first.start) <= _key(second.end) and _key(second.start) <= _key(first.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character

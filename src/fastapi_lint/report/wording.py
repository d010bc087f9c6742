"""Text that is safe to print: one line where one line was promised, nothing that a terminal would obey."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")

# Zero-width joiners hold emoji together; every other control or format character could move the cursor,
# recolour the terminal or reorder what the reader sees.
_HARMLESS_FORMAT = "\u200c\u200d"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def printable(character: str) -> str:
    """The character, or a replacement for one that a terminal would obey instead of showing."""
    if character.isprintable() or character == " " or character in _HARMLESS_FORMAT:
        return character
    category = unicodedata.category(character)
    return _REPLACEMENT if category in {"Cc", "Cf", "Cs", "Zl", "Zp"} else character


def one_line(text: str) -> str:
    """`text` on a single line, printable: line breaks and the white space around them become one space."""
    if text.isprintable():
        return text
    joined = _LINE_BREAKS.sub(" ", text).replace("\t", " ")
    return "".join(map(printable, joined)).strip()


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

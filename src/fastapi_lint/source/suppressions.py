"""Comments that silence diagnostics: flake8's `# noqa`, and `# fastapi-lint: ignore[...]`."""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from fastapi_lint.diagnostics import Span
from fastapi_lint.source.reading import split_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Kind = Literal["noqa", "ignore"]

_WORTH_A_LOOK: Final = re.compile(r"# noqa|fastapi-lint:", re.IGNORECASE)
# flake8's own grammar, so that a comment means the same to both: one space after the `#`, no space before the
# colon, and where no codes follow it silences everything.
_NOQA: Final = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_IGNORE: Final = re.compile(
    r"#\s*fastapi-lint:\s*ignore(?![\w-])(?P<bracket>\s*\[(?P<codes>[^\]]*)(?P<closed>\])?)?"
    r"(?P<reason>.*?)(?=\s+#\s|$)",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(r"[,\s]+")


class Suppression(msgspec.Struct, frozen=True):
    """One comment's word that something is meant as it is.

    `span` is the directive's own place, with the reason of an `ignore`. It speaks for the lines from
    `first_line` to `last_line`: more than one where a string or a backslash joins them. `codes` holds codes,
    beginnings of codes and names of rules; None: it silences everything there.
    """

    kind: Kind
    span: Span
    first_line: int
    last_line: int
    codes: tuple[str, ...] | None
    reason: str = ""

    def names(self, code: str, name: str) -> bool:
        """Say whether it is about the rule with this code and name, wherever that reports."""
        if self.codes is None:
            return True
        by_code = any(code.startswith(written.upper()) for written in self.codes)
        return by_code or (self.kind == "ignore" and name in self.codes)


class Suppressions(msgspec.Struct, frozen=True):
    """What the comments of one file silence, in the order of the file."""

    entries: tuple[Suppression, ...] = ()

    def matching(self, code: str, name: str, lines: Collection[int]) -> Iterator[Suppression]:
        """Give those that silence the rule with this code and name where it reports on any of these lines."""
        for entry in self.entries:
            if entry.names(code, name) and any(
                line in lines for line in range(entry.first_line, entry.last_line + 1)
            ):
                yield entry

    def covers(self, code: str, name: str, lines: Collection[int]) -> bool:
        """Say whether a diagnostic of this rule is silenced; `lines` are all the lines of its span."""
        return any(True for _ in self.matching(code, name, lines))


def parse(text: str) -> Suppressions:
    """Find the suppression comments in the text of a file, whether or not it is valid Python."""
    if not _WORTH_A_LOOK.search(text):
        return Suppressions()
    return Suppressions(
        tuple(
            suppression for comment in _comments(split_lines(text)) for suppression in _suppressions(*comment)
        )
    )


def _suppressions(
    comment: str, line: int, column: int, first_line: int, last_line: int
) -> Iterator[Suppression]:
    """Read one comment, whose `#` stands at `column` (from 1) of `line`."""
    noqa = _NOQA.search(comment)
    if noqa:
        codes = None if noqa["codes"] is None else _split(noqa["codes"])
        yield Suppression(
            "noqa",
            Span(line, column + noqa.start(), line, column + len(noqa[0].rstrip(", \t")) + noqa.start()),
            first_line,
            last_line,
            codes,
            comment[noqa.end() :].strip(),
        )
    for ignore in _IGNORE.finditer(comment):
        # A bracket that nothing closes names nothing, rather than everything.
        named = _split(ignore["codes"]) if ignore["closed"] else ()
        yield Suppression(
            "ignore",
            Span(line, column + ignore.start(), line, column + ignore.end()),
            first_line,
            last_line,
            named if ignore["bracket"] else None,
            ignore["reason"].strip(),
        )


def _split(codes: str) -> tuple[str, ...]:
    return tuple(code for code in _SEPARATORS.split(codes) if code)


def _comments(lines: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Give each comment with its line and column, and the first and last line of what it ends.

    As flake8 does, a line is what ends with a line end that no string and no backslash holds.
    """
    source = (line + "\n" for line in lines)
    comments: list[tuple[str, int, int]] = []
    first = last = 0
    read_up_to = 0
    try:
        for token in tokenize.generate_tokens(lambda: next(source, "")):
            if token.type in {tokenize.DEDENT, tokenize.ENDMARKER}:
                continue
            first = first or token.start[0]
            last = max(last, token.end[0])
            if token.type == tokenize.COMMENT:
                comments.append((token.string, token.start[0], token.start[1] + 1))
            elif token.type in {tokenize.NL, tokenize.NEWLINE}:
                for comment in comments:
                    yield *comment, first, last
                comments, first, read_up_to, last = [], 0, last, 0
    except (tokenize.TokenError, SyntaxError):
        # What Python can't read may still be silenced: a comment is what follows a `#`.
        for number, line in enumerate(lines[read_up_to:], read_up_to + 1):
            start = line.find("#")
            if start >= 0:
                yield line[start:], number, start + 1, number, number

"""Comments that silence diagnostics: flake8's `# noqa`, and this linter's own.

# fastapi-lint: ignore[FAL101] reason              what is reported on the line
# fastapi-lint: ignore-next-line[FAL101] reason    what is reported on the next line of code
# fastapi-lint: ignore-file[FAL101] reason         what is reported in the file
# fastapi-lint: public reason                      silences nothing: anybody may call this route
"""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

import msgspec

from fastapi_lint.diagnostics import Span
from fastapi_lint.source.reading import split_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

Kind = Literal["noqa", "ignore", "ignore-next-line", "ignore-file"]

DIRECTIVES: Final = ("ignore", "ignore-next-line", "ignore-file", "public")
"""What this linter's own comments may begin with."""

_WORTH_A_LOOK: Final = re.compile(r"# noqa|fastapi-lint:", re.IGNORECASE)
_OWN_WORD: Final = "fastapi-lint:"
_NOQA_OF_OURS: Final = re.compile(r"# noqa:[^\n]*\bFAL\d", re.IGNORECASE)
# flake8's own grammar, so that a comment means the same to both: one space after the `#`, no space before the
# colon, and where no codes follow it silences everything.
_NOQA: Final = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
# The same in a whole text, where codes end with the line.
_NOQA_IN_LINES: Final = re.compile(
    r"# noqa(?::[^\S\r\n]?(?P<codes>(?:[A-Z]+[0-9]+(?:(?:,|[^\S\r\n])+)?)+))?", re.IGNORECASE
)
_OWN: Final = re.compile(
    r"#\s*fastapi-lint:\s*(?P<directive>[a-z][\w-]*)(?P<bracket>\s*\[(?P<codes>[^\]]*)(?P<closed>\])?)?"
    r"(?P<reason>.*?)(?=\s+#\s|$)",
    re.IGNORECASE,
)
_REASON: Final = re.compile(r"(?!#\s).*?(?=\s+#\s|$)")
_SEPARATORS: Final = re.compile(r"[,\s]+")


class Suppression(msgspec.Struct, frozen=True):
    """One comment's word that something is meant as it is.

    `span` is the directive's own place, with its reason. It speaks for the lines from `first_line` to
    `last_line`: more than one where a string or a backslash joins them, and all for an `ignore-file`. `codes`
    holds codes, beginnings of codes and names of rules; None: it silences everything there. `names_at` are
    the columns where these stand, `ends_at` the one where the comment, or another directive in it, goes on.
    """

    kind: Kind
    span: Span
    first_line: int
    last_line: int
    codes: tuple[str, ...] | None
    reason: str = ""
    names_at: tuple[int, int] | None = None
    ends_at: int = 0

    def names(self, code: str, name: str) -> bool:
        """Say whether it is about the rule with this code and name, wherever that reports."""
        if self.codes is None:
            return True
        by_code = any(code.startswith(written.upper()) for written in self.codes)
        return by_code or (self.kind != "noqa" and name in self.codes)


class Suppressions(msgspec.Struct, frozen=True):
    """What the comments of one file silence, in the order of the file.

    `misspelt` are comments whose first word is none of `DIRECTIVES`: the word and the comment's place.
    """

    entries: tuple[Suppression, ...] = ()
    misspelt: tuple[tuple[str, Span], ...] = ()

    def matching(self, code: str, name: str, lines: Collection[int]) -> Iterator[Suppression]:
        """Give those that silence the rule with this code and name where it reports on any of these lines."""
        for entry in self.entries:
            if entry.names(code, name) and any(entry.first_line <= line <= entry.last_line for line in lines):
                yield entry

    def covers(self, code: str, name: str, lines: Collection[int]) -> bool:
        """Say whether a diagnostic of this rule is silenced; `lines` are all the lines of its span."""
        return any(True for _ in self.matching(code, name, lines))


class _Line(NamedTuple):
    """A line as flake8 sees it: what ends with a line end that no string and no backslash holds.

    `comments` are texts with the line and column (from 1) of their `#`; `is_code`: there is more to it.
    """

    first: int
    last: int
    comments: Sequence[tuple[str, int, int]]
    is_code: bool


def parse(text: str) -> Suppressions:
    """Find the suppression comments in the text of a file, whether or not it is valid Python."""
    if not _WORTH_A_LOOK.search(text):
        return Suppressions()
    lines = list(_lines(split_lines(text)))
    entries: list[Suppression] = []
    misspelt: list[tuple[str, Span]] = []
    for index, line in enumerate(lines):
        for comment, number, column in line.comments:
            entries += _noqa(comment, number, column, line)
            for own in _OWN.finditer(comment):
                span = Span(number, column + own.start(), number, column + own.end())
                directive = own["directive"].lower()
                if directive not in DIRECTIVES:
                    misspelt.append((directive, span))
                elif directive != "public":
                    entries.append(_suppression(own, span, lines, index))
    return Suppressions(tuple(entries), tuple(misspelt))


def speaks_of_rules(text: str) -> bool:
    """Say cheaply whether a file can hold comments about this linter's rules, and not only about others'."""
    lowered = text.lower()
    return _OWN_WORD in lowered or ("# noqa:" in lowered and _NOQA_OF_OURS.search(text) is not None)


def may_silence(text: str) -> bool:
    """Say cheaply whether a comment of a file can silence this linter's rules, and not only others'."""
    return _OWN_WORD in text.lower() or any(
        noqa["codes"] is None or any("FAL".startswith(code[:3].upper()) for code in _split(noqa["codes"]))
        for noqa in _NOQA_IN_LINES.finditer(text)
    )


def public_lines(text: str) -> tuple[int, ...]:
    """Give the lines (from 1) that a `# fastapi-lint: public` speaks for.

    That is its own line, or the next line of code if it stands alone.
    """
    if _OWN_WORD not in text.lower():
        return ()
    lines = list(_lines(split_lines(text)))
    found: list[int] = []
    for index, line in enumerate(lines):
        directives = {own["directive"].lower() for item in line.comments for own in _OWN.finditer(item[0])}
        if "public" in directives:
            meant = line if line.is_code else _next_code(lines, index)
            found += range(meant.first, meant.last + 1)
    return tuple(found)


def last_lines(text: str) -> dict[int, int]:
    """By line (from 1), the last one of those that strings and backslashes join to it."""
    return {
        number: line.last for line in _lines(split_lines(text)) for number in range(line.first, line.last + 1)
    }


def _noqa(comment: str, number: int, column: int, line: _Line) -> Iterator[Suppression]:
    noqa = _NOQA.search(comment)
    if noqa:
        codes = None if noqa["codes"] is None else _split(noqa["codes"])
        end = column + noqa.start() + len(noqa[0].rstrip(", \t"))
        rest = comment[noqa.end() :]
        reason = _REASON.match(rest)
        length = reason.end() if reason else 0
        yield Suppression(
            "noqa",
            Span(number, column + noqa.start(), number, end),
            line.first,
            line.last,
            codes,
            rest[:length].strip(),
            None if codes is None else (column + noqa.start("codes"), end),
            max(column + noqa.end() + length, end),
        )


def _suppression(own: re.Match[str], span: Span, lines: Sequence[_Line], index: int) -> Suppression:
    kind = cast("Kind", own["directive"].lower())
    meant = lines[index]
    first, last = meant.first, meant.last
    if kind == "ignore-next-line":
        meant = _next_code(lines, index)
        first, last = meant.first, meant.last
    elif kind == "ignore-file":
        first, last = 1, lines[-1].last
    # A bracket that nothing closes names nothing, rather than everything.
    named = _split(own["codes"]) if own["closed"] else ()
    start = span.column - own.start()
    return Suppression(
        kind,
        span,
        first,
        last,
        named if own["bracket"] else None,
        own["reason"].strip(),
        (start + own.start("codes"), start + own.end("codes")) if own["closed"] else None,
        span.end_column,
    )


def _next_code(lines: Sequence[_Line], index: int) -> _Line:
    """The next line that holds more than comments; at the end of a file the comment's own."""
    return next((line for line in lines[index + 1 :] if line.is_code), lines[index])


def _split(codes: str) -> tuple[str, ...]:
    return tuple(code for code in _SEPARATORS.split(codes) if code)


def _lines(physical: list[str]) -> Iterator[_Line]:
    source = (line + "\n" for line in physical)
    comments: list[tuple[str, int, int]] = []
    first = last = 0
    is_code = False
    read_up_to = 0
    try:
        for token in tokenize.generate_tokens(lambda: next(source, "")):
            if token.type in {tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}:
                continue
            first = first or token.start[0]
            last = max(last, token.end[0])
            if token.type == tokenize.COMMENT:
                comments.append((token.string, token.start[0], token.start[1] + 1))
            elif token.type not in {tokenize.NL, tokenize.NEWLINE}:
                is_code = True
            else:
                yield _Line(first, last, comments, is_code)
                comments, first, read_up_to, last, is_code = [], 0, last, 0, False
    except (tokenize.TokenError, SyntaxError):
        # What Python can't read may still be silenced: a comment is what follows a `#`.
        for number, line in enumerate(physical[read_up_to:], read_up_to + 1):
            start = line.find("#")
            found = [(line[start:], number, start + 1)] if start >= 0 else []
            yield _Line(number, number, found, bool(line[: start if found else None].strip()))

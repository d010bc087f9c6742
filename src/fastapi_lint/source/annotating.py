"""Write suppression comments into the text of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fastapi_lint.source.suppressions import last_lines, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def with_suppressions(text: str, codes: Mapping[int, frozenset[str]], reason: str) -> str:
    """Silence rules, given as codes by the line (from 1) on which they report; `reason` may be empty.

    A comment stands at the end of its line or, where that ends inside of a string or with a backslash, of the
    last one that belongs to it. A line that has one with brackets gets the codes into these.
    """
    lines = _LINES.findall(text)
    last = last_lines(text)
    wanted: dict[int, set[str]] = {}
    for line, reported in codes.items():
        wanted.setdefault(last.get(line, line), set()).update(reported)
    present = {
        entry.span.line: entry
        for entry in parse(text).entries
        if entry.kind == "ignore" and entry.names_at is not None and entry.codes
    }
    for number, found in wanted.items():
        content = lines[number - 1].rstrip("\r\n")
        end = lines[number - 1][len(content) :]
        known = present.get(number)
        if known is not None and known.names_at is not None:
            start, stop = (column - 1 for column in known.names_at)
            names = ", ".join(dict.fromkeys([*(known.codes or ()), *sorted(found)]))
            content = f"{content[:start]}{names}{content[stop:]}"
        else:
            comment = f"# fastapi-lint: ignore[{', '.join(sorted(found))}] {reason}"
            content = f"{content.rstrip()}  {comment.rstrip()}"
        lines[number - 1] = content + end
    return "".join(lines)

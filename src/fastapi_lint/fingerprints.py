"""What a diagnostic is known by from one run to the next.

A fingerprint comes from the rule, the symbol and the code of the line, not from line numbers, paths or
messages: whoever moves or indents code, or renames its file, keeps it. It is a hash, and of a line that is
known to hold a secret the secret is left out.

Where two states of a code base are compared, a fingerprint is of no use: its number depends on all other
diagnostics. A mark says the same without a number, part by part.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fastapi_lint.diagnostics import Diagnostic, Span

_LENGTH = 32  # hexadecimal digits
_LENGTH_IN_MARKS = 16  # enough where the rule, the symbol and mostly the path are compared as well


class Mark(NamedTuple):
    """What tells a diagnostic from others, in the order in which a list of them is sorted.

    `rule` is its code, `symbol` the function or class around it; `code` is a hash of the line. Several
    diagnostics can have the same.
    """

    path: str
    rule: str
    symbol: str
    code: str


def marks(
    diagnostics: Iterable[Diagnostic],
    source_line: Callable[[str, int], str | None],
    secrets: Mapping[str, Sequence[Span]],
) -> tuple[Mark, ...]:
    """Give the mark of each diagnostic, in their order; for the arguments see `fingerprints`."""
    found = []
    for item in diagnostics:
        line = source_line(item.path, item.span.line) or ""
        code = _normalised(line, item.span.line, secrets.get(item.path, ()))
        found.append(Mark(item.path, item.code, item.symbol, _hash(code)[:_LENGTH_IN_MARKS]))
    return tuple(found)


def fingerprints(
    diagnostics: Sequence[Diagnostic],
    source_line: Callable[[str, int], str | None],
    secrets: Mapping[str, Sequence[Span]],
) -> tuple[str, ...]:
    """Give the fingerprint of each diagnostic, in their order; no two are the same.

    `source_line(path, line)` gives a line of source, or None where there is none; `secrets` are places by
    path. Of diagnostics that nothing else tells apart, the second, the third and so on are counted.
    """
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        path, line = diagnostic.path, diagnostic.span.line
        code = _normalised(source_line(path, line) or "", line, secrets.get(path, ()))
        identity = f"{diagnostic.code}\0{diagnostic.symbol}\0{code}"
        text = f"{identity}\0{seen[identity]}"
        seen[identity] += 1
        found.append(_hash(text)[:_LENGTH])
    return tuple(found)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _normalised(code: str, line: int, secrets: Iterable[Span]) -> str:
    """Give a line of code without its secrets, each stretch of white space as one space."""
    hidden = {index for span in secrets for index in span.columns_on(line, len(code))}
    shown = (
        character if index not in hidden else "***" if index - 1 not in hidden else ""
        for index, character in enumerate(code)
    )
    return " ".join("".join(shown).split())

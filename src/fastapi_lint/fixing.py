"""Apply fixes: edits in, new texts out. Nothing is written here.

A fix is applied whole or not at all. One whose edits overlap those of a fix before it waits for the next
round, since its diagnostic may look otherwise then; edits that say the same, such as two fixes that need one
import, are made once. A fix that would leave a file that Python doesn't read is not applied.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.facts.reader import read_facts
from fastapi_lint.source.reading import line_starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi_lint.diagnostics import Diagnostic, Edit, Fix


class Applied(NamedTuple):
    """What became of fixes.

    Attributes:
        texts: What files hold now, of those that changed, by path.
        diagnostics: Those whose fixes were applied.
        spoiling: Those whose fixes would have left a file that Python doesn't read: a fault of their rules.
    """

    texts: dict[str, str]
    diagnostics: list[Diagnostic]
    spoiling: list[Diagnostic]


def may_apply(fix: Fix, paths: Iterable[str], *, unsafe: bool) -> bool:
    """Whether a fix is wanted: safe, or unsafe ones are; and it touches only the files that may change."""
    known = set(paths)
    return (unsafe or fix.safety == "safe") and all(edit.path in known for edit in fix.edits)


def apply(texts: Mapping[str, str], diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> Applied:
    """Apply what fits together of the fixes that are wanted, in the order of the diagnostics.

    `texts` gives what may be changed, by path.
    """
    chosen: dict[str, set[_Replacement]] = {}
    result = Applied({}, [], [])
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or not fix.edits or not may_apply(fix, texts, unsafe=unsafe):
            continue
        wanted = {path: set(chosen.get(path, ())) for path in {edit.path for edit in fix.edits}}
        for edit in fix.edits:
            wanted[edit.path].add(_replacement(edit, texts[edit.path]))
        if any(_overlap(replacements) for replacements in wanted.values()):
            continue
        changed = {path: _replaced(texts[path], replacements) for path, replacements in wanted.items()}
        if not all(_is_python(path, text) for path, text in changed.items()):
            result.spoiling.append(diagnostic)
            continue
        chosen.update(wanted)
        result.texts.update(changed)
        result.diagnostics.append(diagnostic)
    return result


class _Replacement(NamedTuple):
    """Offsets in characters, from 0."""

    start: int
    end: int
    text: str


def _replacement(edit: Edit, text: str) -> _Replacement:
    starts = line_starts(text)
    span = edit.span
    start = starts[span.line - 1] + span.column - 1
    end = starts[span.end_line - 1] + span.end_column - 1
    line_end = "\r\n" if "\r\n" in text else "\n"
    return _Replacement(start, end, edit.replacement.replace("\n", line_end))


def _overlap(replacements: set[_Replacement]) -> bool:
    """Whether two replacements touch the same text, or two different ones the same gap."""
    return any(
        second.start < first.end or second.start == first.start
        for first, second in pairwise(sorted(replacements))
    )


def _replaced(text: str, replacements: set[_Replacement]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(replacements):
        pieces += (text[done:start], new)
        done = end
    return "".join((*pieces, text[done:]))


def _is_python(path: str, text: str) -> bool:
    try:
        read_facts(path, text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True

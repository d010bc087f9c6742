"""How often there was something to say, counted by one thing or another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from fastapi_lint.report.json_text import array
from fastapi_lint.report.summary import per_code
from fastapi_lint.report.table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.look import Look

By = Literal["rule", "file", "checklist"]
Row = dict[str, "str | int | list[str]"]


def counts(
    diagnostics: Sequence[Diagnostic],
    by: By,
    items_of: Callable[[str], Sequence[str]] = lambda _: (),
    asks: Mapping[str, str] | None = None,
    *,
    chapters: bool = False,
) -> list[Row]:
    """Count diagnostics by rule or file, the most frequent first, or by item of the checklist, in its order.

    `items_of` gives the items that the rule with a code sees to. A diagnostic counts for each of them, and
    for the empty item, which comes last, where there are none. `asks` says what an item asks for, and what a
    chapter, the part of an item before the point, is called. With `chapters` each has a row before its items.
    """
    if by == "rule":
        return [{"count": number, "code": code, "name": name} for number, code, name in per_code(diagnostics)]
    if by == "file":
        files = Counter(diagnostic.path for diagnostic in diagnostics)
        ordered = sorted(files.items(), key=lambda pair: (-pair[1], pair[0]))
        return [{"count": number, "path": path} for path, number in ordered]
    rules: dict[str, Counter[str]] = {}
    for diagnostic in diagnostics:
        items = set(items_of(diagnostic.code)) or {""}
        if chapters:
            items |= {_chapter(item) for item in items}
        for item in items:
            rules.setdefault(item, Counter())[diagnostic.code] += 1
    return [
        {
            "count": rules[item].total(),
            "item": item,
            "rules": sorted(rules[item]) if item != _chapter(item) or not item else [],
            "asks": (asks or {}).get(item, ""),
        }
        for item in sorted(rules, key=_place)
    ]


def as_table(rows: Sequence[Row], look: Look) -> str:
    """The rows as a table; empty where there are none."""
    if not rows:
        return ""
    cells = [
        [" ".join(cell) if isinstance(cell, list) else str(cell) for cell in row.values()] for row in rows
    ]
    return table(list(rows[0]), cells, look)


def as_json(rows: Sequence[Row]) -> str:
    """The rows as an array of objects."""
    return array(rows)


def _place(item: str) -> tuple[bool, list[int]]:
    return not item, [int(part) for part in item.split(".") if part]


def _chapter(item: str) -> str:
    return item.partition(".")[0]

"""Counts of diagnostics made by hand."""

from __future__ import annotations

import json

from fastapi_lint.diagnostics import Diagnostic, Severity, Span
from fastapi_lint.report.look import Look
from fastapi_lint.report.statistics import as_json, as_table, counts

ITEMS = {"FAL101": ("2.1",), "FAL303": ("3.5", "7.3"), "FAL115": ("1.10",)}


def diagnostic(code: str, path: str = "a.py") -> Diagnostic:
    return Diagnostic(code, f"rule-{code.lower()}", Severity.INFO, "m", "h", path, Span(1, 1, 1, 2))


FOUND = [*map(diagnostic, ("FAL101", "FAL303", "FAL000", "FAL115")), diagnostic("FAL101", "b.py")]


def items_of(code: str) -> tuple[str, ...]:
    return ITEMS.get(code, ())


def test_rules_and_files_are_counted_with_the_most_frequent_first() -> None:
    assert [row["code"] for row in counts(FOUND, "rule")] == [
        "FAL101",
        "FAL000",
        "FAL115",
        "FAL303",
    ]
    assert counts(FOUND, "file") == [{"count": 4, "path": "a.py"}, {"count": 1, "path": "b.py"}]


def test_items_of_the_checklist_are_counted_in_its_order_with_what_they_ask() -> None:
    asks = {"1.10": "lists come in pages", "2.1": "routes say what they answer"}
    assert as_table(counts(FOUND, "checklist", items_of, asks), Look()) == (
        "count  item  rules   asks\n"
        "1      1.10  FAL115  lists come in pages\n"
        "2      2.1   FAL101  routes say what they answer\n"
        "1      3.5   FAL303  -\n"
        "1      7.3   FAL303  -\n"
        "1      -     FAL000  -\n"
    )


def test_a_chapter_counts_each_diagnostic_once() -> None:
    rows = counts(FOUND, "checklist", lambda _: ("3.5", "3.6", "1.1"), {"3": "Security"}, chapters=True)
    assert [(row["count"], row["item"], row["asks"]) for row in rows] == [
        (5, "1", ""),
        (5, "1.1", ""),
        (5, "3", "Security"),
        (5, "3.5", ""),
        (5, "3.6", ""),
    ]


def test_no_diagnostics_make_an_empty_table_and_an_empty_array() -> None:
    assert as_table([], Look()) == ""
    assert json.loads(as_json([])) == []

"""Known diagnostics are known again wherever their code has gone, and nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_lint.diagnostics import Diagnostic, Severity, Span
from fastapi_lint.fingerprints import Mark, marks
from fastapi_lint.recognising import recognise

FOUND = Mark("a.py", "FAL101", "Items.read", "1f")


def new(known: list[Mark], found: list[Mark], *, seen: str = "", gone: str = "") -> list[Mark]:
    """What is new where files were looked at (all, if none is named) and others are gone."""
    result = recognise(
        known,
        found,
        is_seen=lambda path: not seen or path in seen.split(),
        is_gone=lambda path: path in gone.split(),
    )
    assert sorted(result.old + result.new) == list(range(len(found)))
    return [found[index] for index in result.new]


@pytest.mark.parametrize(
    ("found", "gone"),
    [
        (FOUND, ""),
        (FOUND._replace(path="b.py"), ""),
        (FOUND._replace(path="b.py"), "a.py"),
        (FOUND._replace(symbol="Items.get"), ""),
        (FOUND._replace(symbol="read"), ""),
        (FOUND._replace(path="b.py", symbol="read"), ""),
        (FOUND._replace(path="b.py", symbol="Things.get"), "a.py"),
    ],
    ids=[
        "where it was",
        "moved",
        "in a renamed file",
        "in a renamed function",
        "out of its class",
        "moved out of its class",
        "in a renamed file and function",
    ],
)
def test_what_is_moved_or_renamed_is_known(found: Mark, gone: str) -> None:
    assert new([FOUND], [found], gone=gone) == []


@pytest.mark.parametrize(
    "found",
    [
        FOUND._replace(rule="FAL102"),
        FOUND._replace(code="2e"),
        FOUND._replace(path="b.py", symbol="Items.get"),
    ],
    ids=["another rule", "other code", "moved and renamed at once"],
)
def test_what_is_something_else_is_new(found: Mark) -> None:
    assert new([FOUND], [found]) == [found]


def test_a_copy_is_new() -> None:
    copy = FOUND._replace(path="b.py")
    assert new([FOUND], [FOUND, copy]) == [copy]
    assert new([FOUND], [FOUND, FOUND]) == [FOUND]


def test_a_copy_is_new_although_the_original_was_not_looked_at() -> None:
    copy = FOUND._replace(path="b.py")
    assert new([FOUND], [copy], seen="b.py") == [copy]
    assert new([FOUND], [copy], seen="b.py", gone="a.py") == []


def test_what_is_not_found_is_missed() -> None:
    result = recognise([FOUND, FOUND], [FOUND], is_seen=lambda _path: True, is_gone=lambda _path: False)
    assert result.missed == (FOUND,)


names = st.sampled_from(["a", "b", "c"])
listed = st.lists(st.builds(Mark, path=names, rule=names, symbol=names, code=names), max_size=12)


@given(listed, st.data())
def test_moving_code_never_makes_something_new(known: list[Mark], data: st.DataObject) -> None:
    moved = [mark._replace(path=data.draw(names)) for mark in known]
    assert new(known, data.draw(st.permutations(moved))) == []


@given(listed, st.dictionaries(names, names))
def test_renaming_files_and_functions_makes_nothing_new(known: list[Mark], other: dict[str, str]) -> None:
    renamed = [mark._replace(symbol=f"{mark.symbol}_", path=f"new/{mark.path}") for mark in known]
    assert new(known, renamed, gone="a b c") == []
    assert new(known, [mark._replace(symbol=other.get(mark.symbol, mark.symbol)) for mark in known]) == []


@given(listed, listed)
def test_each_of_what_is_known_stands_for_one(known: list[Mark], found: list[Mark]) -> None:
    result = recognise(known, found, is_seen=lambda _path: True, is_gone=lambda _path: True)
    assert len(result.old) + len(result.missed) == len(known)
    by_code = Counter((mark.rule, mark.code) for mark in known)
    assert not Counter((found[index].rule, found[index].code) for index in result.old) - by_code


def test_a_mark_has_neither_lines_nor_columns_nor_secrets() -> None:
    def mark(line: int, column: int, text: str, secret: Span | None = None) -> Mark:
        span = Span(line, column, line, column + 1)
        found = Diagnostic("FAL303", "n", Severity.ERROR, "m", "h", "a.py", span, symbol="f")
        return marks([found], lambda _path, _line: text, {"a.py": [secret] if secret else []})[0]

    assert mark(1, 1, "key = 1") == mark(9, 5, "    key  =  1")
    assert mark(1, 1, "key = 1") != mark(1, 1, "key = 2")
    assert mark(1, 1, "key = 1", Span(1, 7, 1, 8)) == mark(1, 1, "key = 2", Span(1, 7, 1, 8))

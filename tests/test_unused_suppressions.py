"""FAL001 and its fix; what it finds at all is on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastapi_lint.diagnostics import Diagnostic
from fastapi_lint.engine import Request, check, read_file
from fastapi_lint.rules import catalogue
from fastapi_lint.rules.base import RouteVisitor

if TYPE_CHECKING:
    from pathlib import Path

FAULTY = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items"){comment}
def read_items():
    return {{"items": []}}
"""


def found(tmp_path: Path, text: str, **options: str) -> list[Diagnostic]:
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    outcome = check(Request(working_directory=tmp_path, **{"select": ("FAL",), **options}))  # type: ignore[arg-type]
    return [item for item in outcome.diagnostics if item.code == "FAL001"]


def fixed(text: str, diagnostics: list[Diagnostic]) -> str:
    """The text after the edits of all fixes."""
    edits = [edit for item in diagnostics if item.fix is not None for edit in item.fix.edits]
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        span = edit.span
        before = lines[span.line - 1][: span.column - 1]
        after = lines[span.end_line - 1][span.end_column - 1 :] if span.end_line <= len(lines) else ""
        lines[span.line - 1 : span.end_line] = [before + edit.replacement + after]
    return "".join(lines)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # fastapi-lint: ignore[FAL601] why\n", "x = 1\n"),
        ("x = 1  # noqa: FAL601\n", "x = 1\n"),
        ("x = 1  # noqa: FAL601 why\n", "x = 1\n"),
        ("x = 1  # noqa: FAL601, F401 why\n", "x = 1  # noqa: F401 why\n"),
        ("x = 1  # noqa: E501 FAL601,FAL403\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa:FAL601  # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # type: ignore  # noqa: FAL601\n", "x = 1  # type: ignore\n"),
        ("x = 1  # type: ignore # noqa: FAL601 # more\n", "x = 1  # type: ignore # more\n"),
        ("# fastapi-lint: ignore-file[FAL601]\nx = 1\n", "x = 1\n"),
        ("x = 1\n    # fastapi-lint: ignore-next-line[FAL601]\n", "x = 1\n"),
        ("x = 1\n# fastapi-lint: ignore-file[FAL601]", "x = 1\n"),
        ("x = 1  # fastapi-lint: ignore [n-plus-one-query]\n", "x = 1\n"),
        ("x = 1  # fastapi-lint: ignore\n", "x = 1\n"),
    ],
)
def test_the_fix_takes_out_what_silences_nothing(before: str, after: str, tmp_path: Path) -> None:
    diagnostics = found(tmp_path, before)
    assert len(diagnostics) == 1
    assert fixed(before, diagnostics) == after


PARTS = st.sampled_from(
    [
        "# noqa: FAL601",
        "# noqa: F401, FAL601 why",
        "# noqa:FAL403 FAL601",
        "# fastapi-lint: ignore[FAL601]",
        "# fastapi-lint: ignore-file[n-plus-one-query, FAL601] why",
        "# fastapi-lint: ignore-next-line[FAL403] why",
        "# type: ignore",
        "# why",
    ]
)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "x = 1", '"""a', '"""']), st.lists(PARTS, max_size=3)), max_size=4
    )
)
def test_after_the_fix_there_is_nothing_left_to_fix_and_no_code_has_changed(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, list[str]]]
) -> None:
    text = "".join(f"{'  '.join([code, *comments])}\n" for code, comments in lines)
    directory = tmp_path_factory.mktemp("fixed")
    result, fixable = text, list[Diagnostic]()
    for _ in range(text.count("#") + 1):  # one at a time: neighbours share the white space between them
        fixable = [item for item in found(directory, result) if item.fix is not None]
        result = fixed(result, fixable[:1])
    assert not fixable
    before, after = (read_file(directory / "main.py", "main.py", version) for version in (text, result))
    assert (before.facts is None) == (after.facts is None)
    assert text.count("# type: ignore") == result.count("# type: ignore")
    assert text.count("x = 1") == result.count("x = 1")


def test_what_is_needed_stays(tmp_path: Path) -> None:
    text = FAULTY.format(comment="  # fastapi-lint: ignore[FAL101, FAL601, missing-response-model] why")
    diagnostics = found(tmp_path, text, select=("FAL101", "FAL601", "FAL001"))  # type: ignore[arg-type]
    assert [item.message for item in diagnostics] == ["the suppression of `FAL601` silences nothing"]
    kept = FAULTY.format(comment="  # fastapi-lint: ignore[FAL101, missing-response-model] why")
    assert fixed(text, diagnostics) == kept


def test_several_names_are_one_diagnostic(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "x = 1  # noqa: FAL601, FAL403, FAL101\n")
    assert one.message == "the suppressions of `FAL601`, `FAL403` and `FAL101` silence nothing"


def test_what_may_be_anothers_directive_is_not_removed(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "x = 1  # noqa: FAL601 pylint: disable=all\n")
    assert one.fix is None


@pytest.mark.parametrize("level", ["default", "pedantic"])
def test_of_a_chapter_something_is_said_where_all_its_rules_ran(level: str, tmp_path: Path) -> None:
    text = "x = 1  # fastapi-lint: ignore[FAL1]\ny = 1  # fastapi-lint: ignore\n"
    diagnostics = found(tmp_path, text, select=None, level=level)  # type: ignore[arg-type]
    assert len(diagnostics) == (2 if level == "pedantic" else 0)


def test_a_rule_that_does_not_run_leaves_its_suppressions_alone(tmp_path: Path) -> None:
    text = "x = 1  # fastapi-lint: ignore[FAL601]\n"
    assert not found(tmp_path, text, select=("FAL101", "FAL001"))  # type: ignore[arg-type]
    assert not found(tmp_path, text, ignore=("FAL001",))  # type: ignore[arg-type]


def test_a_rule_that_fails_leaves_all_suppressions_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_rule: object, _application: object, _function: object) -> bool:
        raise RuntimeError

    rule = catalogue.load("n-plus-one-query")
    assert rule is not None
    assert issubclass(rule, RouteVisitor)
    monkeypatch.setattr(rule, "applies", classmethod(crash))
    assert not found(tmp_path, FAULTY.format(comment="  # fastapi-lint: ignore[FAL601, FAL101]"))


def test_it_is_silenced_by_name_and_not_by_the_comment_it_is_about(tmp_path: Path) -> None:
    assert len(found(tmp_path, "x = 1  # fastapi-lint: ignore[FAL]\n")) == 1
    assert len(found(tmp_path, "x = 1  # fastapi-lint: ignore[FAL601]  # fastapi-lint: ignore\n")) == 2
    assert not found(tmp_path, "x = 1  # fastapi-lint: ignore[FAL601, FAL001]\n")
    assert not found(tmp_path, "x = 1  # fastapi-lint: ignore[FAL601]  # noqa: FAL001\n")
    assert not found(tmp_path, "# fastapi-lint: ignore-file[unused-suppression]\nx = 1  # noqa: FAL601\n")


def test_the_severity_that_is_configured_holds_for_it_and_for_all_rules(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint.severity]\nFAL = "info"\nFAL101 = "error"\n')
    (tmp_path / "main.py").write_text(FAULTY.format(comment="  # noqa: FAL601"))
    outcome = check(Request(working_directory=tmp_path))
    assert [(item.code, item.severity) for item in outcome.diagnostics] == [
        ("FAL101", "error"),
        ("FAL001", "info"),
    ]

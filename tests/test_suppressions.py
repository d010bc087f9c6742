from __future__ import annotations

import pytest
from flake8.defaults import NOQA_INLINE_REGEXP
from hypothesis import example, given
from hypothesis import strategies as st

from fastapi_lint.diagnostics import Span
from fastapi_lint.source.suppressions import Suppression, Suppressions, parse, public_lines

CODE, NAME = "FAL101", "missing-response-model"


def silences(text: str, line: int = 1) -> bool:
    return parse(text).covers(CODE, NAME, {line})


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# NoQA",
        "# noqa: FAL101",
        "# noqa:FAL101",
        "# noqa: F401,FAL101",
        "# noqa: F401 FAL101 and a reason",
        "# noqa: F401,  FAL1",
        "# noqa: fal101",
        "# noqa : F401",
        "# noqa: not-codes",
        "# type: ignore # noqa",
        "# fastapi-lint: ignore",
        "#fastapi-lint:ignore",
        "# fastapi-lint: ignore because it is public",
        "# fastapi-lint: ignore[FAL101]",
        "# fastapi-lint: ignore [ FAL303, missing-response-model ] a reason",
        "# fastapi-lint: ignore[FAL1]",
        "# noqa: F401 # fastapi-lint: ignore[FAL101]",
        "# fastapi-lint: ignore[FAL303] one # fastapi-lint: ignore[FAL101] two",
    ],
)
def test_a_comment_silences_the_rule(comment: str) -> None:
    assert silences(f"x = 1  {comment}\n")


@pytest.mark.parametrize(
    "comment",
    [
        "#noqa",
        "#  noqa",
        "# noqa: F401",
        "# noqa: FAL1010",
        "# noqa: F401 # noqa: FAL101",
        "# noqa: A1B2",
        "# fastapi-lint: ignore[FAL303]",
        "# fastapi-lint: ignore[]",
        "# fastapi-lint: ignore[FAL101",
        "# fastapi-lint: ignore-next-line\ny = 2",
        "# fastapi-lint: ignored",
        "# fastapi-lint: public",
        "# flake8: noqa",
    ],
)
def test_a_comment_does_not_silence_the_rule(comment: str) -> None:
    assert not silences(f"x = 1  {comment}\n")


def test_names_of_rules_are_for_our_own_comments_only() -> None:
    suppression = Suppression("noqa", Span(1, 1, 1, 9), 1, 1, (NAME,))
    assert not suppression.names(CODE, NAME)


@given(st.text("# noqa:,FAL10 \tx", max_size=24))
@example("# noqa:\tF401 , FAL101")
def test_a_noqa_means_what_it_means_to_flake8(comment: str) -> None:
    expected = NOQA_INLINE_REGEXP.search("#" + comment)
    entries = [entry for entry in parse(f"x = 1 #{comment}\n").entries if entry.kind == "noqa"]
    assert bool(entries) == bool(expected)
    if expected:
        assert (entries[0].codes is None) == (expected["codes"] is None)


def test_a_suppression_keeps_its_place_its_codes_and_its_reason() -> None:
    first = "é = 1  # noqa: F401, FAL101  see #12\n"
    text = first + "y = 2  # fastapi-lint: ignore[FAL101, auth-in-handler] see #12 # x\n"
    assert parse(text) == Suppressions(
        (
            Suppression("noqa", Span(1, 8, 1, 28), 1, 1, ("F401", "FAL101"), "see #12", (16, 28), 37),
            Suppression(
                "ignore", Span(2, 8, 2, 63), 2, 2, ("FAL101", "auth-in-handler"), "see #12", (31, 54), 63
            ),
        )
    )


def test_a_comment_can_speak_for_the_next_line_of_code() -> None:
    text = (
        "# fastapi-lint: ignore-next-line[FAL101] one\n\n"
        "# fastapi-lint: ignore-next-line[FAL303] two\nx = f(\n    1)\n"
    )
    assert [(entry.kind, entry.first_line, entry.last_line) for entry in parse(text).entries] == [
        ("ignore-next-line", 4, 4),
        ("ignore-next-line", 4, 4),
    ]
    assert silences(text, 4)
    assert not silences(text, 1)
    assert not silences(text, 5)


def test_behind_the_last_line_of_code_there_is_no_next_one() -> None:
    (entry,) = parse("x = 1\n# fastapi-lint: ignore-next-line").entries
    assert (entry.first_line, entry.last_line) == (2, 2)


def test_a_comment_can_speak_for_the_whole_file() -> None:
    text = "x = 1\ny = 2\n# fastapi-lint: ignore-file[FAL101] generated\nz = 3\n"
    (entry,) = parse(text).entries
    assert (entry.kind, entry.codes, entry.reason) == ("ignore-file", ("FAL101",), "generated")
    assert all(silences(text, line) for line in range(1, 5))
    assert not parse(text).covers("FAL303", "hardcoded-secret", {1})


def test_a_word_that_is_no_directive_is_kept_with_its_place() -> None:
    text = "x = 1  # fastapi-lint: ignroe[FAL101]\n# fastapi-lint: public\n"
    assert parse(text) == Suppressions((), (("ignroe", Span(1, 8, 1, 38)),))


def test_a_public_mark_speaks_for_its_line_or_the_next_one_of_code() -> None:
    text = (
        "# fastapi-lint: public sign up\n# more\n@router.post('/a')\ndef a(): ...\n"
        "@router.post('/b')  # fastapi-lint: Public\ndef b(): ...\n"
        "x = 'fastapi-lint: public'  # fastapi-lint: publicity\n"
    )
    assert public_lines(text) == (3, 5)
    assert public_lines("x = 1  # fastapi-lint: ignore\n") == ()


def test_a_string_is_no_comment() -> None:
    assert not silences('x = "# noqa"\n')
    assert not silences('"""\n# fastapi-lint: ignore\n"""\n', 2)


def test_a_diagnostic_is_silenced_from_any_of_its_lines() -> None:
    text = "@router.post(\n    '/items',\n)  # fastapi-lint: ignore\ndef create(): ...\n"
    assert parse(text).covers(CODE, NAME, range(1, 4))
    assert not parse(text).covers(CODE, NAME, range(1, 3))
    assert not parse(text).covers(CODE, NAME, {4})


def test_a_comment_speaks_for_all_lines_that_a_string_or_a_backslash_joins() -> None:
    text = 'x = """\na\n"""  # noqa\ny = 1 + \\\n    2  # fastapi-lint: ignore\nz = 3\n'
    assert [(entry.first_line, entry.last_line) for entry in parse(text).entries] == [(1, 3), (4, 5)]
    assert not silences(text, 6)


def test_lines_are_counted_as_python_counts_them() -> None:
    text = "a = 1\rb = 2\r\n\x0cc = '\x1c'\nd = 4  # noqa\r\n"
    assert [entry.span.line for entry in parse(text).entries] == [4]


@pytest.mark.parametrize("broken", ["x = (1,\n", "if x:\n        a\n    b\n", "x = '''\n", "x = 1 ?\n"])
def test_a_file_that_is_not_python_keeps_its_comments(broken: str) -> None:
    text = "a = 1  # noqa: FAL101\n" + broken + "b = 2  # fastapi-lint: ignore[FAL101]\n"
    last = text.count("\n")
    assert silences(text, 1)
    assert silences(text, last)


def test_the_last_line_needs_no_line_end() -> None:
    assert silences("x = 1  # noqa")


def test_a_text_without_suppressions_has_none() -> None:
    assert parse("x = 1\n") == Suppressions()
    assert parse("x = 'fastapi-lint:'  # nothing\n") == Suppressions()


@given(st.text("#noqa: fastapi-lint:ignore[]\\'\"()\n\r\t x1", max_size=60))
def test_no_text_raises(text: str) -> None:
    parse("# noqa " + text)
    public_lines("# fastapi-lint: public" + text)

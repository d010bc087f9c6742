"""Reports of diagnostics made by hand: their text is the product, so it is compared with snapshots."""

from __future__ import annotations

import io
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Note, Severity, Span, secret_spans
from fastapi_lint.report.formats import report
from fastapi_lint.report.frame import Pen, frame
from fastapi_lint.report.look import Look, look_of
from fastapi_lint.report.page import page
from fastapi_lint.report.progress import progress_bar
from fastapi_lint.report.run import Run
from fastapi_lint.report.summary import Tally, headline
from fastapi_lint.report.table import table
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_snapshot.plugin import Snapshot

ITEMS = """\
from fastapi import APIRouter

router = APIRouter()


@router.post("/items")
def create_item(item: ItemIn):
    return service.create(
        item,
    )
"""
MAIN = """\
app = FastAPI()
app.include_router(items.router)
"""
SETTINGS = """\
class Settings:
    database_password = "correct horse"
    signing_key = "battery staple", "public"
"""
TALLY = Tally(files=38, routes=112, suppressed=0)


def reader(files: dict[str, str]) -> Callable[[str, int], str | None]:
    lines = {path: text.split("\n") for path, text in files.items()}

    def source_line(path: str, line: int) -> str | None:
        return lines[path][line - 1] if path in lines and 1 <= line <= len(lines[path]) else None

    return source_line


SOURCE = reader({"app/items.py": ITEMS, "app/main.py": MAIN, "app/settings.py": SETTINGS})


def diagnostic(span: tuple[int, int, int, int] = (6, 2, 6, 13), **changes: Any) -> Diagnostic:
    values: dict[str, Any] = {
        "code": "FAL101",
        "name": "missing-response-model",
        "severity": Severity.WARNING,
        "message": "`POST /items` answers with a body but declares no response model",
        "help": "declare what it returns, with `response_model=` or a return annotation",
        "path": "app/items.py",
        "span": Span(*span),
    }
    return Diagnostic(**values | changes)


def secret(span: tuple[int, int, int, int], **changes: Any) -> Diagnostic:
    return diagnostic(
        span,
        code="FAL303",
        name="hardcoded-secret",
        severity=Severity.ERROR,
        message="`database_password` is written into the source",
        path="app/settings.py",
        help="read it from the environment",
        sensitive=True,
        **changes,
    )


def run_of(found: Sequence[Diagnostic], tally: Tally = TALLY, **changes: Any) -> Run:
    return Run(diagnostics=found, tally=tally, source_line=SOURCE, secrets=secret_spans(found), **changes)


def full(found: Sequence[Diagnostic], tally: Tally, look: Look) -> str:
    return report("full", run_of(found, tally, look=look))


def frame_of(
    source: str, span: tuple[int, int, int, int], masks: Sequence[Span] = (), width: int = 80
) -> str:
    line_of = reader({"": source})
    pen = Pen(mark="^", style="", gutter=1, width=width, context=0)
    lines = frame(Span(*span), lambda line: line_of("", line), masks, pen)
    return "\n".join(line.plain.rstrip() for line in lines)


# The full report


def test_the_full_report_shows_the_source_the_notes_the_help_and_a_summary(snapshot: Snapshot) -> None:
    found = [
        diagnostic(notes=(Note("its router is included here", "app/main.py", Span(2, 1, 2, 19)),)),
        diagnostic((8, 12, 10, 6), code="FAL402", name="other-rule", severity=Severity.INFO, help=""),
        secret((2, 25, 2, 40)),
        diagnostic(),
    ]
    snapshot.assert_match(full(found, Tally(files=38, routes=112, suppressed=3), Look()), "full.txt")


def test_a_clean_run_says_what_was_checked() -> None:
    assert full([], TALLY, Look()) == "All checks passed: 38 files, 112 routes\n"


def test_the_summary_counts_one_of_a_kind_in_the_singular() -> None:
    one = Tally(files=1, routes=1, suppressed=1)
    assert headline([diagnostic()], one) == "Found 1 warning in 1 of 1 file (1 suppressed by comments)"
    assert headline([], one) == "All checks passed: 1 file, 1 route (1 suppressed by comments)"


def test_a_diagnostic_whose_source_is_not_at_hand_keeps_its_place() -> None:
    text = full([diagnostic(path="gone.py")], TALLY, Look())
    assert " --> gone.py:6:2\nhelp: declare" in text


def test_colour_adds_escape_sequences_and_nothing_else() -> None:
    found = [diagnostic(), secret((2, 25, 2, 40))]
    plain = full(found, TALLY, Look())
    coloured = full(found, TALLY, Look(colour=True, terminal=True, links=True))
    assert "\x1b[" not in plain
    assert "\x1b]8;" in coloured
    assert "https://fastapi-lint.readthedocs.io/en/latest/rules/missing-response-model/" in coloured
    assert re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", coloured) == plain


# Secrets


def test_a_secret_is_masked_in_its_own_frame() -> None:
    text = full([secret((2, 25, 2, 40))], TALLY, Look())
    assert "correct horse" not in text
    assert "2 |     database_password = ***\n  |                         ^^^\n" in text


def test_a_secret_is_masked_in_the_frames_of_its_neighbours() -> None:
    text = full([secret((2, 25, 2, 40)), secret((3, 19, 3, 35))], TALLY, Look())
    assert "correct horse" not in text
    assert "battery staple" not in text
    assert text.count('signing_key = ***, "public"') == 2


def test_a_secret_is_masked_where_a_note_points_at_it() -> None:
    note = Note("the same value", "app/settings.py", Span(3, 19, 3, 35))
    assert "battery" not in full([secret((2, 25, 2, 40), notes=(note,))], TALLY, Look())


def test_a_secret_over_several_lines_is_masked_on_each() -> None:
    source = 'key = """begin\nmiddle\nend""" + tail'
    shown = frame_of(source, (1, 7, 3, 7), [Span(1, 7, 3, 7)])
    assert shown == "  |\n1 | / key = ***\n2 | | ***\n3 | | *** + tail\n  | |___^"


# Frames


@pytest.mark.parametrize(
    ("source", "span", "expected"),
    [
        pytest.param("x = call()", (1, 5, 1, 9), "1 | x = call()\n  |     ^^^^", id="ascii"),
        pytest.param("\tx = call()", (1, 6, 1, 10), "1 |     x = call()\n  |         ^^^^", id="tab"),
        pytest.param("名 = 呼ぶ()", (1, 5, 1, 7), "1 | 名 = 呼ぶ()\n  |      ^^^^", id="wide"),
        pytest.param("e\u0301 = call()", (1, 6, 1, 10), "1 | e\u0301 = call()\n  |     ^^^^", id="combining"),
        pytest.param("\u0301 = x", (1, 5, 1, 6), "1 |  = x\n  |    ^", id="combining-with-nothing"),
        pytest.param("x", (1, 2, 1, 2), "1 | x\n  |  ^", id="end-of-line"),
        pytest.param("x", (1, 40, 1, 50), "1 | x\n  |  ^", id="beyond-the-line"),
        pytest.param("x\ny", (1, 1, 2, 1), "1 | x\n  | ^", id="line-break-included"),
        pytest.param("", (1, 1, 1, 1), "1 |\n  | ^", id="empty-file"),
        pytest.param("a\x1b[31m\u202eb", (1, 8, 1, 9), "1 | a\ufffd[31m\ufffdb\n  |        ^", id="control"),
    ],
)
def test_the_mark_stands_under_what_is_meant(
    source: str, span: tuple[int, int, int, int], expected: str
) -> None:
    assert frame_of(source, span) == f"  |\n{expected}"


def test_a_span_of_many_lines_shows_the_first_and_the_last() -> None:
    source = "\n".join(f"line {number}" for number in range(1, 10))
    assert frame_of(source, (1, 1, 9, 7)).split("\n") == [
        "  |",
        "1 | / line 1",
        "2 | | line 2",
        "3 | | line 3",
        "4 | | line 4",
        "...",
        "8 | | line 8",
        "9 | | line 9",
        "  | |______^",
    ]


@pytest.mark.parametrize("filler", ["a", "\t", "名"])
@pytest.mark.parametrize("before", [0, 30, 31, 300, 301])
@pytest.mark.parametrize("after", [0, 1, 300])
def test_a_long_line_is_cropped_around_the_mark(filler: str, before: int, after: int) -> None:
    source = filler * before + "TARGET" + filler * after
    _, line, mark = frame_of(source, (1, before + 1, 1, before + 7)).split("\n")
    cells = "".join(character * (2 if character == "名" else 1) for character in line)
    assert len(cells) <= 80
    start = mark.index("^")
    assert mark.count("^") == len("TARGET")
    assert cells[start : start + len("TARGET")] == "TARGET"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n")), st.integers(0, 40), st.integers(0, 90))
def test_no_line_is_too_odd_for_a_frame(source: str, start: int, width: int) -> None:
    lines = frame_of(source, (1, start + 1, 1, start + 4), width=width).split("\n")
    assert all(cell_len(line) <= max(width, 40 + len("1 | ")) for line in lines)
    assert set(lines[2].removeprefix("  | ").strip()) == {"^"}


def test_a_mark_wider_than_the_window_is_cut_with_its_line() -> None:
    _, line, mark = frame_of("x" * 20 + "y" * 500, (1, 21, 1, 521)).split("\n")
    assert line == "1 | ..." + "x" * 3 + "y" * 67 + "..."
    assert len(mark) == len(line) == 80


# One line each, and JSON


def test_concise_gives_one_line_a_diagnostic() -> None:
    found = [diagnostic(message="two\n  lines\rof \u2028text"), diagnostic((9, 1, 9, 2), path="a\nb.py")]
    assert report("concise", run_of(found)) == (
        "app/items.py:6:2: FAL101 two lines of text\n"
        "a b.py:9:1: FAL101 `POST /items` answers with a body but declares no response model\n"
    )
    assert report("concise", run_of([])) == ""


def test_text_that_a_terminal_would_obey_is_not_printed() -> None:
    assert one_line("\x1b[2Jred\u202e\x00 \tname \ud800") == "\ufffd[2Jred\ufffd\ufffd  name \ufffd"
    assert one_line("👩\u200d🚀 naïve 名") == "👩\u200d🚀 naïve 名"


def test_json_carries_every_field_of_the_contract(snapshot: Snapshot) -> None:
    edit = Edit("app/items.py", Span(7, 30, 7, 30), " -> ItemOut")
    found = diagnostic(
        message="a\nb",
        notes=(Note("included here", "app/main.py", Span(2, 1, 2, 19)),),
        fix=Fix("annotate the return", "unsafe", (edit,)),
    )
    snapshot.assert_match(report("json", run_of([found, secret((2, 25, 2, 40))])), "diagnostics.json")


def test_json_of_nothing_is_an_empty_array() -> None:
    assert report("json", run_of([])) == "[]\n"


def test_json_is_ascii_and_keeps_what_no_encoding_can_write() -> None:
    text = report("json", run_of([diagnostic(path="名\udcff.py")]))
    assert text.isascii()
    assert json.loads(text)[0]["path"] == "名\udcff.py"


# Tables and pages


def test_a_piped_table_is_aligned_and_never_cut() -> None:
    rows = [("GET", "/" + "a" * 500), ("", "/b")]
    assert table(("method", "path"), rows, Look()) == f"method  path\nGET     /{'a' * 500}\n-       /b\n"


def test_a_table_on_a_terminal_fits_the_window_and_loses_nothing() -> None:
    text = table(("method", "path"), [("GET", "/" + "a" * 100)], Look(terminal=True, width=40))
    assert max(map(len, text.splitlines())) <= 40
    assert text.replace("path", "").count("a") == 100
    assert "\x1b" not in text


def test_a_page_is_rendered_for_a_person_and_raw_for_a_pipe() -> None:
    markdown = "# name (FAL101)\n\nUse `x`."
    assert page(markdown, Look()) == markdown + "\n"
    assert page(markdown + "\n", Look()) == markdown + "\n"
    assert "# name" not in page(markdown, Look(terminal=True, width=40))


# The look, and progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "option", "environment", "coloured"),
    [
        (Terminal(), "auto", {}, True),
        (Terminal(), "auto", {"TERM": "dumb"}, False),
        (Terminal(), "auto", {"NO_COLOR": "1"}, False),
        (Terminal(), "auto", {"NO_COLOR": ""}, True),
        (Terminal(), "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal(), "never", {"FORCE_COLOR": "1"}, False),
        (io.StringIO(), "auto", {}, False),
        (io.StringIO(), "auto", {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), "always", {"NO_COLOR": "1"}, True),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_stream(
    stream: io.StringIO, option: Any, environment: dict[str, str], *, coloured: bool
) -> None:
    look = look_of(stream, option, environment)
    assert look.colour is coloured
    assert look.terminal is stream.isatty()


def test_a_short_run_shows_no_progress() -> None:
    stream = Terminal()
    with progress_bar(stream, patience=60) as advance:
        advance("reading", 1, 2)
    assert stream.getvalue() == ""


def test_a_long_run_shows_progress_on_a_terminal() -> None:
    stream = Terminal()
    with progress_bar(stream, patience=0) as advance:
        advance("reading", 1, 0)
        advance("linking", 1, 2)
        time.sleep(0.2)
    assert "linking" in stream.getvalue()


def test_a_long_run_shows_nothing_in_a_log() -> None:
    stream = io.StringIO()
    with progress_bar(stream, patience=0) as advance:
        advance("reading", 1, 2)
    assert stream.getvalue() == ""

"""Fixes: what they make of the pages' examples, and how they are applied and written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from page_examples import EXAMPLES, PAGES, blocks

from fastapi_lint import fixing
from fastapi_lint.cli import commands
from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Severity, Span
from fastapi_lint.engine import NotWritten, Request, check, fix, write
from fastapi_lint.report.patch import patch

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from page_examples import Example

    from fastapi_lint.rules import pages


def project(directory: Path, files: dict[str, str]) -> Path:
    for path, text in {"pyproject.toml": "", **files}.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return directory


# What pages promise


def fixed_blocks() -> list[tuple[pages.RuleInfo, int, dict[str, str], str, str]]:
    """Each `python fixed` block, with the example that it comes from: files, path and text."""
    found = []
    for info, page in PAGES.items():
        example: dict[str, str] = {}
        heading, last = "", ""
        for block in blocks(page):
            if block.info == "python":
                path = block.path or "main.py"
                if block.path is None or block.heading != heading or path in example:
                    example = {}
                example[path] = block.text
                heading, last = block.heading, path
            elif block.info == "python fixed":
                found.append((info, block.line, dict(example), block.path or last, block.text))
    return found


@pytest.mark.parametrize(
    ("info", "files", "path", "expected"),
    [
        pytest.param(info, files, path, text, id=f"{info.name}.md:{line}")
        for info, line, files, path, text in fixed_blocks()
    ],
)
def test_a_fix_gives_what_the_page_shows(
    info: pages.RuleInfo, files: dict[str, str], path: str, expected: str, tmp_path: Path
) -> None:
    root = project(tmp_path, files)
    mended = fix(Request(working_directory=root, select=(info.code,)), unsafe=info.fix == "unsafe")
    after = {change.path: change.after for change in mended.changes}
    marker = f"  # error: {info.code}"
    assert after.get(path, files[path]).replace(marker, "") == expected
    assert mended.outcome.failures == ()


def test_every_rule_with_fixes_shows_one() -> None:
    shown = {info.code for info, *_ in fixed_blocks()}
    assert {info.code for info in PAGES if info.fix and not info.code.startswith("FAL0")} == shown


@pytest.mark.parametrize(("info", "example"), [case for case in EXAMPLES if "error" in str(case.values[1])])
def test_a_fix_silences_its_diagnostic_and_is_made_once(
    info: pages.RuleInfo, example: Example, tmp_path: Path
) -> None:
    root = project(tmp_path, example.files)
    request = Request(working_directory=root, select=(info.code,))
    try:
        before = check(request)
    except SyntaxError:
        pytest.skip("written in the syntax of a newer Python")
    fixable = [found for found in before.diagnostics if found.fix is not None]
    assert {found.fix.safety for found in fixable if found.fix} <= {info.fix}
    mended = fix(request, unsafe=True)
    assert mended.outcome.failures == ()
    assert len(mended.fixed) == len(fixable)
    assert len(mended.outcome.diagnostics) == len(before.diagnostics) - len(fixable)
    for change in mended.changes:
        ast.parse(change.after)
        write(change)
    assert fix(request, unsafe=True).changes == ()


# How fixes are applied


def diagnostic(*edits: tuple[int, int, int, str], safety: str = "safe") -> Diagnostic:
    changes = tuple(Edit("a.py", Span(line, start, line, end), text) for line, start, end, text in edits)
    return Diagnostic(
        code="FAL101",
        name="missing-response-model",
        severity=Severity.WARNING,
        message="m",
        help="h",
        path="a.py",
        span=Span(1, 1, 1, 2),
        fix=Fix("mend", "unsafe" if safety == "unsafe" else "safe", changes),
    )


def applied(text: str, *found: Diagnostic, unsafe: bool = False) -> tuple[str, int]:
    done = fixing.apply({"a.py": text}, found, unsafe=unsafe)
    return done.texts.get("a.py", text), len(done.diagnostics)


def test_edits_are_counted_in_characters_from_1() -> None:
    assert applied('é = "ü"\nb = 1\n', diagnostic((1, 5, 8, "2"), (2, 1, 2, "c"))) == ("é = 2\nc = 1\n", 1)


def test_a_fix_that_overlaps_another_waits() -> None:
    first, second = diagnostic((1, 5, 6, "2")), diagnostic((1, 1, 6, "b = 3"))
    assert applied("a = 1\n", first, second) == ("a = 2\n", 1)


def test_two_texts_for_one_gap_are_not_both_put_there() -> None:
    assert applied("a = 1\n", diagnostic((1, 1, 1, "b = ")), diagnostic((1, 1, 1, "c = "))) == (
        "b = a = 1\n",
        1,
    )


def test_an_edit_that_two_fixes_need_is_made_once() -> None:
    first = diagnostic((1, 1, 1, "import x\n"), (1, 5, 6, "x.a"))
    second = diagnostic((1, 1, 1, "import x\n"), (2, 5, 6, "x.b"))
    assert applied("a = 1\nb = 2\n", first, second) == ("import x\na = x.a\nb = x.b\n", 2)


def test_unsafe_fixes_are_applied_on_demand_only() -> None:
    found = diagnostic((1, 5, 6, "2"), safety="unsafe")
    assert applied("a = 1\n", found) == ("a = 1\n", 0)
    assert applied("a = 1\n", found, unsafe=True) == ("a = 2\n", 1)


def test_a_fix_that_would_spoil_the_file_is_not_applied_and_is_named() -> None:
    found = diagnostic((1, 3, 4, "("))
    done = fixing.apply({"a.py": "a = 1\n"}, [found], unsafe=False)
    assert (done.texts, done.spoiling) == ({}, [found])


def test_files_that_may_not_change_stay() -> None:
    assert fixing.apply({"b.py": "a = 1\n"}, [diagnostic((1, 5, 6, "2"))], unsafe=False).texts == {}


def test_new_lines_end_as_the_file_s_do() -> None:
    assert applied("a = 1\r\n", diagnostic((1, 1, 1, "import x\n"))) == ("import x\r\na = 1\r\n", 1)


# How fixes are asked for

MAIN = """\
from fastapi import FastAPI

app = FastAPI()


@app.delete("/orders/{order_id}")
def delete_order(order_id: int):
    return {"ok": True}
"""
FIXED = (
    MAIN.replace("import FastAPI", "import FastAPI, status", 1)
    .replace('{order_id}")', '{order_id}", status_code=status.HTTP_204_NO_CONTENT)')
    .replace('return {"ok": True}', "return")
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project(tmp_path, {"main.py": MAIN}))
    return tmp_path


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(commands, ["check", "--select", "FAL104", *arguments], input=text)


def test_unsafe_fixes_are_written_when_asked_for(root: Path) -> None:
    assert invoke("--fix").exit_code == 1
    assert (root / "main.py").read_text() == MAIN
    done = invoke("--unsafe-fixes")
    assert (done.exit_code, done.stderr) == (0, "fastapi-lint: fixed 1 problem in 1 file\n")
    assert (root / "main.py").read_text() == FIXED


def test_a_patch_is_printed_and_nothing_written(root: Path) -> None:
    done = invoke("--unsafe-fixes", "--diff")
    assert done.exit_code == 1
    assert done.stdout.startswith("--- main.py\n+++ main.py\n@@")
    assert '+@app.delete("/orders/{order_id}", status_code=status.HTTP_204_NO_CONTENT)\n' in done.stdout
    assert done.stderr == "fastapi-lint: would fix 1 problem in 1 file\n"
    assert (root / "main.py").read_text() == MAIN


def test_a_patch_with_nothing_in_it_leaves_with_0(root: Path) -> None:
    done = invoke("--fix", "--diff")
    assert (done.exit_code, done.stdout) == (0, "")
    assert (root / "main.py").read_text() == MAIN


def test_a_form_feed_ends_no_line_of_a_patch() -> None:
    text = "a = 1\n\x0c\nb = 1\n"
    assert patch("a.py", text, text.replace("b = 1", "b = 2")) == (
        "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n a = 1\n \x0c\n-b = 1\n+b = 2\n"
    )


def test_standard_input_comes_back_fixed(root: Path) -> None:
    done = invoke("--unsafe-fixes", "-", "--stdin-filename", "main.py", text=MAIN)
    assert (done.exit_code, done.stdout) == (0, FIXED)
    assert (root / "main.py").read_text() == MAIN


@pytest.mark.usefixtures("root")
def test_fixes_are_named_on_demand() -> None:
    assert "FAL104 not fixed: only with --unsafe-fixes" in invoke("--fix", "--show-fixes").stderr
    assert "main.py:6: FAL104 fixed: declare status 204" in invoke("--unsafe-fixes", "--show-fixes").stderr


def test_a_file_that_changed_meanwhile_is_left_alone(root: Path) -> None:
    mended = fix(Request(working_directory=root, select=("FAL104",)), unsafe=True)
    (root / "main.py").write_text("# another hand was here\n")
    with pytest.raises(NotWritten, match="has changed while it was linted"):
        write(mended.changes[0])
    assert (root / "main.py").read_text() == "# another hand was here\n"


def test_encoding_mode_and_line_ends_of_a_file_stay(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    file = root / "main.py"
    file.write_bytes(("# -*- coding: latin-1 -*-\n# é\n" + MAIN).replace("\n", "\r\n").encode("latin-1"))
    file.chmod(0o750)
    mended = fix(Request(working_directory=root, select=("FAL104",)), unsafe=True)
    write(mended.changes[0])
    expected = ("# -*- coding: latin-1 -*-\n# é\n" + FIXED).replace("\n", "\r\n").encode("latin-1")
    assert file.read_bytes() == expected
    assert file.stat().st_mode & 0o777 == 0o750


# How code is written


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", "() -> Order:"),
        ("order_id: int", "(order_id: int) -> Order:"),
        ("order_id: int = (1)", "(order_id: int = (1)) -> Order:"),
        ("\n    order_id: int,  # the number (of the order)\n", "(of the order)\n) -> Order:"),
        ("*, order_id: int, limit: int = Query(ge=(1))", "limit: int = Query(ge=(1))) -> Order:"),
    ],
)
def test_an_annotation_goes_behind_the_parameters(parameters: str, expected: str, tmp_path: Path) -> None:
    text = (
        "from fastapi import FastAPI, Query\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\n"
        "class Order(BaseModel):\n    id: int\n\n\n"
        f'@app.get("/orders")\ndef read_order({parameters}):\n    return Order(id=1)\n'
    )
    root = project(tmp_path, {"main.py": text})
    (change,) = fix(Request(working_directory=root, select=("FAL101",)), unsafe=True).changes
    assert expected in change.after


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('"/orders"', '("/orders", status_code=status.HTTP_204_NO_CONTENT)'),
        (
            '\n    "/orders",\n    tags=["a"],\n',
            '    tags=["a"],\n    status_code=status.HTTP_204_NO_CONTENT,\n)',
        ),
        ('"/orders", status_code=200', '("/orders", status_code=status.HTTP_204_NO_CONTENT)'),
    ],
)
def test_an_argument_is_added_in_the_style_of_the_call(arguments: str, expected: str, tmp_path: Path) -> None:
    root = project(tmp_path, {"main.py": MAIN.replace('"/orders/{order_id}"', arguments)})
    (change,) = fix(Request(working_directory=root, select=("FAL104",)), unsafe=True).changes
    assert expected in change.after


# How names are imported


@pytest.mark.parametrize(
    ("imports", "expected", "name"),
    [
        ("from fastapi import FastAPI", "from fastapi import FastAPI, status", "status"),
        ("from fastapi import Depends, FastAPI", "from fastapi import Depends, FastAPI, status", "status"),
        ("from fastapi import FastAPI, Zebra", "from fastapi import FastAPI, Zebra, status", "status"),
        (
            "from fastapi import (\n    FastAPI,  # the app\n)",
            "from fastapi import (\n    FastAPI, status,  # the app\n)",
            "status",
        ),
        (
            "from fastapi import (\n    Depends,\n    FastAPI,\n)",
            "from fastapi import (\n    Depends,\n    FastAPI,\n    status,\n)",
            "status",
        ),
        ("import fastapi\nfrom fastapi import FastAPI", None, "fastapi.status"),
        ("from fastapi import FastAPI, status as codes", None, "codes"),
        ("from fastapi.applications import FastAPI", "from fastapi import status\n", "status"),
    ],
)
def test_a_fix_uses_the_import_that_is_there_or_adds_one(
    imports: str, expected: str | None, name: str, tmp_path: Path
) -> None:
    root = project(tmp_path, {"main.py": MAIN.replace("from fastapi import FastAPI", imports)})
    mended = fix(Request(working_directory=root, select=("FAL104",)), unsafe=True)
    (change,) = mended.changes
    assert (expected if expected is not None else imports) in change.after
    assert f"status_code={name}.HTTP_204_NO_CONTENT" in change.after


def test_no_fix_is_offered_where_the_name_is_taken(tmp_path: Path) -> None:
    root = project(tmp_path, {"main.py": MAIN.replace("app = ", "status = 1\napp = ")})
    mended = fix(Request(working_directory=root, select=("FAL104",)), unsafe=True)
    assert mended.changes == ()
    assert mended.outcome.diagnostics[0].unfixed == "`status` means something else in this module"

"""`--add-suppressions` writes comments after which nothing is found, and changes no code."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.engine import NotWritten, Request, add_suppressions, annotating, check
from fastapi_lint.source.annotating import with_suppressions

if TYPE_CHECKING:
    from collections.abc import Mapping


def annotated(text: str, codes: Mapping[int, str], reason: str = "old") -> str:
    return with_suppressions(text, {line: frozenset(found.split()) for line, found in codes.items()}, reason)


@pytest.mark.parametrize(
    ("before", "codes", "after"),
    [
        ("x = 1\n", {1: "FAL2 FAL1"}, "x = 1  # fastapi-lint: ignore[FAL1, FAL2] old\n"),
        ("x = 1", {1: "FAL1"}, "x = 1  # fastapi-lint: ignore[FAL1] old"),
        ("x = 1  \r\ny\r\n", {1: "FAL1"}, "x = 1  # fastapi-lint: ignore[FAL1] old\r\ny\r\n"),
        (
            "x = 1  # noqa: F401\n",
            {1: "FAL1"},
            "x = 1  # noqa: F401  # fastapi-lint: ignore[FAL1] old\n",
        ),
        (
            "x = 1  # fastapi-lint: ignore[FAL3] mine # x\n",
            {1: "FAL1 FAL3"},
            "x = 1  # fastapi-lint: ignore[FAL3, FAL1] mine # x\n",
        ),
        (
            'x = """\n"""\ny = 1 + \\\n  2\n',
            {1: "FAL1", 3: "FAL2", 4: "FAL3"},
            (
                'x = """\n"""  # fastapi-lint: ignore[FAL1] old\n'
                "y = 1 + \\\n  2  # fastapi-lint: ignore[FAL2, FAL3] old\n"
            ),
        ),
        ("x = 1\x0c\ny = 2\n", {2: "FAL1"}, "x = 1\x0c\ny = 2  # fastapi-lint: ignore[FAL1] old\n"),
    ],
)
def test_comments_stand_where_they_are_valid(before: str, codes: dict[int, str], after: str) -> None:
    assert annotated(before, codes) == after


MAIN = '''\
from fastapi import FastAPI
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()
app = FastAPI()


@app.get(
    "/items",
    description="""
    All of them.
    """,
)
def read_items():
    return {"items": []}


@app.post("/orders")  # noqa: E501
def add_order():
    with SessionLocal() as session, \\
            SessionLocal() as other:
        return session.get("x" + """
            y""", other)
'''


def test_running_again_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_bytes(MAIN.replace("\n", "\r\n").encode())
    (tmp_path / "broken.py").write_text("def (:\n")
    request = Request(working_directory=tmp_path)
    before = check(request)
    assert len(before.diagnostics) > 3
    done = add_suppressions(request, "as of März")
    assert [item.code for item in done.left] == ["FAL000"]
    assert done.files == (file,)
    text = file.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n") == MAIN.count("\n")
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(MAIN))
    after = check(request)
    assert [item.code for item in after.diagnostics] == ["FAL000"]
    assert len(after.silenced) == len(before.diagnostics) - 1


def test_the_example_is_silenced_whole(tmp_path: Path) -> None:
    examples = Path(__file__).parents[1] / "examples"
    for file in examples.rglob("*.py"):
        copy = tmp_path / file.relative_to(examples)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    request = Request(working_directory=tmp_path, level="pedantic")
    assert not add_suppressions(request, "see the tracker").left
    assert not check(request).diagnostics


def test_a_file_in_which_a_comment_would_change_the_code_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.py").write_text(MAIN)
    monkeypatch.setattr(annotating, "with_suppressions", lambda text, *_: text.replace("items", "goods"))
    done = add_suppressions(Request(working_directory=tmp_path), "old")
    assert not done.files
    assert done.left
    assert (tmp_path / "main.py").read_text() == MAIN


def test_a_file_whose_encoding_has_no_letters_for_the_reason_stays_as_it_is(tmp_path: Path) -> None:
    data = b"# coding: latin-1\n" + MAIN.encode("latin-1")
    (tmp_path / "main.py").write_bytes(data)
    done = add_suppressions(Request(working_directory=tmp_path), "\N{GREEK SMALL LETTER ALPHA}")
    assert not done.files
    assert done.left
    assert (tmp_path / "main.py").read_bytes() == data


def test_the_file_behind_a_link_is_written_and_keeps_its_mode(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text(MAIN)
    real.chmod(0o750)
    (tmp_path / "main.py").symlink_to(real)
    assert add_suppressions(Request(working_directory=tmp_path), "old").files == (tmp_path / "main.py",)
    assert (tmp_path / "main.py").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o750
    assert "fastapi-lint: ignore" in real.read_text()
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".f")) == [
        "main.py",
        "real.txt",
    ]


def test_comments_are_not_written_into_a_file_that_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "main.py"
    file.write_text(MAIN)

    def late(text: str, *rest: object) -> str:
        file.write_text("# another hand was here\n")
        return with_suppressions(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(annotating, "with_suppressions", late)
    with pytest.raises(NotWritten, match="has changed while it was linted"):
        add_suppressions(Request(working_directory=tmp_path), "old")
    assert file.read_text() == "# another hand was here\n"

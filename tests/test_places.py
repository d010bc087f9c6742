"""Where a line stands in a module, and how what stands there is known again after it moved."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.engine import Request, check
from fastapi_lint.engine.limits import READING_DEPTH, deep_recursion
from fastapi_lint.facts.places import symbol_at
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.fingerprints import fingerprints as of

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
import os

@first
@second(
    1,
)
class Service:
    limit = 3

    @property
    async def total(self):
        match self.limit:
            case 1:
                try:
                    pass
                except ValueError:
                    def inner(): return [
                        1]
        for _ in ():
            pass
        else:
            return 2

value = os
"""


@pytest.mark.parametrize(
    ("line", "symbol"),
    [
        *((1, ""), (3, "Service"), (5, "Service"), (8, "Service"), (9, "Service")),
        *((10, "Service.total"), (13, "Service.total"), (16, "Service.total"), (17, "Service.total.inner")),
        *((18, "Service.total.inner"), (21, "Service.total"), (23, ""), (24, ""), (99, "")),
    ],
)
def test_a_place_is_named_by_what_it_stands_in(line: int, symbol: str) -> None:
    assert symbol_at(line, read_facts("a.py", SOURCE).body) == symbol


def test_a_place_in_a_long_chain_of_branches_has_its_name() -> None:
    chain = "def f(x):\n    if x: pass\n" + "    elif x: pass\n" * 600
    with deep_recursion(READING_DEPTH):
        facts = read_facts("a.py", chain)
    assert symbol_at(602, facts.body) == "f"


ROUTES = """\
from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/items")
def read_items():
    return {"items": []}


@router.get("/users")
def read_items_of():
    return {"items": []}


app = FastAPI()
app.include_router(router)
"""


def fingerprints(directory: Path, files: dict[str, str]) -> set[str]:

    directory.mkdir()
    (directory / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    for path, text in files.items():
        (directory / path).write_text(text)
    outcome = check(Request(working_directory=directory, select=("FAL101",)))
    marks = of(outcome.diagnostics, outcome.source_line, outcome.secrets)
    assert len(set(marks)) == len(marks) == 2
    return set(marks)


def test_diagnostics_are_known_again_in_another_file_further_down_and_indented(tmp_path: Path) -> None:
    before = fingerprints(tmp_path / "before", {"main.py": ROUTES})
    indented = f"import os\n\nif os.environ:\n{textwrap.indent(ROUTES, '    ')}"
    assert fingerprints(tmp_path / "after", {"elsewhere.py": indented}) == before
    changed = ROUTES.replace('"/users"', '"/people"')
    assert len(fingerprints(tmp_path / "changed", {"main.py": changed}) & before) == 1

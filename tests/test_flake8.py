"""The flake8 plugin, run by the real flake8: it says what `fastapi-lint check` says, however it is run."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_lint import engine, flake8

ROUTER = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read_items():
    return {"items": []}


@router.get("/suppressed")
def read_suppressed():  # fastapi-lint: ignore[FAL101]
    return {"items": []}


@router.get(
    "/other",
)  # noqa: FAL101
def read_other():
    return {"items": []}
"""
MAIN = """\
from fastapi import FastAPI

from shop import items, orders

app = FastAPI()
app.include_router(items.router)
app.include_router(orders.router)
"""
# A fault that only the linked project shows: what the status is stands in another file.
ORDERS = """\
from fastapi import APIRouter

from shop.statuses import GONE

router = APIRouter()


@router.delete("/orders/{order_id}", status_code=GONE)
def delete_order(order_id: int):
    return {"deleted": order_id}
"""
STATUSES = """\
GONE = 204
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with diagnostics in two files, which is the working directory."""
    package = tmp_path / "shop"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (package / "__init__.py").write_text("")
    (package / "items.py").write_text(ROUTER)
    (package / "orders.py").write_text(ORDERS)
    (package / "statuses.py").write_text(STATUSES)
    (package / "main.py").write_text(MAIN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(flake8, "_projects", {})
    return tmp_path


def program(name: str, *arguments: str, text: str | None = None) -> list[str]:
    """The lines that a program prints, sorted; it leaves with 1 if there are any, otherwise with 0."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, check=False, text=True)
    assert done.returncode == bool(done.stdout), done.stderr
    return sorted(done.stdout.splitlines())


def run_flake8(*arguments: str, text: str | None = None) -> list[str]:
    lines = program("flake8", "--isolated", "--select=FAL", *arguments, text=text)
    return [line.removeprefix("./") for line in lines]


def check(*arguments: str, text: str | None = None) -> list[str]:
    return program("fastapi-lint", "check", "--output-format=concise", *arguments, text=text)


def test_it_says_what_check_says() -> None:
    found = run_flake8(".")
    assert found == check()
    assert [line.split(": ")[0] for line in found] == ["shop/items.py:6:2", "shop/orders.py:10:12"]


def test_several_processes_say_the_same() -> None:
    assert (
        run_flake8("--jobs=2", "shop/items.py", "shop/main.py", "shop/orders.py", "shop/statuses.py")
        == check()
    )


def test_suppressions_that_silence_nothing_are_the_same_in_both(project: Path) -> None:
    (project / "shop" / "statuses.py").write_text(
        "A = 1  # noqa: FAL601\n"
        "B = 2  # noqa: FAL601, FAL001\n"
        "C = 3  # noqa\n"
        "D = 4  # fastapi-lint: ignore[FAL601] # noqa\n"
        "E = 5  # fastapi-lint: ignore[FAL601, FAL999]\n"
        "F = 6  # fastapi-lint: ignore[FAL601, FAL001]\n"
        'G = """\n"""  # fastapi-lint: ignore-next-line[FAL403]\n'
        "GONE = 204\n"
    )
    found = run_flake8(".")
    assert found == check()
    assert [line.split(": ")[0] for line in found if "FAL001" in line] == [
        "shop/statuses.py:1:8",
        "shop/statuses.py:5:8",
        "shop/statuses.py:5:8",
        "shop/statuses.py:8:6",
    ]


def test_the_own_configuration_file_of_the_linter_is_read(project: Path) -> None:
    (project / "fastapi-lint.toml").write_text('ignore = ["FAL101"]\n')
    found = run_flake8(".")
    assert found == check()
    assert [line.split(":")[0] for line in found] == ["shop/orders.py"]


def test_a_single_file_is_checked_inside_its_project() -> None:
    found = run_flake8("shop/orders.py")
    assert found == check("shop/orders.py")
    assert "FAL105" in found[0]


def test_standard_input_is_checked_inside_its_project() -> None:
    text = f"# unsaved\n{ORDERS}"
    found = run_flake8("--stdin-display-name=shop/orders.py", "-", text=text)
    assert found == check("--stdin-filename=shop/orders.py", "-", text=text)
    assert found[0].startswith("shop/orders.py:11:12: FAL105 ")


def test_standard_input_without_a_name_is_checked_alone() -> None:
    assert run_flake8("-", text=ROUTER) == check("-", text=ROUTER)


def test_the_configuration_closest_to_a_file_is_its_own(project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[tool.fastapi-lint]\nignore = ["FAL101"]\n')
    (inner / "main.py").write_text(ROUTER)
    assert not run_flake8("inner/main.py")
    (project / "pyproject.toml").write_text('[tool.fastapi-lint]\nignore = ["FAL105"]\n')
    assert [line.split(":")[0] for line in run_flake8(".")] == ["shop/items.py"]


def test_excluded_files_are_silent(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.fastapi-lint]\nexclude = ["shop/items.py"]\n')
    assert [line.split(":")[0] for line in run_flake8(".")] == ["shop/orders.py"]


def test_a_broken_configuration_is_one_line_and_not_one_a_file(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.fastapi-lint]\nselekt = []\n")
    (found,) = run_flake8("--jobs=1", ".")
    assert ":1:1: FAL000 " in found
    assert "unknown key `selekt`" in found


def test_it_shares_its_run_with_other_checks() -> None:
    command = [
        str(Path(sys.executable).with_name("flake8")),
        "--isolated",
        "--max-line-length=10",
        "shop/main.py",
        "shop/items.py",
    ]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert {line.split()[1] for line in done.stdout.splitlines()} == {"E501", "FAL101"}


def test_a_directory_without_a_project_is_no_fault(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    assert run_flake8("-", text="x = 1\n") == []


# Without flake8 around it


def findings(file: Path) -> list[tuple[int, int, str, type[flake8.Plugin]]]:
    text = file.read_text()
    return list(flake8.Plugin(ast.parse(text), str(file), text.splitlines(keepends=True)).run())


def test_a_project_is_opened_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = engine.open_project

    def counting(root: Path) -> engine.Project:
        opened.append(root)
        return real(root)

    monkeypatch.setattr(engine, "open_project", counting)
    for file in sorted((project / "shop").glob("*.py")):
        findings(file)
    assert opened == [project]


def test_lines_are_in_the_buffer_and_columns_start_at_0(project: Path) -> None:
    ((line, column, text, kind),) = findings(project / "shop" / "orders.py")
    assert (line, column, kind) == (10, 11, flake8.Plugin)
    assert text.startswith("FAL105 ")


def test_a_fault_is_one_line_of_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_root: Path) -> engine.Project:
        raise KeyError("two\nlines")

    monkeypatch.setattr(engine, "open_project", crash)
    ((line, column, text, _),) = findings(project / "shop" / "orders.py")
    assert (line, column) == (1, 0)
    assert text == r"FAL000 internal error: KeyError: 'two\nlines'"
    assert findings(project / "shop" / "items.py") == []

"""The baseline: what it knows is not reported, however its code moves; what is new always is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fastapi_lint.cli import commands
from fastapi_lint.config import ConfigurationError
from fastapi_lint.engine import Request, check, check_file, open_project
from fastapi_lint.engine.baseline_file import entries, text
from fastapi_lint.fingerprints import Mark

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ITEMS = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read_items():
    return {"items": []}
"""
ORDERS = ITEMS.replace("items", "orders")
SELECT = 'select = ["FAL101", "FAL104", "FAL303"]\n'
RULES = f"[tool.fastapi-lint]\n{SELECT}"
MAIN = """\
from fastapi import FastAPI

import items
import orders

app = FastAPI()
app.include_router(items.router)
app.include_router(orders.router)
"""
KEY = 'PAYMENT_API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n'
BASELINE = "fastapi-lint-baseline.toml"


def write(directory: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two routes without a response model, and a secret; the working directory."""
    write(
        tmp_path,
        {
            "pyproject.toml": RULES,
            "main.py": MAIN,
            "items.py": ITEMS,
            "orders.py": ORDERS,
            "settings.py": KEY,
        },
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments, standalone_mode=True)


def concise(*arguments: str) -> Result:
    return invoke("check", "--output-format", "concise", *arguments)


def test_what_the_baseline_knows_is_not_reported(project: Path) -> None:
    done = invoke("baseline", "create")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"fastapi-lint: 3 diagnostics written to {BASELINE}\n"
    done = concise()
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "fastapi-lint: All checks passed: 4 files, 2 routes (3 in the baseline)\n"
    assert concise("--no-baseline").exit_code == 1
    (project / "items.py").write_text(ITEMS + ITEMS[ITEMS.index("@") :].replace("items", "things"))
    done = concise()
    assert (done.exit_code, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith("items.py:9:2: FAL101 `GET /things`")


def test_the_file_can_be_reviewed(project: Path) -> None:
    invoke("baseline", "create")
    written = (project / BASELINE).read_text()
    lines = [line for line in written.splitlines() if line.startswith("    {")]
    assert [line.partition(", code")[0] for line in lines] == [
        '    { path = "items.py", rule = "FAL101", symbol = "read_items"',
        '    { path = "orders.py", rule = "FAL101", symbol = "read_orders"',
        '    { path = "settings.py", rule = "FAL303", symbol = ""',
    ]
    assert "sk_live" not in written
    (project / "settings.py").write_text(KEY.replace("4eC39", "5fD28"))
    assert concise().exit_code == 0, "a secret that is changed is the same fault"
    invoke("baseline", "create", "--force")
    assert (project / BASELINE).read_text() == written


@pytest.mark.parametrize(
    "change",
    [
        {"items.py": "\n# moved down\n\n" + ITEMS},
        {
            "items.py": "",
            "shop/items.py": ITEMS,
            "main.py": MAIN.replace("import items", "from shop import items"),
        },
        {"items.py": ITEMS.replace("read_items", "list_items")},
        {
            "items.py": "",
            "orders.py": ORDERS + ITEMS[ITEMS.index("@") :],
            "main.py": MAIN.replace("import items\n", "").replace("app.include_router(items.router)\n", ""),
        },
    ],
    ids=["down", "to a renamed file", "by a renamed function", "to another file"],
)
def test_code_that_moves_stays_known(project: Path, change: dict[str, str]) -> None:
    invoke("baseline", "create")
    for name, content in change.items():
        if content:
            write(project, {name: content})
        else:
            (project / name).unlink()
    done = concise("--strict-baseline")
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert "(3 in the baseline)" in done.stderr
    assert invoke("baseline", "update").exit_code == 0
    assert len(entries(project / BASELINE)) == 3
    assert concise("--strict-baseline").exit_code == 0


def test_update_removes_what_is_fixed_and_adds_nothing(project: Path) -> None:
    invoke("baseline", "create")
    write(
        project, {"items.py": ITEMS.replace("def read_items()", "def read_items() -> dict[str, list[int]]")}
    )
    write(project, {"orders.py": ORDERS.replace('"/orders"', '"/orders/all"')})
    done = invoke("baseline", "update")
    assert done.exit_code == 1
    assert done.stdout.startswith("orders.py:6:2: FAL101")
    assert "2 diagnostics removed from the baseline, which holds 1 now" in done.stderr
    assert [mark.path for mark in entries(project / BASELINE)] == ["settings.py"]
    assert concise().exit_code == 1


def test_entries_that_stand_for_nothing_fail_where_that_is_asked_for(project: Path) -> None:
    invoke("baseline", "create")
    (project / "settings.py").write_text("")
    done = concise()
    assert done.exit_code == 0
    assert "1 entry of the baseline can go, fixed since: `fastapi-lint baseline update`" in done.stderr
    done = concise("--strict-baseline")
    assert done.exit_code == 1
    assert "settings.py: FAL303 is fixed" in done.stderr
    (project / "settings.py").unlink()
    assert concise("--strict-baseline").exit_code == 1


def test_what_a_run_does_not_look_at_is_not_taken_for_fixed(project: Path) -> None:
    invoke("baseline", "create")
    (project / "orders.py").unlink()
    for arguments in (["items.py"], ["--select", "FAL303"], ["main.py", "settings.py"]):
        done = concise("--strict-baseline", *arguments)
        assert (done.exit_code, "can go" in done.stderr) == (0, False), done.stderr
    invoke("baseline", "update", "--select", "FAL303")
    assert len(entries(project / BASELINE)) == 3


def test_create_replaces_nothing_by_itself(project: Path) -> None:
    assert invoke("baseline", "create").exit_code == 0
    done = invoke("baseline", "create")
    assert (done.exit_code, "is there" in done.stderr) == (2, True)
    assert invoke("baseline", "create", "--force").exit_code == 0
    assert len(entries(project / BASELINE)) == 3


def test_a_baseline_that_is_named_takes_the_place_of_the_usual_one(project: Path) -> None:
    done = invoke("baseline", "update")
    assert (done.exit_code, "is not there" in done.stderr) == (2, True)
    assert invoke("baseline", "create", "--baseline", "ci/known.toml").exit_code == 0
    assert entries(project / "ci/known.toml")[0].path == "../items.py"
    assert not (project / BASELINE).exists()
    assert concise().exit_code == 1
    assert concise("--baseline", "ci/known.toml").exit_code == 0
    write(project, {"pyproject.toml": '[tool.fastapi-lint]\nbaseline = "ci/known.toml"\n' + SELECT})
    assert concise().exit_code == 0
    assert 'baseline = "ci/known.toml"' in invoke("check", "--show-settings").stdout
    assert concise("--isolated").exit_code == 1
    (project / "ci/known.toml").unlink()
    done = concise()
    assert (done.exit_code, "`fastapi-lint baseline create` writes it" in done.stderr) == (2, True)
    assert invoke("routes").exit_code == 0


@pytest.mark.parametrize(
    "content",
    [
        "known = [",
        "version = 2\nknown = []\n",
        "version = 1\nknown = 3\n",
        "version = 1\nknown = [{ path = 1 }]",
    ],
)
def test_a_baseline_that_is_none_is_refused(project: Path, content: str) -> None:
    (project / BASELINE).write_text(content)
    done = concise()
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_projects_have_their_own_or_share_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, {"pyproject.toml": RULES, "main.py": ITEMS})
    monkeypatch.chdir(tmp_path)
    assert invoke("baseline", "create", "one", "two").exit_code == 0
    assert len(entries(tmp_path / "one" / BASELINE)) == len(entries(tmp_path / "two" / BASELINE)) == 1
    assert concise("one", "two").exit_code == 0
    for name in ("one", "two"):
        (tmp_path / name / BASELINE).unlink()
    shared = ("--baseline", "known.toml")
    assert invoke("baseline", "create", *shared, "one", "two").exit_code == 0
    assert concise(*shared, "--strict-baseline", "one").exit_code == 0
    assert concise(*shared, "--strict-baseline", "one", "two").exit_code == 0
    (tmp_path / "one" / "main.py").unlink()
    assert invoke("baseline", "update", *shared, "one").exit_code == 0
    assert [mark.path for mark in entries(tmp_path / "known.toml")] == ["two/main.py"]


@pytest.mark.usefixtures("project")
def test_show_lists_what_is_known() -> None:
    invoke("baseline", "create")
    done = invoke("baseline", "show")
    assert done.stdout.splitlines()[1].split() == [
        "items.py",
        "FAL101",
        "missing-response-model",
        "read_items",
    ]
    listed = json.loads(invoke("baseline", "show", "--output-format", "json").stdout)
    assert [item["path"] for item in listed] == ["items.py", "orders.py", "settings.py"]


def test_only_what_is_reported_is_fixed(project: Path) -> None:
    typed = ITEMS.replace("def read_items()", "def read_items() -> dict[str, list[int]]")
    faulty = typed.replace('get("/items"', 'delete("/items/{item_id}"').replace(
        "read_items(", "delete(item_id: int"
    )
    faulty = faulty.replace("-> dict[str, list[int]]", "-> dict[str, bool]").replace(
        '{"items": []}', '{"ok": True}'
    )
    write(project, {"items.py": faulty})
    fix = ("check", "--unsafe-fixes", "--select", "FAL104")
    invoke("baseline", "create", "--select", "FAL104")
    assert invoke(*fix).exit_code == 0
    assert (project / "items.py").read_text() == faulty
    invoke(*fix, "--no-baseline")
    assert (project / "items.py").read_text() != faulty


@pytest.mark.usefixtures("project")
def test_sarif_marks_what_is_known_and_json_leaves_it_out() -> None:
    invoke("baseline", "create")
    assert json.loads(invoke("check", "--output-format", "json").stdout) == []
    (run,) = json.loads(invoke("check", "--output-format", "sarif").stdout)["runs"]
    assert [result["suppressions"] for result in run["results"]] == [
        [{"kind": "external", "justification": "in the baseline"}]
    ] * 3


def test_flake8_and_editors_know_it_too(project: Path) -> None:
    invoke("baseline", "create")
    linted = open_project(project)
    assert check_file(linted, project / "items.py", ITEMS) == ()
    twice = ITEMS + ITEMS[ITEMS.index("@") :].replace("items", "things")
    assert len(check_file(linted, project / "items.py", twice)) == 1


def test_what_is_wrong_with_it_is_said_when_a_project_is_opened(project: Path) -> None:
    (project / BASELINE).write_text("known = [")
    with pytest.raises(ConfigurationError, match="is not valid TOML"):
        open_project(project)


def test_a_cached_answer_is_sifted_as_any_other(project: Path) -> None:
    assert concise().exit_code == 1
    invoke("baseline", "create")
    assert concise().exit_code == 0
    outcome = check(Request(working_directory=project))
    assert (len(outcome.known), outcome.diagnostics, outcome.missed) == (3, (), ())


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.builds(Mark, path=words, rule=words, symbol=words, code=words), max_size=6))
def test_a_baseline_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Mark]
) -> None:
    file = tmp_path_factory.getbasetemp() / "known.toml"
    file.write_text(text(listed), encoding="utf-8", newline="\n")
    assert sorted(entries(file)) == sorted(listed)

"""`--diff REF` reports what is new against a revision, wherever it is, and changes nothing."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fastapi_lint.cli import commands

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
THINGS = ITEMS[ITEMS.index("@") :].replace("items", "things")
MAIN = """\
from fastapi import FastAPI

from shop import items

app = FastAPI()
app.include_router(items.router)
"""


RULES = '[tool.fastapi-lint]\nselect = ["FAL000", "FAL101", "FAL601"]\n'


def git(*arguments: str, directory: Path) -> str:
    options = (
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.org",
        "-c",
        "protocol.file.allow=always",
    )
    command = ["git", *options, *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, check=True, text=True).stdout.strip()


def commit(directory: Path, files: dict[str, str]) -> str:
    write(directory, files)
    git("add", "--all", directory=directory)
    git("commit", "--quiet", "--allow-empty", "--message=change", directory=directory)
    return git("rev-parse", "HEAD", directory=directory)


def write(directory: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository on its branch main, with one fault in it; the working directory."""
    directory = tmp_path / "repository"
    directory.mkdir()
    git("init", "--quiet", "--initial-branch=main", directory=directory)
    commit(
        directory, {"pyproject.toml": RULES, "main.py": MAIN, "shop/__init__.py": "", "shop/items.py": ITEMS}
    )
    monkeypatch.chdir(directory)
    return directory


def diff(*arguments: str, text: str | None = None) -> Result:
    command = ("check", "--no-cache", "--output-format", "concise", *arguments)
    return CliRunner().invoke(commands, command, input=text, standalone_mode=True)


def test_what_was_there_is_counted_and_not_reported(shop: Path) -> None:
    done = diff("--diff", "main")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "fastapi-lint: All checks passed: 3 files, 1 route (1 already in main)\n"
    write(shop, {"shop/items.py": "# first\n" + ITEMS + THINGS})
    done = diff("--diff", "main")
    assert (done.exit_code, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith("shop/items.py:10:2: FAL101 `GET /things`")
    assert done.stderr == "fastapi-lint: Found 1 warning in 1 of 3 files (1 already in main)\n"


def test_files_that_git_does_not_know_yet_are_new(shop: Path) -> None:
    write(shop, {"shop/orders.py": ITEMS.replace("items", "orders")})
    assert diff("--diff", "HEAD").stdout.startswith("shop/orders.py:6:2: FAL101")


def test_moving_and_renaming_makes_nothing_new(shop: Path) -> None:
    (shop / "shop" / "items.py").unlink()
    write(shop, {"store/__init__.py": "", "store/things.py": f"X = 1\n{ITEMS.replace('read_items', 'read')}"})
    write(shop, {"main.py": MAIN.replace("shop import items", "store import things as items")})
    for arguments in ([], ["store/things.py"]):
        done = diff(*arguments, "--diff", "main")
        assert (done.exit_code, done.stdout) == (0, "")
        assert "(1 already in main)" in done.stderr


def test_code_that_moved_from_a_file_that_is_not_asked_about_is_old(shop: Path) -> None:
    head, handler = ITEMS[: ITEMS.index("@")], ITEMS[ITEMS.index("@") :]
    write(shop, {"shop/items.py": head, "shop/reading.py": head + handler})
    assert diff("shop/reading.py", "--diff", "main").exit_code == 0


def test_a_change_in_one_file_that_breaks_another_is_seen(shop: Path) -> None:
    commit(
        shop,
        {
            "shop/stock.py": "def count() -> int:\n    return 1\n",
            "shop/items.py": (
                "from fastapi import APIRouter\n\nfrom shop.stock import count\n\nrouter = APIRouter()\n\n\n"
                '@router.get("/items")\nasync def read_items() -> int:\n    return count()\n'
            ),
        },
    )
    write(shop, {"shop/stock.py": "import time\n\n\ndef count() -> int:\n    time.sleep(1)\n    return 1\n"})
    done = diff("--diff", "HEAD")
    assert done.stdout.startswith("shop/items.py:10:12: FAL601")
    assert diff("shop/stock.py", "--diff", "HEAD").exit_code == 0
    assert diff("shop/items.py", "--diff", "HEAD").exit_code == 1


def test_the_present_configuration_holds_for_both(shop: Path) -> None:
    write(
        shop,
        {"pyproject.toml": '[tool.fastapi-lint]\nselect = ["FAL1"]\nextend-exclude = ["shop/old.py"]\n'},
    )
    assert diff("--diff", "main").exit_code == 0


def test_three_dots_mean_since_the_branch_left(shop: Path) -> None:
    git("switch", "--quiet", "--create", "topic", directory=shop)
    git("switch", "--quiet", "main", directory=shop)
    commit(shop, {"shop/items.py": ITEMS.replace("read_items()", "read_items() -> dict[str, list[int]]")})
    git("switch", "--quiet", "topic", directory=shop)
    commit(shop, {"README.md": "# Shop\n"})
    assert diff("--diff", "main").exit_code == 1, "mended there, not here"
    for revision in ("main...", "main...HEAD", "HEAD~1"):
        assert diff("--diff", revision).exit_code == 0


def test_it_works_from_below_and_for_several_projects(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(shop, {"admin/pyproject.toml": RULES, "admin/main.py": ITEMS})
    write(shop, {"admin/main.py": ITEMS + THINGS, "shop/items.py": ITEMS + THINGS})
    done = diff("--diff", "HEAD")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["admin/main.py", "shop/items.py"]
    assert "(2 already in HEAD)" in done.stderr
    monkeypatch.chdir(shop / "admin")
    assert diff("--diff", "HEAD").stdout.startswith("main.py:9:2")
    monkeypatch.chdir(shop / "shop")
    lines = diff("--diff", "HEAD").stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"{shop}/admin/main.py", "items.py"]


def state_of(directory: Path) -> dict[str, str]:
    """Everything in a repository: the work tree, the index, refs, logs and objects."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_the_repository_stays_as_it_is(shop: Path) -> None:
    write(shop, {"shop/items.py": ITEMS + THINGS, "shop/new.py": ITEMS})
    git("add", "shop/items.py", directory=shop)
    (shop / "main.py").touch()  # which makes git want to refresh its index
    before = state_of(shop)
    assert diff("--diff", "HEAD").exit_code == 1
    assert state_of(shop) == before


def test_hooks_may_ask(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    monkeypatch.chdir(shop / "shop")
    done = diff("--diff", "HEAD")
    assert done.exit_code == 0, done.stderr


@pytest.mark.usefixtures("shop")
def test_standard_input_can_be_compared() -> None:
    done = diff("-", "--stdin-filename", "shop/items.py", "--diff", "main", text=ITEMS + THINGS)
    assert done.stdout.startswith("shop/items.py:9:2")
    assert done.stdout.count("\n") == 1


def test_what_the_baseline_knows_is_not_new(shop: Path) -> None:
    write(shop, {"shop/items.py": ITEMS + THINGS})
    assert CliRunner().invoke(commands, ["baseline", "create"]).exit_code == 0
    done = diff("--diff", "HEAD", "--strict-baseline")
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr


def test_submodules_and_other_repositories_count_as_unchanged(shop: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git("init", "--quiet", directory=library)
    commit(library, {"routes.py": ITEMS})
    git("submodule", "--quiet", "add", str(library), "vendored", directory=shop)
    commit(shop, {})
    write(shop, {"vendored/routes.py": ITEMS + THINGS, "shop/items.py": ITEMS + THINGS})
    git("clone", "--quiet", str(library), str(shop / "cloned"), directory=shop)
    done = diff("--diff", "HEAD")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["shop/items.py"]
    assert diff("--diff", "HEAD~1").stdout == done.stdout


def test_links_are_followed_inside_of_the_project(shop: Path) -> None:
    (shop / "linked.py").symlink_to("shop/items.py")
    (shop / "apart.py").symlink_to("/nowhere/at/all.py")
    commit(shop, {})
    assert diff("--diff", "HEAD").exit_code == 0
    write(shop, {"shop/items.py": ITEMS + THINGS})
    assert diff("--diff", "HEAD").stdout.count("\n") == 2


def test_files_may_be_written_in_any_way(shop: Path) -> None:
    commit(shop, {"shop/mit leerzeichen ü.py": ITEMS, "shop/broken.py": "def ("})
    (shop / "shop" / "latin.py").write_bytes(b"# coding: latin-1\nNAME = '\xe9'\n" + ITEMS.encode())
    commit(shop, {})
    assert diff("--diff", "HEAD").exit_code == 0


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("mian", "git knows no revision `mian`: did you mean `main`?"),
        ("topic", "git knows no revision `topic`: did you mean `origin/topic`?"),
        ("7f3a", "git knows no revision `7f3a`"),
        ("main..HEAD", "`main..HEAD` is a range, and what is new is told of the files as they are"),
        ("main...topic", "`main...topic` ends in `topic`"),
        ("shop", "git knows no revision `shop`, but there is such a file: put paths before `--diff`"),
    ],
)
def test_what_git_does_not_know_is_one_sentence(shop: Path, revision: str, sentence: str) -> None:
    git("update-ref", "refs/remotes/origin/topic", "HEAD", directory=shop)
    done = diff("--diff", revision)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert sentence in done.stderr


def test_shallow_clones_are_named(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(shop, {"README.md": "# Shop\n"})
    first = git("rev-list", "--max-parents=0", "HEAD", directory=shop)
    git("clone", "--quiet", "--depth=1", f"file://{shop}", str(tmp_path / "shallow"), directory=tmp_path)
    monkeypatch.chdir(tmp_path / "shallow")
    done = diff("--diff", first)
    assert (done.exit_code, "this clone is shallow" in done.stderr) == (2, True)
    assert diff("--diff", "HEAD").exit_code == 0


def test_without_git_or_a_repository_it_says_so(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "apart", {"pyproject.toml": RULES, "main.py": ITEMS})
    monkeypatch.chdir(tmp_path / "apart")
    done = diff("--diff", "main")
    assert (done.exit_code, "not a git repository" in done.stderr) == (2, True)
    monkeypatch.chdir(shop)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = diff("--diff", "main")
    assert (done.exit_code, "git is not installed" in done.stderr) == (2, True)
    assert diff().exit_code == 1


@pytest.mark.usefixtures("shop")
def test_fixes_are_not_compared() -> None:
    done = diff("--fix", "--diff", "main")
    assert (done.exit_code, "--diff main reports what is new" in done.stderr) == (2, True)
    assert diff("--diff").exit_code == 0


def test_what_is_said_of_the_revision_is_kept(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["check", "--output-format", "concise", "--diff", "main"]
    write(shop, {"shop/items.py": ITEMS + THINGS})
    first = CliRunner().invoke(commands, command)
    assert first.stdout.startswith("shop/items.py:9:2")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("linted again")

    monkeypatch.setattr("fastapi_lint.engine.comparing.check_project", refuse)
    assert CliRunner().invoke(commands, command).stdout == first.stdout
    write(shop, {"shop/items.py": ITEMS + THINGS + THINGS.replace("things", "others")})
    assert CliRunner().invoke(commands, command).stdout.count("\n") == 2
    git("commit", "--quiet", "--all", "--message=more", directory=shop)
    write(shop, {"shop/items.py": ITEMS})
    assert isinstance(CliRunner().invoke(commands, command).exception, AssertionError), "it is another state"

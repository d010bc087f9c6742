"""What is kept from one run for the next: it makes runs faster, and changes nothing else."""

from __future__ import annotations

import ast
import contextlib
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fastapi_lint.engine import Caching, Request, check
from fastapi_lint.engine.cache import stamp
from fastapi_lint.engine.cache.place import NAME

if TYPE_CHECKING:
    from fastapi_lint import engine

EXAMPLES = Path(__file__).parents[1] / "examples"
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(NAME, "__pycache__"))
    (root / "pyproject.toml").touch()
    return root


def cold(root: Path, **options: Any) -> engine.Outcome:
    return check(Request(working_directory=root, **options))


def warm(root: Path, **options: Any) -> engine.Outcome:
    return check(Request(working_directory=root, caching=Caching(), **options))


def told(outcome: engine.Outcome) -> tuple[object, ...]:
    """Everything that a run says."""
    return (
        outcome.diagnostics,
        outcome.silenced,
        outcome.files,
        outcome.lines,
        outcome.routes,
        outcome.failures,
    )


def cache_files(root: Path, kind: str = "") -> list[Path]:
    return sorted(file for file in (root / NAME).iterdir() if file.name.startswith(kind) and "-" in file.name)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fastapi_lint", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


# What is in it


def test_the_directory_keeps_itself_out_of_git_and_of_backups(project: Path) -> None:
    warm(project)
    ignored = (project / NAME / ".gitignore").read_text().splitlines()
    assert "*" in ignored
    assert (
        (project / NAME / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_it_holds_no_absolute_path_and_no_secret(project: Path) -> None:
    secret = "hunter2-" + "x9Kq27LmZ0pR4sT8"
    (project / "app" / "keys.py").parent.mkdir(exist_ok=True)
    (project / "app" / "keys.py").write_text(f'PASSWORD = "{secret}"\nURL = "postgres://me:{secret}@db/x"\n')
    warm(project)
    warm(project)
    for file in cache_files(project):
        content = file.read_bytes()
        assert os.fsencode(project.parent) not in content
        assert secret.encode() not in content


# It changes nothing


def test_a_warm_run_says_what_a_cold_run_says(project: Path) -> None:
    expected = told(cold(project))
    assert told(warm(project)) == expected
    assert told(warm(project)) == expected


@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "flipped", "other"])
def test_a_damaged_cache_is_as_good_as_none(project: Path, damage: str) -> None:
    expected = told(warm(project))
    for file in cache_files(project):
        content = file.read_bytes()
        file.write_bytes(
            {
                "cut": content[: len(content) // 2],
                "empty": b"",
                "noise": b"\x93\x01" * 50,
                "flipped": content[:-3] + bytes([content[-3] ^ 255]) + content[-2:],
                "other": content.replace(b"cache 1", b"cache 0"),
            }[damage]
        )
    outcome = warm(project)
    assert told(outcome) == expected
    assert outcome.warnings == ()
    assert told(warm(project)) == expected


def test_a_cache_that_cannot_be_written_is_one_warning(project: Path) -> None:
    (project / NAME).write_text("a file in its place")
    outcome = warm(project)
    assert told(outcome) == told(cold(project))
    (warning,) = outcome.warnings
    assert warning.startswith(f"the cache can't be written to {NAME}: ")


def test_what_another_version_wrote_is_not_read_and_in_the_end_removed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = told(warm(project))
    for version in ("a" * 12, "b" * 12, "c" * 12, "d" * 12):
        monkeypatch.setattr(stamp, "version", lambda version=version: version)
        assert told(warm(project)) == expected
    assert {file.name.split("-")[1] for file in cache_files(project)} == {"b" * 12, "c" * 12, "d" * 12}


def test_many_changes_do_not_make_many_files(project: Path) -> None:
    for number in range(30):
        (project / "more.py").write_text(f"x = {number}\n")
        warm(project)
    assert len(cache_files(project, "facts-")) <= 9
    assert told(warm(project)) == told(cold(project))


def test_a_file_that_changes_within_the_same_tick_of_the_clock_is_read_again(project: Path) -> None:
    file = project / "late.py"
    for text in ("import os\n", "def a(:\n  ", "import re\n"):
        file.write_text(text.ljust(12))
        assert told(warm(project)) == told(cold(project))


# Doors


def test_the_commands_options_say_whether_and_where(project: Path, tmp_path: Path) -> None:
    run("check", "--no-cache", cwd=project)
    assert not (project / NAME).exists()
    run("check", "--cache-dir", str(tmp_path / "caches"), cwd=project)
    assert not (project / NAME).exists()
    (inside,) = (tmp_path / "caches").iterdir()
    assert inside.name.startswith("project-")
    run("check", cwd=project)
    assert (project / NAME).is_dir()


def test_clean_removes_the_cache_and_nothing_else(project: Path) -> None:
    run("check", cwd=project)
    assert "removed" in run("clean", cwd=project).stderr
    assert not (project / NAME).exists()
    done = run("clean", cwd=project)
    assert done.returncode == 0
    assert "no cache" in done.stderr
    (project / NAME).mkdir()
    (project / NAME / "mine.txt").touch()
    run("clean", cwd=project)
    assert (project / NAME / "mine.txt").exists()


# Answers


def test_a_run_with_nothing_changed_parses_nothing_and_imports_neither_libcst_nor_rules(
    project: Path,
) -> None:
    watched = (
        "import ast, sys, fastapi_lint.cli as cli, pathlib\n"
        "def refuse(*_, **__): raise AssertionError('parsed')\n"
        "ast.parse = refuse\n"
        "sys.argv = ['fastapi-lint', 'check', *sys.argv[1:]]\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "loaded = [name for name in sys.modules if name.startswith(('libcst', 'fastapi_lint.application',\n"
        "    'fastapi_lint.facts', 'fastapi_lint.rules.'))]\n"
        "print(loaded, file=sys.stderr)\n"
    )
    cold_run = run("check", "--no-cache", cwd=project)
    run("check", cwd=project)
    for arguments in ((), ("--output-format", "full"), ("--output-format", "json")):
        done = subprocess.run(
            [sys.executable, "-c", watched, *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        light = {"fastapi_lint.rules.pages", "fastapi_lint.rules.catalogue", "fastapi_lint.rules.comments"}
        loaded = done.stderr.splitlines()[-1]
        assert set(ast.literal_eval(loaded)) <= light, loaded
        if not arguments:
            assert done.stdout == cold_run.stdout


def test_an_answer_about_the_project_answers_for_its_files(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(project.rglob("*.py"))
    expected = [told(cold(project, paths=(file,))) for file in files]
    warm(project)
    monkeypatch.setattr("fastapi_lint.application.link", None)
    assert [told(warm(project, paths=(file,))) for file in files] == expected
    text = files[-1].read_bytes()
    assert told(warm(project, stdin=(str(files[-1]), text))) == expected[-1]


def test_answers_about_some_files_add_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told(cold(project))
    for file in sorted(project.rglob("*.py")):
        warm(project, paths=(file,))
    monkeypatch.setattr("fastapi_lint.application.link", None)
    assert told(warm(project)) == expected


def test_what_is_on_standard_input_is_not_kept(project: Path) -> None:
    file = next(project.rglob("*.py"))
    warm(project, stdin=(str(file), b"password = 'x'\n"))
    assert told(warm(project)) == told(cold(project))
    assert told(warm(project, paths=(file,))) == told(cold(project, paths=(file,)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.fastapi-lint]\nlevel = "pedantic"\n'),
        ("pyproject.toml", '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi==0.95.0"]\n'),
        ("requirements.txt", "fastapi==0.95.0\n"),
        ("fastapi-lint.toml", 'select = ["FAL1"]\n'),
        (
            "more.py",
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/x')\ndef x(): return {}\n",
        ),
        (".gitignore", "*.py\n"),
    ],
)
def test_what_changes_the_answer_is_asked_anew(project: Path, name: str, text: str) -> None:
    before = told(warm(project))
    (project / name).write_text(text)
    assert told(warm(project)) == told(cold(project))
    assert told(warm(project, level="strict")) == told(cold(project, level="strict"))
    (project / name).write_text("" if name == "pyproject.toml" else text)
    if name != "pyproject.toml":
        (project / name).unlink()
    assert told(warm(project)) == before


# A project that is edited at random

LINES = (
    "import os\n",
    "x = 1  # noqa\n",
    "# only a comment\n",
    "\n",
    "    return None\n",
    "TOKEN = 'sk-abcdefghijklmnop1234'\n",
    "from fastapi import APIRouter\nrouter = APIRouter(prefix='/more')\n",
)


def edit(root: Path, chance: random.Random) -> str:
    """Do one of the things that people do to a project, and say which."""
    files = sorted(root.rglob("*.py"))
    file = chance.choice(files)
    lines = file.read_text().splitlines(keepends=True)
    at = chance.randrange(len(lines) + 1)
    what = chance.choice(["insert", "delete", "comment", "swap", "rename", "remove", "add", "nothing"])
    if what == "insert":
        lines.insert(at, chance.choice(LINES))
    elif what == "delete" and lines:
        del lines[at - 1]
    elif what == "comment" and lines:
        comment = chance.choice(["  # noqa", "  # hm", "  # fastapi-lint: ignore"])
        lines[at - 1] = f"{lines[at - 1].rstrip()}{comment}\n"
    elif what == "swap":
        other = chance.choice(files)
        text = other.read_text()
        other.write_text("".join(lines))
        lines = [text]
    elif what == "rename":
        file.rename(file.with_name(f"renamed_{chance.randrange(9)}.py"))
        return what
    elif what == "remove" and len(files) > 3:
        file.unlink()
        return what
    elif what == "add":
        file = file.with_name("added.py")
    file.write_text("".join(lines))
    return f"{what} {file.name}:{at}"


@pytest.mark.parametrize("name", ["bookshop", "craft_market", "nested_routers"])
@pytest.mark.parametrize("trusted", [True, False])
def test_whatever_is_edited_a_warm_run_says_what_a_cold_one_says(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    if trusted:  # how files look from outside, although they are young
        monkeypatch.setattr("fastapi_lint.engine.cache.states._JUST_NOW", 0)
    root = tmp_path / name
    shutil.copytree(FIXTURES / name, root, ignore=shutil.ignore_patterns(NAME, "__pycache__"))
    (root / "pyproject.toml").write_text("[tool.fastapi-lint]\nlevel = 'pedantic'\n")
    chance = random.Random(20261121)  # noqa: S311 - the same edits every time
    done: list[str] = []
    for _ in range(12):
        assert told(warm(root)) == told(cold(root)), done
        done.append(edit(root, chance))
        file = chance.choice(sorted(root.rglob("*.py")))
        assert told(warm(root, paths=(file,))) == told(cold(root, paths=(file,))), done


# Several runs, and runs that don't come to their end


def test_runs_at_the_same_time_do_not_disturb_each_other(project: Path) -> None:
    expected = run("check", "--no-cache", cwd=project)
    command = [sys.executable, "-m", "fastapi_lint", "check"]
    for _ in range(2):  # without a cache, and with one
        several = [
            subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in several:
            assert process.communicate() == (expected.stdout, expected.stderr)
            assert process.returncode == expected.returncode


def test_a_run_that_is_killed_leaves_nothing_that_matters(project: Path) -> None:
    expected = run("check", "--no-cache", cwd=project)
    command = [sys.executable, "-m", "fastapi_lint", "check"]
    for wait in (0.1, 0.3, 0.5, 0.7, 0.9):
        process = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        process.kill()
        process.wait()
        assert run("check", cwd=project).stdout == expected.stdout
        run("clean", cwd=project)


def test_what_kills_leave_behind_is_removed_when_it_is_old(project: Path) -> None:
    warm(project)
    for name, seconds in (("0" * 16, 7200), ("1" * 16, 60), ("mine", 7200)):
        file = project / NAME / f".unfinished-{name}"
        file.touch()
        os.utime(file, (time.time() - seconds,) * 2)
    (project / "more.py").touch()
    warm(project)
    left = {file.name for file in (project / NAME).glob(".unfinished-*")}
    assert left == {f".unfinished-{'1' * 16}", ".unfinished-mine"}


def test_nothing_is_removed_that_was_not_written_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(project)
    others = [project / NAME / name for name in ("facts-2026-budget.ods", "my-notes-1", "answers-of-life-42")]
    for file in others:
        file.touch()
    for version in "abcdef":
        monkeypatch.setattr(stamp, "version", lambda version=version: version * 12)
        warm(project)
    assert all(file.exists() for file in others)


def test_a_cache_that_is_a_link_is_not_followed(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / NAME).symlink_to(elsewhere)
    outcome = warm(project)
    assert outcome.warnings == (f"the cache can't be written to {NAME}: it is a link",)
    assert told(outcome) == told(cold(project))
    assert list(elsewhere.iterdir()) == []


# flake8


def test_flake8_reads_the_same_cache(project: Path) -> None:
    file = next(file for file in sorted(project.rglob("*.py")) if warm(project, paths=(file,)).diagnostics)
    warm(project)
    watched = (
        "import sys\n"
        "from fastapi_lint.flake8 import Plugin\n"
        "lines = open(sys.argv[1], newline=None).readlines()\n"
        "found = list(Plugin(None, sys.argv[1], lines).run())\n"
        "assert found, 'nothing found'\n"
        "heavy = ('libcst', 'fastapi_lint.application')\n"
        "assert not [name for name in sys.modules if name.startswith(heavy)]\n"
    )
    for newline in ("\n", "\r\n"):
        file.write_text(file.read_text(), newline=newline)
        warm(project)
        done = subprocess.run(
            [sys.executable, "-c", watched, str(file)],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""

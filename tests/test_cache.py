"""What is kept from one run for the next: it makes runs faster, and changes nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fastapi_lint.engine import Caching, Request, check
from fastapi_lint.engine.cache import stamp
from fastapi_lint.engine.cache.place import NAME

if TYPE_CHECKING:
    from fastapi_lint import engine

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(NAME, "__pycache__"))
    (root / "pyproject.toml").touch()
    age(root)
    return root


def age(root: Path) -> None:
    """Make files look as if they had not been changed just now."""
    for file in root.rglob("*.py"):
        os.utime(file, (1_000_000_000, 1_000_000_000))


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
    for version in ("aaaa", "bbbb", "cccc", "dddd"):
        monkeypatch.setattr(stamp, "version", lambda version=version: version)
        assert told(warm(project)) == expected
    assert {file.name.split("-")[1] for file in cache_files(project)} == {"bbbb", "cccc", "dddd"}


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

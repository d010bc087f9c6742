"""The hooks, run by the real pre-commit, which installs this repository as it would a release of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

FAULTY = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def read_items():
    return {"items": []}
"""


def git(*arguments: str, directory: Path) -> str:
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, check=True, text=True).stdout


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this work tree as a repository of their own: what hooks would be installed from."""
    directory = tmp_path_factory.mktemp("release")
    files = git("ls-files", "--cached", "--others", "--exclude-standard", directory=REPOSITORY).splitlines()
    for name in files:
        if (REPOSITORY / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes((REPOSITORY / name).read_bytes())
    git("init", "--quiet", directory=directory)
    git("add", "--all", directory=directory)
    git("commit", "--quiet", "--message=release", directory=directory)
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one fault in each of two files, both staged."""
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nexclude = ["excluded.py"]\n')
    for name in ("main.py", "other.py", "excluded.py"):
        (tmp_path / name).write_text(FAULTY)
    (tmp_path / "README.md").write_text("# Shop\n")
    git("init", "--quiet", directory=tmp_path)
    git("add", "--all", directory=tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment that it installs: made once for all tests here."""
    return tmp_path_factory.mktemp("home")


def run_hook(release: Path, home: Path, project: Path, hook: str, *arguments: str) -> tuple[int, str]:
    revision = git("rev-parse", "HEAD", directory=release).strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: '{release}', rev: '{revision}', hooks: [{{id: {hook}}}]}}]\n"
    )
    done = subprocess.run(
        [BIN / "pre-commit", "run", "--color=never", hook, *arguments],
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PRE_COMMIT_HOME": str(home)},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_hooks_are_as_pre_commit_wants_them(release: Path) -> None:
    subprocess.run([BIN / "pre-commit", "validate-manifest", release / ".pre-commit-hooks.yaml"], check=True)


def test_the_hook_reports_on_the_files_it_is_given(release: Path, home: Path, project: Path) -> None:
    status, output = run_hook(
        release, home, project, "fastapi-lint", "--files", "main.py", "excluded.py", "README.md"
    )
    assert status == 1, output
    assert "main.py:6:2" in output
    assert "other.py" not in output
    assert "excluded.py" not in output


def test_the_hook_passes_where_all_its_files_are_excluded(release: Path, home: Path, project: Path) -> None:
    status, output = run_hook(release, home, project, "fastapi-lint", "--files", "excluded.py")
    assert status == 0, output


def test_the_project_hook_reports_on_everything(release: Path, home: Path, project: Path) -> None:
    status, output = run_hook(release, home, project, "fastapi-lint-project", "--files", "main.py")
    assert status == 1, output
    assert "main.py:6:2" in output
    assert "other.py:6:2" in output
    assert "excluded.py" not in output


def test_the_project_hook_rests_where_no_python_file_changed(
    release: Path, home: Path, project: Path
) -> None:
    status, output = run_hook(release, home, project, "fastapi-lint-project", "--files", "README.md")
    assert status == 0, output
    assert "Skipped" in output


def test_try_repo_runs_the_hook(release: Path, home: Path, project: Path) -> None:
    done = subprocess.run(
        [BIN / "pre-commit", "try-repo", release, "fastapi-lint", "--files", "main.py"],
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PRE_COMMIT_HOME": str(home)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "main.py:6:2" in done.stdout


def test_an_installation_carries_the_pages(release: Path, home: Path, project: Path) -> None:
    run_hook(release, home, project, "fastapi-lint", "--files", "main.py")
    (program,) = home.glob("repo*/py_env-*/bin/fastapi-lint")
    page = subprocess.run([program, "rule", "FAL101"], cwd=project, capture_output=True, check=True).stdout
    assert page == (REPOSITORY / "rules" / "missing-response-model.md").read_bytes()

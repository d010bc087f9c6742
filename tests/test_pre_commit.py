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
SOUND = FAULTY.replace("def read_items()", "def read_items() -> dict[str, list[int]]")


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


def configure(release: Path, project: Path, hook: str) -> None:
    revision = git("rev-parse", "HEAD", directory=release).strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: '{release}', rev: '{revision}', hooks: [{{id: {hook}}}]}}]\n"
    )


def run_hook(release: Path, home: Path, project: Path, hook: str, *arguments: str) -> tuple[int, str]:
    configure(release, project, hook)
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


# Real commits


def install(release: Path, home: Path, project: Path, hook: str = "fastapi-lint") -> None:
    """Let git run the hook on every commit; what is staged so far is committed without it."""
    configure(release, project, hook)
    git("add", "--all", directory=project)
    git("commit", "--quiet", "--message=before", directory=project)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home)}
    subprocess.run(
        [BIN / "pre-commit", "install"], cwd=project, check=True, capture_output=True, env=environment
    )


def commit(home: Path, project: Path) -> tuple[int, str]:
    """Commit what is staged, as a person would."""
    person = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    command = ["git", *person, "commit", "--message=change"]
    done = subprocess.run(
        command,
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PRE_COMMIT_HOME": str(home)},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def committed(release: Path, home: Path, tmp_path: Path) -> Path:
    """A repository with the hook, and no fault in it."""
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nselect = ["FAL101", "FAL601"]\n')
    (tmp_path / "main.py").write_text(SOUND)
    git("init", "--quiet", directory=tmp_path)
    install(release, home, tmp_path)
    return tmp_path


def test_what_is_staged_is_checked_and_not_what_the_work_tree_holds(home: Path, committed: Path) -> None:
    main = committed / "main.py"
    main.write_text(FAULTY)
    git("add", "main.py", directory=committed)
    main.write_text(SOUND + "\n\n# mended since\n")
    status, output = commit(home, committed)
    assert (status, "main.py:6:2" in output) == (1, True), output
    assert main.read_text().endswith("# mended since\n"), "what is not staged is there again"

    main.write_text(SOUND + "\n\n# first\n")
    git("add", "main.py", directory=committed)
    main.write_text(FAULTY)
    status, output = commit(home, committed)
    assert status == 0, output
    assert main.read_text() == FAULTY
    git("add", "main.py", directory=committed)
    status, output = commit(home, committed)
    assert status == 1, "what was kept of the run before is about another content"


def test_files_around_the_commit_are_as_they_are_staged(home: Path, committed: Path) -> None:
    waiting = "import time\n\n\ndef wait() -> int:\n    time.sleep(1)\n    return 1\n"
    asking = SOUND.replace("import FastAPI\n", "import FastAPI\n\nfrom stock import wait\n")
    asking = asking.replace('return {"items": []}', 'return {"items": [wait()]}').replace(
        "def read", "async def read"
    )
    (committed / "stock.py").write_text(waiting.replace("    time.sleep(1)\n", ""))
    git("add", "stock.py", directory=committed)
    (committed / "stock.py").write_text(waiting)
    (committed / "main.py").write_text(asking)
    git("add", "main.py", directory=committed)
    status, output = commit(home, committed)
    assert status == 0, output
    (committed / "main.py").write_text(asking + "\n\n# again\n")
    git("add", "--all", directory=committed)
    status, output = commit(home, committed)
    assert (status, "FAL601" in output) == (1, True), output


def test_a_broken_file_beside_the_commit_is_no_matter(home: Path, committed: Path) -> None:
    (committed / "untracked.py").write_text("def (")
    (committed / "main.py").write_text(SOUND + "\n\n# more\n")
    git("add", "main.py", directory=committed)
    status, output = commit(home, committed)
    assert status == 0, output


def test_a_renamed_file_is_checked_and_stays_known(release: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nselect = ["FAL101"]\n')
    (tmp_path / "main.py").write_text(FAULTY)
    (tmp_path / "kept.py").write_text(SOUND)
    git("init", "--quiet", directory=tmp_path)
    install(release, home, tmp_path)
    git("mv", "main.py", "renamed.py", directory=tmp_path)
    git("rm", "--quiet", "kept.py", directory=tmp_path)
    status, output = commit(home, tmp_path)
    assert (status, "renamed.py:6:2" in output) == (1, True), output

    git("reset", "--quiet", "--hard", directory=tmp_path)
    subprocess.run(
        [BIN / "fastapi-lint", "baseline", "create"], cwd=tmp_path, check=True, capture_output=True
    )
    git("mv", "main.py", "renamed.py", directory=tmp_path)
    git("add", "--all", directory=tmp_path)
    status, output = commit(home, tmp_path)
    assert status == 0, output


def test_more_names_than_fit_into_one_command_are_all_checked(
    release: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nselect = ["FAL101"]\n')
    (tmp_path / "main.py").write_text("")
    git("init", "--quiet", directory=tmp_path)
    install(release, home, tmp_path)
    names = [f"{'a_long_name_' * 10}{number:04}.py" for number in range(1100)]
    for name in names:
        (tmp_path / name).write_text("")
    for name in (names[0], names[-1]):
        (tmp_path / name).write_text(FAULTY)
    git("add", "--all", directory=tmp_path)
    status, output = commit(home, tmp_path)
    assert status == 1
    assert f"{names[0]}:6:2" in output
    assert f"{names[-1]}:6:2" in output
    assert output.count("Found 1 warning in 1 of ") == 2, "two commands, one after the other"

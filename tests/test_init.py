"""`init`, which proposes what a project needs, and `completion`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_lint.config import load
from fastapi_lint.proposing import propose
from fastapi_lint.rules import catalogue

PROGRAM = Path(sys.executable).with_name("fastapi-lint")

PROJECT = '[project]\nname = "shop"\n'


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def proposed(directory: Path) -> dict[str, str]:
    return {item.file.name: item.after for item in propose(directory).files}


def write(directory: Path, name: str, text: str) -> None:
    file = directory / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def test_nothing_is_written_without_a_yes(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PROJECT)
    result = run(tmp_path, "init")
    assert result.returncode == 1
    assert "+[tool.fastapi-lint]\n" in result.stdout
    assert result.stderr == "fastapi-lint: nothing was written; `--yes` writes\n"
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8") == PROJECT


def test_what_is_written_is_valid_and_not_proposed_again(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PROJECT + "\n[tool.ruff]\nline-length = 100\n")
    write(tmp_path, "src/shop/__init__.py", "")
    (tmp_path / "tests").mkdir()
    (tmp_path / ".git").mkdir()
    assert run(tmp_path, "init", "--yes").returncode == 0
    config = load(tmp_path, catalogue.names(), catalogue.options)
    assert config.src == (tmp_path / "src",)
    assert config.per_file_ignores == (("tests/", ("FAL3",)),)
    assert 'external = ["FAL"]' in (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8").startswith(PROJECT)
    assert (tmp_path / ".pre-commit-config.yaml").exists()
    again = run(tmp_path, "init")
    assert again.returncode == 0
    assert again.stdout == ""
    assert again.stderr == "fastapi-lint: there is nothing to propose: the project is configured\n"


def test_without_a_pyproject_it_is_a_file_of_its_own(tmp_path: Path) -> None:
    assert proposed(tmp_path).keys() == {"fastapi-lint.toml"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[tool.ruff.lint]\nselect = []\n", '[tool.ruff.lint]\nexternal = ["FAL"]\nselect = []\n'),
        ('[tool.ruff.lint]\nexternal = ["V"]\n', '[tool.ruff.lint]\nexternal = ["FAL", "V"]\n'),
        ("[tool.ruff]\n", '[tool.ruff]\n\n[tool.ruff.lint]\nexternal = ["FAL"]\n'),
        ('[tool.ruff.lint]\nexternal = ["F"]\n', '[tool.ruff.lint]\nexternal = ["F"]\n'),
        ("[tool.ruff.lint]\r\nselect = []\r\n", '[tool.ruff.lint]\r\nexternal = ["FAL"]\r\nselect = []\r\n'),
    ],
)
def test_ruff_is_told_whose_the_codes_are(tmp_path: Path, before: str, after: str) -> None:
    own = "\n[tool.fastapi-lint]\n"
    write(tmp_path, "pyproject.toml", before + own)
    found = proposed(tmp_path)
    if before == after:
        assert not found
    elif "[tool.ruff]\n" in before:
        assert found["pyproject.toml"].endswith('\n\n[tool.ruff.lint]\nexternal = ["FAL"]\n')
    else:
        assert found["pyproject.toml"] == after + own


def test_a_file_of_ruffs_own_is_told_too(tmp_path: Path) -> None:
    write(tmp_path, "ruff.toml", "line-length = 100\n")
    assert proposed(tmp_path)["ruff.toml"] == 'line-length = 100\n\n[lint]\nexternal = ["FAL"]\n'


def test_what_cannot_be_changed_safely_is_only_said(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool.fastapi-lint]\n[tool.ruff]\nlint = { external = ["V"] }\n')
    write(tmp_path, "setup.cfg", "[flake8]\nselect = F\n")
    write(tmp_path, ".pre-commit-config.yaml", "repos: []\n")
    (tmp_path / ".git").mkdir()
    proposal = propose(tmp_path)
    assert proposal.files == []
    assert [remark.split()[0] for remark in proposal.remarks] == [
        "ruff",
        ".pre-commit-config.yaml",
        "setup.cfg",
    ]


@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize("behind", ["", "\nci:\n  skip: [a]\n"])
def test_a_hook_is_added_behind_those_that_there_are(tmp_path: Path, indent: str, behind: str) -> None:
    head = f"repos:\n{indent}- repo: local\n{indent}  hooks:\n{indent}    - id: a\n"
    write(tmp_path, ".pre-commit-config.yaml", head + behind)
    write(tmp_path, "app/fastapi-lint.toml", "")
    (tmp_path / ".git").mkdir()
    after = proposed(tmp_path / "app")[".pre-commit-config.yaml"]
    assert after.startswith(
        f"{head}{indent}- repo: local\n{indent}  hooks:\n{indent}    - id: fastapi-lint\n"
    )
    assert after.endswith(behind)
    write(tmp_path, ".pre-commit-config.yaml", after)
    assert proposed(tmp_path / "app") == {}


def test_a_project_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool\n")
    result = run(tmp_path, "init", "--yes")
    assert result.returncode == 2
    assert result.stderr.startswith("fastapi-lint: pyproject.toml is not valid TOML")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_a_script(tmp_path: Path, shell: str) -> None:
    result = run(tmp_path, "completion", shell)
    assert result.returncode == 0
    assert f"_FASTAPI_LINT_COMPLETE={shell}_complete" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("fastapi-lint compl", "plain,completion"),
        ("fastapi-lint rule fal101", "plain,FAL101"),
        ("fastapi-lint rule missing-resp", "plain,missing-response-model"),
        ("fastapi-lint check --select FAL301,FAL101", "plain,FAL301,FAL101"),
    ],
)
def test_commands_and_rules_are_completed(words: str, expected: str) -> None:
    count = str(len(words.split()) - 1)
    variables = {"_FASTAPI_LINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    result = subprocess.run(
        [PROGRAM], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == [expected]

"""Which FastAPI a project is written for is read from its own files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.source.requirements import allows, target_version

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return root


def test_a_project_that_says_nothing_has_no_target(tmp_path: Path) -> None:
    assert target_version(tmp_path, "fastapi") is None


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("fastapi==0.88.0", (0, 88, 0)),
        ("fastapi[standard]==0.115.6", (0, 115, 6)),
        ("FastAPI ~= 0.95.0", (0, 95, 20)),
        ("fastapi>=0.100,<0.110", (0, 109, 20)),
        ("fastapi==0.103.*", (0, 103, 20)),
        ("fastapi>=0.100", None),
        ("fastapi", None),
        ("fastapi @ https://example.com/fastapi.whl", None),
    ],
)
def test_a_requirement_means_the_newest_release_that_it_allows(
    tmp_path: Path, requirement: str, expected: tuple[int, ...] | None
) -> None:
    write(tmp_path, pyproject__toml=f'[project]\nname = "shop"\ndependencies = ["{requirement}"]\n')
    assert target_version(tmp_path, "fastapi") == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ('"^0.88"', (0, 88, 20)),
        ('"^0.88.2"', (0, 88, 20)),
        ('"~0.95.1"', (0, 95, 20)),
        ('"0.92.0"', (0, 92, 0)),
        ('">=0.95,<0.97"', (0, 96, 20)),
        ('{version = "^0.99", extras = ["all"]}', (0, 99, 20)),
        ('"*"', None),
        ('{git = "https://example.com/fastapi"}', None),
        ('"no version"', None),
    ],
)
def test_poetrys_carets_and_tildes_are_understood(
    tmp_path: Path, wanted: str, expected: tuple[int, ...] | None
) -> None:
    write(tmp_path, pyproject__toml=f"[tool.poetry.dependencies]\nfastapi = {wanted}\n")
    assert target_version(tmp_path, "fastapi") == expected


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock"])
def test_a_lock_file_decides(tmp_path: Path, name: str) -> None:
    write(tmp_path, pyproject__toml='[project]\nname = "shop"\ndependencies = ["fastapi>=0.100"]\n')
    (tmp_path / name).write_text('[[package]]\nname = "fastapi"\nversion = "0.110.3"\n', encoding="utf-8")
    assert target_version(tmp_path, "fastapi") == (0, 110, 3)


def test_pipenvs_lock_file_decides(tmp_path: Path) -> None:
    (tmp_path / "Pipfile.lock").write_text(
        json.dumps({"default": {"fastapi": {"version": "==0.85.1"}}}), encoding="utf-8"
    )
    assert target_version(tmp_path, "fastapi") == (0, 85, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_requirements_files_may_have_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = (
        "# what we need\n-r other.txt\nfastapi==0.99.1 \\\n    --hash=sha256:00  # pinned\npydantic==1.10.2\n"
    )
    (tmp_path / "requirements.txt").write_bytes(text.encode(encoding))
    assert target_version(tmp_path, "fastapi") == (0, 99, 1)
    assert target_version(tmp_path, "pydantic") == (1, 10, 2)


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml", "Pipfile.lock", "requirements.txt"])
def test_a_file_that_is_broken_says_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"[[[ \xff {")
    assert target_version(tmp_path, "fastapi") is None


def test_a_dependency_group_counts(tmp_path: Path) -> None:
    write(
        tmp_path, pyproject__toml='[dependency-groups]\nserver = ["fastapi==0.97.0", {include-group = "x"}]\n'
    )
    assert target_version(tmp_path, "fastapi") == (0, 97, 0)


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        (">=0.106,<0.118", (0, 110, 3), True),
        (">=0.106,<0.118", (0, 118, 0), False),
        ("<0.137", None, False),
        (">=0.89", None, True),
    ],
)
def test_a_rule_holds_for_the_versions_that_it_declares(
    specifier: str, version: tuple[int, ...] | None, *, expected: bool
) -> None:
    assert allows(specifier, version) is expected

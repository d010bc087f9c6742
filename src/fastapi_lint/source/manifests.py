"""The files in a project's root that say which versions of other packages it is written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock")
PIPFILE, PROJECT = "Pipfile.lock", "pyproject.toml"


def manifests(root: Path) -> list[Path]:
    """Those that there are."""
    named = (root / name for name in (*LOCK_FILES, PIPFILE, PROJECT))
    return [file for file in (*named, *requirements_files(root)) if file.exists()]


def requirements_files(root: Path) -> list[Path]:
    """What pip's users call `requirements*.txt`."""
    return sorted(root.glob("requirements*.txt"))

"""What a file is for, told from its place in the project."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final, Literal

Role = Literal["test", "migration", "example", "script"]

_DIRECTORIES: Final[dict[str, Role]] = {
    "test": "test",
    "tests": "test",
    "testing": "test",
    "alembic": "migration",
    "migrations": "migration",
    "docs": "example",
    "docs_src": "example",
    "example": "example",
    "examples": "example",
    "script": "script",
    "scripts": "script",
}
_TEST_FILE: Final = re.compile(r"(test_.*|.*_test|tests|conftest)\.py")
_REVISION_FILE: Final = re.compile(r"[0-9a-f]{8,}_.*\.py")


def roles(path: str) -> frozenset[Role]:
    """Say what the file at `path` is for, which is relative to the project's root, with `/`.

    Nothing: a part of the application. A file can have several roles (`tests/scripts/load.py`).
    """
    *directories, name = PurePosixPath(path).parts
    found = {_DIRECTORIES[directory] for directory in directories if directory in _DIRECTORIES}
    if _TEST_FILE.fullmatch(name):
        found.add("test")
    # Alembic's directory can have any name; what stands in its `versions` is named by the revision's hash.
    if directories[-1:] == ["versions"] and _REVISION_FILE.fullmatch(name):
        found.add("migration")
    return frozenset(found)

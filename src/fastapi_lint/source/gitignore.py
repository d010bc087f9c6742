"""What git ignores: the patterns of `.gitignore` files and of a repository's `info/exclude`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from pathlib import Path

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def ignored_in(directory: Path) -> GitIgnoreSpec | None:
    """Give what the `.gitignore` in a directory says; None where there is none that can be read."""
    return _patterns(directory / ".gitignore")


def ignored_by_repository(top: Path) -> GitIgnoreSpec | None:
    """Give what `info/exclude` says of the repository with its work tree at `top`; None: nothing."""
    git = top / ".git"
    pointer = _lines(git)  # in a linked work tree or a submodule `.git` is a file that names the directory
    if pointer:
        git = top / pointer[0].removeprefix("gitdir:").strip()
        shared = _lines(git / "commondir")
        if shared:
            git = git / shared[0].strip()
    return _patterns(git / "info" / "exclude")


def _patterns(file: Path) -> GitIgnoreSpec | None:
    lines = _lines(file)
    try:
        return GitIgnoreSpec.from_lines(lines) if lines else None
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if _means_something(line))


def _means_something(line: str) -> bool:
    """Git passes over a malformed line, so one in somebody's `.gitignore` is no reason to stop."""
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _lines(file: Path) -> list[str]:
    """Read lines as git does: names of files are bytes, whatever their encoding. No file: no lines."""
    try:
        data = file.read_bytes() if file.is_file() else b""
    except OSError:
        return []
    return os.fsdecode(data.removeprefix(_BYTE_ORDER_MARK)).split("\n") if data else []

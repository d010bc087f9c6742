"""What git ignores: the patterns of `.gitignore` files and of a repository's `info/exclude`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec, PathSpec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Patterns:
    """Patterns as in a .gitignore, to be asked about directories before what is in them, as git does."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Compile the patterns. Raises ValueError where one is malformed."""
        self._files = GitIgnoreSpec.from_lines(lines)
        # That class ranks what is said about directories lowest: after `*`, `!*/` would bring none back.
        self._directories = PathSpec(self._files.patterns)

    def decide(self, path: str, *, is_directory: bool) -> bool | None:
        """Say whether a path, relative to where the patterns stand, is left out; None: they don't say."""
        if is_directory:
            return self._directories.check_file(path + "/").include
        return self._files.check_file(path).include


def ignored_in(directory: Path) -> Patterns | None:
    """Give what the `.gitignore` in a directory says; None where there is none that can be read."""
    return _patterns(directory / ".gitignore")


def ignored_by_repository(top: Path) -> Patterns | None:
    """Give what `info/exclude` says of the repository with its work tree at `top`; None: nothing."""
    git = top / ".git"
    pointer = _lines(git)  # in a linked work tree or a submodule `.git` is a file that names the directory
    if pointer:
        git = top / pointer[0].removeprefix("gitdir:").strip()
        shared = _lines(git / "commondir")
        if shared:
            git = git / shared[0].strip()
    return _patterns(git / "info" / "exclude")


def _patterns(file: Path) -> Patterns | None:
    lines = _lines(file)
    try:
        return Patterns(lines) if lines else None
    except ValueError:
        return Patterns(line for line in lines if _means_something(line))


def _means_something(line: str) -> bool:
    """Git passes over a malformed line, so one in somebody's `.gitignore` is no reason to stop."""
    try:
        Patterns([line])
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

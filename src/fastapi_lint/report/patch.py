"""Changes of files as a patch that `git apply` and `patch -p0` take."""

from __future__ import annotations

from difflib import unified_diff


def patch(path: str, before: str, after: str) -> str:
    """Give the unified difference of two texts of the file `path`, with `/`; empty where there is none."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), path, path)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )

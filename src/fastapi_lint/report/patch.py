"""Changes of files as a patch that `git apply` and `patch -p0` take."""

from __future__ import annotations

from difflib import unified_diff

from fastapi_lint.source.reading import split_lines_with_ends


def patch(path: str, before: str, after: str) -> str:
    """Give the unified difference of two texts of the file `path`, with `/`; empty where there is none."""
    lines = unified_diff(_lines(before), _lines(after), path, path)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """The lines as Python and git count them: a form feed ends none."""
    return [line for line in split_lines_with_ends(text) if line]

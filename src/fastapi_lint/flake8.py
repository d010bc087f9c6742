"""The flake8 plugin: what `fastapi-lint check` says about a file, as flake8 wants it.

flake8 hands over one file at a time, in one process or several; the project around it is linked once a
process, and configured by `[tool.fastapi-lint]` in the pyproject.toml closest to the file. An exception in a
plugin would end the whole run of flake8, so none leaves this module: a fault becomes a FAL000 on line 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint import __version__
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine import Project

    Finding = tuple[int, int, str, type["Plugin"]]

# By root; None for a project that can't be opened, which is said once a process and not once a file.
_projects: dict[Path, Project | None] = {}


class Plugin:
    """flake8 makes one for each file and reads `run`."""

    name = "fastapi-lint"
    version = __version__

    # flake8 knows by the parameter `tree` that this plugin takes whole files.
    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:  # noqa: ARG002
        self._file = Path(filename)
        self._lines = lines

    def run(self) -> Iterator[Finding]:
        """Give each diagnostic as line (from 1), column (from 0), text and plugin."""
        try:
            diagnostics = _check(self._file, "".join(self._lines))
        except Exception as error:  # noqa: BLE001 - see above
            yield 1, 0, one_line(f"FAL000 internal error: {type(error).__name__}: {error}"), Plugin
            return
        for diagnostic in diagnostics:
            # Editors look the line up in their buffer.
            line = max(1, min(diagnostic.span.line, len(self._lines)))
            text = one_line(f"{diagnostic.code} {diagnostic.message}")
            yield line, diagnostic.span.column - 1, text, Plugin


def _check(file: Path, text: str) -> Sequence[Diagnostic]:
    # Not at the top: flake8 imports every plugin for everything it does, `flake8 --version` included.
    from fastapi_lint.config import find_root  # noqa: PLC0415
    from fastapi_lint.engine import check_file, open_project  # noqa: PLC0415

    root = find_root(file)
    if root not in _projects:
        _projects[root] = None
        _projects[root] = open_project(root)
    project = _projects[root]
    return () if project is None else check_file(project, file, text)

"""Paths as users name them: relative to the working directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.projects import Project


def shown(path: str, *, root: Path, directory: Path) -> str:
    """A path of a project as the user would name it: relative to the working directory if it lies below."""
    absolute = root / path
    try:
        return absolute.relative_to(directory).as_posix()
    except ValueError:
        return absolute.as_posix()


def moved(diagnostic: Diagnostic, show: Callable[[str], str]) -> Diagnostic:
    """Rewrite every path of a diagnostic."""
    fix = diagnostic.fix
    if fix is not None:
        edits = tuple(msgspec.structs.replace(edit, path=show(edit.path)) for edit in fix.edits)
        fix = msgspec.structs.replace(fix, edits=edits)
    notes = tuple(msgspec.structs.replace(note, path=show(note.path)) for note in diagnostic.notes)
    return msgspec.structs.replace(diagnostic, path=show(diagnostic.path), notes=notes, fix=fix)


class Texts:
    """What files hold, by their paths as users name them, relative to a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._projects: list[Project] = []

    def add(self, project: Project) -> None:
        """Files of this project are asked for."""
        self._projects.append(project)

    def text(self, path: str) -> str | None:
        """The text that a file was checked with; None for what is no such file."""
        file = self._directory / path
        for project in self._projects:
            relative = project.config.relative(file)
            if project.config.root / relative == file:  # not only of the same name, outside of the project
                text = project.text(relative)
                if text is not None:
                    return text
        return None

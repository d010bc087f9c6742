"""What is open in the editor, by project, and what is to be said of it. Nothing here knows the protocol."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.config import ConfigurationError, find_root, marks_project
from fastapi_lint.diagnostics import Diagnostic, Severity, Span
from fastapi_lint.engine import Live
from fastapi_lint.rules import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_START = Span(1, 1, 1, 1)


@dataclass(frozen=True)
class Checked:
    """What was found in one open file.

    Attributes:
        text: What it held.
        diagnostics: Sorted by place; their paths are relative to the root of the project.
        project: The project that it belongs to; None where that can't be read.
    """

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    project: Live | None = None


@dataclass
class Checks:
    """What was found in all open files, and what else there is to say, a sentence each."""

    files: dict[Path, Checked] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Projects:
    """The projects of what is open: each is linked once, and again when something of it changes.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        self._live: dict[Path, Live] = {}
        self._unusable: dict[Path, str] = {}
        self._folders: tuple[Path, ...] = ()

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Say which folders the editor shows: projects in them are kept when none of their files is open."""
        self._folders = tuple(folders)

    def refresh(self) -> None:
        """Take notice of what changed on the disk, the configurations included."""
        for root, live in self._live.items():
            self._unusable.pop(root, None)
            try:
                live.refresh()
            except ConfigurationError as error:  # the last one that could be used still holds
                self._unusable[root] = str(error)
        for root in self._unusable.keys() - self._live.keys():
            del self._unusable[root]

    def check(self, texts: Mapping[Path, str]) -> Checks:
        """Lint open files, given by absolute path with their texts."""
        by_root: dict[Path, dict[Path, str]] = {}
        for file, text in texts.items():
            by_root.setdefault(self._root(file), {})[file] = text
        checks = Checks()
        for root, files in by_root.items():
            self._check_safely(root, files, checks)
        for root in self._live.keys() - by_root.keys():
            if not any(root.is_relative_to(folder) for folder in self._folders):
                del self._live[root]
        return checks

    def _check_safely(self, root: Path, files: Mapping[Path, str], checks: Checks) -> None:
        try:
            self._check(root, files, checks)
        except Exception as error:  # noqa: BLE001 - one project's fault must not end the session
            self._live.pop(root, None)
            checks.failures.append(traceback.format_exc())
            message = f"internal error: {type(error).__name__}: {error}"
            for file, text in files.items():
                checks.files[file] = Checked(text, (_fault(file, message),))

    def _check(self, root: Path, files: Mapping[Path, str], checks: Checks) -> None:
        live = self._project(root)
        if root in self._unusable:
            checks.refusals.append(self._unusable[root])
        if live is None:
            checks.files.update((file, Checked(text)) for file, text in files.items())
            return
        try:
            found = live.check(files)
        except ConfigurationError as error:  # of the baseline
            checks.refusals.append(str(error))
            found = {}
        checks.failures += live.failures
        checks.files.update((file, Checked(text, found.get(file, ()), live)) for file, text in files.items())

    def _project(self, root: Path) -> Live | None:
        """The project at a root; None where its configuration can't be used and never could."""
        if root not in self._live and root not in self._unusable:
            try:
                # Who opens one file of their home wants nobody to read all that is there.
                is_open = any(root.is_relative_to(folder) for folder in self._folders)
                self._live[root] = Live(root, alone=not is_open and not marks_project(root))
            except ConfigurationError as error:
                self._unusable[root] = str(error)
        return self._live.get(root)

    def _root(self, file: Path) -> Path:
        """The root of a file's project; where nothing marks one, the innermost open folder around it."""
        root = find_root(file)
        around = [folder for folder in self._folders if file.is_relative_to(folder)]
        return (
            root if marks_project(root) or not around else max(around, key=lambda folder: len(folder.parts))
        )


def _fault(file: Path, message: str) -> Diagnostic:
    help_ = "this is a fault of fastapi-lint: its output says more"
    return Diagnostic("FAL000", catalogue.UNREADABLE, Severity.ERROR, message, help_, file.name, _START)

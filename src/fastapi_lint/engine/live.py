"""Projects whose files change while an editor shows them: linked as they would be saved, and kept."""

from __future__ import annotations

import gc
import os
import warnings
from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint import config as configuration
from fastapi_lint import fixing
from fastapi_lint.engine.annotating import ABOUT_FILES, annotated
from fastapi_lint.engine.checking import order
from fastapi_lint.engine.file_facts import read_file
from fastapi_lint.engine.knowing import sift
from fastapi_lint.engine.limits import READING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.linting import check_project
from fastapi_lint.engine.mending import in_rounds
from fastapi_lint.engine.projects import Project
from fastapi_lint.engine.requests import Watch
from fastapi_lint.engine.sources import Sources
from fastapi_lint.rules import catalogue
from fastapi_lint.source.discovery import discover
from fastapi_lint.source.manifests import manifests
from fastapi_lint.source.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.file_facts import File


class _Held(NamedTuple):
    """A file as it was when its time and size were these; None where there is no file."""

    stamp: tuple[int, int] | None
    file: File


class Live:
    """One project, with other text in some files than the disk has. Nothing is ever written, no cache either.

    It holds one linked application, which the next one replaces. Paths of diagnostics are relative to `root`.
    """

    def __init__(self, root: Path, *, alone: bool = False) -> None:
        """Read the project at `root`; not where files stand `alone`. Raises ConfigurationError."""
        self.root = root
        self._alone = alone
        self._held: dict[str, _Held] = {}
        self._seen: object = None
        self._included: dict[Path, bool] = {}
        self._buffers: dict[str, File] = {}
        self._asked: tuple[str, ...] = ()
        self._answer: Answer | None = None
        self.refresh()

    def refresh(self) -> None:
        """Take notice of what has changed on the disk: files, and the configuration.

        Raises ConfigurationError; what was known before still holds then.
        """
        config = configuration.load(self.root, catalogue.names(), catalogue.options)
        files = () if self._alone else sorted(Selection(config).whole_project())
        paths = {config.relative(file): file for file in files}
        held: dict[str, _Held] = {}
        with warnings.catch_warnings(), deep_recursion(READING_DEPTH), no_collection():
            warnings.simplefilter("ignore")  # of the code that is read, not of this one
            for path, file in paths.items():
                stamp = _stamp(file)
                known = self._held.get(path)
                is_known = known is not None and stamp is not None and known.stamp == stamp
                held[path] = known if known is not None and is_known else _Held(stamp, read_file(file, path))
        others = [*manifests(self.root), *([config.baseline] if config.baseline is not None else [])]
        stamps = [(path, item.stamp) for path, item in held.items()]
        seen = (config, stamps, [(file, _stamp(file)) for file in others])
        self._included.clear()
        if seen == self._seen:
            return
        self._seen, self._held = seen, held
        sources = Sources(paths, {}, {}, None, Watch(None))
        self._saved = Project(config, sources).holding({path: item.file for path, item in held.items()})
        self.project = self._saved.with_files(self._buffers)
        self._answer = None

    def check(self, buffers: Mapping[Path, str]) -> dict[Path, tuple[Diagnostic, ...]]:
        """Lint files (absolute) as if they held these texts; those that aren't linted are left out.

        Raises ConfigurationError where there is a baseline that can't be read.
        """
        asked = {self._saved.config.relative(file): file for file in buffers if self._includes(file)}
        texts = {path: buffers[file] for path, file in asked.items()}
        changed = {
            path: self._buffer(path, text) for path, text in texts.items() if not self._holds(path, text)
        }
        is_same = changed == self._buffers
        if not is_same:
            self._buffers = changed
            self.project = self._saved.with_files(changed)
        if self._answer is None or not is_same or self._asked != tuple(asked):
            self._asked = tuple(asked)
            self._answer = check_project(self.project, asked, Watch(None))
            gc.collect()  # the application before this one, which is full of cycles
        found: dict[Path, list[Diagnostic]] = {file: [] for file in asked.values()}
        for diagnostic in sorted(sift(self.project, asked, self._answer).new, key=order):
            found[asked[diagnostic.path]].append(diagnostic)
        return {file: tuple(diagnostics) for file, diagnostics in found.items()}

    @property
    def failures(self) -> tuple[str, ...]:
        """Faults of rules in the last check, a line each."""
        return tuple(self._answer.failures) if self._answer is not None else ()

    def text(self, path: str) -> str | None:
        """The text of a file, as it was checked; None for what is no file of the project."""
        return self.project.text(path)

    def fixed(self, diagnostic: Diagnostic) -> dict[str, str]:
        """Apply the fix of one diagnostic of the last check: new texts by path, none where it can't be."""
        if diagnostic.fix is None:
            return {}
        texts = {edit.path: self.text(edit.path) for edit in diagnostic.fix.edits}
        known = {path: text for path, text in texts.items() if text is not None}
        return fixing.apply(known, [diagnostic], unsafe=True).texts

    def fixed_safely(self, file: Path) -> str | None:
        """Apply the safe fixes in one of the files that were checked last; None where there are none."""
        path = self._saved.config.relative(file)
        if self._answer is None or path not in self._asked:
            return None
        report = self._answer.about({path})
        done = in_rounds(self.project, {path}, report, Watch(None), unsafe=False)
        return done.project.text(path) if done.fixed else None

    def silenced(self, file: Path, diagnostics: Iterable[Diagnostic]) -> str | None:
        """Give the text of a file with a comment for what is reported on one line of it; None if none can."""
        silenceable = [item for item in diagnostics if not item.code.startswith(ABOUT_FILES)]
        text = self.text(self._saved.config.relative(file))
        return annotated(file, text, silenceable, "") if text is not None and silenceable else None

    def _includes(self, file: Path) -> bool:
        if file not in self._included:
            self._included[file] = bool(discover(self._saved.config, (file,), force_exclude=True).files)
        return self._included[file]

    def _holds(self, path: str, text: str) -> bool:
        """Whether the disk holds the same."""
        held = self._held.get(path)
        return held is not None and held.file.facts is not None and held.file.text == text

    def _buffer(self, path: str, text: str) -> File:
        known = self._buffers.get(path)
        if known is not None and known.text == text:
            return known
        with warnings.catch_warnings(), deep_recursion(READING_DEPTH):
            warnings.simplefilter("ignore")
            return read_file(self.root / path, path, text)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - for every file
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size

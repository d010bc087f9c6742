"""What is known already and not reported: the baseline of a project, held against what was found."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from fastapi_lint.engine.baseline_file import entries
from fastapi_lint.fingerprints import marks
from fastapi_lint.recognising import recognise
from fastapi_lint.rules import catalogue
from fastapi_lint.source.reading import split_lines
from fastapi_lint.source.selection import root_below

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from fastapi_lint.config import Config, Level
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.fingerprints import Mark


class Sifted(NamedTuple):
    """The diagnostics of one project that are new and those that its baseline knows; entries without any."""

    new: list[Diagnostic]
    known: list[Diagnostic]
    missed: Sequence[Mark] = ()


def sift(project: Project, asked: Collection[str], answer: Answer) -> Sifted:
    """Take away what the baseline knows. Raises ConfigurationError where that can't be read."""
    config = project.config
    if config.baseline is None:
        return Sifted(answer.diagnostics, [])
    files = frozenset(project.sources.names)
    result = recognise(
        entries_of(config),
        marks(answer.diagnostics, line_in(project.text), answer.secrets),
        is_seen=lambda path: path in asked,
        is_gone=lambda path: path not in files,
    )
    return Sifted(
        [answer.diagnostics[index] for index in result.new],
        [answer.diagnostics[index] for index in result.old],
        result.missed,
    )


def entries_of(config: Config) -> tuple[Mark, ...]:
    """Give what a project's baseline says of it, with paths relative to its root. Raises ConfigurationError.

    Several projects can have one file, in which each finds its own.
    """
    if config.baseline is None:
        return ()
    try:
        status = config.baseline.stat()
    except OSError:  # reading it says in words what is wrong
        return _entries(config.root, config.baseline, (0, 0))
    return _entries(config.root, config.baseline, (status.st_mtime_ns, status.st_size))


@functools.lru_cache(maxsize=8)  # flake8 and editors ask for every file
def _entries(root: Path, file: Path, _state: tuple[int, int]) -> tuple[Mark, ...]:
    root_of = functools.cache(functools.partial(root_below, root))
    found = []
    for mark in entries(file):
        place = Path(os.path.normpath(file.parent / mark.path))
        if place.is_relative_to(root) and root_of(place.parent) == root:
            found.append(mark._replace(path=place.relative_to(root).as_posix()))
    return tuple(found)


def as_entry(mark: Mark, directory: Path, file: Path) -> Mark:
    """Give a mark, whose path is relative to a directory, as an entry of a baseline."""
    return mark._replace(path=Path(os.path.relpath(directory / mark.path, file.parent)).as_posix())


def fixed(
    config: Config, missed: Iterable[Mark], asked: Collection[str], starts: Iterable[Path]
) -> set[Mark]:
    """Say which entries of a baseline are there for nothing any more.

    Those of files that were looked at, or would have been if they were there and not excluded, about rules
    that ran. `starts` are the places that were asked about, absolute.
    """
    ran = {info.code for info in catalogue.infos() if config.enables(info.code, cast("Level", info.level))}
    places = tuple(starts)

    def is_covered(path: str) -> bool:
        place = config.root / path
        return path in asked or any(place.is_relative_to(start) for start in places)

    return {mark for mark in missed if mark.rule in ran and is_covered(mark.path)}


def line_in(text_of: Callable[[str], str | None]) -> Callable[[str, int], str | None]:
    """Give what gives a line (from 1) of a file, from what gives its text."""

    @functools.lru_cache(maxsize=8)
    def lines(path: str) -> list[str]:
        return split_lines(text_of(path) or "")

    def line_of(path: str, line: int) -> str | None:
        found = lines(path)
        return found[line - 1] if 0 < line <= len(found) else None

    return line_of

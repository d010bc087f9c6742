"""What the engine is asked, and what it answers."""

from __future__ import annotations

import functools
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.source import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic, Span
    from fastapi_lint.fingerprints import Mark

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Caching:
    """That what is found out may be kept for the next run, and read from earlier ones.

    `directory` holds the caches of several projects; None: each is in its project's root.
    """

    directory: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for. Paths may be relative to the working directory; none: the project it is in.

    Attributes:
        working_directory: What the paths of diagnostics are relative to.
        paths: Files and directories to report on.
        config: A configuration for every project, in place of the one that it has.
        isolated: Whether no configuration is read.
        select: Rules to run instead of the configured ones: codes, beginnings of codes or names.
        extend_select: Rules to run besides.
        ignore: Rules not to run.
        level: The level instead of the configured one.
        exclude: Patterns of what isn't read, instead of the configured ones.
        extend_exclude: Patterns besides the configured ones.
        force_exclude: Whether exclusions hold for files that are named.
        respect_gitignore: Whether what git ignores isn't read, instead of what is configured.
        fail_on: The lowest severity that makes a run fail, instead of the configured one.
        baseline: The file that says what is known, instead of the configured one.
        no_baseline: Whether nothing counts as known.
        revision: The revision of git in comparison with which only what is new is reported.
        stdin: A path and what stands there instead of the file's own text; only that file is reported on.
        jobs: How many processes may be used; 0: as many as there are cores.
        caching: Whether and where there is a cache.
        progress: Told the phase, how much is done and how much there is, 0 where that isn't known.
    """

    working_directory: Path
    paths: tuple[Path, ...] = ()
    config: Path | None = None
    isolated: bool = False
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    level: str | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] | None = None
    force_exclude: bool = False
    respect_gitignore: bool | None = None
    fail_on: str | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    revision: str | None = None
    stdin: tuple[str, str | bytes] | None = None
    jobs: int = 1
    caching: Caching | None = None
    progress: Progress | None = None


class Missed(NamedTuple):
    """An entry of the baseline in `file` that nothing was found for, and whether nothing ever will be.

    Of what a run didn't look at, nobody knows that.
    """

    file: Path
    mark: Mark
    is_fixed: bool


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found, sorted by path and place, and what was looked at.

    Attributes:
        diagnostics: What rules report and no comment silences. Paths are relative to the working directory.
        silenced: What comments silence.
        reasons: What those comments say, in the order of `silenced`; empty texts where they say nothing.
        known: What a baseline knows, which is none of the diagnostics.
        missed: The entries of baselines that nothing was found for.
        older: How many diagnostics there were at the revision that was compared with.
        revision: That revision; empty where none was.
        tolerated: Those of the diagnostics that aren't severe enough to make the run fail.
        files: How many files were reported on.
        lines: How many lines they have.
        routes: How many routes are registered or handled in them.
        failures: Faults of rules, a line each.
        secrets: Where there are secrets, which nothing may show, by path in diagnostics.
        warnings: What the user should know that changes nothing of what was found.
        visited: The files that visitors looked into, in this run: none where earlier runs' answers stand.
        timings: Seconds by phase.
        text_of: Gives what a file holds, by its path in diagnostics; None for what is no such file.
    """

    diagnostics: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...]
    files: int
    lines: int
    routes: int
    reasons: tuple[str, ...] = ()
    known: tuple[Diagnostic, ...] = ()
    missed: tuple[Missed, ...] = ()
    older: int = 0
    revision: str = ""
    tolerated: frozenset[Diagnostic] = frozenset()
    failures: tuple[str, ...] = ()
    secrets: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    visited: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    text_of: Callable[[str], str | None] = field(default=lambda _path: None, repr=False)

    @property
    def failing(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that make the run fail."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic not in self.tolerated)

    @property
    def suppressed(self) -> int:
        """How many diagnostics comments silenced."""
        return len(self.silenced)

    @functools.cached_property
    def _lines(self) -> Callable[[str], list[str]]:
        def lines(path: str) -> list[str]:
            text = self.text_of(path)
            return [] if text is None else reading.split_lines(text)

        return functools.lru_cache(maxsize=8)(lines)

    def source_line(self, path: str, line: int) -> str | None:
        """Give a line (from 1) of a file, by its path in diagnostics; None where there is none."""
        lines = self._lines(path)
        return lines[line - 1] if 0 < line <= len(lines) else None


class Watch:
    """Tells a person how far it is, and keeps how long each phase took; `jobs` are the request's."""

    def __init__(self, progress: Progress | None, jobs: int = 1) -> None:
        self.progress: Progress = progress or (lambda _phase, _done, _total: None)
        self.jobs = jobs
        self.timings: dict[str, float] = {}
        self.warnings: list[str] = []
        self.visited: list[str] = []

    def warn(self, text: str) -> None:
        """Note what the user should know, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what is done meanwhile; the times of phases of the same name add up."""
        started = time.perf_counter()
        self.progress(name, 0, 0)
        yield
        self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - started

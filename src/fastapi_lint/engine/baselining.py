"""Baselines made, and brought up to date. Nothing is written here."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fastapi_lint.config import BASELINE
from fastapi_lint.engine.baseline_file import entries, text
from fastapi_lint.engine.checking import check
from fastapi_lint.engine.knowing import as_entry, entries_of
from fastapi_lint.engine.projects import selections
from fastapi_lint.fingerprints import marks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fastapi_lint.config import Config
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.requests import Outcome, Request
    from fastapi_lint.fingerprints import Mark


class Baseline(NamedTuple):
    """A baseline: where it is, absolute, and what it holds."""

    file: Path
    entries: list[Mark]

    @property
    def text(self) -> str:
        """What the file holds."""
        return text(self.entries)


def create(request: Request) -> tuple[Outcome, list[Baseline]]:
    """Lint, and give the baselines that know everything that was found. Raises ConfigurationError."""
    projects = _projects(request)
    outcome = check(dataclasses.replace(request, no_baseline=True))
    found: dict[Path, list[Mark]] = {config.baseline: [] for config, _ in projects if config.baseline}
    for file, mark in _entries(outcome, outcome.diagnostics, projects, request):
        found[file].append(mark)
    return outcome, [Baseline(file, marks) for file, marks in found.items()]


def update(request: Request) -> tuple[Outcome, list[Baseline], int]:
    """Lint, and give the baselines without what has been fixed; what has moved is known by its new place.

    Says also how many entries are gone. What is new is in the outcome and in no baseline. Raises
    ConfigurationError, also where there is no baseline.
    """
    projects = _projects(request)
    kept = {baseline.file: Counter(baseline.entries) for baseline in baselines(request)}
    outcome = check(request)
    for config, _ in projects:
        if config.baseline is not None:
            mine = entries_of(config)
            kept[config.baseline].subtract(as_entry(mark, config.root, config.baseline) for mark in mine)
    for item in outcome.missed:
        kept[item.file][item.mark] += not item.is_fixed
    for file, mark in _entries(outcome, outcome.known, projects, request):
        kept[file][mark] += 1
    written = [Baseline(file, list(marks.elements())) for file, marks in kept.items()]
    return outcome, written, sum(item.is_fixed for item in outcome.missed)


def baselines(request: Request) -> list[Baseline]:
    """Read the baselines of the projects that are asked about. Raises ConfigurationError."""
    files = dict.fromkeys(config.baseline for config, _ in _projects(request) if config.baseline)
    return [Baseline(file, entries(file)) for file in files]


def _projects(request: Request) -> list[tuple[Config, set[Path]]]:
    """The configurations of the projects that are asked about, each with a baseline; and their files."""
    found = []
    for selection in selections(request):
        config = selection.config
        if config.baseline is None:
            config = msgspec.structs.replace(config, baseline=config.root / BASELINE)
        found.append((config, selection.chosen))
    return found


def _entries(
    outcome: Outcome,
    diagnostics: Iterable[Diagnostic],
    projects: list[tuple[Config, set[Path]]],
    request: Request,
) -> list[tuple[Path, Mark]]:
    """The entries of diagnostics, each with the baseline that it belongs to."""
    directory = request.working_directory
    file_of = {file: config.baseline for config, files in projects for file in files}
    found = []
    for mark in marks(diagnostics, outcome.source_line, outcome.secrets):
        baseline = file_of.get(directory / mark.path)
        if baseline is not None:  # of a directory that can't be listed, which is no file of its project
            found.append((baseline, as_entry(mark, directory, baseline)))
    return found

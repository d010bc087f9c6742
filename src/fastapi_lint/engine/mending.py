"""Fixing: apply what can be applied, lint again, until nothing changes any more; then write, if asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from fastapi_lint import fixing
from fastapi_lint.engine.checking import check
from fastapi_lint.engine.file_facts import read_file
from fastapi_lint.engine.knowing import sift
from fastapi_lint.engine.limits import READING_DEPTH, deep_recursion
from fastapi_lint.engine.linting import check_project
from fastapi_lint.engine.showing import moved, shown
from fastapi_lint.engine.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Outcome, Request, Watch

_ROUNDS: Final = 20
"""Fixes wait for a next round only where they overlap, so that a few are enough."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What fixes make of a file.

    Attributes:
        path: As diagnostics name it.
        file: Where it is.
        before: Its text.
        after: The new one.
    """

    path: str
    file: Path
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Mended:
    """What fixes did.

    Attributes:
        outcome: What there is to say of the code as it is afterwards.
        fixed: Diagnostics whose fixes were applied, in that order, with the places that they had then.
        changes: What became of files, sorted by path.
    """

    outcome: Outcome
    fixed: tuple[Diagnostic, ...]
    changes: tuple[Change, ...]


def fix(request: Request, *, unsafe: bool) -> Mended:
    """Lint and fix, in memory: `write` writes. Only files that are asked about change.

    Raises ConfigurationError where the configuration or the options can't be used.
    """
    fixed: list[Diagnostic] = []
    changes: list[Change] = []

    def mend(
        project: Project, asked: Collection[str], report: Answer, watch: Watch
    ) -> tuple[Project, Answer]:
        with watch.phase("fixing"):
            done = in_rounds(project, asked, report, watch, unsafe=unsafe)
        fixed.extend(_shown(diagnostic, project, request) for diagnostic in done.fixed)
        for path in sorted(asked):
            before, after = project.files[path].text, done.project.files[path].text
            if before != after:
                root = project.config.root
                name = shown(path, root=root, directory=request.working_directory)
                changes.append(Change(path=name, file=root / path, before=before, after=after))
        return done.project, done.report

    outcome = check(request, mend)
    return Mended(outcome=outcome, fixed=tuple(fixed), changes=tuple(changes))


class Rounds(NamedTuple):
    """What is left after fixes were applied until nothing changed any more, and what they fixed."""

    project: Project
    report: Answer
    fixed: list[Diagnostic]


def in_rounds(
    project: Project, asked: Collection[str], report: Answer, watch: Watch, *, unsafe: bool
) -> Rounds:
    """Fix what was reported of some files of a project, in memory, and what is reported then."""
    fixed: list[Diagnostic] = []
    faults: list[str] = []
    for _ in range(_ROUNDS):
        texts = {path: project.files[path].text for path in asked}
        done = fixing.apply(texts, sift(project, asked, report).new, unsafe=unsafe)
        faults += (
            f"the fix of {diagnostic.code} on {diagnostic.path} would leave a file that can't be read"
            for diagnostic in done.spoiling
            if not done.texts
        )
        if not done.texts:
            break
        fixed += done.diagnostics
        project = _with(project, done.texts)
        report = check_project(project, asked, watch)
    else:
        faults.append(f"fixes didn't come to an end after {_ROUNDS} rounds")
    return Rounds(project, msgspec.structs.replace(report, failures=[*report.failures, *faults]), fixed)


def write(change: Change) -> None:
    """Write a file that fixes changed. Raises NotWritten."""
    replace_text(change.file, change.path, change.before, change.after)


def _with(project: Project, texts: dict[str, str]) -> Project:
    """Give the same project with other texts in some files."""
    with deep_recursion(READING_DEPTH):
        changed = {path: read_file(project.config.root / path, path, text) for path, text in texts.items()}
    return project.with_files(changed)


def _shown(diagnostic: Diagnostic, project: Project, request: Request) -> Diagnostic:
    return moved(
        diagnostic,
        lambda path: shown(path, root=project.config.root, directory=request.working_directory),
    )

"""Linting: what is known or found out about each project, as one outcome."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint.engine.knowing import as_entry, fixed, sift
from fastapi_lint.engine.masks import Masks
from fastapi_lint.engine.projects import read_projects, starts_of
from fastapi_lint.engine.requests import Missed, Outcome, Watch
from fastapi_lint.engine.showing import Texts, moved, shown
from fastapi_lint.source import reading
from fastapi_lint.source.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from fastapi_lint.config import Config
    from fastapi_lint.diagnostics import Diagnostic, Span
    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Request
    from fastapi_lint.fingerprints import Mark

    Mend = Callable[[Project, Collection[str], Answer, Watch], tuple[Project, Answer]]


def check(request: Request, mend: Mend | None = None) -> Outcome:
    """Lint. Raises ConfigurationError where the configuration or the options can't be used.

    `mend` may put a project that it has mended, and what is said of that, in the place of those it is given.
    """
    watch = Watch(request.progress, request.jobs)
    diagnostics: list[Diagnostic] = []
    silenced: list[tuple[Diagnostic, str]] = []
    known: list[Diagnostic] = []
    missed: list[Missed] = []
    tolerated: list[Diagnostic] = []
    failures: list[str] = []
    visited: list[str] = []
    secrets: dict[str, Sequence[Span]] = {}
    texts = Texts(request.working_directory)
    files = lines = routes = older = 0
    for project, asked in read_projects(request, watch):
        show = functools.partial(shown, root=project.config.root, directory=request.working_directory)
        if request.revision is None:
            report = answer_about(project, asked, watch)
            visited += map(show, watch.visited)
            watch.visited.clear()
            if mend is not None:
                project, report = mend(project, asked, report, watch)  # noqa: PLW2901
            sifted = sift(project, asked, report)
        else:
            from fastapi_lint.engine.comparing import since  # noqa: PLC0415 - needs the rules

            report, sifted, count = since(request.revision, project, asked, watch)
            visited += map(show, watch.visited)
            watch.visited.clear()
            older += count
        texts.add(project)
        found = [moved(diagnostic, show) for diagnostic in sifted.new]
        diagnostics += found
        tolerated += (item for item in found if not project.config.fails_on(item.severity))
        known += (moved(diagnostic, show) for diagnostic in sifted.known)
        missed += _missed(project.config, sifted.missed, asked, request)
        moved_too = (moved(diagnostic, show) for diagnostic in report.silenced)
        silenced += zip(moved_too, report.reasons, strict=True)
        failures += report.failures
        for remark in _remarks(project, report, request.working_directory):
            watch.warn(remark)
        secrets.update((show(path), spans) for path, spans in report.secrets.items())
        files += len(asked)
        lines += sum(report.lines[path] for path in asked)
        routes += sum(file in asked or decorator_file in asked for file, decorator_file in report.routes)
    silenced.sort(key=lambda pair: order(pair[0]))
    return Outcome(
        diagnostics=tuple(sorted(diagnostics, key=order)),
        silenced=tuple(diagnostic for diagnostic, _ in silenced),
        reasons=tuple(reason for _, reason in silenced),
        known=tuple(sorted(known, key=order)),
        missed=tuple(missed),
        older=older,
        revision=request.revision or "",
        files=files,
        lines=lines,
        routes=routes,
        tolerated=frozenset(tolerated),
        failures=tuple(failures),
        secrets=Masks(secrets, texts.text),
        warnings=tuple(watch.warnings),
        visited=tuple(visited),
        timings=watch.timings,
        text_of=texts.text,
    )


def check_file(project: Project, path: Path, text: str) -> tuple[Diagnostic, ...]:
    """Lint one file as if it held `text`. Paths of the diagnostics are relative to the project's root.

    A file that the configuration excludes has no diagnostics.
    """
    file = Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links out of the project
    if not discover(project.config, (file,), force_exclude=True).files:
        return ()
    relative = project.config.relative(file)
    if not _holds(project, relative, file, text):
        from fastapi_lint.engine.file_facts import read_file  # noqa: PLC0415 - needs the facts' model

        project = project.with_files({relative: read_file(file, relative, text)})
    answer = answer_about(project, {relative}, Watch(None), keeps=False)
    return tuple(sorted(sift(project, {relative}, answer).new, key=order))


def _holds(project: Project, relative: str, file: Path, text: str) -> bool:
    """Whether a file of the project holds a text, whatever its lines end with: flake8 reads them as one."""
    if relative not in project.sources.digests:
        return False
    held = reading.read(file)
    return isinstance(held, reading.Source) and _plain(held.text) == _plain(text)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def answer_about(project: Project, asked: Collection[str], watch: Watch, *, keeps: bool = True) -> Answer:
    """What an earlier run has kept, else what the rules say now, which may be kept for later ones."""
    answers = project.answers
    known = answers.get(asked) if answers is not None else None
    if known is not None:
        return known
    from fastapi_lint.engine.linting import check_project  # noqa: PLC0415 - the application and the rules

    answer = check_project(project, asked, watch)
    if keeps and answers is not None and not answer.failures:
        answers.add(answer, asked)
    return answer


def _missed(
    config: Config, marks: Sequence[Mark], asked: Collection[str], request: Request
) -> Iterator[Missed]:
    """The entries that nothing was found for, as they stand in the baseline."""
    if config.baseline is not None and marks:
        starts = () if request.stdin is not None else starts_of(request)
        gone = fixed(config, marks, asked, starts)
        for mark in marks:
            yield Missed(config.baseline, as_entry(mark, config.root, config.baseline), mark in gone)


def _remarks(project: Project, report: Answer, directory: Path) -> Iterator[str]:
    """What the configuration says about the application, and the application knows nothing of."""
    config = project.config
    # A file that is extended or given serves several projects, so that what one hasn't another may have.
    if config.file is not None and config.file.parent == config.root:
        place = shown(config.relative(config.file), root=config.root, directory=directory)
        for key, written, what in report.unmatched:
            yield f"`{key}` in {place} names `{written}`, {what}"


def order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    """Sort diagnostics by this: path and place, then the rule."""
    return diagnostic.path, diagnostic.span, diagnostic.code, diagnostic.message

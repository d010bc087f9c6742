"""Linting: what is known or found out about each project, as one outcome."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint.engine.projects import read_projects
from fastapi_lint.engine.requests import Outcome, Watch
from fastapi_lint.engine.showing import Texts, moved, shown
from fastapi_lint.source import reading
from fastapi_lint.source.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from fastapi_lint.diagnostics import Diagnostic, Span
    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Request

    Mend = Callable[[Project, Collection[str], Answer, Watch], tuple[Project, Answer]]


def check(request: Request, mend: Mend | None = None) -> Outcome:
    """Lint. Raises ConfigurationError where the configuration or the options can't be used.

    `mend` may put a project that it has mended, and what is said of that, in the place of those it is given.
    """
    watch = Watch(request.progress, request.jobs)
    diagnostics: list[Diagnostic] = []
    silenced: list[tuple[Diagnostic, str]] = []
    tolerated: list[Diagnostic] = []
    failures: list[str] = []
    visited: list[str] = []
    secrets: dict[str, Sequence[Span]] = {}
    texts = Texts(request.working_directory)
    files = lines = routes = 0
    for project, asked in read_projects(request, watch):
        report = _answer(project, asked, watch)
        show = functools.partial(shown, root=project.config.root, directory=request.working_directory)
        visited += map(show, watch.visited)
        watch.visited.clear()
        if mend is not None:
            project, report = mend(project, asked, report, watch)  # noqa: PLW2901
        texts.add(project)
        found = [moved(diagnostic, show) for diagnostic in report.diagnostics]
        diagnostics += found
        tolerated += (item for item in found if not project.config.fails_on(item.severity))
        moved_too = (moved(diagnostic, show) for diagnostic in report.silenced)
        silenced += zip(moved_too, report.reasons, strict=True)
        failures += report.failures
        for remark in _remarks(project, report, request.working_directory):
            watch.warn(remark)
        secrets.update((show(path), spans) for path, spans in report.secrets.items())
        files += len(asked)
        lines += sum(report.lines[path] for path in asked)
        routes += sum(file in asked or decorator_file in asked for file, decorator_file in report.routes)
    silenced.sort(key=lambda pair: _order(pair[0]))
    return Outcome(
        diagnostics=tuple(sorted(diagnostics, key=_order)),
        silenced=tuple(diagnostic for diagnostic, _ in silenced),
        reasons=tuple(reason for _, reason in silenced),
        files=files,
        lines=lines,
        routes=routes,
        tolerated=frozenset(tolerated),
        failures=tuple(failures),
        secrets=secrets,
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
    return tuple(sorted(_answer(project, {relative}, Watch(None), keeps=False).diagnostics, key=_order))


def _holds(project: Project, relative: str, file: Path, text: str) -> bool:
    """Whether a file of the project holds a text, whatever its lines end with: flake8 reads them as one."""
    if relative not in project.sources.digests:
        return False
    held = reading.read(file)
    return isinstance(held, reading.Source) and _plain(held.text) == _plain(text)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _answer(project: Project, asked: Collection[str], watch: Watch, *, keeps: bool = True) -> Answer:
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


def _remarks(project: Project, report: Answer, directory: Path) -> Iterator[str]:
    """What the configuration says about the application, and the application knows nothing of."""
    config = project.config
    # A file that is extended or given serves several projects, so that what one hasn't another may have.
    if config.file is not None and config.file.parent == config.root:
        place = shown(config.relative(config.file), root=config.root, directory=directory)
        for key, written, what in report.unmatched:
            yield f"`{key}` in {place} names `{written}`, {what}"


def _order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    return diagnostic.path, diagnostic.span, diagnostic.code, diagnostic.message

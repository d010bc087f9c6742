"""Linting: rules run over projects, comments silence, the rest is sorted and shown."""

from __future__ import annotations

import functools
import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fastapi_lint.config.wording import suggestion
from fastapi_lint.diagnostics import secret_spans
from fastapi_lint.engine.files import read_file
from fastapi_lint.engine.limits import LINKING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.projects import read_projects
from fastapi_lint.engine.requests import Outcome, Watch
from fastapi_lint.engine.running import run_rules
from fastapi_lint.engine.showing import moved, shown
from fastapi_lint.engine.suppressing import silences_suppressions, wrong_suppressions
from fastapi_lint.facts.places import symbol_at
from fastapi_lint.source.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from fastapi_lint.diagnostics import Diagnostic, Span
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Request
    from fastapi_lint.source.suppressions import Suppression

    Mend = Callable[[Project, Collection[str], "Report", Watch], tuple[Project, "Report"]]


class Report(NamedTuple):
    """What is wrong in one project, and what comments silence; paths are relative to its root.

    `reasons` are what the comments say, one for each of `silenced`; `secrets` is where there are secrets, by
    path, whether or not anything is to be said about them.
    """

    diagnostics: list[Diagnostic]
    silenced: list[Diagnostic]
    reasons: list[str]
    failures: list[str]
    secrets: Mapping[str, Sequence[Span]]

    def add(self, diagnostic: Diagnostic, silencing: Sequence[Suppression]) -> None:
        """Put a diagnostic where it belongs, given the comments that silence it."""
        if silencing:
            self.silenced.append(diagnostic)
            self.reasons.append(next((item.reason for item in silencing if item.reason), ""))
        else:
            self.diagnostics.append(diagnostic)


def check(request: Request, mend: Mend | None = None) -> Outcome:
    """Lint. Raises ConfigurationError where the configuration or the options can't be used.

    `mend` may put a project that it has mended, and the report on that, in the place of those it is given.
    """
    watch = Watch(request.progress)
    diagnostics: list[Diagnostic] = []
    silenced: list[tuple[Diagnostic, str]] = []
    tolerated: list[Diagnostic] = []
    failures: list[str] = []
    secrets: dict[str, Sequence[Span]] = {}
    texts: dict[str, str] = {}
    files = lines = routes = 0
    for project, asked in read_projects(request, watch):
        report = check_project(project, asked, watch)
        if mend is not None:
            project, report = mend(project, asked, report, watch)  # noqa: PLW2901
        show = functools.partial(shown, root=project.config.root, directory=request.working_directory)
        found = [moved(diagnostic, show) for diagnostic in report.diagnostics]
        diagnostics += found
        tolerated += (item for item in found if not project.config.fails_on(item.severity))
        moved_too = (moved(diagnostic, show) for diagnostic in report.silenced)
        silenced += zip(moved_too, report.reasons, strict=True)
        failures += report.failures
        for remark in _remarks(project, request.working_directory):
            watch.warn(remark)
        secrets.update((show(path), spans) for path, spans in report.secrets.items())
        texts.update((show(path), file.text) for path, file in project.files.items())
        files += len(asked)
        lines += sum(project.files[path].text.count("\n") for path in asked)
        routes += sum(
            route.file in asked or route.decorator_file in asked for route in project.application.routes
        )
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
        timings=watch.timings,
        texts=texts,
    )


def check_file(project: Project, path: Path, text: str) -> tuple[Diagnostic, ...]:
    """Lint one file as if it held `text`. Paths of the diagnostics are relative to the project's root.

    A file that the configuration excludes has no diagnostics.
    """
    file = Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links out of the project
    if not discover(project.config, (file,), force_exclude=True).files:
        return ()
    relative = project.config.relative(file)
    known = project.files.get(relative)
    if known is None or known.text.replace("\r\n", "\n") != text.replace("\r\n", "\n"):
        changed = {relative: read_file(file, relative, text)}
        project = project.with_files(changed)
    return tuple(sorted(check_project(project, {relative}, Watch(None)).diagnostics, key=_order))


def check_project(project: Project, asked: Collection[str], watch: Watch) -> Report:
    """Run the rules on a project and report on some of its files, by their paths."""
    _ = project.files
    with watch.phase("linking"):
        _ = project.application
    with watch.phase("checking"), deep_recursion(LINKING_DEPTH), no_collection():
        run = run_rules(project, asked, watch)
    report = Report([], [], [], run.failures, secret_spans(run.found))
    used: defaultdict[str, defaultdict[Suppression, set[str]]] = defaultdict(lambda: defaultdict(set))
    for diagnostic in run.found:
        if project.hears(diagnostic, asked):
            silencing = project.silencing(diagnostic)
            for suppression in silencing:
                used[diagnostic.path][suppression].add(diagnostic.code)
            report.add(diagnostic, silencing)
    for path in asked:
        for diagnostic in wrong_suppressions(project, path, used[path], run):
            if project.hears(diagnostic, asked):
                report.add(diagnostic, list(filter(silences_suppressions, project.silencing(diagnostic))))
    return report._replace(
        diagnostics=_completed(report.diagnostics, project), silenced=_completed(report.silenced, project)
    )


def _completed(diagnostics: list[Diagnostic], project: Project) -> list[Diagnostic]:
    """Say in which function or class each stands, and how much it matters to the user."""
    result = []
    for diagnostic in diagnostics:
        facts = project.files[diagnostic.path].facts
        symbol = symbol_at(diagnostic.span.line, facts.body) if facts is not None else ""
        severity = project.config.severity_of(diagnostic.code, diagnostic.severity)
        result.append(msgspec.structs.replace(diagnostic, symbol=symbol, severity=severity))
    return result


def _remarks(project: Project, directory: Path) -> Iterator[str]:
    """What the configuration says about the application, and the application knows nothing of."""
    config = project.config
    if config.file is None:
        return
    # A file that is extended or given serves several projects, so that what one hasn't another may have.
    if config.file.parent != config.root:
        return
    place = shown(config.relative(config.file), root=config.root, directory=directory)
    for item in project.application.stated.unmatched(project.application.routes):
        what = "which no route has" if item.key == "public-routes" else "which the project hasn't"
        meant = suggestion(item.written, item.known)
        yield f"`{item.key}` in {place} names `{item.written}`, {what}{meant}"


def _order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    return diagnostic.path, diagnostic.span, diagnostic.code, diagnostic.message

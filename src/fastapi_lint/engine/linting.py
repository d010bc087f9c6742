"""One project: rules run over it, comments silence, the rest is completed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fastapi_lint.diagnostics import secret_spans
from fastapi_lint.engine.cache.answers import Answer
from fastapi_lint.engine.limits import LINKING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.running import run_rules
from fastapi_lint.engine.suppressing import silences_suppressions, wrong_suppressions
from fastapi_lint.facts.places import symbol_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Watch
    from fastapi_lint.engine.running import Run
    from fastapi_lint.source.suppressions import Suppression


class _Sorted(NamedTuple):
    """What is to be said, and what comments silence, with what each of these comments says."""

    diagnostics: list[Diagnostic]
    silenced: list[Diagnostic]
    reasons: list[str]

    def add(self, diagnostic: Diagnostic, silencing: Sequence[Suppression]) -> None:
        """Put a diagnostic where it belongs, given the comments that silence it."""
        if silencing:
            self.silenced.append(diagnostic)
            self.reasons.append(next((item.reason for item in silencing if item.reason), ""))
        else:
            self.diagnostics.append(diagnostic)


def check_project(project: Project, asked: Collection[str], watch: Watch) -> Answer:
    """Run the rules on a project and report on some of its files, by their paths."""
    _ = project.files
    with watch.phase("linking"):
        _ = project.application
    with watch.phase("checking"), deep_recursion(LINKING_DEPTH), no_collection():
        run = run_rules(project, asked, watch)
    report = _Sorted([], [], [])
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
    return Answer(
        diagnostics=_completed(report.diagnostics, project),
        silenced=_completed(report.silenced, project),
        reasons=report.reasons,
        secrets=secret_spans(run.found),
        lines={path: project.files[path].text.count("\n") for path in asked},
        routes=[(route.file, route.decorator_file) for route in project.application.routes],
        entangled=_entangled(project, asked, run),
        unmatched=list(_unmatched(project)),
        failures=run.failures,
    )


def _unmatched(project: Project) -> Iterator[tuple[str, str, str]]:
    application = project.application
    for item in application.stated.unmatched(application.routes):
        what = "which no route has" if item.key == "public-routes" else "which the project hasn't"
        meant = f": did you mean `{item.meant}`?" if item.meant else ""
        yield item.key, item.written, f"{what}{meant}"


def _entangled(project: Project, asked: Collection[str], run: Run) -> set[str]:
    """The files about which something is said that wouldn't be if only they were asked about."""
    handlers: defaultdict[str, set[str]] = defaultdict(set)
    for route in project.application.routes:
        handlers[route.decorator_file].add(route.file)
    return {
        diagnostic.path
        for diagnostic, origins in run.origins.items()
        if diagnostic.path in asked and origins.isdisjoint({"", diagnostic.path, *handlers[diagnostic.path]})
    }


def _completed(diagnostics: list[Diagnostic], project: Project) -> list[Diagnostic]:
    """Say in which function or class each stands, and how much it matters to the user."""
    result = []
    for diagnostic in diagnostics:
        facts = project.files[diagnostic.path].facts
        symbol = symbol_at(diagnostic.span.line, facts.body) if facts is not None else ""
        severity = project.config.severity_of(diagnostic.code, diagnostic.severity)
        result.append(msgspec.structs.replace(diagnostic, symbol=symbol, severity=severity))
    return result

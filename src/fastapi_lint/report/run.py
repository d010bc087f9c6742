"""What a report is made from."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.fingerprints import fingerprints
from fastapi_lint.report.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.summary import Tally

_ORDER = list(Severity)


@dataclass(frozen=True, kw_only=True)
class RulePage:
    """What a report may tell of a rule.

    Attributes:
        code: `FAL` and three digits.
        name: The rule's name.
        severity: `error`, `warning` or `info`, where the configuration says nothing else.
        level: The lowest level at which it runs.
        summary: What it finds, as one sentence.
        why: Why that matters, in Markdown.
        example: Code that it finds, in Markdown.
        better: The same code as it should be, in Markdown.
        security_severity: From `0.1` to `10.0`, for rules about security alone.
        weaknesses: The numbers of the weaknesses that it finds, in the Common Weakness Enumeration.
    """

    code: str
    name: str
    severity: str
    level: str
    summary: str
    why: str
    example: str
    better: str
    security_severity: str | None = None
    weaknesses: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished run.

    Attributes:
        diagnostics: What was found, sorted by path and place.
        tally: What was looked at.
        source_line: Gives a line of source (path, line from 1) without its line break, or None.
        version: The program's version.
        silenced: What comments suppress, sorted like diagnostics.
        reasons: What those comments say, in the same order; empty texts where they say nothing.
        known: What a baseline knows, sorted like diagnostics.
        secrets: Where there are secrets, which no report may show, by path.
        failures: Faults of rules, a line each.
        page: Gives a rule's page by code; None for a code without one.
        look: What the reader's side can show.
        directory: The working directory, absolute, with `/`: what paths of diagnostics are relative to.
        repository: The top of the repository, where the surroundings say so.
    """

    diagnostics: Sequence[Diagnostic]
    tally: Tally
    source_line: Callable[[str, int], str | None]
    version: str = ""
    silenced: Sequence[Diagnostic] = ()
    reasons: Sequence[str] = ()
    known: Sequence[Diagnostic] = ()
    secrets: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    failures: Sequence[str] = ()
    page: Callable[[str], RulePage | None] = lambda _code: None
    look: Look = field(default_factory=Look)
    directory: str = "/"
    repository: str | None = None

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprints of the diagnostics, in their order, then of what is silenced and what is known."""
        listed = [*self.diagnostics, *self.silenced, *self.known]
        return fingerprints(listed, self.source_line, self.secrets)

    @cached_property
    def worst_first(self) -> tuple[Diagnostic, ...]:
        """The diagnostics, errors before warnings, otherwise in their order."""
        return tuple(sorted(self.diagnostics, key=lambda diagnostic: _ORDER.index(diagnostic.severity)))

    def in_repository(self, path: str) -> str:
        """Give a path as services that know the repository want it: from its top, if the path lies in it."""
        if self.repository is None:
            return path
        inside = posixpath.relpath(posixpath.join(self.directory, path), self.repository)
        return path if inside.startswith("../") else inside

    def first_line(self, path: str, span: Span) -> Span:
        """Give the part of a span that is on its first line; services show nothing for longer ones."""
        end = span.end_column
        if span.end_line > span.line:
            end = len(self.source_line(path, span.line) or "") + 1
        return Span(span.line, span.column, span.line, max(end, span.column + 1))

"""Diagnostics as the protocol has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules import catalogue, pages
from fastapi_lint.server.positions import Places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic, Note
    from fastapi_lint.server.documents import Checked

SOURCE = "fastapi-lint"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def translated(
    checked: Checked, encoding: types.PositionEncodingKind | str
) -> list[tuple[Diagnostic, types.Diagnostic]]:
    """Give each diagnostic of a file with its translation."""
    here = Places(checked.text, encoding)
    return [
        (
            diagnostic,
            types.Diagnostic(
                range=here.range(diagnostic.span),
                message=f"{diagnostic.message}\n{diagnostic.help}",
                severity=_SEVERITIES[diagnostic.severity],
                code=diagnostic.code,
                code_description=types.CodeDescription(diagnostic.url),
                source=SOURCE,
                tags=_tags(diagnostic),
                related_information=[
                    related
                    for note in diagnostic.notes
                    if (related := _related(note, diagnostic, checked, encoding)) is not None
                ]
                or None,
            ),
        )
        for diagnostic in checked.diagnostics
    ]


def hover(diagnostics: Sequence[Diagnostic]) -> str:
    """Say in Markdown what is reported at a place: messages, what to do, and the pages of the rules."""
    parts = []
    for code, name in {item.code: item.name for item in diagnostics}.items():
        said = [f"{item.message}  \n{item.help}" for item in diagnostics if item.code == code]
        page = pages.page(name)
        parts.append("\n\n".join(said if page is None else [*said, page.strip()]))
    return "\n\n---\n\n".join(parts)


def uri_of(file: Path) -> str:
    """The address of a file."""
    return uris.from_fs_path(str(file)) or file.as_uri()


def _tags(diagnostic: Diagnostic) -> list[types.DiagnosticTag] | None:
    """What editors show faded: a comment that a fix would take away."""
    is_needless = diagnostic.name == catalogue.UNUSED and diagnostic.fix is not None
    return [types.DiagnosticTag.Unnecessary] if is_needless else None


def _related(
    note: Note, diagnostic: Diagnostic, checked: Checked, encoding: types.PositionEncodingKind | str
) -> types.DiagnosticRelatedInformation | None:
    project = checked.project
    if project is None:
        return None
    text = checked.text if note.path == diagnostic.path else project.text(note.path)
    if text is None:
        return None
    place = types.Location(uri_of(project.root / note.path), Places(text, encoding).range(note.span))
    return types.DiagnosticRelatedInformation(place, note.message)

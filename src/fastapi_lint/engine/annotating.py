"""`--add-suppressions`: write a comment for everything that is found, with a reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.engine.checking import check
from fastapi_lint.engine.file_facts import read_file
from fastapi_lint.engine.writing import NotEncodable, replace_text
from fastapi_lint.source.annotating import with_suppressions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.requests import Request

ABOUT_FILES = "FAL0"
"""What no comment silences: files that can't be read, and comments that are to be removed."""


class Annotated(NamedTuple):
    """What was silenced, in which files (absolute), and what could not be."""

    silenced: tuple[Diagnostic, ...]
    files: tuple[Path, ...]
    left: tuple[Diagnostic, ...]


def add_suppressions(request: Request, reason: str) -> Annotated:
    """Lint, and write suppression comments into the files. Raises ConfigurationError and NotWritten.

    `reason` is one line without `#`. A file in which the comments would change the code stays as it is.
    """
    outcome = check(request)
    by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    left = []
    for diagnostic in outcome.diagnostics:
        if diagnostic.code.startswith(ABOUT_FILES):
            left.append(diagnostic)
        else:
            by_path[diagnostic.path].append(diagnostic)
    silenced: list[Diagnostic] = []
    files = []
    for path, diagnostics in by_path.items():
        file = request.working_directory / path
        if _annotate(file, path, outcome.text_of(path), diagnostics, reason):
            silenced += diagnostics
            files.append(file)
        else:
            left += diagnostics
    return Annotated(tuple(silenced), tuple(files), tuple(left))


def annotated(file: Path, text: str, diagnostics: Iterable[Diagnostic], reason: str) -> str | None:
    """Give a text with comments that silence what is reported in it; None if they would change the code."""
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for diagnostic in diagnostics:
        codes[diagnostic.span.line].add(diagnostic.code)
    silenced = with_suppressions(text, {line: frozenset(found) for line, found in codes.items()}, reason)
    before, after = (read_file(file, file.name, version).facts for version in (text, silenced))
    return silenced if before is not None and after is not None and before.body == after.body else None


def _annotate(file: Path, path: str, before: str | None, diagnostics: list[Diagnostic], reason: str) -> bool:
    """Write the comments of one file; false where nothing could be written without changing the code."""
    after = annotated(file, before, diagnostics, reason) if before is not None else None
    if before is None or after is None:
        return False
    try:
        replace_text(file, path, before, after)
    except NotEncodable:  # letters of the reason
        return False
    return True

"""The output formats: a module each, with one function `report`, which makes the text of a run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi_lint.report.run import Run


class Format(NamedTuple):
    """A format.

    Attributes:
        module: Where its function is.
        summary: What it is for, in a few words.
        wants_headline: Whether people read it, and it doesn't sum up: the headline is said beside it.
    """

    module: str
    summary: str
    wants_headline: bool = False


FORMATS: Mapping[str, Format] = {
    "full": Format("full", "with source and a summary"),
    "concise": Format("concise", "a line each", wants_headline=True),
    "grouped": Format("grouped", "a line each, under its file", wants_headline=True),
    "json": Format("json_array", "one array, for programs"),
    "json-lines": Format("json_lines", "an object a line, for programs"),
    "sarif": Format("sarif", "SARIF 2.1.0, for code scanning"),
    "github": Format("github", "annotations and a job summary in GitHub Actions", wants_headline=True),
    "gitlab": Format("gitlab", "a Code Quality report"),
    "junit": Format("junit", "test results in XML"),
    "pylint": Format("pylint", "a line each, as Pylint writes it", wants_headline=True),
    "markdown": Format("markdown", "a table, for a comment on a pull request"),
}


def report(name: str, run: Run) -> str:
    """Give the text of a run in a format, with its last line break."""
    module = import_module(f"{__name__}.{FORMATS[name].module}")
    return cast("Callable[[Run], str]", module.report)(run)

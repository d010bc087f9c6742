"""A rule's page: rendered for a person, as it is written for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.look import rendered

if TYPE_CHECKING:
    from fastapi_lint.report.look import Look


def page(markdown: str, look: Look) -> str:
    """The text to print, with its last line break."""
    if not look.terminal:
        return markdown if markdown.endswith("\n") else f"{markdown}\n"
    from rich.markdown import Markdown  # noqa: PLC0415  # a piped page needs no rich

    return rendered(Markdown(markdown), look, wrap=True)

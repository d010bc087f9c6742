"""Standard output holds the report and nothing else; what there is to say besides goes to standard error."""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi_lint.report.look import Colour, Look


def look(colour: Colour) -> Look:
    """How a report on standard output may look."""
    from fastapi_lint.report.look import look_of

    return look_of(sys.stdout, colour, os.environ)


def print_report(text: str) -> None:
    """Write to standard output. A reader that leaves early (`| head`) changes nothing of what was found."""
    try:
        click.echo(text, nl=False, color=True)  # whether to colour is decided already, by the look
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered must go somewhere when the interpreter closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Write a line to standard error."""
    click.echo(f"fastapi-lint: {text}", err=True)


def write_file(path: Path, text: str) -> None:
    """Write a whole file or, on an OSError, nothing of it; directories are made.

    What reads it meanwhile sees the old file or the new one. Pipes and devices are written to as they are.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8", errors="backslashreplace")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".fastapi-lint-{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def append_to_file(path: Path, text: str) -> None:
    """Add to a file, which need not exist."""
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)

"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def comma_separated(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...] | None:
    """`--select FAL1 --select FAL303,FAL4` and any mixture; None where the option isn't used."""
    if not given:
        return None
    return tuple(stripped for text in given for part in text.split(",") if (stripped := part.strip()))


colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the output; auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.",
)

table_format = click.option(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How to print.",
    show_default=True,
)


cache_dir_option = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="FASTAPI_LINT_CACHE_DIR",
    metavar="DIRECTORY",
    help="Keep the cache there instead of in `.fastapi_lint_cache` at the root of the project.",
)


jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Use at most N processes; by default as many as there are cores, and one for a small project.",
)


def cache_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--no-cache` and `--cache-dir`."""
    no_cache = click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
    return cache_dir_option(no_cache(command))

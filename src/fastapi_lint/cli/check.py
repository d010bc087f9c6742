"""`check`: lint a project, or some of its files."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from fastapi_lint.cli.leaving import CLEAN, FAILED, FOUND, Refusal
from fastapi_lint.cli.options import colour_option, comma_separated
from fastapi_lint.cli.outputs import output_options, publish, settled
from fastapi_lint.cli.streams import say

if TYPE_CHECKING:
    from fastapi_lint.cli.outputs import Output
    from fastapi_lint.engine import Outcome
    from fastapi_lint.report.look import Colour
    from fastapi_lint.report.statistics import By

_STDIN = Path("-")


@click.command(short_help="Check a project, or some of its files.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@output_options
@click.option(
    "--select",
    metavar="RULES",
    multiple=True,
    callback=comma_separated,
    help="Only these rules: codes, prefixes or names.",
)
@click.option(
    "--ignore",
    metavar="RULES",
    multiple=True,
    callback=comma_separated,
    help="Not these rules: codes, prefixes or names.",
)
@click.option(
    "--level",
    type=click.Choice(["default", "strict", "pedantic"]),
    help="How much of the checklist to ask for.",
)
@click.option("--exit-zero", is_flag=True, help="Leave with 0 although something was found.")
@click.option(
    "--force-exclude",
    is_flag=True,
    envvar="PRE_COMMIT",
    help="Exclude files that the configuration excludes even if they are named here.",
)
@click.option(
    "--stdin-filename", metavar="PATH", help="What the text on standard input (`-`) is the content of."
)
@click.option(
    "-v", "--verbose", is_flag=True, help="Say on standard error what was read and how long it took."
)
@colour_option
def check(
    *,
    paths: tuple[Path, ...],
    outputs: tuple[Output, ...],
    output_file: Path | None,
    statistics: bool,
    by: By,
    select: tuple[str, ...] | None,
    ignore: tuple[str, ...] | None,
    level: str | None,
    exit_zero: bool,
    force_exclude: bool,
    stdin_filename: str | None,
    verbose: bool,
    colour: Colour,
) -> None:
    """Check PATHS (files or directories; `-` for standard input), by default the project you are in.

    The whole project is read, whatever is named: PATHS select what is reported.
    """
    from fastapi_lint.config import ConfigurationError
    from fastapi_lint.engine import Request
    from fastapi_lint.engine import check as run
    from fastapi_lint.report.progress import progress_bar

    reports = settled(outputs, output_file, statistics=statistics)
    stdin = None
    if stdin_filename is not None or _STDIN in paths:
        if any(path != _STDIN for path in paths):
            raise click.UsageError("standard input is checked alone: give either `-` or paths")
        stdin = (stdin_filename or "stdin", sys.stdin.buffer.read())
        paths = ()
    with progress_bar(sys.stderr) as progress:
        try:
            outcome = run(
                Request(
                    paths=paths,
                    working_directory=Path.cwd(),
                    select=select,
                    ignore=ignore,
                    level=level,
                    force_exclude=force_exclude,
                    stdin=stdin,
                    progress=progress,
                )
            )
        except ConfigurationError as error:
            raise Refusal(str(error)) from error
    publish(outcome, reports, colour, statistics=by if statistics else None)
    if verbose:
        say(_account(outcome))
    for failure in outcome.failures:
        say(f"internal error: {failure}")
    if outcome.failures:
        raise Exit(FAILED)
    raise Exit(FOUND if outcome.diagnostics and not exit_zero else CLEAN)


def _account(outcome: Outcome) -> str:
    """What `--verbose` adds."""
    from fastapi_lint.report.wording import counted

    seconds = ", ".join(f"{phase} {taken:.2f} s" for phase, taken in outcome.timings.items())
    read = (counted(outcome.files, "file"), counted(outcome.lines, "line"), counted(outcome.routes, "route"))
    return f"{', '.join(read)}; {seconds}"

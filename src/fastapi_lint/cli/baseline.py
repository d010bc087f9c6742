"""`baseline`: write down what is known, so that only what is new is reported."""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from fastapi_lint.cli.choices import choices
from fastapi_lint.cli.leaving import CLEAN, FAILED, FOUND, Refusal
from fastapi_lint.cli.options import cache_options, colour_option, table_format
from fastapi_lint.cli.streams import look, print_report, say, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.engine import Baseline, Outcome, Request
    from fastapi_lint.report.look import Colour

_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))


@click.group()
def baseline() -> None:
    """Write down what is known, so that only what is new is reported.

    Each project has its baseline in `fastapi-lint-baseline.toml`, where its configuration doesn't name
    another file, or in the one that --baseline names. `fastapi-lint check` reads it.
    """


@baseline.command(short_help="Write everything that is found into the baseline.")
@_paths
@click.option("--force", is_flag=True, help="Replace a baseline that is there.")
@choices
@cache_options
def create(
    *, paths: tuple[Path, ...], force: bool, chosen: dict[str, Any], no_cache: bool, cache_dir: Path | None
) -> None:
    """Lint PATHS, by default the project you are in, and write everything that is found into the baseline."""
    from fastapi_lint import engine
    from fastapi_lint.report.wording import counted

    request = _request(paths, chosen, no_cache=no_cache, cache_dir=cache_dir)
    outcome, made = _asked(engine.create_baselines, request)
    _refuse_failures(outcome)
    for file in () if force else [item.file for item in made if item.file.exists()]:
        raise Refusal(
            f"{_shown(file)} is there: `fastapi-lint baseline update` removes what is fixed from it, "
            "--force replaces it by everything that is found now"
        )
    _write(made)
    for item in made:
        say(f"{counted(len(item.entries), 'diagnostic')} written to {_shown(item.file)}")


@baseline.command(short_help="Remove what is fixed from the baseline.")
@_paths
@choices
@cache_options
@colour_option
def update(
    *,
    paths: tuple[Path, ...],
    chosen: dict[str, Any],
    no_cache: bool,
    cache_dir: Path | None,
    colour: Colour,
) -> None:
    """Remove from the baseline what is fixed, and write down where the rest has moved to.

    What is new is reported and not added; the exit status is 1 then, as that of `fastapi-lint check`.
    """
    from fastapi_lint import engine
    from fastapi_lint.cli.outputs import Output, publish
    from fastapi_lint.report.wording import counted

    request = _request(paths, chosen, no_cache=no_cache, cache_dir=cache_dir)
    outcome, made, gone = _asked(engine.update_baselines, request)
    _refuse_failures(outcome)
    _write(made)
    publish(outcome, [Output("concise")], colour, statistics=None)
    left = sum(len(item.entries) for item in made)
    say(f"{counted(gone, 'diagnostic')} removed from the baseline, which holds {left} now")
    raise Exit(FOUND if outcome.failing else CLEAN)


@baseline.command(short_help="List what the baseline holds.")
@_paths
@choices
@table_format
@colour_option
def show(*, paths: tuple[Path, ...], chosen: dict[str, Any], output_format: str, colour: Colour) -> None:
    """List what the baseline of the project of PATHS holds, by default that of the project you are in."""
    from fastapi_lint import engine
    from fastapi_lint.report.json_text import array
    from fastapi_lint.report.table import table
    from fastapi_lint.rules.pages import catalogue

    request = _request(paths, chosen, no_cache=True, cache_dir=None)
    marks = [
        mark._replace(path=_shown(item.file.parent / mark.path))
        for item in _asked(engine.baselines, request)
        for mark in item.entries
    ]
    if output_format == "json":
        print_report(array(mark._asdict() for mark in marks))
        return
    names = {info.code: info.name for info in catalogue()}
    rows = [(mark.path, mark.rule, names.get(mark.rule, "?"), mark.symbol) for mark in sorted(marks)]
    print_report(table(("path", "code", "name", "in"), rows, look(colour)))


def _request(
    paths: tuple[Path, ...], chosen: dict[str, Any], *, no_cache: bool, cache_dir: Path | None
) -> Request:
    from fastapi_lint.engine import Caching, Request

    caching = None if no_cache else Caching(cache_dir)
    return Request(paths=paths, working_directory=Path.cwd(), caching=caching, **chosen)


def _asked(question: Callable[[Request], Any], request: Request) -> Any:
    from fastapi_lint.config import ConfigurationError

    try:
        return question(request)
    except ConfigurationError as error:
        raise Refusal(str(error)) from error


def _refuse_failures(outcome: Outcome) -> None:
    """Write nothing where not all is known."""
    for warning in outcome.warnings:
        say(warning)
    for failure in outcome.failures:
        say(f"internal error: {failure}")
    if outcome.failures:
        raise Exit(FAILED)


def _write(baselines: Sequence[Baseline]) -> None:
    try:
        for item in baselines:
            write_file(item.file, item.text)
    except OSError as error:
        raise Refusal(f"can't write {_shown(Path(error.filename))}: {error.strerror}") from error


def _shown(file: Path) -> str:
    """A place as the user would name it: relative to the working directory if it lies below."""
    place = Path(os.path.normpath(file))
    return place.relative_to(Path.cwd()).as_posix() if place.is_relative_to(Path.cwd()) else place.as_posix()

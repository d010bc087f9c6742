"""Where reports go: one to standard output, any number to files."""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from fastapi_lint import __version__
from fastapi_lint.cli.leaving import Refusal
from fastapi_lint.cli.streams import append_to_file, look, print_report, say, write_file
from fastapi_lint.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.shell_completion import CompletionItem

    from fastapi_lint.engine import Outcome
    from fastapi_lint.report.look import Colour
    from fastapi_lint.report.run import RulePage, Run
    from fastapi_lint.report.statistics import By

_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables in which GitHub Actions and GitLab CI give the top of the repository."""

_WITH_STATISTICS = ("full", "concise", "grouped", "json")


class Output(NamedTuple):
    """A report to make; without a file it goes to standard output."""

    format: str
    file: Path | None = None


def _outputs(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Output, ...]:
    """Read `FORMAT` and `FORMAT:FILE`."""
    outputs = []
    for text in given:
        format_, colon, file = text.partition(":")
        if format_ not in FORMATS:
            from difflib import get_close_matches

            close = get_close_matches(format_, FORMATS, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"it is one of {', '.join(FORMATS)}"
            raise click.BadParameter(f"there is no format `{format_}`: {hint}")
        if colon and not file:
            raise click.BadParameter(f"`{text}` names no file behind the colon")
        outputs.append(Output(format_, Path(file) if file else None))
    return tuple(outputs)


def _completions(_context: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(name, help=format_.summary)
        for name, format_ in FORMATS.items()
        if name.startswith(typed)
    ]


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--output-format`, `--output-file`, `--statistics` and `--by`."""
    for option in (
        click.option(
            "--by",
            type=click.Choice(["rule", "file", "checklist"]),
            help="What --statistics counts by; rule where nothing is given.",
        ),
        click.option(
            "--statistics",
            is_flag=True,
            help="Print how often there was something to say instead of what, as a table or as JSON.",
        ),
        click.option(
            "-o",
            "--output-file",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Write the report to FILE instead of standard output.",
        ),
        click.option(
            "--output-format",
            "outputs",
            multiple=True,
            callback=_outputs,
            shell_complete=_completions,
            metavar="FORMAT[:FILE]",
            help=f"{', '.join(FORMATS)}; full where none is given. With :FILE the report is written there,"
            " and the option can be repeated: `--output-format sarif:report.sarif --output-format full`.",
        ),
    ):
        command = option(command)
    return command


def settled(outputs: Sequence[Output], file: Path | None, *, statistics: bool, by: By | None) -> list[Output]:
    """Put the options together. What can't be meant is a usage error."""
    found = list(outputs) or [Output("full")]
    printed = [output for output in found if output.file is None]
    if by is not None and not statistics:
        raise click.UsageError("--by says what --statistics counts by: give both")
    if statistics and any(output.format not in _WITH_STATISTICS for output in printed):
        raise click.UsageError("--statistics are printed as a table or, with `--output-format json`, as JSON")
    if len(printed) > 1:
        example = f"`--output-format {printed[1].format}:FILE`"
        raise click.UsageError(f"standard output holds one report: give the others files, as in {example}")
    if file is not None:
        if not printed:
            raise click.UsageError("--output-file: every format has a file already")
        found[found.index(printed[0])] = Output(printed[0].format, file)
    files = [output.file for output in found if output.file is not None]
    if len(set(files)) < len(files):
        raise click.UsageError("two reports can't be written to one file")
    return found


def publish(outcome: Outcome, outputs: Sequence[Output], colour: Colour, *, statistics: By | None) -> None:
    """Print and write what was asked for; `statistics` are printed in place of a report.

    A file that can't be written is a Refusal.
    """
    from dataclasses import replace

    from fastapi_lint.report.formats import report
    from fastapi_lint.report.look import Look
    from fastapi_lint.report.summary import headline

    run = _run(outcome, colour)
    if not outcome.files:
        say("no Python files found: nothing was checked")
    printed = next((output.format for output in outputs if output.file is None), None)
    if statistics is not None:
        _print_statistics(run, printed, statistics)
    elif printed is not None:
        print_report(report(printed, run))
    if outcome.files and (printed is None or (FORMATS[printed].wants_headline and statistics is None)):
        say(headline(run.diagnostics, run.tally))
    run = replace(run, look=Look())
    for output in outputs:
        if output.file is not None:
            _save(output.file, report(output.format, run), write_file)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(output.format == "github" for output in outputs):
        _save(Path(summary), report("markdown", run), append_to_file)


def _save(file: Path, text: str, save: Callable[[Path, str], None]) -> None:
    try:
        save(file, text)
    except OSError as error:
        raise Refusal(f"can't write {file}: {error.strerror}") from error


def _print_statistics(run: Run, printed: str | None, by: By) -> None:
    from fastapi_lint.report.statistics import as_json, as_table, counts
    from fastapi_lint.rules import checklist, pages

    items = {info.code: info.checklist for info in pages.catalogue()}
    asks = checklist.CHAPTERS | {item.number: item.asks for item in checklist.ITEMS}
    json = printed == "json"
    rows = counts(run.diagnostics, by, lambda code: items.get(code, ()), asks, chapters=not json)
    print_report(as_json(rows) if json else as_table(rows, run.look))


def _run(outcome: Outcome, colour: Colour) -> Run:
    from fastapi_lint.report.run import Run
    from fastapi_lint.report.summary import Tally

    top = next((os.environ[name] for name in _TOPS if os.environ.get(name)), None)
    return Run(
        diagnostics=outcome.diagnostics,
        silenced=outcome.silenced,
        reasons=outcome.reasons,
        secrets=outcome.secrets,
        failures=outcome.failures,
        known=outcome.known,
        tally=Tally(
            files=outcome.files,
            routes=outcome.routes,
            suppressed=outcome.suppressed,
            known=len(outcome.known),
            older=outcome.older,
            revision=outcome.revision,
        ),
        source_line=outcome.source_line,
        version=__version__,
        page=_page,
        look=look(colour),
        directory=Path.cwd().as_posix(),
        repository=None if top is None else Path(top).resolve().as_posix(),
    )


def _page(code: str) -> RulePage | None:
    from fastapi_lint.report.run import RulePage
    from fastapi_lint.rules import pages

    text = pages.page(code)
    if text is None:
        return None
    info = pages.info(text)
    return RulePage(
        code=info.code,
        name=info.name,
        severity=info.severity,
        level=info.level,
        summary=info.summary,
        why=pages.section(text, "Why it matters"),
        example=pages.section(text, "Example"),
        better=pages.section(text, "Better"),
        security_severity=info.security_severity,
        weaknesses=info.weaknesses,
    )

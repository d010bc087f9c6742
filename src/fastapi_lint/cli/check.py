"""`check`: lint a project, or some of its files."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from click.exceptions import Exit

from fastapi_lint.cli import fixes, watching
from fastapi_lint.cli.choices import choices
from fastapi_lint.cli.fixes import fix_options
from fastapi_lint.cli.help import Manual
from fastapi_lint.cli.leaving import CLEAN, FAILED, FOUND, Refusal
from fastapi_lint.cli.newness import newness_options, tell_of_fixed
from fastapi_lint.cli.options import cache_options, colour_option, jobs_option
from fastapi_lint.cli.outputs import output_options, publish, settled
from fastapi_lint.cli.streams import print_report, say

if TYPE_CHECKING:
    from fastapi_lint.cli.outputs import Output
    from fastapi_lint.config import Level
    from fastapi_lint.engine import Outcome, Request
    from fastapi_lint.report.look import Colour
    from fastapi_lint.report.statistics import By

_STDIN = Path("-")


def _one_line(_context: click.Context, _option: click.Parameter, reason: str | None) -> str | None:
    if reason is None:
        return None
    if not reason.strip() or "#" in reason or len(reason.splitlines()) > 1:
        raise click.BadParameter("a reason is one line of text without `#`")
    return reason.strip()


_SECTIONS = {
    "Choosing rules": ("level", "select", "extend_select", "ignore"),
    "Choosing files": (
        "exclude",
        "extend_exclude",
        "force_exclude",
        "respect_gitignore",
        "stdin_filename",
    ),
    "Configuration": ("config", "isolated"),
    "Speed": ("jobs", "no_cache", "cache_dir"),
    "Report": ("outputs", "output_file", "statistics", "by", "colour", "watch", "verbose"),
    "Only what is new": ("baseline", "no_baseline", "strict_baseline", "diff"),
    "Fixing": ("fix", "unsafe_fixes", "show_fixes"),
    "Instead of a report": ("explain_route", "add_suppressions", "show_settings", "show_files"),
    "Exit status": ("fail_on", "exit_zero"),
}
_NOTES = {
    "It leaves with": (
        ("0", "nothing was found that fails the run"),
        ("1", "something was"),
        ("2", "the job could not be done: usage, configuration, an internal error"),
    ),
    "Examples": (
        ("fastapi-lint check", "the project you are in"),
        ("fastapi-lint check app/routers", "report on these files alone; the whole project is read"),
        ("fastapi-lint check --select FAL3", "the rules about security"),
        ("fastapi-lint check --level strict --fail-on error", "show more, fail on errors alone"),
        ('fastapi-lint check --add-suppressions "as of March"', "start from here: report only what is new"),
        ("fastapi-lint check --diff main...", "what is new since the branch left main"),
        ("fastapi-lint check --fix", "fix what can be fixed safely, and report what is left"),
        ('fastapi-lint check --explain-route "GET /users/{id}"', "one route, and what each rule says of it"),
        ("fastapi-lint check - --stdin-filename app/main.py", "what an editor has not saved yet"),
    ),
}


@click.command(
    cls=Manual, sections=_SECTIONS, notes=_NOTES, short_help="Check a project, or some of its files."
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@output_options
@choices
@fix_options
@newness_options
@click.option("--exit-zero", is_flag=True, help="Leave with 0 although something was found.")
@click.option(
    "--add-suppressions",
    metavar="REASON",
    callback=_one_line,
    help="Write a comment with this reason for everything that is found, and leave.",
)
@click.option(
    "--explain-route",
    metavar="ROUTE",
    help="Print what is known of a route (`GET /users/{id}`) and what each rule says of it, and leave.",
)
@click.option("--show-settings", is_flag=True, help="Print what holds in each project, and leave.")
@click.option("--show-files", is_flag=True, help="Print which files would be reported on, and leave.")
@click.option(
    "--stdin-filename", metavar="PATH", help="What the text on standard input (`-`) is the content of."
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Say on standard error what was read and how long it took."
)
@jobs_option
@cache_options
@colour_option
def check(
    *,
    paths: tuple[Path, ...],
    outputs: tuple[Output, ...],
    output_file: Path | None,
    statistics: bool,
    by: By | None,
    chosen: dict[str, Any],
    fix: bool,
    unsafe_fixes: bool,
    diff: str | None,
    show_fixes: bool,
    no_baseline: bool,
    strict_baseline: bool,
    exit_zero: bool,
    add_suppressions: str | None,
    explain_route: str | None,
    show_settings: bool,
    show_files: bool,
    stdin_filename: str | None,
    watch: bool,
    verbose: bool,
    jobs: int,
    no_cache: bool,
    cache_dir: Path | None,
    colour: Colour,
) -> None:
    """Check PATHS (files or directories; `-` for standard input), by default the project you are in.

    The whole project is read, whatever is named: PATHS select what is reported.
    """
    from fastapi_lint import engine
    from fastapi_lint.config import ConfigurationError
    from fastapi_lint.engine import Caching, Request
    from fastapi_lint.report.progress import progress_bar

    wanted = fixes.settled(fix=fix, unsafe_fixes=unsafe_fixes, diff=diff, show_fixes=show_fixes)
    reports = settled(outputs, output_file, statistics=statistics, by=by)
    if watch:
        if _STDIN in paths or stdin_filename is not None or wanted.any:
            raise click.UsageError("--watch looks at files, and fixes none")
        raise Exit(watching.watch(paths or (Path.cwd(),), sys.argv[1:]))
    stdin = None
    if stdin_filename is not None or _STDIN in paths:
        if any(path != _STDIN for path in paths):
            raise click.UsageError("standard input is checked alone: give either `-` or paths")
        stdin = (stdin_filename or "stdin", sys.stdin.buffer.read())
        paths = ()
    with progress_bar(sys.stderr) as progress:
        request = Request(
            paths=paths,
            working_directory=Path.cwd(),
            stdin=stdin,
            jobs=jobs,
            caching=None if no_cache else Caching(cache_dir),
            progress=progress,
            no_baseline=no_baseline,
            revision=wanted.revision,
            **chosen,
        )
        try:
            if show_settings or show_files:
                _show(request, with_settings=show_settings, with_files=show_files)
                return
            if explain_route is not None:
                _explain(request, explain_route)
                return
            if add_suppressions is not None:
                raise Exit(_silence(request, add_suppressions))
            mended = engine.fix(request, unsafe=wanted.unsafe) if wanted.any else None
            outcome = engine.check(request) if mended is None else mended.outcome
        except ConfigurationError as error:
            raise Refusal(str(error)) from error
    if mended is not None and fixes.publish(mended, wanted, stdin=None if stdin is None else stdin[1]):
        found = bool(mended.changes) if wanted.patch else outcome.failing
    else:
        found = outcome.failing
        publish(outcome, reports, colour, statistics=(by or "rule") if statistics else None)
    if verbose:
        say(_account(outcome))
    for warning in outcome.warnings:
        say(warning)
    stale = tell_of_fixed(outcome, strict=strict_baseline)
    for failure in outcome.failures:
        say(f"internal error: {failure}")
    if outcome.failures:
        raise Exit(FAILED)
    raise Exit(FOUND if (found or stale) and not exit_zero else CLEAN)


def _silence(request: Request, reason: str) -> int:
    """Write comments for what is found; the exit status says whether something is left."""
    from fastapi_lint.engine import NotWritten, add_suppressions
    from fastapi_lint.report.wording import counted

    if request.stdin is not None:
        raise click.UsageError("comments are written into files, not into standard input")
    try:
        done = add_suppressions(request, reason)
    except NotWritten as error:
        raise Refusal(str(error)) from error
    said = f"silenced {counted(len(done.silenced), 'diagnostic')} in {counted(len(done.files), 'file')}"
    say(f"{said}; {len(done.left)} can't be silenced by a comment" if done.left else said)
    for diagnostic in done.left:
        say(f"{diagnostic.path}:{diagnostic.span.line}: {diagnostic.code} {diagnostic.message}")
    return FOUND if done.left else CLEAN


def _explain(request: Request, wanted: str) -> None:
    """What is known of a route."""
    from fastapi_lint.engine import explain
    from fastapi_lint.report.route_account import account

    found = explain(request, wanted)
    print_report("\n".join(account(item.account, item.verdicts) for item in found))


def _show(request: Request, *, with_settings: bool, with_files: bool) -> None:
    """What a request would be about."""
    from fastapi_lint.engine import configurations, files
    from fastapi_lint.report.settings import settings
    from fastapi_lint.rules import catalogue

    parts = []
    for config in configurations(request) if with_settings else ():
        rules = [
            rule.code for rule in catalogue.infos() if config.enables(rule.code, cast("Level", rule.level))
        ]
        parts.append(settings(config, rules, request.working_directory))
    if with_files:
        parts.append("".join(f"{path}\n" for path in files(request)))
    print_report("\n".join(parts))


def _account(outcome: Outcome) -> str:
    """What `--verbose` adds."""
    from fastapi_lint.report.wording import counted

    seconds = ", ".join(f"{phase} {taken:.2f} s" for phase, taken in outcome.timings.items())
    read = (counted(outcome.files, "file"), counted(outcome.lines, "line"), counted(outcome.routes, "route"))
    return f"{', '.join(read)}; looked into {counted(len(outcome.visited), 'file')}; {seconds}"

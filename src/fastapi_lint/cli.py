"""The command line: arguments in, one request to the engine, a report and an exit status out.

Exit status: 0 clean, 1 diagnostics found, 2 could not do the job, 130 interrupted. Standard output carries
the report and nothing else.

Only click is imported here; every command imports what it needs itself, because `--version` and `rule` must
not pay for libcst, rich or the linked model.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click
from click.exceptions import Exit

from fastapi_lint import __version__

if TYPE_CHECKING:
    from fastapi_lint.engine import Outcome, Request, RouteSelection
    from fastapi_lint.report.look import Colour, Look

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130

_STDIN = Path("-")


class Refusal(click.ClickException):
    """The job can't be done, and one sentence says why."""

    exit_code = FAILED

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence to standard error, in the form of every other message of the program."""
        click.echo(f"fastapi-lint: {self.message}", file=file, err=True)


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A path or a line of source may hold what the terminal's encoding can't: show it escaped, don't fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = FAILED
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except Exception:  # noqa: BLE001 - Python would leave with 1, which says that diagnostics were found
        import traceback

        traceback.print_exc()
        status = FAILED
    sys.exit(status)


def _comma_separated(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...] | None:
    """`--select FAL1 --select FAL303,FAL4` and any mixture; None where the option isn't used."""
    if not given:
        return None
    return tuple(stripped for text in given for part in text.split(",") if (stripped := part.strip()))


_colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the output; auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.",
)

_table_format = click.option(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How to print.",
    show_default=True,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fastapi-lint", message="%(prog)s %(version)s")
def commands() -> None:
    """Check a FastAPI code base as the application that FastAPI would make of it."""


@commands.command(short_help="Check a project, or some of its files.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="full: with source and a summary; concise: a line each; json: for programs.",
)
@click.option(
    "--select",
    metavar="RULES",
    multiple=True,
    callback=_comma_separated,
    help="Only these rules: codes, prefixes or names.",
)
@click.option(
    "--ignore",
    metavar="RULES",
    multiple=True,
    callback=_comma_separated,
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
@_colour_option
def check(
    *,
    paths: tuple[Path, ...],
    output_format: str,
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
    _report(outcome, output_format, colour)
    if verbose:
        _say(_account(outcome))
    for failure in outcome.failures:
        _say(f"internal error: {failure}")
    if outcome.failures:
        raise Exit(FAILED)
    raise Exit(FOUND if outcome.diagnostics and not exit_zero else CLEAN)


def _report(outcome: Outcome, output_format: str, colour: Colour) -> None:
    from fastapi_lint.report.summary import Tally, headline

    tally = Tally(files=outcome.files, routes=outcome.routes, suppressed=outcome.suppressed)
    if not outcome.files:
        _say("no Python files found: nothing was checked")
    if output_format == "json":
        from fastapi_lint.report.json_array import of_diagnostics

        _print(of_diagnostics(outcome.diagnostics))
    elif output_format == "concise":
        from fastapi_lint.report.concise import concise

        _print(concise(outcome.diagnostics))
        if outcome.files:
            _say(headline(outcome.diagnostics, tally))
    elif outcome.files:
        from fastapi_lint.report.full import full

        _print(full(outcome.diagnostics, tally, outcome.source_line, _look(colour)))


def _account(outcome: Outcome) -> str:
    """What `--verbose` adds."""
    from fastapi_lint.report.wording import counted

    seconds = ", ".join(f"{phase} {taken:.2f} s" for phase, taken in outcome.timings.items())
    read = (counted(outcome.files, "file"), counted(outcome.lines, "line"), counted(outcome.routes, "route"))
    return f"{', '.join(read)}; {seconds}"


@commands.command(short_help="Explain a rule.")
@click.argument("code")
@_colour_option
def rule(code: str, colour: Colour) -> None:
    """Print the page of the rule CODE, which may be its name as well."""
    from fastapi_lint.report.page import page as laid_out
    from fastapi_lint.rules.pages import page

    text = page(code)
    if text is None:
        raise Refusal(f"there is no rule `{code}`{_suggestion(code)}")
    _print(laid_out(text, _look(colour)))


def _suggestion(code: str) -> str:
    from difflib import get_close_matches

    from fastapi_lint.rules.pages import catalogue

    known = [word for rule in catalogue() for word in (rule.code, rule.name)]
    close = get_close_matches(code.upper(), known, n=1) or get_close_matches(code.lower(), known, n=1)
    return f": did you mean `{close[0]}`?" if close else ": `fastapi-lint rules` lists them all"


@commands.command(short_help="List the rules.")
@_table_format
@_colour_option
def rules(output_format: str, colour: Colour) -> None:
    """List the rules."""
    from fastapi_lint.rules.pages import catalogue

    if output_format == "json":
        from fastapi_lint.report.json_array import of_records

        _print(of_records(catalogue()))
        return
    from fastapi_lint.report.table import table

    _print(
        table(
            ("code", "name", "level", "severity", "fix", "summary"),
            [(r.code, r.name, r.level, r.severity, r.fix or "", r.summary) for r in catalogue()],
            _look(colour),
        )
    )


@commands.command(short_help="List the routes that a project serves.")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice(["table", "json", "csv", "markdown", "mermaid"]),
    default="table",
    show_default=True,
    help="How to print; mermaid draws the tree of applications and routers.",
)
@click.option(
    "--method",
    "methods",
    metavar="METHODS",
    multiple=True,
    callback=_comma_separated,
    help="Only routes of these methods; WEBSOCKET for websockets.",
)
@click.option("--path", "path_pattern", metavar="GLOB", help="Only routes whose full path matches.")
@click.option("--handler", metavar="GLOB", help="Only handlers whose dotted name, or its end, matches.")
@click.option("--unprotected", is_flag=True, help="Only routes where no dependency verifies the caller.")
@click.option("--unresolved", is_flag=True, help="List instead what could not be resolved, and why.")
@_colour_option
def routes(
    *,
    path: Path | None,
    output_format: str,
    methods: tuple[str, ...] | None,
    path_pattern: str | None,
    handler: str | None,
    unprotected: bool,
    unresolved: bool,
    colour: Colour,
) -> None:
    """List the routes that the project of PATH serves, by default those of the project you are in.

    A `?` marks what may guard a route and could not be followed; --unprotected leaves such routes out.
    """
    from fastapi_lint.config import ConfigurationError
    from fastapi_lint.engine import Request, RouteSelection

    selection = RouteSelection(
        tuple(method.upper() for method in methods or ()), path_pattern, handler, unprotected
    )
    if selection != RouteSelection() and (unresolved or output_format == "mermaid"):
        what = "--unresolved" if unresolved else "the tree of routers"
        raise click.UsageError(f"{what} can't be combined with a choice of routes")
    request = Request(paths=(path,) if path else (), working_directory=Path.cwd())
    try:
        if unresolved:
            _print_unresolved(request, output_format, colour)
        elif output_format == "mermaid":
            _print_tree(request)
        else:
            _print_routes(request, selection, output_format, colour)
    except ConfigurationError as error:
        raise Refusal(str(error)) from error


def _print_routes(request: Request, selection: RouteSelection, output_format: str, colour: Colour) -> None:
    from fastapi_lint.engine import listed_routes

    served = listed_routes(request)
    found = [route for route in served if selection.admits(route)]
    if not found:
        _say("no routes match" if served else "no routes found")
    if output_format == "json":
        from fastapi_lint.report.json_array import of_records

        _print(of_records(route.row for route in found))
        return
    from fastapi_lint.report.route_listing import columns, comma_separated, markdown

    if output_format == "csv":
        _print(comma_separated(found))
    elif output_format == "markdown":
        _print(markdown(found))
    elif found:
        from fastapi_lint.report.table import table

        _print(table(*columns(found), _look(colour)))


def _print_tree(request: Request) -> None:
    from fastapi_lint.engine import outlines
    from fastapi_lint.report.router_tree import mermaid

    roots = outlines(request)
    if not roots:
        _say("no routes found")
    _print(mermaid(roots))


def _print_unresolved(request: Request, output_format: str, colour: Colour) -> None:
    from fastapi_lint.engine import unresolved

    if output_format not in {"table", "json"}:
        raise click.UsageError("--unresolved is printed as table or json")
    found = unresolved(request)
    if output_format == "json":
        from fastapi_lint.report.json_array import of_records

        _print(of_records(found))
    elif found:
        from fastapi_lint.report.table import table

        rows = [(f"{item.file}:{item.line}", item.what, item.why) for item in found]
        _print(table(("file:line", "what", "why"), rows, _look(colour)))
    else:
        _say("everything could be resolved")


def _look(colour: Colour) -> Look:
    from fastapi_lint.report.look import look_of

    return look_of(sys.stdout, colour, os.environ)


def _print(text: str) -> None:
    """Write to standard output. A reader that leaves early (`| head`) changes nothing of what was found."""
    try:
        click.echo(text, nl=False, color=True)  # whether to colour is decided already, by the look
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered must go somewhere when the interpreter closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    click.echo(f"fastapi-lint: {text}", err=True)

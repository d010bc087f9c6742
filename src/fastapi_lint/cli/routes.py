"""`routes`: list what a project serves."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastapi_lint.cli.choices import configuration_choice
from fastapi_lint.cli.leaving import Refusal
from fastapi_lint.cli.options import colour_option, comma_separated
from fastapi_lint.cli.streams import look, print_report, say

if TYPE_CHECKING:
    from fastapi_lint.engine import Request, RouteSelection
    from fastapi_lint.report.look import Colour


@click.command(short_help="List the routes that a project serves.")
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
    callback=comma_separated,
    help="Only routes of these methods; WEBSOCKET for websockets.",
)
@click.option("--path", "path_pattern", metavar="GLOB", help="Only routes whose full path matches.")
@click.option("--handler", metavar="GLOB", help="Only handlers whose dotted name, or its end, matches.")
@click.option("--unprotected", is_flag=True, help="Only routes where nothing verifies the caller.")
@click.option("--unresolved", is_flag=True, help="List instead what could not be resolved, and why.")
@configuration_choice
@colour_option
def routes(
    *,
    path: Path | None,
    output_format: str,
    methods: tuple[str, ...] | None,
    path_pattern: str | None,
    handler: str | None,
    unprotected: bool,
    unresolved: bool,
    chosen: dict[str, Any],
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
    request = Request(paths=(path,) if path else (), working_directory=Path.cwd(), **chosen)
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
        say("no routes match" if served else "no routes found")
    if output_format == "json":
        from fastapi_lint.report.json_text import of_records

        print_report(of_records(route.row for route in found))
        return
    from fastapi_lint.report.route_listing import columns, comma_separated, markdown

    if output_format == "csv":
        print_report(comma_separated(found))
    elif output_format == "markdown":
        print_report(markdown(found))
    elif found:
        from fastapi_lint.report.table import table

        print_report(table(*columns(found), look(colour)))


def _print_tree(request: Request) -> None:
    from fastapi_lint.engine import outlines
    from fastapi_lint.report.router_tree import mermaid

    roots = outlines(request)
    if not roots:
        say("no routes found")
    print_report(mermaid(roots))


def _print_unresolved(request: Request, output_format: str, colour: Colour) -> None:
    from fastapi_lint.engine import unresolved

    if output_format not in {"table", "json"}:
        raise click.UsageError("--unresolved is printed as table or json")
    found = unresolved(request)
    if output_format == "json":
        from fastapi_lint.report.json_text import of_records

        print_report(of_records(found))
    elif found:
        from fastapi_lint.report.table import table

        rows = [(f"{item.file}:{item.line}", item.what, item.why) for item in found]
        print_report(table(("file:line", "what", "why"), rows, look(colour)))
    else:
        say("everything could be resolved")

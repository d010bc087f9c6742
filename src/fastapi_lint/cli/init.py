"""`init`: propose a configuration and a hook, and write them."""
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from fastapi_lint.cli.help import Manual
from fastapi_lint.cli.leaving import CLEAN, FOUND, Refusal
from fastapi_lint.cli.streams import print_report, say, write_file

_NOTES = {
    "What it proposes": (
        ("settings", "a table in pyproject.toml, or fastapi-lint.toml where there is none"),
        ("pre-commit", "a hook in .pre-commit-config.yaml, in a git repository"),
        ("ruff", "that `FAL` codes are somebody's (`external`), where ruff is configured"),
    ),
    "It leaves with": (
        ("0", "written, or there was nothing to propose"),
        ("1", "there is a proposal that was not written"),
    ),
}


@click.command(cls=Manual, sections={}, notes=_NOTES, short_help="Propose a configuration and a hook.")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def init(context: click.Context, *, path: Path | None, yes: bool) -> None:
    """Propose a configuration and a hook for the project of PATH, by default the one you are in.

    What would be written is printed as a patch, and written after a yes. Nothing that is there is replaced.
    """
    from fastapi_lint.config import ConfigurationError, find_root, load
    from fastapi_lint.proposing import propose
    from fastapi_lint.report.patch import patch
    from fastapi_lint.rules import catalogue

    root = find_root(path or Path.cwd())
    try:
        load(root, catalogue.names(), catalogue.options)
        proposal = propose(root)
    except ConfigurationError as error:
        raise Refusal(str(error)) from error
    except (OSError, ValueError) as error:
        raise Refusal(f"the project's files can't be read: {error}") from error
    for remark in proposal.remarks:
        say(remark)
    if not proposal.files:
        say("there is nothing to propose: the project is configured")
        return
    shown = {item.file: Path(os.path.relpath(item.file)).as_posix() for item in proposal.files}
    print_report("".join(patch(shown[item.file], item.before, item.after) for item in proposal.files))
    if not yes and not (sys.stdin.isatty() and click.confirm("Write this?", default=True, err=True)):
        say("nothing was written; `--yes` writes")
        context.exit(FOUND)
    for item in proposal.files:
        try:
            write_file(item.file, item.after)
        except OSError as error:
            raise Refusal(f"{shown[item.file]} can't be written: {error.strerror}") from error
        say(f"wrote {shown[item.file]}")
    context.exit(CLEAN)

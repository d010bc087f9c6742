"""The command line: arguments in, one request to the engine, a report and an exit status out.

Only click is imported here and at the top of the commands' modules; every command imports what it needs
itself, because `--version` and `rule` must not pay for libcst, rich or the linked model.
"""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from fastapi_lint import __version__
from fastapi_lint.cli import baseline, check, clean, completion, init, routes, rules, server
from fastapi_lint.cli.leaving import FAILED, INTERRUPTED


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A path or a line of source may hold what the terminal's encoding can't: show it escaped, don't fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    gc.disable()  # what a run makes stays until its end: searching it for cycles takes a tenth of the time
    try:
        status = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = FAILED
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except Exception:  # noqa: BLE001 - Python would leave with 1, which says that diagnostics were found
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        status = FAILED
    gc.freeze()  # nor need it be taken apart now, object by object
    gc.enable()
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fastapi-lint", message="%(prog)s %(version)s")
def commands() -> None:
    """Check a FastAPI code base as the application that FastAPI would make of it."""


for _command in (
    check.check,
    init.init,
    baseline.baseline,
    rules.rule,
    rules.rules,
    routes.routes,
    server.server,
    completion.completion,
    clean.clean,
):
    commands.add_command(_command)

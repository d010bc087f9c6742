"""`check --fix`: what is written, and what is said of it."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from fastapi_lint.cli.leaving import Refusal
from fastapi_lint.cli.streams import print_report, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.engine import Mended

PATCH = "(patch)"
"""What `--diff` without a value gives."""


class Fixes(NamedTuple):
    """What the options say. A `patch` is printed in place of writing; `shown` names each fix.

    With a `revision` nothing is fixed: what is new against it is reported.
    """

    any: bool
    unsafe: bool
    patch: bool
    shown: bool
    revision: str | None = None


def fix_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--fix`, `--unsafe-fixes`, `--diff` and `--show-fixes`."""
    for option in (
        click.option(
            "--show-fixes",
            is_flag=True,
            help="With fixes: name each one, and say of what is left why it could not be fixed.",
        ),
        click.option(
            "--diff",
            is_flag=False,
            flag_value=PATCH,
            metavar="[REF]",
            help="With a revision of git: report only what is new against it; `main...` means since the"
            " branch left main. Alone: print what --fix would change, as a patch, and write nothing.",
        ),
        click.option(
            "--unsafe-fixes", is_flag=True, help="Fix, and make changes that clients of the API may see, too."
        ),
        click.option("--fix", is_flag=True, help="Fix what can be fixed without changing what the API does."),
    ):
        command = option(command)
    return command


def settled(*, fix: bool, unsafe_fixes: bool, diff: str | None, show_fixes: bool) -> Fixes:
    """Put the options together. What can't be meant is a usage error."""
    if diff not in {None, PATCH}:
        if fix or unsafe_fixes or show_fixes:
            raise click.UsageError(
                f"--diff {diff} reports what is new against a revision, which is nothing to fix: for a patch "
                "of fixes write --diff alone, at the end"
            )
        return Fixes(any=False, unsafe=False, patch=False, shown=False, revision=diff)
    wanted = fix or unsafe_fixes or diff is not None
    if show_fixes and not wanted:
        raise click.UsageError("--show-fixes tells of fixes: add --fix or --diff")
    return Fixes(wanted, unsafe_fixes, diff is not None, show_fixes)


def publish(mended: Mended, fixes: Fixes, *, stdin: str | bytes | None) -> bool:
    """Print a patch, print the fixed text of standard input, or write files.

    Says whether standard output is taken by that. A file that can't be written is a Refusal.
    """
    from fastapi_lint.engine import NotWritten, write
    from fastapi_lint.report.patch import patch
    from fastapi_lint.report.wording import counted

    what = f"{counted(len(mended.fixed), 'problem')} in {counted(len(mended.changes), 'file')}"
    if fixes.patch:
        print_report("".join(patch(change.path, change.before, change.after) for change in mended.changes))
    elif stdin is not None:
        text = stdin if isinstance(stdin, str) else stdin.decode(errors="replace")
        print_report(mended.changes[0].after if mended.changes else text)
    else:
        try:
            for change in mended.changes:
                write(change)
        except NotWritten as error:
            raise Refusal(str(error)) from error
    if fixes.shown:
        _tell(mended)
    if mended.fixed:
        say(f"{'would fix' if fixes.patch else 'fixed'} {what}")
    return fixes.patch or stdin is not None


def _tell(mended: Mended) -> None:
    for diagnostic in mended.fixed:
        title = diagnostic.fix.title if diagnostic.fix else ""
        say(f"{diagnostic.path}:{diagnostic.span.line}: {diagnostic.code} fixed: {title}")
    for diagnostic in mended.outcome.diagnostics:
        why = diagnostic.unfixed or "no fix is known"
        if diagnostic.fix is not None:
            why = f"only with --unsafe-fixes: {diagnostic.fix.title}"
        say(f"{diagnostic.path}:{diagnostic.span.line}: {diagnostic.code} not fixed: {why}")

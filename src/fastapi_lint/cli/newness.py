"""What is new: `--baseline`, `--diff REF`, and what is said about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fastapi_lint.cli.streams import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.engine import Missed, Outcome


def newness_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--no-baseline` and `--strict-baseline`; `--baseline` is among the choices."""
    for option in (
        click.option(
            "--strict-baseline",
            is_flag=True,
            help="Leave with 1 if the baseline holds what has been fixed.",
        ),
        click.option("--no-baseline", is_flag=True, help="Report what the baseline knows, too."),
    ):
        command = option(command)
    return command


def tell_of_fixed(outcome: Outcome, *, strict: bool) -> bool:
    """Say what baselines hold for nothing, and whether that makes the run fail."""
    fixed = [item for item in outcome.missed if item.is_fixed]
    if not fixed:
        return False
    if strict:
        tell(fixed)
    entries = "1 entry" if len(fixed) == 1 else f"{len(fixed)} entries"
    say(f"{entries} of the baseline can go, fixed since: `fastapi-lint baseline update`")
    return strict


def tell(missed: Sequence[Missed]) -> None:
    """Name entries, a line each."""
    for _, mark, _ in missed:
        place = f"{mark.rule} in {mark.symbol}" if mark.symbol else mark.rule
        say(f"{mark.path}: {place} is fixed")

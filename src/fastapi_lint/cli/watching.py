"""`check --watch`: check again whenever a file changes.

Each check is a run of its own, with the same arguments: it prints what it would print without `--watch`, and
the cache makes it know what hasn't changed.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from fastapi_lint.cli.leaving import INTERRUPTED, Refusal
from fastapi_lint.cli.streams import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ALSO = (".toml", ".cfg", ".ini", ".lock")
"""Endings of other files than Python's on which an answer can depend."""


def watch(places: Iterable[Path], arguments: Sequence[str]) -> int:
    """Run with these arguments now and after every change in the projects of some places, until Ctrl-C."""
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise Refusal(
            "`--watch` needs watchfiles, which isn't installed: pip install 'fastapi-lint[watch]'"
        ) from error
    from fastapi_lint.config import find_root

    roots = sorted({find_root(place) for place in places})
    command = [sys.executable, "-m", "fastapi_lint", *(each for each in arguments if each != "--watch")]
    wanted = watchfiles.PythonFilter(extra_extensions=_ALSO)
    try:
        subprocess.run(command, check=False)  # noqa: S603 - this program itself
        say("watching for changes; Ctrl-C ends it")
        for changes in watchfiles.watch(*roots, watch_filter=wanted, raise_interrupt=False):
            say(f"checking again: {_named(sorted({path for _, path in changes}))}")
            subprocess.run(command, check=False)  # noqa: S603 - likewise
    except KeyboardInterrupt:
        pass
    return INTERRUPTED


def _named(paths: Sequence[str]) -> str:
    first = paths[0].replace("\\", "/").rpartition("/")[2]
    others = len(paths) - 1
    return f"{first} and {others} more have changed" if others else f"{first} has changed"

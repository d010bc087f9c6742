"""A bar on standard error, for a person, and only once a run has taken long enough to wonder."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

_PATIENCE = 1.0  # seconds


@contextmanager
def progress_bar(stream: TextIO, *, patience: float = _PATIENCE) -> Iterator[Callable[[str, int, int], None]]:
    """The callback `(phase, done, total)` that draws the bar after `patience` seconds; total 0 is unknown.

    The bar removes itself at the end: what stays on the screen is the report.
    """
    started = time.monotonic()
    watched = stream.isatty()
    bar: Progress | None = None

    def advance(phase: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if not watched or time.monotonic() - started < patience:
                return
            bar = _bar(stream)
            bar.add_task(phase)
        bar.update(bar.task_ids[0], description=phase, completed=done, total=total or None)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _bar(stream: TextIO) -> Progress:
    from rich.console import Console  # noqa: PLC0415  # most runs are over before this
    from rich.progress import Progress  # noqa: PLC0415

    bar = Progress(console=Console(file=stream), transient=True)
    bar.start()
    return bar

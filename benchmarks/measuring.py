"""Run programs and say what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class Cost(NamedTuple):
    """Seconds that a program and the processes that it started took, and megabytes that one of them had."""

    cpu: float
    wall: float
    memory: float
    is_whole: bool = True
    """False if it was stopped, since it took longer than it may."""

    def __str__(self) -> str:
        text = f"{self.cpu:.2f} s ({self.wall:.2f} s)"
        return text if self.is_whole else f"stopped after {text}"


class Task(NamedTuple):
    """A program to run, and what to do before each time, which isn't measured."""

    command: Sequence[str]
    directory: Path
    before: Callable[[], None] = lambda: None
    stdin: Path | None = None
    limit: float | None = None
    """Wall seconds after which it is stopped."""
    once: bool = False
    """Whether one run has to do, since it takes so long."""


def run(task: Task) -> Cost:
    """Run a program once. What it says and how it leaves make no difference, unless a signal ended it."""
    task.before()
    with (task.stdin or Path(os.devnull)).open("rb") as stdin:
        started = time.perf_counter()
        process = subprocess.Popen(
            task.command,
            cwd=task.directory,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        is_stopped = threading.Event()

        def stop() -> None:
            is_stopped.set()
            process.kill()

        watch = threading.Timer(task.limit, stop) if task.limit is not None else None
        if watch is not None:
            watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        if watch is not None:
            watch.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0 and not is_stopped.is_set():
        raise RuntimeError(f"signal {-process.returncode} ended {' '.join(task.command)}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, not is_stopped.is_set())


def measure(tasks: Mapping[str, Task], rounds: int) -> dict[str, Cost]:
    """Run each program so many times, taking turns, and give the medians."""
    costs: dict[str, list[Cost]] = {name: [] for name in tasks}
    for number in range(rounds):
        for name, task in tasks.items():
            if number == 0 or not task.once:
                costs[name].append(run(task))
    return {name: _median(found) for name, found in costs.items()}


def _median(costs: Iterable[Cost]) -> Cost:
    found = list(costs)
    cpu, wall, memory = (
        statistics.median(values) for values in zip(*(cost[:3] for cost in found), strict=True)
    )
    return Cost(cpu, wall, memory, all(cost.is_whole for cost in found))

"""Work shared among processes: copies of this one, which have all that it has read and linked."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORTH_A_PROCESS: Final = 800_000
"""Characters of source, about twenty thousand lines: for less, a further process saves nothing."""
_TICKET: Final = 4
_MOST_TICKETS: Final = 8_000
"""More might not fit into a pipe, which nobody reads yet while it is filled."""
_CAN_FORK: Final = hasattr(os, "fork") and sys.platform != "darwin"  # where system libraries don't survive it

_results: Final = msgspec.msgpack.Decoder(list[tuple[int, msgspec.Raw]])


def workers_for(jobs: int, characters: int) -> int:
    """How many processes to use, this one included, for looking at so many characters of source.

    `jobs` is how many may be used; 0: as many as there are cores.
    """
    if not _CAN_FORK:
        return 1
    return max(1, min(jobs or cores(), characters // _WORTH_A_PROCESS))


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share(
    count: int,
    work: Callable[[int], bytes],
    workers: int,
    *,
    meanwhile: Callable[[], None] = lambda: None,
    warn: Callable[[str], None],
) -> Iterator[tuple[int, msgspec.Raw]]:
    """Do `work` for each of the numbers below `count`, and give the results, in any order.

    Whoever is free takes the next number, so let what takes long have low ones. `meanwhile` is done by this
    process alone, first. What a process took with it that was killed is done again here, and `warn` is told.
    """
    if workers < 2 or count > _MOST_TICKETS:  # noqa: PLR2004
        meanwhile()
        for number in range(count):
            yield number, msgspec.Raw(work(number))
        return
    tickets, source = os.pipe()
    os.write(source, b"".join(number.to_bytes(_TICKET, "big") for number in range(count)))
    os.close(source)
    children = [_start(work, tickets) for _ in range(workers - 1)]
    done = set()
    try:
        meanwhile()
        for number, result in _take(work, tickets):
            done.add(number)
            yield number, msgspec.Raw(result)
        for process, stream in children:
            for number, raw in _received(stream):
                done.add(number)
                yield number, raw
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            if status != 0:
                warn(f"a worker process ended early ({_in_words(status)}): its share was done again")
        children.clear()
    finally:
        os.close(tickets)
        for process, stream in children:  # this process was interrupted
            os.close(stream)
            os.kill(process, 9)
            os.waitpid(process, 0)
    for number in range(count):
        if number not in done:
            yield number, msgspec.Raw(work(number))


def _start(work: Callable[[int], bytes], tickets: int) -> tuple[int, int]:
    """Start a copy of this process that takes tickets; give its number and where its results are read."""
    results, end = os.pipe()
    with warnings.catch_warnings():
        # The thread that draws the progress bar isn't copied, and the copy draws nothing.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process:
        os.close(end)
        return process, results
    status = 1
    try:
        os.close(results)
        found = [(number, msgspec.Raw(result)) for number, result in _take(work, tickets)]
        with os.fdopen(end, "wb") as stream:
            stream.write(msgspec.msgpack.encode(found))
        status = 0
    finally:
        os._exit(status)  # without what this process would do at its end: flush, clean up, report


def _take(work: Callable[[int], bytes], tickets: int) -> Iterator[tuple[int, bytes]]:
    while ticket := os.read(tickets, _TICKET):
        number = int.from_bytes(ticket, "big")
        yield number, work(number)


def _received(stream: int) -> list[tuple[int, msgspec.Raw]]:
    """What a worker sends, all of it or nothing."""
    with os.fdopen(stream, "rb") as reader:
        data = reader.read()
    try:
        return _results.decode(data) if data else []
    except msgspec.DecodeError:
        return []


def _in_words(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"

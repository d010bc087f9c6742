"""Several processes say what one says, and lose nothing when one of them is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fastapi_lint.engine import Request, check, workers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="needs to fork")

EXAMPLES = Path(__file__).parents[1] / "examples"
FIXTURES = Path(__file__).parent / "fixtures"


def encoded(number: int) -> bytes:
    return msgspec.msgpack.encode(number * number)


def shared(work: Any, count: int = 50, workers_: int = 3) -> tuple[dict[int, int], list[str]]:
    warnings: list[str] = []
    results = {
        number: msgspec.msgpack.decode(raw, type=int)
        for number, raw in workers.share(count, work, workers_, warn=warnings.append)
    }
    return results, warnings


def test_every_number_is_done_once() -> None:
    for count in (0, 1, 50):
        for workers_ in (1, 2, 5):
            results, warnings = shared(encoded, count, workers_)
            assert results == {number: number * number for number in range(count)}
            assert warnings == []


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_what_a_lost_worker_took_with_it_is_done_again(end: Any) -> None:
    parent = os.getpid()

    def work(number: int) -> bytes:
        if os.getpid() == parent:
            time.sleep(0.01)  # leave something to the others
        elif number > 5:
            end()
        return encoded(number)

    results, warnings = shared(work, workers_=2)
    assert results == {number: number * number for number in range(50)}
    (warning,) = warnings
    assert "its share was done again" in warning


def test_an_interruption_leaves_no_process_behind() -> None:
    def work(number: int) -> bytes:
        time.sleep(30 if number else 0)
        return encoded(number)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(workers.share(10, work, 3, meanwhile=interrupt, warn=print))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("root", [EXAMPLES, FIXTURES / "craft_market", FIXTURES / "odd_files"])
def test_two_processes_say_what_one_says(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = check(Request(working_directory=root, level="pedantic"))
    monkeypatch.setattr(workers, "_WORTH_A_PROCESS", 1)
    for jobs in (2, 4):
        several = check(Request(working_directory=root, level="pedantic", jobs=jobs))
        assert (several.diagnostics, several.silenced, several.secrets, several.failures, several.routes) == (
            alone.diagnostics,
            alone.silenced,
            alone.secrets,
            alone.failures,
            alone.routes,
        )


def test_a_small_project_has_one_process_and_a_large_one_as_many_as_are_allowed() -> None:
    assert workers.workers_for(0, 100_000) == 1
    assert workers.workers_for(3, 100_000_000) == 3
    assert workers.workers_for(0, 100_000_000) == workers.cores()

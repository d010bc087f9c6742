"""Where the time of a cold run goes: `profiling.py ROOT` prints the rules and functions that take most.

`--level` and `--rules N` say which rules run, and how many of them are named.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi_lint import engine
from fastapi_lint.engine import running

if TYPE_CHECKING:
    from collections.abc import Iterator

_Attempt = running._Attempt  # noqa: SLF001 - all that rules define is called by it


def main() -> None:
    """Profile two runs, one by function and one by rule, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--level")
    parser.add_argument("--rules", type=int, default=10)
    arguments = parser.parse_args()
    request = engine.Request(working_directory=arguments.root.absolute(), jobs=1, level=arguments.level)
    for line in (*_by_rule(request, arguments.rules), "", *_by_function(request)):
        print(line)


def _by_rule(request: engine.Request, most: int) -> Iterator[str]:
    """The rules that take the most; what several ask the application for is counted for the first of them."""
    taken: defaultdict[str, float] = defaultdict(float)
    call = _Attempt.__call__

    def timed(self: Any, rule: Any, method: Any, argument: Any) -> bool | None:
        started = time.process_time()
        try:
            return call(self, rule, method, argument)
        finally:
            taken[rule.code] += time.process_time() - started

    started = time.process_time()
    _Attempt.__call__ = timed  # type: ignore[method-assign]
    try:
        engine.check(request)
    finally:
        _Attempt.__call__ = call  # type: ignore[method-assign]
    total = time.process_time() - started
    yield "| rule | share of the time |"
    yield "| --- | --- |"
    for code, seconds in sorted(taken.items(), key=lambda item: -item[1])[:most]:
        yield f"| {code} | {seconds / total:.1%} |"


def _by_function(request: engine.Request) -> Iterator[str]:
    with cProfile.Profile() as profile:
        engine.check(request)
    stats = pstats.Stats(profile)
    total: float = stats.total_tt  # type: ignore[attr-defined]
    entries = stats.stats.items()  # type: ignore[attr-defined]
    yield "| function | calls | share of the time |"
    yield "| --- | --- | --- |"
    for (file, line, name), (_, calls, own, _, _) in sorted(entries, key=lambda item: -item[1][2])[:10]:
        parts = Path(file).parts
        start = next((index for index, part in enumerate(parts) if part in {"fastapi_lint", "libcst"}), None)
        place = "/".join(parts[start:]) + f":{line} " if start is not None else ""
        function = name.strip("<>").partition(" of type object")[0]
        yield f"| `{place}{function}` | {calls:,} | {own / total:.1%} |"


if __name__ == "__main__":
    main()

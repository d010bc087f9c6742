"""Where the time of a cold run goes: `profiling.py ROOT` prints the ten functions that take the most."""

from __future__ import annotations

import cProfile
import pstats
import sys
from pathlib import Path

from fastapi_lint import engine


def main() -> None:
    """Profile one run and print Markdown."""
    root = Path(sys.argv[1])
    with cProfile.Profile() as profile:
        engine.check(engine.Request(working_directory=root, jobs=1))
    stats = pstats.Stats(profile)
    total: float = stats.total_tt  # type: ignore[attr-defined]
    entries = stats.stats.items()  # type: ignore[attr-defined]
    print("| function | calls | share of the time |")
    print("| --- | --- | --- |")
    for (file, line, name), (_, calls, own, _, _) in sorted(entries, key=lambda item: -item[1][2])[:10]:
        parts = Path(file).parts
        start = next((index for index, part in enumerate(parts) if part in {"fastapi_lint", "libcst"}), None)
        place = "/".join(parts[start:]) + f":{line} " if start is not None else ""
        function = name.strip("<>").partition(" of type object")[0]
        print(f"| `{place}{function}` | {calls:,} | {own / total:.1%} |")


if __name__ == "__main__":
    main()

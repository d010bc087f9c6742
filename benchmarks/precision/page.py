"""The page docs/precision.md: its text, and its tables."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_FIRST = Path(__file__).parent / "first_kept_aside.json"
PAGE = Path(__file__).parent.parent.parent / "docs" / "precision.md"

_HEAD = """# Precision

What the linter says of published code bases, judged by reading the code. A sample of each rule's diagnostics
was drawn at random (seed 20261121); `make precision` runs the linter again, checks that each verdict's place
is still reported or not as it should be, and writes this page.

*Mended* are false alarms that were found this way and that the rule no longer gives. Precision is
right / (right + wrong) of what is still reported; debatable ones are counted apart.

*Candidates* are places that a loose search of its own finds and that the rule did not report, drawn at random
too. *Missed* of them are those that it should report and still doesn't, *reported since* those that were
missed and that it now reports. The last column is missed / candidates.

How far to trust it: where several diagnostics have one shape (the same helper, the same pattern), some were
read in full and the others held against them; of FAL601 forty, drawn at random, were read in full, and the
others judged by the line and the chain of calls that the message names.
"""
_TUNED = """
## Code bases that the rules were tuned on

The {} of `benchmarks/corpus.txt`.
"""
_ASIDE = """
## Code bases that were kept aside

The {} of `benchmarks/kept_aside.txt`, fetched after the rules were written, never used to change one, and
judged last. What was wrong there was mended where the cause is general, after all was judged, and counts as
*mended* in the table. Before, the rules that were judged first had these figures:

"""
_FIRST_COLUMNS = (
    "| rule | reported | right | wrong | debatable | precision | candidates | missed | missed, % |\n"
    "| --- " + "| ---: " * 8 + "|\n"
)
_NOW = """
And now, with the same verdicts:
"""
_ASIDE_SECOND = """
## Code bases that were kept aside after that

The {} of `benchmarks/kept_aside_second.txt`. Since the first ones have shaped the rules, these say better
what to expect of code that nobody here has seen. All were judged before any was mended: counted then,
precision was right / (right + wrong + mended).
"""
_COLUMNS = (
    "| rule | reported | judged | right | wrong | debatable | mended | precision "
    "| candidates | missed | reported since | missed, % |\n"
    "| --- " + "| ---: " * 11 + "|\n"
)


@dataclass
class Row:
    """What became of one rule's verdicts on some packages."""

    code: str
    reported: int
    judged: int = 0
    said: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    lost: int = 0
    candidates: int = 0
    missed: int = 0
    missed_mended: int = 0

    def __str__(self) -> str:
        """The row of the table."""
        cells = [
            self.code,
            self.reported,
            self.judged,
            *(self.said[name] for name in ("right", "wrong", "debatable")),
            self.mended,
            _share(self.said["right"], self.said["right"] + self.said["wrong"]),
            self.candidates,
            self.missed,
            self.missed_mended,
            _share(self.missed, self.candidates),
        ]
        return f"| {' | '.join(map(str, cells))} |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def written(tables: list[list[Row]], packages: list[int]) -> str:
    """Write the page from the rows of the three lists of packages; `packages` counts each list's."""
    tuned, aside, second = (table(rows) for rows in tables)
    return (
        f"{_HEAD}{_TUNED.format(packages[0])}\n{tuned}"
        f"{_ASIDE.format(packages[1])}{_first_figures()}{_NOW}\n{aside}"
        f"{_ASIDE_SECOND.format(packages[2])}\n{second}"
    )


def _first_figures() -> str:
    """What the rules had on the packages that were kept aside when these were first judged, as a table."""
    rows = []
    for first in json.loads(_FIRST.read_text(encoding="utf-8")):
        right, wrong, missed, candidates = (
            first[name] for name in ("right", "wrong", "missed", "candidates")
        )
        cells = [first[name] for name in ("rule", "reported", "right", "wrong", "debatable")]
        cells += [_share(right, right + wrong), candidates, missed, _share(missed, candidates)]
        rows.append(f"| {' | '.join(map(str, cells))} |\n")
    return _FIRST_COLUMNS + "".join(rows)


def table(rows: list[Row]) -> str:
    """Write one table, in Markdown, of the rules that somebody judged there."""
    return _COLUMNS + "".join(f"{row}\n" for row in rows if row.judged or row.candidates)

"""Hold the verdicts beside this file against what the linter says now, and write docs/precision.md.

    python benchmarks/precision/audit.py [CORPUS...] [FAL101...]

Each CORPUS is a folder that holds packages. Packages that are in none of them are named and left out, with
their verdicts. Where rules are named, only these are checked, and no page is written. Exits with 1 where a
diagnostic that was judged right is no longer reported.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import linting
import verdicts
from page import PAGE, Row, table, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linting import Reported
    from verdicts import Place, Verdict

_LISTS = verdicts.packages()


def tally(
    code: str,
    packages: set[str],
    places: Counter[Place],
    statements: Counter[Place],
    corpora: dict[str, Path],
) -> tuple[Row, list[str]]:
    """Sort one rule's verdicts on some packages, and say which of them no longer fit.

    `places` are those that are reported, `statements` those of the reported statements' first lines.
    """
    row, complaints = Row(code, places.total()), []
    for verdict in _about(packages, verdicts.of_diagnostics(code)):
        row.judged += 1
        if verdict.place in places:
            row.said[verdict.verdict] += 1
        elif verdict.verdict == "wrong":
            row.mended += 1
        else:
            row.lost += 1
            complaints.append(f"{code}: judged as {verdict.verdict}, no longer reported: {verdict.place}")
    for verdict in _about(packages, verdicts.of_candidates(code)):
        row.candidates += 1
        is_reported = _statement(corpora, verdict.place) in statements
        if verdict.verdict == "missed":
            row.missed += not is_reported
            row.missed_mended += is_reported
        elif is_reported and verdict.verdict == "silent":
            complaints.append(f"{code}: judged as rightly silent, now reported, judge again: {verdict.place}")
    return row, complaints


def _about(packages: set[str], found: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in found if verdict.package in packages]


def _statement(corpora: dict[str, Path], place: Place) -> Place:
    """The place where the statement around a place begins."""
    package, file, line = place
    return package, file, linting.statements_of(corpora[package], package, file).first_line(line)


def main() -> int:
    """Check every rule that has verdicts and write the page, or only check the rules that are named."""
    named = [argument for argument in sys.argv[1:] if argument.startswith("FAL")]
    folders = [Path(argument) for argument in sys.argv[1:] if argument not in named]
    corpora = _found(folders or [Path(".corpus")])
    codes = named or verdicts.judged_rules()
    found: dict[str, Reported] = {}
    for package, corpus in corpora.items():
        found[package] = linting.reported(corpus, package, codes)
    tables: list[list[Row]] = []
    for packages in _LISTS:
        there = set(packages) & corpora.keys()
        tables.append([])
        for code in codes:
            places: Counter[Place] = Counter()
            for package in there:
                places.update(found[package][code])
            statements = Counter(_statement(corpora, place) for place in places)
            row, complaints = tally(code, there, places, statements, corpora)
            tables[-1].append(row)
            for complaint in complaints:
                print(complaint, file=sys.stderr)
    if not named:
        PAGE.write_text(written(tables, [len(packages) for packages in _LISTS]), encoding="utf-8")
    print(*map(table, tables), sep="\n")
    return 1 if any(row.lost for rows in tables for row in rows) else 0


def _found(corpora: list[Path]) -> dict[str, Path]:
    """The folder that holds each package; says which packages are in none."""
    found = {}
    for package in itertools.chain(*_LISTS):
        corpus = next((corpus for corpus in corpora if (corpus / package).is_dir()), None)
        if corpus is None:
            print(f"{package}: not there, left out", file=sys.stderr)
        else:
            found[package] = corpus
    return found


if __name__ == "__main__":
    sys.exit(main())

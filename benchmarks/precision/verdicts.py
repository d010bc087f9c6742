"""Verdicts and the packages they are about, as the files beside this one hold them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent

Place = tuple[str, str, int]
"""Package, file relative to the package's folder, 1-based line."""


@dataclass(frozen=True)
class Verdict:
    """What somebody who read the code says of one place.

    Of a diagnostic: right, wrong or debatable. Of a place that a search found and the rule did not report:
    missed (it should be reported), silent (rightly not reported) or debatable.
    """

    package: str
    version: str
    file: str
    line: int
    verdict: Literal["right", "wrong", "debatable", "missed", "silent"]
    why: str

    @property
    def place(self) -> Place:
        """Where the verdict holds."""
        return self.package, self.file, self.line


def of_diagnostics(code: str) -> list[Verdict]:
    """Verdicts on what a rule reported; none where nobody judged it."""
    return _read(HERE / f"{code}.json")


def of_candidates(code: str) -> list[Verdict]:
    """Verdicts on what a rule did not report; none where nobody searched."""
    return _read(HERE / "missed" / f"{code}.json")


def judged_rules() -> list[str]:
    """The codes of all rules that have verdicts of either kind."""
    return sorted({file.stem for folder in (HERE, HERE / "missed") for file in folder.glob("FAL*.json")})


def packages() -> tuple[list[str], list[str], list[str]]:
    """Names of the packages that the rules were tuned on, of those kept aside, and of those after that.

    What was learnt from the second went into the rules once they were judged; hence the third.
    """
    return _names("corpus.txt"), _names("kept_aside.txt"), _names("kept_aside_second.txt")


def _names(name: str) -> list[str]:
    lines = (HERE.parent / name).read_text(encoding="utf-8").split()
    return sorted(line.partition("==")[0] for line in lines)


def _read(file: Path) -> list[Verdict]:
    if not file.exists():
        return []
    return [Verdict(**item) for item in json.loads(file.read_text(encoding="utf-8"))]

"""Hold the verdicts beside this file against what the linter says now, and write docs/precision.md.

    python benchmarks/precision/audit.py [CORPUS]

Exits with 1 where a diagnostic that was judged right is no longer reported.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "precision.md"
HEAD = """# Precision

What the linter says of the code bases of `benchmarks/corpus.txt`, judged by reading the code. A sample of
each rule's diagnostics was drawn at random (seed 20261121); `make precision` runs the linter again, checks
that each verdict's place is still reported or not as it should be, and writes this page.

*Mended* are false alarms that were found this way and that the rule no longer gives. Precision is
right / (right + wrong) of what is still reported; debatable ones are counted apart.

How far to trust it: the rules were tuned on the same code bases, none was kept aside. Where several
diagnostics have one shape (the same helper, the same pattern), some were read in full and the others held
against them; of FAL601 most were judged by the line and the chain of calls that the message names.

| rule | on the corpus | judged | right | wrong | debatable | mended | precision |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""

Place = tuple[str, str, int]


@dataclass
class Tally:
    """What became of one rule's verdicts."""

    counts: Counter[str] = field(default_factory=Counter)
    lost: list[Place] = field(default_factory=list)

    @property
    def precision(self) -> str:
        """Right ones among those that are right or wrong, in per cent."""
        judged = self.counts["right"] + self.counts["wrong"]
        return f"{100 * self.counts['right'] / judged:.1f} %" if judged else "-"


def reported(corpus: Path, package: str, codes: list[str]) -> Counter[tuple[str, Place]]:
    """Where the linter reports some rules in one package, by rule and place."""
    selection = ["--select", ",".join(codes), "--output-format", "json"]
    command = [sys.executable, "-m", "fastapi_lint", "check", *selection]
    done = subprocess.run(command, cwd=corpus / package, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"{package}: {done.stderr}")
    found = json.loads(done.stdout)
    return Counter((item["code"], (package, item["path"], item["line"])) for item in found)


def tally(verdicts: list[dict[str, object]], places: Counter[Place]) -> Tally:
    """Sort one rule's verdicts by what they say and whether their place is still reported."""
    result = Tally()
    for verdict in verdicts:
        place = (str(verdict["package"]), str(verdict["file"]), int(str(verdict["line"])))
        said = str(verdict["verdict"])
        if place in places:
            result.counts[said] += 1
        elif said == "wrong":
            result.counts["mended"] += 1
        else:
            result.lost.append(place)
    return result


def main() -> int:
    """Check every rule that has verdicts, and write the page."""
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else ".corpus")
    packages = sorted(
        path.name for path in corpus.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    files = sorted(HERE.glob("FAL*.json"))
    everywhere: Counter[tuple[str, Place]] = Counter()
    for package in packages:
        everywhere.update(reported(corpus, package, [file.stem for file in files]))
    rows, lost = [], 0
    for file in files:
        places = Counter({place: count for (code, place), count in everywhere.items() if code == file.stem})
        verdicts = json.loads(file.read_text(encoding="utf-8"))
        found = tally(verdicts, places)
        count = found.counts
        rows.append(
            f"| {file.stem} | {places.total()} | {len(verdicts)} | {count['right']} | {count['wrong']} "
            f"| {count['debatable']} | {count['mended']} | {found.precision} |"
        )
        lost += len(found.lost)
        for place in found.lost:
            print(f"{file.stem}: judged as right or debatable, no longer reported: {place}", file=sys.stderr)
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    print("\n".join(rows))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())

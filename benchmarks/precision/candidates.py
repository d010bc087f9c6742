"""Draw places where a rule may have missed something, for judging by reading the code.

    python benchmarks/precision/candidates.py CORPUS FAL101 [HOW_MANY]

Runs the rule's search (searches/fal101.py) over those packages of the three lists that are in
the folder CORPUS, except tests, and leaves out what the linter reports in the same statement. Of the rest it
prints the first 40 of an order that is random but always the same (seed 20261121), so that those that were
judged stay in the sample.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import random
import re
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import linting
import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verdicts import Place

SEED = 20261121
SAMPLE = 40
_TEST = re.compile(r"tests?|test_.*\.py|.*_test\.py|conftest\.py")


def candidates(corpus: Path, package: str, code: str) -> Iterator[Place]:
    """What a rule's search finds in one package, by file and line."""
    search = importlib.import_module(f"searches.{code.lower()}")
    for file in sorted((corpus / package).rglob("*.py")):
        path = file.relative_to(corpus / package).as_posix()
        if any(_TEST.fullmatch(part) for part in PurePosixPath(path).parts):
            continue
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for line in sorted(set(search.candidates(tree, path))):
            yield package, path, line


def unreported(corpus: Path, package: str, code: str) -> list[Place]:
    """The candidates of one package that the rule says nothing of."""
    places = linting.reported(corpus, package, [code])[code]
    lines: dict[str, set[int]] = {}
    for _, file, line in places:
        lines.setdefault(file, set()).add(line)
    result = []
    for place in candidates(corpus, package, code):
        _, file, line = place
        if file in lines:
            statements = linting.statements_of(corpus, package, file)
            if statements.first_line(line) in {statements.first_line(other) for other in lines[file]}:
                continue
        result.append(place)
    return result


def main() -> None:
    """Print the sample, and what was said of those that are judged."""
    corpus, code = Path(sys.argv[1]), sys.argv[2]
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else SAMPLE  # noqa: PLR2004 - an argument more
    packages = [name for name in itertools.chain(*verdicts.packages()) if (corpus / name).is_dir()]
    judged = {
        verdict.place: verdict for verdict in verdicts.of_candidates(code) if verdict.package in packages
    }
    silent = {place for package in packages for place in unreported(corpus, package, code)}
    everything = sorted(
        {place for package in packages for place in candidates(corpus, package, code)} | judged.keys()
    )
    random.Random(SEED).shuffle(everything)  # noqa: S311 - a sample, no secret
    drawn = [place for place in everything if place in silent or place in judged][:wanted]
    print(f"{code}: {len(everything)} candidates, {len(silent)} of them not reported")
    for package, file, line in sorted(drawn):
        place = (package, file, line)
        text = (corpus / package / file).read_text(encoding="utf-8", errors="replace").splitlines()
        said = f"  [{judged[place].verdict}]" if place in judged else ""
        print(f"{package} {file}:{line}: {text[line - 1].strip()}{said}")


if __name__ == "__main__":
    main()

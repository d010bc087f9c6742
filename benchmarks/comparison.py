"""Hold the security rules beside bandit, ruff and semgrep: on the rules' pages, and on real code.

    python benchmarks/comparison.py PEERS SEMGREP_RULES [CORPUS]

PEERS is a folder of programs with bandit, ruff and semgrep, SEMGREP_RULES a file of semgrep rules: its public
ones for FastAPI and SQLAlchemy, which aren't ours to bundle. Prints the tables of docs/comparison.md. On the
pages, a line that is marked `# error` is to be reported, and no other; they are fastapi-lint's own tests, so
it does just that. With CORPUS, a folder of code bases,
it counts there as well what each reports, and draws 20 places of each peer that fastapi-lint says nothing of,
for judging by reading the code (the order is random with seed 20261121, and always the same).
"""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "precision"), str(HERE.parent / "tests")]

import linting  # noqa: E402 - the folders above have it
from linting import Statements  # noqa: E402
from page_examples import examples  # noqa: E402

from fastapi_lint.rules import pages  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE = 20
SEED = 20261121

# Which rules of others are about the same fault. bandit and ruff know no routes, and say what may be one.
SAME: dict[str, dict[str, tuple[str, ...]]] = {
    "FAL303": {"bandit": ("B105", "B106", "B107"), "ruff": ("S105", "S106", "S107")},
    "FAL308": {"bandit": ("B303", "B324"), "ruff": ("S303", "S324")},
    "FAL312": {"semgrep": ("wildcard-cors",)},
    "FAL315": {
        "bandit": ("B608",),
        "ruff": ("S608",),
        "semgrep": ("avoid-sqlalchemy-text", "sqlalchemy-execute-raw-query", "sqlalchemy-sql-injection"),
    },
    "FAL324": {"semgrep": ("fastapi-unvalidated-redirect",)},
    "FAL325": {"semgrep": ("path-traversal-file-response",)},
    "FAL326": {"bandit": ("B310",), "ruff": ("S310",), "semgrep": ("fastapi-httpx-ssrf",)},
}
PEERS = ("ruff", "bandit", "semgrep")


class Place(NamedTuple):
    """Where something is reported: a file, relative to the folder, and the first line of the statement."""

    file: str
    line: int


Found = dict[tuple[str, str], set[Place]]
"""Places by the code of a rule of fastapi-lint and the tool that reports the same."""


class Programs(NamedTuple):
    """What is run."""

    peers: Path
    semgrep_rules: Path

    def found(self, folder: Path) -> Found:
        """What each peer reports in a folder."""
        meant = {(peer, name): code for code, peers in SAME.items() for peer in peers for name in peers[peer]}
        reported = {
            "ruff": self._ruff(folder),
            "bandit": self._bandit(folder),
            "semgrep": self._semgrep(folder),
        }
        found: Found = defaultdict(set)
        for peer, items in reported.items():
            for name, file, line in items:
                if (peer, name) in meant:
                    found[meant[peer, name], peer].add(_place(folder, file, line))
        return found

    def _ruff(self, folder: Path) -> list[tuple[str, str, int]]:
        names = ",".join(name for tools in SAME.values() for name in tools.get("ruff", ()))
        options = ["--isolated", "--no-cache", "--select", names, "--output-format", "json"]
        output = _output([self.peers / "ruff", "check", *options, "."], folder)
        return [(item["code"], item["filename"], item["location"]["row"]) for item in json.loads(output)]

    def _bandit(self, folder: Path) -> list[tuple[str, str, int]]:
        names = ",".join(name for tools in SAME.values() for name in tools.get("bandit", ()))
        output = _output([self.peers / "bandit", "-q", "-r", "-f", "json", "-t", names, "."], folder)
        results = json.loads(output)["results"]
        return [(item["test_id"], item["filename"], item["line_number"]) for item in results]

    def _semgrep(self, folder: Path) -> list[tuple[str, str, int]]:
        options = ["--json", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet"]
        output = _output(
            [self.peers / "semgrep", "scan", "--config", self.semgrep_rules, *options, "."], folder
        )
        results = json.loads(output)["results"]
        return [
            (item["check_id"].rpartition(".")[2], item["path"], item["start"]["line"]) for item in results
        ]


def _output(command: Sequence[str | Path], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"{command[0]} in {folder}: {done.stderr}")
    return done.stdout


def _place(folder: Path, file: str, line: int) -> Place:
    path = folder / file  # also where a tool gives the whole path
    return Place(path.relative_to(folder).as_posix(), _first_line(path, line))


@cache
def _statements(file: Path) -> Statements:
    try:
        return Statements(ast.parse(file.read_bytes()))
    except (SyntaxError, ValueError):
        return Statements(ast.Module([], []))


def _first_line(file: Path, line: int) -> int:
    return _statements(file).first_line(line)


def on_pages(programs: Programs) -> None:
    """Print how many marked lines of the pages each peer reports, and how many others."""
    print("| rule | faults on its page |", " | ".join(f"{peer}: found, false" for peer in PEERS), "|")
    print("| --- | ---: |" + " ---: |" * len(PEERS))
    for info in pages.catalogue():
        if info.code not in SAME:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary).resolve()
            marked = set(_write(pages.page(info.code) or "", info.code, folder))
            found = programs.found(folder)
        cells = [
            f"{len(found[info.code, peer] & marked)}, {len(found[info.code, peer] - marked)}"
            if peer in SAME[info.code]
            else "-"
            for peer in PEERS
        ]
        print(f"| {info.code} {info.name} | {len(marked)} |", " | ".join(cells), "|")


def _write(page: str, code: str, folder: Path) -> list[Place]:
    """Write the page's examples below a folder, each in one of its own, and give the marked statements."""
    marked = []
    for number, example in enumerate(examples(page)):
        for path, text in example.files.items():
            file = folder / f"example_{number}" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            lines = text.split("\n")
            # The peers don't get to see the marks.
            file.write_text("\n".join(line.partition("  # error:")[0] for line in lines), encoding="utf-8")
            rows = [row for row, line in enumerate(lines, 1) if f"# error: {code}" in line]
            marked += [_place(folder, str(file), row) for row in rows]
    return marked


def on_corpus(programs: Programs, corpus: Path) -> None:
    """Print how many places each tool reports in code bases, and draw some that only a peer reports."""
    reported, shared = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    alone: dict[tuple[str, str], list[tuple[str, Place]]] = defaultdict(list)
    for package in sorted(path.name for path in corpus.iterdir() if path.is_dir()):
        ours: dict[str, set[Place]] = {
            code: {_place(corpus / package, file, line) for _, file, line in places}
            for code, places in linting.reported(corpus, package, SAME).items()
        }
        for code, places in ours.items():
            reported[code, "fastapi-lint"] += len(places)
        for (code, peer), places in programs.found(corpus / package).items():
            reported[code, peer] += len(places)
            shared[code, peer] += len(places & ours[code])
            alone[code, peer] += [(package, place) for place in sorted(places - ours[code])]
    print("\n| rule | fastapi-lint |", " | ".join(f"{peer} (shared)" for peer in PEERS), "|")
    print("| --- |" + " ---: |" * (1 + len(PEERS)))
    for code, peers in SAME.items():
        cells = [f"{reported[code, peer]} ({shared[code, peer]})" if peer in peers else "-" for peer in PEERS]
        print(f"| {code} | {reported[code, 'fastapi-lint']} |", " | ".join(cells), "|")
    for (code, peer), places_alone in sorted(alone.items()):
        random.Random(SEED).shuffle(places_alone)  # noqa: S311 - a sample, no secret
        print(f"\n{code}: {len(places_alone)} that only {peer} reports")
        for package, (name, line) in sorted(places_alone[:SAMPLE]):
            text = (corpus / package / name).read_text(encoding="utf-8", errors="replace").splitlines()
            print(f"  {package}/{name}:{line}: {text[line - 1].strip()}")


def main() -> None:
    """Print the tables."""
    programs = Programs(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    on_pages(programs)
    if len(sys.argv) > 3:  # noqa: PLR2004 - one argument more
        on_corpus(programs, Path(sys.argv[3]))


if __name__ == "__main__":
    main()

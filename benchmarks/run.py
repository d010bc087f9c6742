"""Measure what linting costs, on real code: `make bench`.

Everything in one table was measured in one run, in turns, so that what else the machine did meanwhile hit all
alike. Costs are CPU seconds, of all processes of a command together; wall time stands in parentheses.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from measuring import Task, measure, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring import Cost

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent / "docs" / "performance.md"
START, END = "<!-- measured -->", "<!-- end -->"
LINT: Final = (sys.executable, "-m", "fastapi_lint")
PACKAGES: Final = ("open-webui", "prefect", "langflow-base")
SIZES: Final = (10, 30, 100, 300, 1000)
STARTS: Final = 9
"""How often programs are started whose start is measured: they take hundredths of a second."""

CLICK: Final = "`python -c 'import click'`"
VERSION: Final = "`fastapi-lint --version`"
RULE: Final = "`fastapi-lint rule FAL101`"
FLOOR: Final = "floor: `ast.parse` of all, LibCST for what is looked into"
COLD: Final = "cold, one process"
TWO: Final = "cold, two processes"
WARM: Final = "warm, nothing changed"
EDITED: Final = "one file edited"
OWN_FLOOR: Final = "that file's own floor"
FLAKE8: Final = "flake8"
RUFF: Final = "ruff's FastAPI rules, warm"


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="where benchmarks/corpus.py put the packages")
    parser.add_argument("--rounds", type=int, default=5, help="of how many runs to give the median")
    parser.add_argument("--packages", nargs="*", default=PACKAGES)
    parser.add_argument(
        "--peers", type=Path, help="the `bin` of an environment with flake8, bandit and pylint"
    )
    parser.add_argument(
        "--pylint",
        type=float,
        default=0.0,
        help="run pylint too, once on the first package, for so many seconds",
    )
    parser.add_argument("--remark", default="", help="a sentence about this run, for the page")
    parser.add_argument("--no-growth", action="store_true", help="leave out how the cost grows with the code")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        parts = []
        for part in _parts(arguments, Path(directory)):
            print(part, flush=True)
            parts.append(part)
    if arguments.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        measured = "\n".join(parts)
        text = f"{before}{START}\n\n{measured}\n{END}{after}"
        PAGE.write_text(text, encoding="utf-8", newline="\n")


def _parts(arguments: argparse.Namespace, directory: Path) -> Iterator[str]:
    python = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    remark = f" {arguments.remark}" if arguments.remark else ""
    yield (
        f"Median of {arguments.rounds}, {python}. CPU seconds; wall seconds in parentheses."
        f" The other linters ran bare, in an environment without this plugin.{remark}\n"
    )
    starting = _starting(arguments.rounds)
    yield _table("Starting", starting, CLICK)
    ratios = [_aims_of_starting(starting)]
    for name in arguments.packages:
        heading, costs = _package(name, arguments, directory)
        yield _table(heading, costs, FLOOR)
        ratios.append(_aims_of_package(name, costs))
    if not arguments.no_growth:
        growth, aims = _growth(arguments.corpus, directory)
        yield growth
        ratios.append(aims)
    yield _aims([aim for found in ratios for aim in found])
    done = subprocess.run(
        [sys.executable, HERE / "profiling.py", _copied(arguments.corpus / arguments.packages[0], directory)],
        capture_output=True,
        text=True,
        check=True,
    )
    yield f"### Where the time goes\n\nA cold run over {arguments.packages[0]}.\n\n{done.stdout}"


class Aim(NamedTuple):
    """What is measured of what is wanted; less is better unless `is_least`."""

    what: str
    measured: float
    wanted: float
    is_least: bool = False

    def __str__(self) -> str:
        is_met = self.measured >= self.wanted if self.is_least else self.measured <= self.wanted
        bound = "at least" if self.is_least else "at most"
        return (
            f"| {self.what} | {self.measured:.2f} | {bound} {self.wanted:g} | {'yes' if is_met else 'no'} |"
        )


def _aims(aims: list[Aim]) -> str:
    head = ["| what | measured | wanted | reached |", "| --- | --- | --- | --- |"]
    return "\n".join(["### What is wanted\n", *head, *map(str, aims)]) + "\n"


def _aims_of_starting(costs: dict[str, Cost]) -> list[Aim]:
    bare = max(costs[CLICK].cpu, 0.001)
    return [Aim(f"{name}, in imports of click", costs[name].cpu / bare, 2.5) for name in (VERSION, RULE)]


def _aims_of_package(name: str, costs: dict[str, Cost]) -> list[Aim]:
    cold, warm = costs[COLD], costs[WARM]
    found = [Aim(f"{name}: cold, in floors", cold.cpu / costs[FLOOR].cpu, 1.5)]
    if FLAKE8 in costs:
        found.append(Aim(f"{name}: cold, in runs of flake8", cold.cpu / costs[FLAKE8].cpu, 0.4))
        found.append(Aim(f"{name}: warm, in warm runs of ruff (wall)", warm.wall / costs[RUFF].wall, 4))
    edited = costs[EDITED].cpu / (warm.cpu + costs[OWN_FLOOR].cpu)
    return [
        *found,
        Aim(f"{name}: warm, in cold runs", warm.cpu / cold.cpu, 0.2),
        Aim(f"{name}: one file edited, in warm runs with that file's floor", edited, 1.3),
        Aim(f"{name}: one process, in runs of two (wall)", cold.wall / costs[TWO].wall, 1.6, is_least=True),
    ]


def _starting(rounds: int) -> dict[str, Cost]:
    here = Path.cwd()
    return measure(
        {
            "`python -c pass`": Task((sys.executable, "-c", "pass"), here),
            CLICK: Task((sys.executable, "-c", "import click"), here),
            VERSION: Task((*LINT, "--version"), here),
            RULE: Task((*LINT, "rule", "FAL101"), here),
        },
        max(rounds, STARTS),
    )


def _copied(package: Path, directory: Path) -> Path:
    """A copy that is a project of its own, so that no cache stays where it came from."""
    root = directory / package.name
    if not root.exists():
        shutil.copytree(package, root)
        (root / "pyproject.toml").touch()
    return root


def _package(name: str, arguments: argparse.Namespace, directory: Path) -> tuple[str, dict[str, Cost]]:
    root = _copied(arguments.corpus / name, directory)
    looked = _looked_at(root)
    visited = looked["visited"]
    edited = root / sorted(visited, key=lambda path: (root / path).stat().st_size)[len(visited) // 2]
    floor = (sys.executable, str(HERE / "floor.py"))
    check = (*LINT, "check", "--output-format", "concise")
    run(Task(check, root))
    number = iter(range(1_000_000))

    def edit() -> None:
        with edited.open("a", encoding="utf-8") as file:
            file.write(f"\nedited = {next(number)}\n")

    tasks = {
        FLOOR: Task((*floor, str(root), *visited), root),
        COLD: Task((*check, "--no-cache", "--jobs", "1"), root),
        TWO: Task((*check, "--no-cache", "--jobs", "2"), root),
        WARM: Task(check, root),
        EDITED: Task((*check, "--jobs", "1"), root, edit),
        OWN_FLOOR: Task((*floor, str(edited), edited.name), root),
        "one file on standard input, warm": Task(
            (*check, "-", "--stdin-filename", str(edited)), root, lambda: None, edited
        ),
        "one file on standard input, without a cache": Task(
            (*check, "--no-cache", "--jobs", "1", "-", "--stdin-filename", str(edited)),
            root,
            lambda: None,
            edited,
        ),
        "one file in flake8 with the plugin, warm": Task(
            (sys.executable, "-m", "flake8", "--isolated", "--select", "FAL", str(edited)), root
        ),
    }
    if arguments.peers is not None:
        tasks |= _peers(arguments.peers.absolute(), root, edited, directory)
        if arguments.pylint and name == arguments.packages[0]:
            pylint = (str(arguments.peers.absolute() / "pylint"), "--recursive=y", "--score=n", ".")
            tasks["pylint, one run"] = Task(pylint, root, limit=arguments.pylint, once=True)
    costs = measure(tasks, arguments.rounds)
    heading = (
        f"{name}: {looked['lines'] // 1000} kLOC, {looked['files']} files, {looked['routes']} routes,"
        f" {len(visited)} files looked into"
    )
    return heading, costs


def _looked_at(root: Path) -> dict[str, Any]:
    """What a run says of itself: in its own process, since what this one needs counts for those it starts."""
    script = (
        "import json, pathlib; from fastapi_lint.engine import Request, check;"
        "outcome = check(Request(working_directory=pathlib.Path.cwd()));"
        "names = ('visited', 'lines', 'files', 'routes');"
        "print(json.dumps({name: getattr(outcome, name) for name in names}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _peers(programs: Path, root: Path, file: Path, directory: Path) -> dict[str, Task]:
    ruff = (str(programs / "ruff"), "check", "--quiet", "--select", "FAST")
    cache = ("--cache-dir", str(directory / "ruff"))
    run(Task((*ruff, *cache, "."), root))
    return {
        "one file in flake8 without it": Task((str(programs / "flake8"), "--isolated", str(file)), root),
        FLAKE8: Task((str(programs / "flake8"), "--isolated", "--jobs", "1", "."), root),
        "bandit": Task((str(programs / "bandit"), "--quiet", "--recursive", "."), root),
        "ruff's FastAPI rules": Task((*ruff, "--no-cache", "."), root),
        RUFF: Task((*ruff, *cache, "."), root),
    }


def _table(heading: str, costs: dict[str, Cost], floor: str) -> str:
    rows = [
        f"| {name} | {cost} | {cost.cpu / max(costs[floor].cpu, 0.001):.2f} | {cost.memory:.0f} MB |"
        for name, cost in costs.items()
    ]
    head = ["| what | CPU (wall) | in floors | memory |", "| --- | --- | --- | --- |"]
    return "\n".join([f"### {heading}\n", *head, *rows]) + "\n"


def _growth(corpus: Path, directory: Path) -> tuple[str, list[Aim]]:
    rows = []
    each, memory = 0.0, 0.0
    first = 0.0
    for size in SIZES:
        root = directory / f"joined-{size}"
        lines = _join(corpus, root, size * 1000)
        cost = run(Task((*LINT, "check", "--no-cache", "--jobs", "1", "--output-format", "json"), root))
        each = 1000 * cost.cpu / max(lines, 1) * 1000
        first, memory = first or each, cost.memory
        rows.append(f"| {lines // 1000} | {cost.cpu:.1f} | {each:.0f} ms | {memory:.0f} MB |")
        shutil.rmtree(root)
    head = ["| kLOC | CPU seconds | of which for 1,000 lines | memory |", "| --- | --- | --- | --- |"]
    text = "Packages of the corpus joined into one project, cold, one process, one run each.\n"
    aims = [
        Aim("growth: a line of a thousand thousand, in lines of ten thousand", each / max(first, 0.001), 1),
        Aim("growth: megabytes for a thousand thousand lines", memory, 600),
    ]
    return "\n".join([f"### Growth\n\n{text}", *head, *rows]) + "\n", aims


def _join(corpus: Path, root: Path, wanted: int) -> int:
    """Copy packages until there are so many lines, all but the last whole; give how many there are."""
    root.mkdir()
    (root / "pyproject.toml").touch()
    lines = 0
    for package in sorted(path for path in corpus.iterdir() if path.is_dir()):
        for file in sorted(package.rglob("*.py")):
            if lines >= wanted:
                return lines
            target = root / file.relative_to(corpus)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = file.read_bytes()
            target.write_bytes(content)
            lines += content.count(b"\n")
    return lines


if __name__ == "__main__":
    main()

"""Keep what the README shows equal to what the program does, and the checklist equal to what rules see to.

    python tests/readme.py            print the differences; leave with 1 if there are any
    python tests/readme.py --write    write them into the files (`make readme`)

Two things in the README are generated: what follows a `$ fastapi-lint …` in a block of `console`, which is
that command's output at the top of the repository, and the table of rules between its two comments. All of
rules/README.md is.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from fastapi_lint.rules import checklist, pages

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CHECKLIST = ROOT / "rules" / pages.CHECKLIST
PROGRAM = Path(sys.executable).with_name("fastapi-lint")

TRANSCRIPT = re.compile(r"(?<=^```console\n)(?P<text>\$ fastapi-lint .*?)(?=^```$)", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?<=<!-- rules: begin -->\n).*?(?=<!-- rules: end -->)", re.DOTALL)


def rendered(text: str) -> str:
    """The README as it should be."""
    text, transcripts = TRANSCRIPT.subn(lambda block: transcript(block["text"]), text)
    text, tables = TABLE.subn(lambda _: table(), text)
    assert transcripts, "the README shows no run"
    assert tables == 1, "the README has no place for the table of rules, or several"
    return text


def transcript(text: str) -> str:
    """The commands of a transcript, each with what it prints."""
    commands = [line for line in text.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{output_of(command[2:])}" for command in commands)


def output_of(command: str) -> str:
    """What a command prints in a window that is wide enough, without colours."""
    _, *arguments = shlex.split(command)
    changed = {"COLUMNS": "120", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    dropped = {"FORCE_COLOR", "PRE_COMMIT"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped} | changed
    run = subprocess.run(
        [str(PROGRAM), *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode in {0, 1}, run.stdout
    return run.stdout


def table() -> str:
    """The rules, each linked to its page."""
    rows = [
        "| code | rule | level | what it finds |",
        "| --- | --- | --- | --- |",
        *(
            f"| {rule.code} | [{rule.name}](rules/{rule.name}.md) | {rule.level} | {rule.summary} |"
            for rule in pages.catalogue()
        ),
    ]
    return "\n".join(rows) + "\n"


def checklist_page() -> str:
    """The checklist: what is asked, chapter by chapter, and which rules see to it."""
    lines = [
        "# The checklist",
        "",
        "What a FastAPI code base is asked for, and the rules that see to it. Where nothing",
        "else is said, a rule runs at the level `default`. `fastapi-lint rules --checklist` prints the same,",
        "and `fastapi-lint check --statistics --by checklist` how a code base stands against it.",
        "`make readme` writes this page.",
    ]
    chapter = ""
    for item, rules in checklist.seen_to(pages.catalogue()).items():
        if item.chapter != chapter:
            chapter = item.chapter
            number = item.number.partition(".")[0]
            lines += ["", f"## {number} {chapter}", "", "| item | asks | rules |", "| --- | --- | --- |"]
        names = "<br>".join(f"[{rule.code} {rule.name}]({rule.name}.md){_level(rule)}" for rule in rules)
        lines.append(f"| {item.number} | {item.asks} | {names or f'none: {item.unchecked}'} |")
    return "\n".join(lines) + "\n"


def _level(rule: pages.RuleInfo) -> str:
    return "" if rule.level == "default" else f" ({rule.level})"


def main(arguments: list[str]) -> int:
    """Compare, or write."""
    differs = False
    for file, expected in (
        (README, rendered(README.read_text(encoding="utf-8"))),
        (CHECKLIST, checklist_page()),
    ):
        found = file.read_text(encoding="utf-8") if file.exists() else ""
        if arguments == ["--write"]:
            file.write_text(expected, encoding="utf-8")
            continue
        differs |= found != expected
        name = file.relative_to(ROOT).as_posix()
        sys.stdout.writelines(
            difflib.unified_diff(
                found.splitlines(keepends=True), expected.splitlines(keepends=True), name, "as it should be"
            )
        )
    return int(differs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

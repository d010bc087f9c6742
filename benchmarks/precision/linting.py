"""What the linter reports in one package, and which statement a line belongs to."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from verdicts import Place

Reported = dict[str, Counter["Place"]]
"""How many diagnostics there are at each place, by the rule's code."""


def reported(corpus: Path, package: str, codes: Iterable[str]) -> Reported:
    """Lint one package with some rules, whatever their level."""
    selection = ["--level", "pedantic", "--select", ",".join(codes), "--output-format", "json"]
    command = [sys.executable, "-m", "fastapi_lint", "check", *selection]
    done = subprocess.run(command, cwd=corpus / package, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"{package}: {done.stderr}")
    found: Reported = {code: Counter() for code in codes}
    for item in json.loads(done.stdout):
        if item["code"] in found:  # FAL000 is reported whatever is selected
            found[item["code"]][package, item["path"], item["line"]] += 1
    return found


class Statements:
    """The statements of one file, by line.

    A diagnostic and a candidate are about the same thing if they begin in the same statement, on whatever
    line of it. To a compound statement belong only the lines before its body; to a function, its decorators.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._first: dict[int, int] = {}
        for node in ast.walk(tree):  # outer ones first
            if isinstance(node, ast.stmt):
                decorators: list[ast.expr] = getattr(node, "decorator_list", [])
                first = min([node.lineno, *(item.lineno for item in decorators)])
                for line in range(first, _last_line(node) + 1):
                    self._first[line] = first

    def first_line(self, line: int) -> int:
        """The first line of the innermost statement that a line belongs to; 1-based, as `line` is."""
        return self._first.get(line, line)


def _last_line(node: ast.stmt) -> int:
    """The last line of a statement, of a compound one of what stands before its body."""
    body: list[ast.stmt | ast.match_case] = getattr(node, "body", []) or getattr(node, "cases", [])
    if not body:
        return node.end_lineno or node.lineno
    inner = body[0]
    begins = inner.pattern.lineno if isinstance(inner, ast.match_case) else inner.lineno
    decorators: list[ast.expr] = getattr(inner, "decorator_list", [])
    return max(node.lineno, min([begins, *(item.lineno for item in decorators)]) - 1)


@cache
def statements_of(corpus: Path, package: str, file: str) -> Statements:
    """Read the statements of one file; of a file that is no Python, none."""
    try:
        return Statements(ast.parse((corpus / package / file).read_bytes()))
    except (SyntaxError, ValueError):
        return Statements(ast.Module([], []))

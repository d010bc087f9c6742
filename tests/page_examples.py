"""The examples on the rules' pages: the projects that their Python blocks make."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from fastapi_lint.rules import pages

NAMED = re.compile(r"`([\w./-]+\.(?:py|toml))`")
CONFIGURATION = "pyproject.toml"


class Example(NamedTuple):
    """A project on a page: its files by path, and the line (from 1) of the page where it starts."""

    heading: str
    line: int
    files: dict[str, str]


class Block(NamedTuple):
    heading: str
    line: int
    path: str | None
    info: str
    text: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    found: list[Block] = []
    heading, start = "", 0
    path: str | None = None
    info: str | None = None
    text: list[str] = []
    for number, line in enumerate(page.split("\n"), 1):
        if info is not None:
            if line.rstrip() == "```":
                found.append(Block(heading, start, path, info, "".join(text)))
                path, info = None, None
            else:
                text.append(line + "\n")
        elif line.startswith("```"):
            info, start, text = line[3:].strip(), number, []
        elif line.startswith("#"):
            heading, path = line.lstrip("#").strip(), None
        elif line.strip():
            name = NAMED.fullmatch(line.strip())
            path = name[1] if name else None
    assert info is None, f"the block that starts on line {start} has no end"
    return found


def examples(page: str) -> list[Example]:
    """The projects that the Python blocks of a page make."""
    found: list[Example] = []
    open_example: Example | None = None  # one that further named blocks belong to
    for block in blocks(page):
        is_configuration = block.info == "toml" and block.path == CONFIGURATION
        if block.info != "python" and not is_configuration:
            continue
        if block.path is None:
            found.append(Example(block.heading, block.line, {"main.py": block.text}))
            open_example = None
            continue
        if open_example is None or open_example.heading != block.heading:
            open_example = Example(block.heading, block.line, {})
            found.append(open_example)
        assert block.path not in open_example.files, f"line {block.line}: {block.path} comes twice"
        open_example.files[block.path] = block.text
    return found


PAGES = {info: pages.page(info.code) or "" for info in pages.catalogue()}
EXAMPLES = [
    pytest.param(info, example, id=f"{info.name}.md:{example.line} {example.heading}")
    for info, page in PAGES.items()
    for example in examples(page)
]

"""The rules' pages, executed: each Python block is linted with the page's rule alone.

A comment `# error: FAL101` at the end of a line says that a diagnostic of that code starts there; every other
line is clean. A line that holds only a path in backticks names the block below it, and blocks with names that
follow one another under one heading are the files of one project. What a fix gives (`python fixed`) is
checked with the fixes.
"""

from __future__ import annotations

import ast
import collections
import re
from typing import TYPE_CHECKING

import pytest
from page_examples import CONFIGURATION, EXAMPLES, PAGES, examples

from fastapi_lint.engine import Request, check
from fastapi_lint.rules import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from page_examples import Example

    from fastapi_lint.rules import pages

HEADINGS = [
    "Why it matters",
    "Example",
    "Better",
    "Exemptions",
    "Limits",
    "When to ignore it",
]
EXPECTATION = re.compile(r"# error: (FAL\d{3}(?:, FAL\d{3})*)\s*$")
every_page = pytest.mark.parametrize("info", PAGES, ids=lambda info: info.name)


@pytest.mark.parametrize(("info", "example"), EXAMPLES)
def test_an_example_has_the_diagnostics_that_its_comments_say(
    info: pages.RuleInfo, example: Example, tmp_path: Path
) -> None:
    expected: collections.Counter[tuple[str, int, str]] = collections.Counter()
    for path, text in {CONFIGURATION: "", **example.files}.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if path.endswith(".py"):
            try:
                ast.parse(text)
            except SyntaxError as error:
                if newer_python(text):
                    pytest.skip(f"written in the syntax of a newer Python: {error.msg}")
                raise
            for number, line in enumerate(text.split("\n"), 1):
                comment = EXPECTATION.search(line)
                expected.update((path, number, code) for code in (comment[1].split(", ") if comment else ()))
    if catalogue.load(info.name) is None and info.name != catalogue.UNUSED:
        pytest.skip(f"{info.code} is not written yet")
    # What a suppression silences is known only if the rules that it is about have run.
    select = ("FAL",) if info.name == catalogue.UNUSED else (info.code,)
    outcome = check(Request(working_directory=tmp_path, select=select))
    said = [item for item in outcome.diagnostics if item.code == info.code]
    found = collections.Counter((item.path, item.span.line, item.code) for item in said)
    messages = {(item.path, item.span.line, item.code): item.message for item in said}
    wrong = [
        *(
            f"missed alarm: {path}:{line} {code}"
            for path, line, code in sorted((expected - found).elements())
        ),
        *(
            f"false alarm: {path}:{line} {code} {messages[path, line, code]}"
            for path, line, code in sorted((found - expected).elements())
        ),
        *outcome.failures,
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def newer_python(text: str) -> bool:
    """Whether a block has the syntax of type parameters, which Python 3.12 brought."""
    return re.search(r"^\s*type \w+.* =|^\s*(?:async )?(?:def|class) \w+\[", text, re.MULTILINE) is not None


@every_page
def test_a_page_has_the_fixed_headings(info: pages.RuleInfo) -> None:
    assert re.findall(r"^## (.+)$", outside_blocks(PAGES[info]), re.MULTILINE) == HEADINGS


@every_page
def test_a_page_shows_the_fault_and_how_it_is_mended(info: pages.RuleInfo) -> None:
    if info.name == catalogue.UNREADABLE:
        pytest.skip("what it is about is no Python")
    said: dict[str, list[bool]] = {"Example": [], "Better": []}
    section = ""
    for heading, example in sections(PAGES[info]):
        section = heading
        if section in said:
            said[section].append(any(f"# error: {info.code}" in text for text in example.files.values()))
    assert any(said["Example"]), "no example is wrong"
    assert said["Better"], "no example is right"
    assert not any(said["Better"]), "the better way has a diagnostic"


@every_page
def test_comments_name_only_the_rule_of_the_page(info: pages.RuleInfo) -> None:
    assert set(re.findall(r"# error: (FAL\d+)", PAGES[info])) <= {info.code}


def outside_blocks(page: str) -> str:
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def sections(page: str) -> list[tuple[str, Example]]:
    """The examples, each with the second-level heading that it stands under."""
    lines = page.split("\n")
    result = []
    for example in examples(page):
        above = [line for line in lines[: example.line] if line.startswith("## ")]
        result.append((above[-1].removeprefix("## ") if above else "", example))
    return result


# How pages are read


def test_blocks_without_a_path_are_projects_of_their_own() -> None:
    page = "## Example\n\n```python\na\n```\n\n```python\nb\n```\n"
    assert [example.files for example in examples(page)] == [{"main.py": "a\n"}, {"main.py": "b\n"}]
    assert [example.line for example in examples(page)] == [3, 7]


def test_named_blocks_under_one_heading_are_one_project() -> None:
    page = (
        "## Example\n`app/deps.py`\n```python\na\n```\ntext\n\n`app/main.py`\n```python\nb\n```\n"
        "## Better\n`app/main.py`\n```python\nc\n```\n```python\nd\n```\n`e.py`\n```python\ne\n```\n"
    )
    assert [example.files for example in examples(page)] == [
        {"app/deps.py": "a\n", "app/main.py": "b\n"},
        {"app/main.py": "c\n"},
        {"main.py": "d\n"},
        {"e.py": "e\n"},
    ]


def test_only_python_and_a_named_configuration_are_taken() -> None:
    page = (
        "## Example\n```toml\na\n```\n```python fixed\nb\n```\n```text\nc\n```\n"
        "`pyproject.toml`\n```toml\nd\n```\n`main.py`\n```python\ne\n```\n"
    )
    assert [example.files for example in examples(page)] == [{"pyproject.toml": "d\n", "main.py": "e\n"}]

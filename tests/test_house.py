"""What every file of this project keeps to, checked where neither ruff nor import-linter can."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest

import fastapi_lint
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules import catalogue, checklist, pages

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "fastapi_lint"
RULES: Final = PACKAGE / "rules"
CHAPTERS: Final = {
    "routes": "1",
    "schemas": "2",
    "security": "3",
    "database": "4",
    "errors": "5",
    "asynchrony": "6",
    "wiring": "7",
    "documentation": "8",
    "structure": "9",
}
RULE_FILES: Final = sorted(file for file in RULES.glob("*/*.py") if file.name != "__init__.py")
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
DRAWERS: Final = {"common", "core", "helper", "helpers", "misc", "shared", "tools", "util", "utils"}


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT).as_posix())


def load_rule(file: Path) -> Any:
    """Give the rule's class, which is all that its module defines for others."""
    module = importlib.import_module(f"fastapi_lint.rules.{file.parent.name}.{file.stem}")
    classes = [
        value
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__ and not name.startswith("_")
    ]
    expected = "".join(part.capitalize() for part in file.stem.split("_"))
    assert [found.__name__ for found in classes] == [expected], f"{name_of(file)} defines `{expected}` alone"
    return classes[0]


def plain(value: object) -> str:
    """An enum's member or its value, as text."""
    return str(getattr(value, "value", value))


rules = pytest.mark.parametrize("file", RULE_FILES, ids=[file.stem for file in RULE_FILES])


@rules
def test_a_rule_is_what_its_page_says(file: Path) -> None:
    rule = load_rule(file)
    page = {info.name: info for info in pages.catalogue()}[file.stem.replace("_", "-")]
    assert rule.name == page.name
    assert rule.code == page.code
    assert plain(rule.level) == page.level
    assert plain(rule.severity) == page.severity
    assert tuple(rule.checklist) == page.checklist


@rules
def test_a_page_shows_the_options_of_its_rule(file: Path) -> None:
    name = file.stem.replace("_", "-")
    text = pages.page(name) or ""
    for key in catalogue.options(name):
        assert f"`{key}`" in text
        assert f"[tool.fastapi-lint.rules.{name}]" in text


@rules
def test_a_rule_stands_in_the_chapter_of_its_code(file: Path) -> None:
    rule = load_rule(file)
    assert re.fullmatch(rf"FAL{CHAPTERS[file.parent.name]}\d\d", rule.code)
    assert plain(rule.severity) in {severity.value for severity in Severity}


@rules
def test_a_rule_says_in_its_docstring_what_it_finds(file: Path) -> None:
    documentation = load_rule(file).__doc__
    assert documentation
    assert documentation.strip()


@pytest.mark.parametrize("item", checklist.ITEMS, ids=[item.number for item in checklist.ITEMS])
def test_an_item_of_the_checklist_has_a_rule_or_a_reason_why_not(item: checklist.Item) -> None:
    rules = checklist.seen_to(pages.catalogue())[item]
    assert rules or item.unchecked
    assert not (rules and item.unchecked), "a reason that the rules have made void"
    assert item.chapter


def test_rules_see_to_items_that_the_checklist_has() -> None:
    known = {item.number for item in checklist.ITEMS}
    for info in pages.catalogue():
        assert set(info.checklist) <= known, info.name
        assert info.checklist or info.code.startswith("FAL0"), f"{info.name} sees to no item"


def test_every_page_has_its_rule() -> None:
    if not RULE_FILES:
        pytest.skip("no rules yet")
    # Chapter 0 is about files and comments, which the engine itself sees.
    of_rules = {info.name for info in pages.catalogue() if not info.code.startswith("FAL0")}
    assert of_rules == {file.stem.replace("_", "-") for file in RULE_FILES}


def test_a_page_is_named_like_its_rule() -> None:
    for info in pages.catalogue():
        assert (pages.directory() / f"{info.name}.md").is_file()


def test_a_security_severity_is_read_off_its_page() -> None:
    for info in pages.catalogue():
        written = "Security severity" in (pages.directory() / f"{info.name}.md").read_text(encoding="utf-8")
        assert written == (info.security_severity is not None), info.name
        assert 0 < float(info.security_severity or 1) <= 10, info.name


def test_no_code_is_used_twice() -> None:
    codes = [info.code for info in pages.catalogue()]
    assert len(codes) == len(set(codes))


def test_no_module_has_the_name_of_what_its_package_exports() -> None:
    for file in PACKAGE.rglob("__init__.py"):
        package = ".".join(file.parent.relative_to(PACKAGE.parent).parts)
        modules = {path.stem for path in file.parent.iterdir()}
        for node in ast.parse(file.read_bytes()).body:
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                name = alias.asname or alias.name
                # A module may be exported, and so may what one of the same name holds: it is there by then.
                is_harmless = node.module in {package, f"{package}.{name}"}
                assert is_harmless or name not in modules, (
                    f"importing {package}.{name} hides what is exported"
                )


def test_rules_stand_in_chapters() -> None:
    directories = {file.parent.name for file in RULES.glob("*/*.py")}
    assert directories <= CHAPTERS.keys()


def test_no_module_is_a_drawer() -> None:
    named = {part for file in MODULES for part in file.relative_to(PACKAGE).with_suffix("").parts}
    assert not named & DRAWERS


def test_only_the_engine_and_the_doors_catch_everything() -> None:
    doors = {
        PACKAGE / "engine" / "running.py",
        PACKAGE / "cli" / "__init__.py",
        PACKAGE / "flake8.py",
        PACKAGE / "server" / "documents.py",
    }
    for file in MODULES:
        if file in doors:
            continue
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.ExceptHandler):
                place = f"{name_of(file)}:{node.lineno}"
                assert node.type, f"{place} catches everything"
                caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
                assert not caught & {"Exception", "BaseException"}, f"{place} catches everything"


def test_the_version_stands_in_one_place() -> None:
    assert importlib.metadata.version("fastapi-lint") == fastapi_lint.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]


def test_every_ignored_check_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    ignored = [line for line in table.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert ignored
    for line in ignored:
        assert re.search(r'",\s+# .{8}', line), f"{line.strip()} has no reason"

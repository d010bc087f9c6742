"""The fixture applications: what is linked is what FastAPI registers; diagnostics start where comments say.

FastAPI is asked by `oracle.py`, in one subprocess a session, run by this interpreter or by the one that
ORACLE_PYTHON names, of an environment with another FastAPI. A comment `# error: FAL101` at the end of a line
says that a diagnostic of that code starts there; every other line is clean under the default level.
"""

from __future__ import annotations

import collections
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fastapi_lint.engine import Request, check, routes

HERE = Path(__file__).parent
NAMES = sorted(fixture.name for fixture in (HERE / "fixtures").iterdir() if fixture.is_dir())
EXPECTATION = re.compile(r"# error: (FAL\d{3}(?:, FAL\d{3})*)\s*$")
EXACT_FIELDS = ("kind", "status_code", "tags", "operation_id", "include_in_schema", "deprecated")
SPELLINGS = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "Type": "type"}
TRANSPARENT = {"Annotated", "None", "NoneType", "Optional", "Union"}

Row = dict[str, Any]


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures, away from this repository's configuration and from a folder called `tests`."""
    folder = tmp_path_factory.mktemp("projects")
    shutil.copytree(HERE / "fixtures", folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def tables(projects: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What FastAPI registered, by fixture."""
    output = tmp_path_factory.mktemp("oracle") / "tables.json"
    python = os.environ.get("ORACLE_PYTHON", sys.executable)
    command = [python, "-B", str(HERE / "oracle.py"), "--all", str(projects), str(output)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))["fixtures"]
    return answer


def read(file: Path) -> str:
    """A module's text; what is not UTF-8 does not matter to comments and names."""
    return file.read_text(encoding="utf-8", errors="replace")


def skip_what_this_python_cannot_read(settings: dict[str, Any]) -> None:
    oldest = tuple(int(part) for part in settings.get("python", "3").split("."))
    if sys.version_info < oldest:
        pytest.skip(f"written in the syntax of Python {settings['python']}")


def linked_rows(fixture: Path) -> list[Row]:
    rows: list[Row] = msgspec.to_builtins(routes(Request(paths=(), working_directory=fixture)))
    return rows


def belongs(row: Row, application: Row) -> bool:
    """Whether an application serves a linked route; a factory goes by its module, a root by its folder.

    Without `__init__.py` files only imports tell where a module's name begins, so either may be longer.
    """
    module, _, attribute = application["app"].partition(":")
    linked_module, _, linked_attribute = (row["app"] or "").partition(":")
    return (
        (f".{linked_module}".endswith(f".{module}") or f".{module}".endswith(f".{linked_module}"))
        and (application["factory"] or linked_attribute == attribute)
        and (application["root"] == "." or row["file"].startswith(application["root"] + "/"))
    )


def identity(row: Row) -> str:
    handler = row["handler"].replace(":", ".").rpartition(".")[2]
    methods = ",".join(sorted(row["methods"])) if row["kind"] == "http" else "WEBSOCKET"
    return f"{methods} {row['path']} -> {handler} at {row['file']}:{row['line']}"


def model_names(model: str | None) -> set[str]:
    """The classes that a response model is made of, however they are qualified, optional or not."""
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "", model or "")
    names = [name.rpartition(".")[2] for name in re.findall(r"[A-Za-z_][\w.]*", text)]
    return {SPELLINGS.get(name, name) for name in names} - TRANSPARENT


def aliases(fixture: Path) -> set[str]:
    """The names of type aliases, which a response model may keep, as it is linked or as it is registered."""
    sources = [read(file) for file in fixture.rglob("*.py")]
    return {
        name
        for source in sources
        for name in re.findall(r"^(?:type )?([A-Z]\w*) = \w+\[", source, re.MULTILINE)
    }


def same_dependencies(registered: list[str], linked: list[str]) -> bool:
    """A closure is listed by its own name or by its factory's."""
    left = [name.replace(":", ".").rpartition(".")[2] for name in linked]
    for dependency in registered:
        accepted = {part.rpartition(".")[2] for part in dependency.split(".<locals>.")}
        match = next((name for name in left if name in accepted), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def differences(registered: Row, linked: Row, alias_names: set[str]) -> list[str]:
    """One line a field in which a linked route is not what FastAPI registered."""
    linked = {**linked, "tags": linked["tags"] or [], "deprecated": bool(linked["deprecated"])}
    fields = EXACT_FIELDS if registered["kind"] == "http" else ("kind",)
    wrong = [field for field in fields if registered[field] != linked[field]]
    models = (registered["response_model"], linked["response_model"])
    same_model = model_names(models[0]) == model_names(models[1]) or bool(
        (model_names(models[0]) | model_names(models[1])) & alias_names
    )
    if (models[0] is None) != (models[1] is None) or not same_model:
        wrong.append("response_model")
    if not same_dependencies(registered["dependencies"], linked["dependencies"]):
        wrong.append("dependencies")
    return [
        f"{identity(registered)}\n  {field}: FastAPI has {registered[field]!r}, linked is {linked[field]!r}"
        for field in wrong
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_linked_routes_are_those_that_fastapi_registers(
    name: str, projects: Path, tables: dict[str, Any]
) -> None:
    if tables[name]["skipped"]:
        pytest.skip(tables[name]["skipped"])
    linked = linked_rows(projects / name)
    report: list[str] = []
    for application in tables[name]["applications"]:
        mine = [row for row in linked if belongs(row, application)]
        linked = [row for row in linked if row not in mine]
        expected, found = [[identity(row) for row in rows] for rows in (application["routes"], mine)]
        if expected != found:
            report += difflib.unified_diff(
                expected, found, "FastAPI", "linked", application["app"], lineterm="", n=1
            )
            continue
        alias_names = aliases(projects / name)
        for registered, row in zip(application["routes"], mine, strict=True):
            report += differences(registered, row, alias_names)
    report += [
        f"of an application that is none: {row['app']} {identity(row)}"
        for row in linked
        if row["app"] is not None
    ]
    if report:
        pytest.fail("\n".join(report), pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_routes_that_no_application_serves_are_listed_without_one(
    name: str, projects: Path, tables: dict[str, Any]
) -> None:
    settings = tables[name]["settings"]
    skip_what_this_python_cannot_read(settings)
    if "fastapi-below" in settings:
        pytest.skip("routes come too late for their include: how they are listed is open")
    unreached = [row["path"] for row in linked_rows(projects / name) if row["app"] is None]
    assert unreached == settings.get("unreachable", [])


@pytest.mark.parametrize("name", NAMES)
def test_diagnostics_start_where_comments_say(name: str, projects: Path, tables: dict[str, Any]) -> None:
    skip_what_this_python_cannot_read(tables[name]["settings"])
    fixture = projects / name
    expected: collections.Counter[tuple[str, int, str]] = collections.Counter()
    for file in sorted(fixture.rglob("*.py")):
        for number, line in enumerate(read(file).split("\n"), 1):
            comment = EXPECTATION.search(line)
            codes = comment[1].split(", ") if comment else []
            expected.update((file.relative_to(fixture).as_posix(), number, code) for code in codes)
    outcome = check(Request(paths=(), working_directory=fixture))
    messages = {(found.path, found.span.line, found.code): found.message for found in outcome.diagnostics}
    reported = collections.Counter((found.path, found.span.line, found.code) for found in outcome.diagnostics)
    missed = [
        f"missed alarm: {path}:{line} {code}" for path, line, code in sorted((expected - reported).elements())
    ]
    false = [
        f"false alarm: {path}:{line} {code} {messages[path, line, code]}"
        for path, line, code in sorted((reported - expected).elements())
    ]
    assert not outcome.failures
    if missed or false:
        pytest.fail("\n".join(missed + false), pytrace=False)

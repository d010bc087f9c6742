"""The README and its kin: what they show is what the program does, and their links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_lint.config import Config, read
from fastapi_lint.config.keys import EXTEND, KEYS, RULES
from fastapi_lint.engine import Request, routes
from fastapi_lint.rules import catalogue

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "fastapi_lint"
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").glob("*.md"),
        ROOT / "rules" / "README.md",
    ]
)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


def test_the_readme_shows_what_the_program_prints_and_the_rules_that_it_has() -> None:
    command = [sys.executable, str(ROOT / "tests" / "readme.py")]
    run = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    if run.returncode:
        pytest.fail(f"`make readme` would change:\n{run.stdout}{run.stderr}", pytrace=False)


def test_the_documents_say_of_the_configuration_what_the_program_reads() -> None:
    command = [sys.executable, str(ROOT / "tests" / "configuration.py")]
    run = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    if run.returncode:
        pytest.fail(f"`make readme` would change:\n{run.stdout}{run.stderr}", pytrace=False)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in {EXTEND, RULES}])
def test_the_example_of_a_key_is_a_configuration(key: str, tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    file = tmp_path / "pyproject.toml"
    example = KEYS[key].example
    file.write_text(example if example.startswith("[") else f"[tool.fastapi-lint]\n{example}\n")
    assert read(file, catalogue.names()) != Config(root=tmp_path, file=file)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_architecture_speaks_of_files_that_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`(/?[\w/]+(?:\.py|/))`", text)
    places = [
        ROOT / name.lstrip("/") if name.startswith(("/", "tests/")) else PACKAGE / name for name in named
    ]
    assert len(places) > 20
    assert [str(place) for place in places if not place.exists()] == []


def test_the_example_is_an_application_that_runs() -> None:
    program = (
        "from tickets.main import app\n"
        "for path, methods in app.openapi()['paths'].items():\n"
        "    for method in methods:\n"
        "        print(method.upper(), path)\n"
    )
    environment = {**os.environ, "TICKETS_DATABASE_URL": "sqlite://", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "examples",
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    linked = routes(Request(working_directory=ROOT, paths=(ROOT / "examples",)))
    assert sorted(run.stdout.splitlines()) == sorted(
        f"{method} {route.path}" for route in linked for method in route.methods
    )

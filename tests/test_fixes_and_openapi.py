"""Fixes that promise to leave the OpenAPI document as it is: FastAPI is asked before and after."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from oracle import fixtures_in, settings_of, why_not_here

from fastapi_lint.engine import Request, fix, write

FIXTURES = Path(__file__).parent / "fixtures"
CODES = ("FAL804", "FAL805")
DOCUMENT = """\
import importlib, json, os, sys, warnings
warnings.simplefilter("ignore")
target, factory, *paths = sys.argv[1:]
sys.path[:0] = [os.getcwd(), *paths]
module, _, attribute = target.partition(":")
application = importlib.import_module(module)
for part in attribute.split("."):
    application = getattr(application, part)
if factory == "True":
    application = application()
print(json.dumps(application.openapi(), sort_keys=True) if hasattr(application, "openapi") else "null")
"""


def document(fixture: Path, settings: dict[str, Any]) -> Any:
    """The OpenAPI document of an application of a fixture, made in a process of its own."""
    command = [sys.executable, "-c", DOCUMENT]
    command += [settings.get("target", "main:app"), str(settings.get("factory", False))]
    command += [str(fixture / path) for path in settings.get("paths", [])]
    root = fixture / settings.get("root", ".")
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", [fixture.name for fixture in fixtures_in(FIXTURES)])
def test_the_document_is_the_same_after_the_fixes(name: str, tmp_path: Path) -> None:
    settings = settings_of(FIXTURES / name)
    if why_not_here(settings):
        pytest.skip(str(why_not_here(settings)))
    root = tmp_path / name
    shutil.copytree(FIXTURES / name, root, ignore=shutil.ignore_patterns("__pycache__"))
    mended = fix(Request(working_directory=root, select=CODES, isolated=True), unsafe=True)
    if not mended.changes:
        return
    before = [document(root, each) for each in settings["applications"]]
    for change in mended.changes:
        write(change)
    assert [document(root, each) for each in settings["applications"]] == before

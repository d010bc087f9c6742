"""The linked routes of real code bases against what they register when they run.

TRUTH names a directory with what was registered for each code base, `<name>.json.gz`, and CORPUS one
with the sources of each in a directory of that name. Without them there is nothing to compare.
"""

from __future__ import annotations

import collections
import contextlib
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from fastapi_lint.application import link
from fastapi_lint.facts.reader import read_facts

TRUTH, CORPUS = (Path(os.environ.get(name, "absent")) for name in ("TRUTH", "CORPUS"))
NAMES = sorted(file.name.removesuffix(".json.gz") for file in TRUTH.glob("*.json.gz"))
MOST_MISSING, MOST_INVENTED, MOST_DIFFERENT = 0.005, 0.006, 0.005
"""Shares of the routes that a code base registers."""

Key = tuple[str, str, str, int]


def registered(name: str) -> dict[Key, list[dict[str, Any]]]:
    """The routes of a code base's own files, by method, path, file and line of the handler's `def`."""
    truth = json.loads(gzip.decompress((TRUTH / f"{name}.json.gz").read_bytes()))
    tables = [app["routes"] for app in truth["apps"].values()] if "apps" in truth else [truth["routes"]]
    found: dict[Key, list[dict[str, Any]]] = collections.defaultdict(list)
    for route in (route for table in tables for route in table):
        place = route.get("endpoint") or {}
        is_own = place.get("file") and not place["file"].startswith("site-packages")
        if route["kind"] in {"api", "websocket", "api_websocket"} and is_own:
            line = int(place.get("def_lineno") or place["firstlineno"])
            for method in route.get("methods") or ["WEBSOCKET"]:
                found[method, route["path"], Path(place["file"]).name, line].append(route)
    return found


def static(name: str) -> dict[Key, list[dict[str, Any]]]:
    """The linked routes in the same way."""
    root = CORPUS / name
    facts = []
    for file in root.rglob("*.py"):
        with contextlib.suppress(SyntaxError, UnicodeDecodeError):  # for a newer Python than this one
            facts.append(read_facts(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")))
    found: dict[Key, list[dict[str, Any]]] = collections.defaultdict(list)
    for route in link(facts).routes:
        for method in route.methods or ("WEBSOCKET",):
            found[method, route.path, Path(route.file).name, route.line].append(
                {
                    "app": route.app,
                    "status_code": route.status_code or 200,
                    "tags": list(route.tags),
                    "include_in_schema": route.include_in_schema,
                    "response_model": route.response_model is not None,
                }
            )
    return found


def fields(route: dict[str, Any]) -> dict[str, Any]:
    return {
        "status_code": route.get("status_code") or 200,
        "tags": [str(tag) for tag in route.get("tags") or []],
        "include_in_schema": bool(route.get("include_in_schema", True)),
        "response_model": bool(route.get("response_model")),
    }


@pytest.mark.skipif(not NAMES, reason="needs TRUTH and CORPUS")
@pytest.mark.parametrize("name", NAMES)
def test_the_routes_of_a_real_code_base_are_those_that_it_registers(name: str) -> None:
    if not (CORPUS / name).is_dir():
        pytest.skip(f"no sources of {name}")
    wanted, found = registered(name), static(name)
    missing = sorted(wanted.keys() - found.keys())
    apps = {route["app"] for key in wanted.keys() & found.keys() for route in found[key]}
    invented = sorted(
        key
        for key in found.keys() - wanted.keys()
        if any(route["app"] in apps - {None} for route in found[key])
    )
    different = [
        (*key, field)
        for key in wanted.keys() & found.keys()
        for field in ("status_code", "tags", "include_in_schema", "response_model")
        if wanted[key][0]["kind"] == "api"
        and not any(fields(one)[field] == other[field] for one in wanted[key] for other in found[key])
    ]
    assert len(missing) <= MOST_MISSING * len(wanted), missing
    assert len(invented) <= MOST_INVENTED * len(wanted), invented
    assert len(different) <= MOST_DIFFERENT * len(wanted), different

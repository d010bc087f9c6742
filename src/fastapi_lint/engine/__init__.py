"""The phases in order: find files, read facts, link, run rules, drop what comments silence, sort.

Whatever is asked about, the whole project around it is linked; the paths of a request select what is
reported. Files of several projects, each under its own pyproject.toml, can be asked about at once. A file
that can't be read is a diagnostic, a rule that fails is a line in `Outcome.failures`, and neither takes the
other files' and rules' answers away.

Each name is imported when it is first asked for: an answer that an earlier run has kept needs neither the
application nor the rules.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.application.wiring.listing import ListedRoute, RouteRow
    from fastapi_lint.application.wiring.listing import Selection as RouteSelection
    from fastapi_lint.application.wiring.outline import Node
    from fastapi_lint.application.wiring.unresolved import Unresolved
    from fastapi_lint.engine.annotating import Annotated, add_suppressions
    from fastapi_lint.engine.baselining import Baseline, baselines
    from fastapi_lint.engine.baselining import create as create_baselines
    from fastapi_lint.engine.baselining import update as update_baselines
    from fastapi_lint.engine.checking import check, check_file
    from fastapi_lint.engine.explaining import Explanation, explain
    from fastapi_lint.engine.file_facts import File, read_file
    from fastapi_lint.engine.live import Live
    from fastapi_lint.engine.mending import Change, Mended, fix, write
    from fastapi_lint.engine.projects import Project, open_project
    from fastapi_lint.engine.questions import (
        configurations,
        files,
        listed_routes,
        outlines,
        routes,
        unresolved,
    )
    from fastapi_lint.engine.requests import Caching, Missed, Outcome, Request
    from fastapi_lint.engine.writing import NotWritten

__all__ = [
    "Annotated",
    "Baseline",
    "Caching",
    "Change",
    "Explanation",
    "File",
    "ListedRoute",
    "Live",
    "Mended",
    "Missed",
    "Node",
    "NotWritten",
    "Outcome",
    "Project",
    "Request",
    "RouteRow",
    "RouteSelection",
    "Unresolved",
    "add_suppressions",
    "baselines",
    "check",
    "check_file",
    "configurations",
    "create_baselines",
    "explain",
    "files",
    "fix",
    "listed_routes",
    "open_project",
    "outlines",
    "read_file",
    "routes",
    "unresolved",
    "update_baselines",
    "write",
]

_HOMES = {
    "application.wiring.listing": ("ListedRoute", "RouteRow"),
    "application.wiring.outline": ("Node",),
    "application.wiring.unresolved": ("Unresolved",),
    "engine.annotating": ("Annotated", "add_suppressions"),
    "engine.baselining": ("Baseline", "baselines"),
    "engine.checking": ("check", "check_file"),
    "engine.file_facts": ("File", "read_file"),
    "engine.explaining": ("Explanation", "explain"),
    "engine.live": ("Live",),
    "engine.mending": ("Change", "Mended", "fix", "write"),
    "engine.projects": ("Project", "open_project"),
    "engine.questions": ("configurations", "files", "listed_routes", "outlines", "routes", "unresolved"),
    "engine.requests": ("Caching", "Missed", "Outcome", "Request"),
    "engine.writing": ("NotWritten",),
}
_RENAMED = {
    "RouteSelection": ("application.wiring.listing", "Selection"),
    "create_baselines": ("engine.baselining", "create"),
    "update_baselines": ("engine.baselining", "update"),
}


def __getattr__(name: str) -> object:
    if name in _RENAMED:
        home, original = _RENAMED[name]
        return getattr(importlib.import_module(f"fastapi_lint.{home}"), original)
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"fastapi_lint.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Where a project reads its environment: which modules do, and which is there for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.written import children, dotted, expressions, nested_statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

_CALLS: Final = {"os.getenv", "os.environ.get", "os.environ.pop"}
_ASIDE: Final = frozenset({"test", "example", "script", "migration"})
_SETTINGS: Final = ("settings", "config", "configuration", "conf", "env", "environment", "constants")
"""Names of modules and packages that are there to read the environment."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A module that reads the environment, the first place where it does, and how many variables it reads."""

    module: Module
    at: Span
    count: int


def scattered(application: Application) -> list[Reading]:
    """The modules that read the environment although they aren't there for it, where several do."""
    found = [
        reading
        for module in application.modules.by_path.values()
        if not module.roles & _ASIDE and not _is_for_settings(module)
        for reading in _reading(module)
    ]
    return found if len(found) > 1 else []


def _is_for_settings(module: Module) -> bool:
    return any(part.removesuffix(".py").strip("_") in _SETTINGS for part in module.path.split("/"))


def _reading(module: Module) -> Iterator[Reading]:
    names = _names_of_environment(module)
    if not names:
        return
    places: list[Span] = []
    for statement in nested_statements(module.facts.body):
        for child in children(statement):
            for item in (child, *expressions(child)):
                if isinstance(item, model.Call) and _resolved(item.function, names) in _CALLS:
                    places.append(Span(item.line, item.column, item.end_line, item.end_column))
                elif isinstance(item, model.Subscript) and _resolved(item.value, names) == "os.environ":
                    places.append(Span(statement.line, 1, statement.line, 1))
    if places:
        yield Reading(module, min(places, key=lambda place: (place.line, place.column)), len(places))


def _names_of_environment(module: Module) -> dict[str, str]:
    """What the module calls `os`, `os.environ` and `os.getenv`."""
    names: dict[str, str] = {}
    for statement in nested_statements(module.facts.body):
        if isinstance(statement, model.Import):
            names |= {item.alias or item.name: "os" for item in statement.names if item.name == "os"}
        elif isinstance(statement, model.ImportFrom) and statement.module == "os" and not statement.level:
            names |= {
                item.alias or item.name: f"os.{item.name}"
                for item in statement.names
                if item.name in {"environ", "getenv"}
            }
    return names


def _resolved(function: model.Expression, names: dict[str, str]) -> str:
    first, _, rest = dotted(function).partition(".")
    start = names.get(first, "")
    return f"{start}.{rest}" if start and rest else start

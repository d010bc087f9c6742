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
        for module in _used(application)
        if not module.roles & _ASIDE and not _is_for_settings(module)
        for reading in _reading(module)
    ]
    return found if len(found) > 1 else []


def _used(application: Application) -> list[Module]:
    """The modules that make an application or run for its requests, and those that they import."""
    makers = {router.module.path for router in application.routers if router.module is not None}
    by_path = application.modules.by_path
    running = [module for path, module in by_path.items() if path in makers or application.functions_in(path)]
    paths = {module.path for module in running}
    for module in running:
        paths.update(path for path in _imported(application, module) if path in by_path)
    return [module for path, module in by_path.items() if path in paths]


def _imported(application: Application, module: Module) -> Iterator[str]:
    for statement in nested_statements(module.facts.body):
        names: list[str] = []
        level = 0
        if isinstance(statement, model.Import):
            names = [item.name for item in statement.names]
        elif isinstance(statement, model.ImportFrom):
            level = statement.level
            names = [statement.module, *(f"{statement.module}.{item.name}" for item in statement.names)]
        for name in names:
            modules = application.modules
            found = modules.find_relative(module, level, name) if level else modules.find(module, name)
            if found is not None:
                yield found


def _is_for_settings(module: Module) -> bool:
    return any(part.removesuffix(".py").strip("_") in _SETTINGS for part in module.path.split("/"))


def _reading(module: Module) -> Iterator[Reading]:
    names = _names_of_environment(module)
    if not names:
        return
    places: list[Span] = []
    for statement in nested_statements(module.facts.body):
        written = statement.targets if isinstance(statement, (model.Assignment, model.Delete)) else ()
        for child in children(statement):
            if any(child is target for target in written):
                continue
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

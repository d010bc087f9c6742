"""The rules, found by their pages and files: nothing is registered, and only what is selected is imported."""

from __future__ import annotations

import functools
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi_lint.config import Option
from fastapi_lint.rules import pages

if TYPE_CHECKING:
    from fastapi_lint.rules.base import Rule
    from fastapi_lint.rules.pages import RuleInfo

UNREADABLE, UNUSED = "unreadable-file", "unused-suppression"
"""The rules about files and comments, which no visitor can check: the engine does."""


@functools.lru_cache(maxsize=1)
def infos() -> tuple[RuleInfo, ...]:
    """What the pages say of the rules, in the order of the codes, read once a process."""
    return pages.catalogue()


def names() -> dict[str, str]:
    """The rules' names by code."""
    return {info.code: info.name for info in infos()}


@functools.cache
def load(name: str) -> type[Rule] | None:
    """Import the rule with this name. None where only its page exists."""
    module = _modules().get(name)
    if module is None:
        return None
    from fastapi_lint.rules.base import Rule  # noqa: PLC0415 - the rules' names are read without it

    for value in vars(importlib.import_module(module)).values():
        if inspect.isclass(value) and issubclass(value, Rule) and value.__module__ == module:
            return value
    raise LookupError(f"{module} defines no rule")


@functools.cache
def options(name: str) -> dict[str, Option[Any]]:
    """The options that the rule with this name has, by key, as its class declares them; imports the rule."""
    rule = load(name)
    found = (getattr(rule, attribute) for attribute in dir(rule)) if rule is not None else ()
    return {option.key: option for option in found if isinstance(option, Option)}


@functools.lru_cache(maxsize=1)
def _modules() -> dict[str, str]:
    """The dotted names of the modules that hold rules, by the rules' names."""
    here = Path(__file__).parent
    return {
        file.stem.replace("_", "-"): f"{__package__}.{file.parent.name}.{file.stem}"
        for file in sorted(here.glob("*/[!_]*.py"))
    }

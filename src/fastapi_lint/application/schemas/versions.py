"""Which Pydantic a project is written for, where nothing but its code says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.application.modules import Module

NEWEST: Final[tuple[int, ...]] = (2, 13, 0)
_LAST_OF_1: Final[tuple[int, ...]] = (1, 10)
_REMOVED: Final = {
    "pydantic": {"BaseSettings"},
    "pydantic.fields": {"ModelField"},
    "pydantic.generics": {"GenericModel"},
    "pydantic.schema": {"field_schema", "model_schema", "schema"},
}
"""What importing from Pydantic 2 fails for, by module."""


def written_for(modules: Iterable[Module]) -> tuple[int, ...]:
    """The Pydantic that a project's code runs with: an older one if a module imports what 2.0 removed.

    Imports that are guarded by a condition or a `try` say nothing.
    """
    for module in modules:
        for statement in module.facts.body:
            if isinstance(statement, model.ImportFrom) and not statement.level:
                removed = _REMOVED.get(statement.module)
                if removed is not None and any(item.name in removed for item in statement.names):
                    return _LAST_OF_1
    return NEWEST

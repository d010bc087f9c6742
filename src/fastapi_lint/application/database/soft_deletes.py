"""Rows that are deleted for good although their table has a column that says when, or whether, they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.expiring import is_column
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    ExternalMethod,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

COLUMNS: Final = (
    "deleted_at",
    "is_deleted",
    "deleted_on",
    "deleted",
    "soft_deleted",
    "soft_deleted_at",
    "date_deleted",
)
_FOR_GOOD: Final = frozenset(
    split(
        "anonymise anonymize clean cleanup clear destroy drop empty erase expire expired flush force "
        "forced gdpr hard orphan orphans permanent permanently prune purge rebuild reset retention "
        "rollback stale sync trash truncate undo unused wipe"
    )
)
"""Words of functions, parameters and paths that are about deleting for good."""


@dataclass(frozen=True, slots=True)
class HardDelete:
    """A row that is deleted for good: its entity, and the column that marks deleted ones."""

    entity: ClassValue
    column: str


class SoftDeletes:
    """Finds rows that are deleted for good where the project marks deleted rows elsewhere."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._read: set[tuple[str, str]] | None = None

    def hard(self, function: Function) -> dict[int, HardDelete]:
        """The calls of a function, by identity, that delete rows for good that could be marked."""
        body = self._application.body(function)
        if Effect.DELETE not in body.effects:
            return {}
        found: dict[int, HardDelete] = {}
        for meaning in body.calls.values():
            for cls in _deleted(meaning):
                column = next((name for name in COLUMNS if is_column(cls, name)), "")
                if column and meaning.node is not None:
                    found[id(meaning.node)] = HardDelete(cls, column)
        if not found or self._is_for_good(function, {item.column for item in found.values()}):
            return {}
        return {key: item for key, item in found.items() if self._is_marked(item)}

    def _is_for_good(self, function: Function, columns: set[str]) -> bool:
        """Whether a function, or what it serves, is about deleting for good, or looks at the mark."""
        definition = function.definition
        names = {function.qualname, *(item.name for item in definition.parameters)}
        way = self._application.way_to(function)
        if way is not None:
            names |= {item.qualname for item in way.functions} | {way.route.path}
            names |= {item.name for step in way.functions for item in step.definition.parameters}
        if any(not _FOR_GOOD.isdisjoint(words(part)) for name in names for part in _parts(name)):
            return True
        return any(
            (isinstance(part, model.Attribute) and part.name in columns)
            or (isinstance(part, model.Call) and any(item.name in columns for item in part.keywords))
            for statement in nested_statements(definition.body)
            for part in expressions(statement)
        )

    def _is_marked(self, item: HardDelete) -> bool:
        """Whether code of the project asks for the mark of this entity, or of one that it derives from."""
        if self._read is None:
            self._read = set(self._marks())
        return any(
            isinstance(cls, ClassValue) and (cls.definition.name, item.column) in self._read
            for cls in item.entity.mro()
        )

    def _marks(self) -> Iterator[tuple[str, str]]:
        for module in self._application.modules.by_path.values():
            if module.roles & {"test", "migration"}:
                continue
            for statement in nested_statements(module.facts.body):
                for part in expressions(statement):
                    if isinstance(part, model.Attribute) and part.name in COLUMNS:
                        yield dotted(part.value).rpartition(".")[2], part.name


def _deleted(meaning: CallMeaning) -> Iterator[ClassValue]:
    """The entities whose rows a call of SQLAlchemy deletes."""
    callee = meaning.callee
    given: list[Value] = []
    if isinstance(callee, ExternalMethod) and callee.name == "delete":
        if session_kind(callee.receiver) is not None and callee.owner.startswith(
            ("sqlalchemy.", "sqlmodel.")
        ):
            given += meaning.arguments[:1]
        elif isinstance(callee.receiver, Object) and callee.owner == "sqlalchemy.orm.Query":
            given += callee.receiver.type_arguments[:1]
    elif isinstance(callee, External) and callee.name == "sqlalchemy.delete":
        given += meaning.arguments[:1]
    for value in given:
        found = [option for option in options(value) if not is_none(option)]
        for option in found[:1] if len(found) == 1 else ():
            cls = option.cls if isinstance(option, Object) else option
            if isinstance(cls, ClassValue) and entities.is_entity(cls):
                yield cls


def _parts(name: str) -> list[str]:
    return [
        part for piece in name.split("/") for part in piece.strip("{}").replace("-", "_").split(".") if part
    ]

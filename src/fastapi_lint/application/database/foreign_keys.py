"""Foreign keys without an index that begins with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import ClassValue
from fastapi_lint.application.written import called, dotted, expressions, nested_statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.linked import Application

_COLUMNS: Final = frozenset({"Column", "mapped_column", "Field"})
_INDEXING: Final = frozenset({"index", "unique", "primary_key"})
_CONSTRAINTS: Final = frozenset({"Index", "UniqueConstraint", "PrimaryKeyConstraint"})
_MYSQL: Final = ("mysql", "mariadb")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column that refers to another table: its entity and name, and where it is."""

    entity: ClassValue
    column: str
    at: Span


def unindexed(application: Application, evaluator: Evaluator) -> Iterator[ForeignKey]:
    """The foreign keys of a project's tables that no index begins with, in the order of files and lines.

    MySQL makes such an index by itself, so that there are none where the project speaks of it.
    """
    found = [key for cls in _tables(evaluator) for key in _of_table(cls)]
    if not found or _speaks_of_mysql(application):
        return
    migrated = _made_by_migrations(application)
    for key in sorted(found, key=lambda item: (item.entity.module.path, item.at.line)):
        if (_table_name(key.entity), key.column) not in migrated:
            yield key


def _tables(evaluator: Evaluator) -> list[ClassValue]:
    """The entities of a project that have a table, each once."""
    return list(
        {
            id(value.definition): value
            for scope in evaluator.scopes.values()
            for value in scope.names.values()
            if isinstance(value, ClassValue)
            and not value.module.roles & {"test", "migration", "example"}
            and entities.is_entity(value)
            and _has_table(value)
        }.values()
    )


def _has_table(cls: ClassValue) -> bool:
    if cls.derives_from("sqlmodel.SQLModel"):
        return "table" in cls.keywords
    return "__tablename__" in cls.scope.names or "__table_args__" in cls.scope.names


def _of_table(cls: ClassValue) -> Iterator[ForeignKey]:
    indexed = _first_columns(cls)
    if indexed is None:
        return
    for statement in cls.definition.body:
        if not isinstance(statement, model.Assignment) or not isinstance(statement.targets[0], model.Name):
            continue
        name, value = statement.targets[0].id, statement.value
        if not isinstance(value, model.Call) or called(value) not in _COLUMNS or name in indexed:
            continue
        parts = (value, *expressions(value))
        if any(map(_refers, parts)) and not any(map(_indexes, parts)):
            at = Span(statement.line, statement.column, statement.line, statement.column + len(name))
            yield ForeignKey(cls, _column_name(value) or name, at)


def _refers(part: model.Expression) -> bool:
    if not isinstance(part, model.Call):
        return False
    return called(part) == "ForeignKey" or (
        called(part) == "Field"
        and any(
            item.name == "foreign_key"
            and not (isinstance(item.value, model.Constant) and item.value.value is None)
            for item in part.keywords
        )
    )


def _indexes(part: model.Expression) -> bool:
    """Whether a call says that a column has an index, might say so, or says that it shall have none."""
    return isinstance(part, model.Call) and any(
        item.name in {None, "index"} or (item.name in _INDEXING and not _is_false(item.value))
        for item in part.keywords
    )


def _is_false(value: model.Expression) -> bool:
    return isinstance(value, model.Constant) and not value.value


def _column_name(call: model.Call) -> str:
    """The name that a column has in its table, where that isn't the attribute's."""
    first = call.arguments[0] if call.arguments and called(call) != "Field" else None
    return first.value if isinstance(first, model.Constant) and isinstance(first.value, str) else ""


def _first_columns(cls: ClassValue) -> set[str] | None:
    """The columns that indices of a table begin with; None where that can't be read."""
    found: set[str] = set()
    for item in cls.mro():
        if not isinstance(item, ClassValue):
            continue
        for statement in item.definition.body:
            if isinstance(statement, model.FunctionDefinition) and statement.name == "__table_args__":
                return None
            if isinstance(statement, model.Assignment) and any(
                dotted(target) == "__table_args__" for target in statement.targets
            ):
                given = statement.value
                items = given.items if isinstance(given, model.Sequence) else (given,)
                if not all(isinstance(part, (model.Call, model.Mapping)) for part in items):
                    return None
                found |= {name for part in items for name in _first_of(part)}
    for statement in nested_statements(cls.module.facts.body):
        for part in expressions(statement):
            if isinstance(part, model.Call) and called(part) == "Index":
                found |= set(_first_of(part))
    return found


def _first_of(part: model.Expression | None) -> Iterator[str]:
    if not isinstance(part, model.Call) or called(part) not in _CONSTRAINTS:
        return
    position = 1 if called(part) == "Index" else 0
    if len(part.arguments) > position:
        first = part.arguments[position]
        if isinstance(first, model.Constant) and isinstance(first.value, str):
            yield first.value
        for inner in (first, *expressions(first)):
            if isinstance(inner, model.Attribute):
                yield inner.name
            elif isinstance(inner, model.Name):
                yield inner.id


def _made_by_migrations(application: Application) -> set[tuple[str, str]]:
    """The tables and columns that migrations make an index for."""
    found: set[tuple[str, str]] = set()
    for module in application.modules.by_path.values():
        if "migration" not in module.roles:
            continue
        for statement in nested_statements(module.facts.body):
            for part in expressions(statement):
                if isinstance(part, model.Call) and called(part) in {
                    "create_index",
                    "create_unique_constraint",
                }:
                    texts = [
                        item.value
                        for given in (*part.arguments, *(item.value for item in part.keywords))
                        for item in (given, *expressions(given))
                        if isinstance(item, model.Constant) and isinstance(item.value, str)
                    ]
                    found |= {(table, column) for table in texts for column in texts}
    return found


def _table_name(cls: ClassValue) -> str:
    for statement in cls.definition.body:
        if isinstance(statement, model.Assignment) and any(
            dotted(target) == "__tablename__" for target in statement.targets
        ):
            value = statement.value
            return value.value if isinstance(value, model.Constant) and isinstance(value.value, str) else ""
    return cls.definition.name.lower()


def _speaks_of_mysql(application: Application) -> bool:
    """Whether an address or a driver in the project's code is MySQL's."""
    return any(
        isinstance(part, model.Constant) and isinstance(part.value, str) and part.value.startswith(_MYSQL)
        for module in application.modules.by_path.values()
        if not module.roles & {"test", "migration"}
        for statement in nested_statements(module.facts.body)
        for part in expressions(statement)
    )

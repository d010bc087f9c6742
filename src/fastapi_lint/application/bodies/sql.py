"""What running a SQL statement does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import Choice, External, Literal, Object
from fastapi_lint.application.library import Effect

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value


def effects_of_statement(statement: Value | None) -> tuple[Effect, ...]:
    """What a statement does that is given to be run: a query where it can't be told."""
    if isinstance(statement, Choice):
        return tuple(
            dict.fromkeys(effect for option in statement.options for effect in effects_of_statement(option))
        )
    if isinstance(statement, Literal) and isinstance(statement.value, str):
        return library.sql_effects(statement.value)
    if isinstance(statement, Object) and isinstance(statement.cls, External):
        outline = statement.attributes.get("<sql>")
        if isinstance(outline, Literal):
            return library.sql_effects(str(outline.value))
        start = statement.attributes.get("<starts>")
        if isinstance(start, Literal) and library.sql_verb(str(start.value)) not in {"", "with"}:
            return library.sql_effects(str(start.value))
        if statement.arguments and statement.cls.name == "sqlalchemy.TextClause":
            return effects_of_statement(statement.arguments[0])
        found = library.class_model(statement.cls.name)
        if found is not None and found.statement:
            return found.statement
    return (Effect.QUERY,)

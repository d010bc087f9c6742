"""Which exceptions tell what no client should know: those that may be any, and those of databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import raising
from fastapi_lint.application.evaluation.values import (
    Dictionary,
    External,
    FunctionValue,
    Literal,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.taint.transforms import TRACEBACKS
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_DATABASES: Final = (
    "sqlalchemy.exc.",
    "asyncpg.",
    "psycopg.",
    "psycopg2.",
    "sqlite3.",
    "pymysql.",
    "pymongo.errors.",
)
_NO_ANSWERS: Final = frozenset({"sqlalchemy.exc.NoResultFound", "sqlalchemy.exc.MultipleResultsFound"})
"""Those that only tell how many rows there were."""


_OUTSIDE: Final = frozenset(
    {Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.COMMIT, Effect.FILE, Effect.HTTP}
)


def can_fail(statement: model.Try) -> bool:
    """Whether anything is called in the block that a `try` is about."""
    return any(
        isinstance(item, model.Call) for inner in statements(statement.body) for item in expressions(inner)
    )


def is_outside(statement: model.Try, body: Body) -> bool:
    """Whether the block that a `try` is about asks a database, a file or another server."""
    for inner in statements(statement.body):
        for item in expressions(inner):
            meaning = body.call(item) if isinstance(item, model.Call) else None
            if meaning is not None and not _OUTSIDE.isdisjoint(meaning.effects):
                return True
    return False


def tells(handler: model.Handler, body: Body) -> bool:
    """Whether what an `except` catches may tell of the inside: it is broad, or about a database."""
    if not handler.name:
        return False
    if handler.type is None:
        return True
    return any(
        isinstance(cls, External) and _is_telling(cls.name)
        for cls in raising.caught_classes(handler, body) or ()
    )


def are_caught(body: Body) -> bool:
    """Whether a function has an `except` whose exception it names and uses, or asks for a traceback."""
    if any(meaning.name in TRACEBACKS for meaning in body.calls.values()):
        return True
    return any(
        isinstance(statement, model.Try)
        and can_fail(statement)
        and any(
            handler.name and _uses(handler.body, handler.name) and tells(handler, body)
            for handler in statement.handlers
        )
        for statement in statements(body.function.definition.body)
    )


def handlers_of_anything(application: Application) -> Iterator[Function]:
    """The functions that answer for all exceptions that nothing else handles, or for those of databases."""
    seen: set[int] = set()
    for router in application.routers:
        registered = list(router.exception_handlers)
        given = router.settings.get("exception_handlers")
        if isinstance(given, Dictionary):
            registered += [
                (Literal(key), item) for key, item in given.entries.items() if isinstance(key, int)
            ]
        for key, handler in registered:
            is_any = (isinstance(key, External) and _is_telling(key.name)) or (
                isinstance(key, Literal) and key.value == 500  # noqa: PLR2004 - the status of the server's errors
            )
            for option in options(handler) if is_any else ():
                if isinstance(option, FunctionValue) and len(option.definition.parameters) > 1:
                    function = application.function_of(option)
                    if id(function) not in seen:
                        seen.add(id(function))
                        yield function


def _is_telling(name: str) -> bool:
    return name in raising.BROAD or (name.startswith(_DATABASES) and name not in _NO_ANSWERS)


def _uses(block: tuple[model.Statement, ...], name: str) -> bool:
    return any(
        isinstance(item, model.Name) and item.id == name
        for statement in statements(block)
        for item in expressions(statement)
    )

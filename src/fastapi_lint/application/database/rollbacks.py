"""Errors of commits that are caught without a rollback, behind which a session can't be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.sessions import opens, session_kind
from fastapi_lint.application.evaluation.values import ExternalMethod
from fastapi_lint.application.library import Effect
from fastapi_lint.application.written import blocks, dotted, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning

_ERRORS: Final = frozenset({"Exception", "BaseException", "SQLAlchemyError", "DBAPIError", "DatabaseError"})
_WRITING: Final = frozenset({"commit", "flush"})


def not_rolled_back(body: Body, *, is_handler: bool) -> Iterator[tuple[model.Handler, model.Call]]:
    """Each `except` around a commit that goes on without a rollback, with the commit.

    What a handler returns from an `except` is the last thing that happens before its session is closed, and a
    `with` around the `try` may close it as well.
    """
    if {Effect.COMMIT, Effect.FLUSH} & body.effects.keys():
        yield from _in_block(body.function.definition.body, (), body, is_handler=is_handler)


def _in_block(
    block: tuple[model.Statement, ...], behind: tuple[model.Statement, ...], body: Body, *, is_handler: bool
) -> Iterator[tuple[model.Handler, model.Call]]:
    for at, statement in enumerate(block):
        rest = (*block[at + 1 :], *behind)
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            continue
        if isinstance(statement, model.With):
            closes = any(_ends_transaction(item, body) for item in statement.items)
            if not closes:
                yield from _in_block(statement.body, rest, body, is_handler=is_handler)
            continue
        is_loop = isinstance(statement, (model.For, model.While))
        for inner in blocks(statement):
            yield from _in_block(inner, (*inner, *rest) if is_loop else rest, body, is_handler=is_handler)
        if isinstance(statement, model.Try) and statement.handlers:
            commit = next(_commits(statement.body, body), None)
            if commit is None or any(_rolls_back(part, body) for part in _inside(statement.finalbody)):
                continue
            rest = _up_to_exit(rest)
            is_used = any(_uses_session(part, body) for part in _inside((*statement.finalbody, *rest)))
            for handler in statement.handlers:
                if not _catches_errors(handler) or any(
                    _rolls_back(part, body) for part in _inside(handler.body)
                ):
                    continue
                if _goes_on(handler, is_used=is_used, is_handler=is_handler, rest=rest):
                    yield handler, commit


def _up_to_exit(block: tuple[model.Statement, ...]) -> tuple[model.Statement, ...]:
    """Statements up to the first that always leaves the function."""
    for at, statement in enumerate(block, start=1):
        if isinstance(statement, (model.Return, model.Raise)):
            return block[:at]
    return block


def _uses_session(part: model.Expression, body: Body) -> bool:
    """Whether a call is one of a session's, or hands one over."""
    if not isinstance(part, model.Call):
        return False
    given = [*part.arguments, *(item.value for item in part.keywords)]
    if isinstance(part.function, model.Attribute):
        given.append(part.function.value)
    return any(session_kind(body.value(item)) is not None for item in given)


def _commits(block: tuple[model.Statement, ...], body: Body) -> Iterator[model.Call]:
    """Commits and flushes of a session that isn't opened, and so closed, inside of these statements."""
    for statement in block:
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition, model.Try)):
            continue
        if isinstance(statement, model.With) and any(
            _ends_transaction(item, body) for item in statement.items
        ):
            continue
        for part in expressions(statement):
            meaning = body.call(part)
            callee = meaning.callee if meaning is not None else None
            if (
                isinstance(part, model.Call)
                and isinstance(callee, ExternalMethod)
                and callee.name in _WRITING
                and session_kind(callee.receiver) is not None
                and callee.owner.startswith(("sqlalchemy.", "sqlmodel."))
            ):
                yield part
        for inner in (
            (statement.body, statement.orelse)
            if isinstance(statement, (model.If, model.For, model.While))
            else (statement.body,)
            if isinstance(statement, model.With)
            else ()
        ):
            yield from _commits(inner, body)


def _ends_transaction(item: model.WithItem, body: Body) -> bool:
    meaning = body.call(item.context)
    if meaning is None:
        return session_kind(body.value(item.context)) is not None
    return (
        opens(meaning) is not None
        or _is_unknown(meaning)
        or meaning.name.rpartition(".")[2].startswith("begin")
    )


def _is_unknown(meaning: CallMeaning) -> bool:
    return not meaning.name or Effect.CONNECT in meaning.effects or bool(meaning.functions)


def _catches_errors(handler: model.Handler) -> bool:
    if handler.type is None:
        return True
    names = {dotted(part).rpartition(".")[2] for part in (handler.type, *expressions(handler.type))}
    return not _ERRORS.isdisjoint(names) or any(name.endswith("IntegrityError") for name in names)


def _rolls_back(part: model.Expression, body: Body) -> bool:
    meaning = body.call(part)
    if meaning is None:
        return False
    named = meaning.name.rpartition(".")[2]
    return Effect.ROLLBACK in meaning.effects or named in {"rollback", "close", "invalidate", "exit", "_exit"}


def _goes_on(
    handler: model.Handler, *, is_used: bool, is_handler: bool, rest: tuple[model.Statement, ...]
) -> bool:
    """Whether the session is used behind an `except`, or may be by whoever called the function."""
    if any(isinstance(item, model.Raise) for item in statements(handler.body)):
        return False
    last = handler.body[-1]
    if isinstance(last, model.Return):
        return not is_handler
    if is_used:
        return True
    return not is_handler and not any(isinstance(item, model.Raise) for item in rest)


def _inside(block: tuple[model.Statement, ...]) -> Iterator[model.Expression]:
    for statement in statements(block):
        yield from expressions(statement)

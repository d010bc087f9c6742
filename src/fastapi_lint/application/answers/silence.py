"""Errors that nobody hears of: an `except` for everything that does nothing about what it caught."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import raising
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import blocks, dotted, expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body

_STORING: Final = (Effect.CREATE, Effect.WRITE, Effect.DELETE, Effect.COMMIT)
_ASKING: Final = (Effect.QUERY, Effect.HTTP)
_TIDYING: Final = frozenset(
    split(
        "close aclose disconnect cancel rollback cleanup clean unlink remove rmtree stop shutdown terminate "
        "kill release unsubscribe discard evict expunge invalidate refresh"
    )
)
"""Words of calls that tidy up: that they fail is no matter to whoever asked for something else."""
_TRYING: Final = frozenset(
    split(
        "check test try validate verify probe ping health healthz healthcheck heartbeat live liveness ready "
        "readiness status diagnose diagnostics connection connectivity connect debug can is has exists "
        "available cache cached telemetry metric metrics track audit log logging notify notification "
        "emit event events"
    )
)
"""Words of functions that are about whether something works, or whose work nobody waits for."""


def silent_handlers(body: Body) -> Iterator[tuple[model.Handler, str]]:
    """Each `except` of a function that drops what it caught, with what fails unheard of.

    Its body says nothing and goes on, or returns a constant, and the `try` stores something or asks for it.
    """
    definition = body.function.definition
    if set(words(definition.name)) & _TRYING:
        return
    yield from _in(definition.body, body)


def _in(block: Iterable[model.Statement], body: Body) -> Iterator[tuple[model.Handler, str]]:
    for statement in block:
        if isinstance(statement, model.Try):
            # What stands in an `except` or a `finally` tidies up after something else.
            yield from _in((*statement.body, *statement.orelse), body)
            yield from _of(statement, body)
        elif isinstance(statement, (model.If, model.For, model.While)):
            yield from _in((*statement.body, *statement.orelse), body)
        elif isinstance(statement, model.With):
            yield from _in(statement.body, body)
        elif isinstance(statement, model.Match):
            for case in statement.cases:
                yield from _in(case.body, body)


def _of(node: model.Try, body: Body) -> Iterator[tuple[model.Handler, str]]:
    for handler in node.handlers:
        if not raising.is_broad(handler, body) or not _is_silent(handler):
            continue
        name = _fails(node, body, returns=isinstance(handler.body[-1], model.Return))
        if name:
            yield handler, name


def _is_silent(handler: model.Handler) -> bool:
    *before, last = handler.body
    return not any(map(_says, before)) and (
        not _says(last) or (isinstance(last, model.Return) and _is_nothing(last.value))
    )


def _says(statement: model.Statement) -> bool:
    if isinstance(statement, model.ExpressionStatement):
        return not isinstance(statement.value, (model.Constant, model.Other))
    return not isinstance(statement, model.Simple)


def _is_nothing(value: model.Expression | None) -> bool:
    """Whether what is returned is no more than None, a truth value or an empty collection."""
    if value is None:
        return True
    if isinstance(value, model.Constant):
        return value.value is None or isinstance(value.value, bool) or value.value in {"", 0}
    if isinstance(value, model.Sequence):
        return all(_is_nothing(item) for item in value.items)
    return isinstance(value, model.Mapping) and not value.keys


def _fails(node: model.Try, body: Body, *, returns: bool) -> str:
    """The call of a `try` whose failure matters; empty where there is none."""
    found = ""
    for item in _calls_reaching(node.body, body):
        meaning = body.call(item)
        name = _written(item.function)
        if meaning is None or set(words(name.rpartition(".")[2])) & (_TIDYING | _TRYING):
            continue
        if any(effect in meaning.effects for effect in _STORING):
            return name
        if any(effect in meaning.effects for effect in _ASKING[: 1 if returns else 2]):
            found = found or name
    return found


def _calls_reaching(block: Iterable[model.Statement], body: Body) -> Iterator[model.Call]:
    """The calls of a block whose errors no `except` inside of it catches first."""
    for statement in block:
        yield from (item for item in expressions(statement) if isinstance(item, model.Call))
        if isinstance(statement, model.Try):
            if not any(raising.is_broad(handler, body) for handler in statement.handlers):
                yield from _calls_reaching(statement.body, body)
            others = (handler.body for handler in statement.handlers)
            for inner in (*others, statement.orelse, statement.finalbody):
                yield from _calls_reaching(inner, body)
        else:
            for inner in blocks(statement):
                yield from _calls_reaching(inner, body)


def _written(function: model.Expression) -> str:
    return dotted(function) or (function.name if isinstance(function, model.Attribute) else "")

"""Exceptions of no class of their own, as in `raise Exception("…")`: only an `except` for everything fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import raising
from fastapi_lint.application.evaluation.values import External, options
from fastapi_lint.application.written import blocks
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body


def unspecific_raises(body: Body) -> Iterator[tuple[model.Expression, str]]:
    """What a function raises of `Exception` or `BaseException` itself, with the name of that class.

    What the function itself catches is left out: nobody else has to tell it apart. So is what says that
    something is of a type that can't be: that is a bug.
    """
    if any(item.exception is not None for item in body.raised):
        yield from _raised(body.function.definition.body, body)


def _raised(block: Iterable[model.Statement], body: Body) -> Iterator[tuple[model.Expression, str]]:
    for statement in block:
        if isinstance(statement, model.Raise) and statement.exception is not None:
            name = _class_raised(statement.exception, body)
            if name in raising.BROAD:
                yield statement.exception, name.rpartition(".")[2]
        elif isinstance(statement, model.Try):
            if not any(raising.is_broad(handler, body) for handler in statement.handlers):
                yield from _raised(statement.body, body)
            for handler in statement.handlers:
                yield from _raised(handler.body, body)
            yield from _raised((*statement.orelse, *statement.finalbody), body)
        elif isinstance(statement, model.If) and _ends_types(statement, body):
            yield from _raised(statement.body, body)
        else:
            for inner in blocks(statement):
                yield from _raised(inner, body)


def _ends_types(node: model.If, body: Body) -> bool:
    """Whether an `if` asks for a type, and all that its `else` does is to raise."""
    meaning = body.call(node.test)
    return (
        meaning is not None
        and meaning.name == "builtins.isinstance"
        and bool(node.orelse)
        and isinstance(node.orelse[0], model.Raise)
    )


def _class_raised(exception: model.Expression, body: Body) -> str:
    """The canonical name of the outside class of what is made and raised; empty where it isn't made here."""
    made = exception.function if isinstance(exception, model.Call) else exception
    if isinstance(made, model.Call):
        return ""  # `type(error)(…)`: of whatever class it was
    found = options(body.value(made))
    value = found[0] if len(found) == 1 else None
    return value.name if isinstance(value, External) else ""

"""Statuses that functions name themselves where they answer: raised exceptions and returned Responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import failures, responses
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation.values import (
    Bound,
    EnumMember,
    External,
    FunctionValue,
    Object,
    options,
)
from fastapi_lint.application.wiring.routes import number_of
from fastapi_lint.application.written import statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body

_FAILED = 500


def intended_500s(body: Body, *, is_handler: bool) -> Iterator[tuple[model.Call, bool]]:
    """Give the calls that make an answer of 500, and whether it is raised rather than returned.

    Of a function that can only return such an answer, and is no handler, those who call it decide.
    """
    makes_nothing_else = not is_handler and all(map(_is_500, options(body.result)))
    for statement in statements(body.function.definition.body):
        if isinstance(statement, model.Raise):
            made = statement.exception
            if (
                isinstance(made, model.Call)
                and status_of(body.value(made)) == _FAILED
                and _is_asked(body, made)
            ):
                yield made, True
        elif isinstance(statement, model.Return):
            made = statement.value
            if (
                isinstance(made, model.Call)
                and not makes_nothing_else
                and all(map(_is_500, options(body.value(made))))
                and _is_asked(body, made)
            ):
                yield made, False


def _is_asked(body: Body, made: model.Call) -> bool:
    """Whether no other status is given to the function that makes the answer.

    What a function gives back is known by the kinds of its arguments, and all numbers are of one kind.
    """
    meaning = body.call(made)
    if meaning is None or not isinstance(meaning.callee, (FunctionValue, Bound)):
        return True
    given = [*made.arguments, *(keyword.value for keyword in made.keywords)]
    written = (item for item in given if isinstance(item, (model.Constant, model.Attribute)))
    numbers = {
        number_of(value)
        for item, value in ((item, body.value(item)) for item in written)
        if isinstance(item, model.Constant) or isinstance(value, (External, EnumMember))
    } - {None}
    function = meaning.callee.function if isinstance(meaning.callee, Bound) else meaning.callee
    takes_status = isinstance(function, FunctionValue) and any(
        "status" in parameter.name or "code" in parameter.name for parameter in function.definition.parameters
    )
    return _FAILED in numbers or not (numbers or takes_status)


def _is_500(value: object) -> bool:
    return (
        isinstance(value, Object)
        and bool(responses.kind_of_class(value.cls))
        and failures.status_of(value) == _FAILED
    )

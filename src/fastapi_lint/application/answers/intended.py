"""Statuses that functions name themselves where they answer: raised exceptions and returned Responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import failures, responses
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation.values import Object, options
from fastapi_lint.application.written import statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body

_FAILED = 500


def intended_500s(body: Body) -> Iterator[tuple[model.Call, bool]]:
    """Give the calls that make an answer of 500, and whether it is raised rather than returned.

    Of a function that can only return such an answer, those who call it decide, so that it has none.
    """
    makes_nothing_else = all(map(_is_500, options(body.result)))
    for statement in statements(body.function.definition.body):
        if isinstance(statement, model.Raise):
            made = statement.exception
            if isinstance(made, model.Call) and status_of(body.value(made)) == _FAILED:
                yield made, True
        elif isinstance(statement, model.Return):
            made = statement.value
            if (
                isinstance(made, model.Call)
                and not makes_nothing_else
                and all(map(_is_500, options(body.value(made))))
            ):
                yield made, False


def _is_500(value: object) -> bool:
    return (
        isinstance(value, Object)
        and bool(responses.kind_of_class(value.cls))
        and failures.status_of(value) == _FAILED
    )

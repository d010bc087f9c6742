"""Answers that say that nothing was done: an error's Response, a dict that holds an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import responses
from fastapi_lint.application.evaluation.values import Dictionary, Literal, Object, is_none, options
from fastapi_lint.application.wiring.routes import number_of

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.facts import model

_ERROR_KEYS = {"error", "errors", "exception"}
_FLAGS = {"success", "is_success", "successful", "ok", "is_ok", "status", "succeeded", "result"}


def is_failure(body: Body, returned: model.Expression) -> bool:
    """Whether what is returned says that the work was not done."""
    return all(_is_failure(option) for option in options(body.value(returned)))


def _is_failure(value: Value) -> bool:
    if isinstance(value, Dictionary):
        return any(
            (key in _ERROR_KEYS and not is_none(item))
            or (
                key in _FLAGS
                and isinstance(item, Literal)
                and item.value in {False, "error", "failed", "failure", "fail"}
            )
            for key, item in value.entries.items()
        )
    if isinstance(value, Object) and responses.kind_of_class(value.cls):
        status = status_of(value)
        return status is not None and status >= 300  # noqa: PLR2004 - the first status that is no success
    return False


def status_of(response: Object) -> int | None:
    """The status that a Response was made with, where it was given one and it is known."""
    given = response.keywords.get("status_code")
    if given is None and len(response.arguments) > 1:
        given = response.arguments[1]
    return number_of(given) if given is not None else None

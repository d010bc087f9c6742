"""Functions that FastAPI should call, and that code calls by hand: what their markers are to have given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import Bound, FunctionValue
from fastapi_lint.application.written import assigned_values
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import SignatureParameter

_RUN: Final = frozenset({"Depends", "Security"})


def left_out(
    application: Application, function: Function
) -> Iterator[tuple[model.Call, FunctionValue, SignatureParameter]]:
    """The calls in a function's body that leave a parameter to its default, which is a `Depends(…)`.

    Each with the function that is called and the parameter, which gets the marker itself. A function that
    gives the parameter another value knows that it may be called so.
    """
    for meaning in application.body(function).calls.values():
        called = _called(meaning)
        if called is None or meaning.node is None:
            continue
        parameters = application.dependencies.signature(meaning.callee).parameters
        given = {item.name for item in parameters[: len(meaning.node.arguments)]}
        given |= {item.name or "" for item in meaning.node.keywords}
        given |= assigned_values(called.definition.body).keys()
        for parameter in parameters:
            marker = parameter.marker if parameter.default is parameter.marker else None
            if marker is not None and marker.name in _RUN and parameter.name not in given:
                yield meaning.node, called, parameter


def _called(meaning: CallMeaning) -> FunctionValue | None:
    """The function of the project that a call runs as it is written, if all arguments are written out."""
    callee = meaning.callee.function if isinstance(meaning.callee, Bound) else meaning.callee
    if not isinstance(callee, FunctionValue) or callee.wraps is not None or callee.opaque_decorators:
        return None
    if not any(isinstance(item.default, (model.Call, model.Name)) for item in callee.definition.parameters):
        return None
    if meaning.node is None or any(item.name is None for item in meaning.node.keywords):
        return None
    is_spread = any(isinstance(item, model.Starred) for item in meaning.node.arguments)
    return None if is_spread else callee

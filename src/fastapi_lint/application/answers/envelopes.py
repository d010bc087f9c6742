"""Which routes wrap what they answer in an envelope, `{"data": …, "status": …}`, and which send it bare."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    Collection,
    Dictionary,
    External,
    Generic,
    Object,
    Union,
    is_none,
    options,
)

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_CONTENT: Final = "data"
_AROUND: Final = frozenset(
    {
        "code",
        "detail",
        "details",
        "error",
        "errors",
        "message",
        "meta",
        "msg",
        "ok",
        "request_id",
        "status",
        "status_code",
        "success",
        "timestamp",
        "trace_id",
    }
)
"""What envelopes say of an answer. Totals and cursors belong to a page of a list, which is no envelope."""
_ITEMS: Final = frozenset({"builtins.list", "typing.List", "typing.Sequence"})


class Shape(Enum):
    """How a route hands out what it answers."""

    ENVELOPED = "enveloped"
    BARE = "bare"


def shape(application: Application, route: Route) -> Shape | None:
    """Say how a route answers; None where it can't be told, or where an envelope would hold nothing."""
    model = response_models.declared(application, route)
    if model is not None and not is_none(model) and not response_models.is_shapeless(model):
        return _of_annotation(model)
    answers = [each for each in options(responses.answer(application, route)) if not is_none(each)]
    shapes = {_of_value(each) for each in answers}
    return shapes.pop() if len(shapes) == 1 else None


def _of_annotation(annotation: Value) -> Shape | None:
    if isinstance(annotation, Annotated):
        return _of_annotation(annotation.base)
    if isinstance(annotation, Union):
        shapes = {_of_annotation(member) for member in annotation.members if not is_none(member)}
        return shapes.pop() if len(shapes) == 1 else None
    if isinstance(annotation, Generic):
        if isinstance(annotation.origin, External):
            is_list = annotation.origin.name in _ITEMS and isinstance(annotation.arguments[0], ClassValue)
            return Shape.BARE if is_list else None
        return _of_annotation(annotation.origin)
    if not isinstance(annotation, ClassValue) or not annotation.is_fully_known():
        return None
    if not annotation.derives_from("pydantic.BaseModel", "sqlmodel.SQLModel"):
        return None
    return _of_names(
        {name for cls in annotation.mro() if isinstance(cls, ClassValue) for name in cls.annotations}
    )


def _of_value(value: Value) -> Shape | None:
    if isinstance(value, Dictionary):
        names = {str(key) for key in value.entries}
        return Shape.ENVELOPED if _of_names(names) is Shape.ENVELOPED else None
    if isinstance(value, Object):
        return _of_annotation(value.cls)
    if isinstance(value, Collection) and value.kind == "list":
        shapes = {_of_value(item) for item in value.items}
        return Shape.BARE if shapes and None not in shapes else None
    return None


def _of_names(names: set[str]) -> Shape | None:
    """Say what fields make of a model: what only says that something is done needs no envelope."""
    if _CONTENT in names:
        return Shape.ENVELOPED if {_CONTENT} < names <= _AROUND | {_CONTENT} else None
    return Shape.BARE if names - _AROUND else None

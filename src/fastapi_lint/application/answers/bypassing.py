"""Responses that pass a declared model by: raw data in a JSONResponse, which nothing filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.answers import failures, response_models, responses
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    Dictionary,
    External,
    Generic,
    Marker,
    Object,
    Union,
    is_none,
    options,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_ENCODER: Final = "fastapi.encoders.jsonable_encoder"
_MODEL: Final = "pydantic.BaseModel"
_ENTITIES: Final = ("sqlalchemy.orm.DeclarativeBase", "sqlalchemy.ext.declarative.declarative_base()")


def declared_model(application: Application, route: Route) -> ClassValue | None:
    """The Pydantic model of the project that a route declares, or of whose instances it declares a list."""
    found = response_models.declared(application, route)
    while isinstance(found, (Generic, Union)):
        members = found.arguments if isinstance(found, Generic) else found.members
        inner = [item for item in members if not is_none(item)]
        if len(inner) != 1:
            return None
        found = inner[0]
    if not isinstance(found, ClassValue) or not found.derives_from(_MODEL, "sqlmodel.SQLModel"):
        return None
    return found if responses.kind_of_class(found) == "" else None


def passes_by(route: Route, declared: ClassValue, body: Body, returned: model.Expression) -> Value | None:
    """The raw data in a response that is returned where a model is declared; None where all is well.

    None as well for errors, for other statuses than the route's, and for what isn't known.
    """
    found = options(body.value(returned))
    if len(found) != 1 or not isinstance(found[0], Object):
        return None
    response = found[0]
    if responses.kind_of_class(response.cls) != responses.JSON or not isinstance(response.cls, External):
        return None
    given = response.keywords.get("status_code")
    if given is not None or len(response.arguments) > 1:
        status = failures.status_of(response)
        if status is None or status != (route.status_code or responses.OK):
            return None
    if "status_code" in response.attributes or failures.is_failure(body, returned):
        return None
    content = _content(returned, response, body)
    return content if content is not None and _is_raw(content, declared) else None


def _content(returned: model.Expression, response: Object, body: Body) -> Value | None:
    """What a response was made with, before it was encoded."""
    if isinstance(returned, model.Call):
        node = next((item.value for item in returned.keywords if item.name == "content"), None)
        node = node or (returned.arguments[0] if returned.arguments else None)
        inner = body.call(node) if isinstance(node, model.Call) else None
        if inner is not None and isinstance(inner.callee, External):
            is_encoded = library.canonical(inner.callee.name) == _ENCODER
            return inner.arguments[0] if is_encoded and inner.arguments else body.value(node)
    return response.arguments[0] if response.arguments else response.keywords.get("content")


def _is_raw(content: Value, declared: ClassValue) -> bool:
    """Whether content has, or may have, what the model doesn't: of a list each item is looked at."""
    items = content.items if isinstance(content, Collection) else options(content)
    if not items:
        return False
    for item in items:
        if isinstance(item, Dictionary):
            if _is_error(item) or _fits(item, declared):
                return False
        elif not isinstance(item, Object) or not _is_entity(item.cls):
            return False
    return True


def _is_error(item: Dictionary) -> bool:
    return bool({"error", "errors", "detail"} & item.entries.keys())


def _fits(item: Dictionary, declared: ClassValue) -> bool:
    """Whether a dict is what the model would make of it: it has all that the model requires, and no more."""
    fields: set[object] = set()
    required: set[object] = set()
    for owner in declared.mro():
        for name in owner.annotations if isinstance(owner, ClassValue) else ():
            default = owner.scope.names.get(name) if isinstance(owner, ClassValue) else None
            fields.add(name)
            if isinstance(default, Marker):
                fields.update(getattr(value, "value", name) for value in default.keywords.values())
            elif default is None:
                required.add(name)
    keys = item.entries.keys()
    return item.complete and not item.others and keys <= fields and required <= keys


def _is_entity(cls: Value) -> bool:
    """Whether a class maps rows of a table."""
    if not isinstance(cls, ClassValue):
        return False
    if cls.derives_from("sqlmodel.SQLModel"):
        return "table" in cls.keywords
    is_mapped = cls.derives_from(*_ENTITIES) or "__tablename__" in cls.scope.names
    return is_mapped and not cls.derives_from(_MODEL)

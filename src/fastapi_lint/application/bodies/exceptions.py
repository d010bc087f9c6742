"""The status codes that exceptions stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, External, Object

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value


def status_of(exception: Value) -> int | None:
    """The status code of an HTTPException, FastAPI's or Starlette's or derived from them, where known."""
    from fastapi_lint.application.wiring.routes import number_of  # noqa: PLC0415

    if isinstance(exception, ClassValue):
        exception = Object(exception)
    if not isinstance(exception, Object):
        return None
    names = list(exception.cls.external_bases()) if isinstance(exception.cls, ClassValue) else []
    if isinstance(exception.cls, External):
        names = [exception.cls.name]
    if not any(library.is_subclass(name, "starlette.exceptions.HTTPException") for name in names):
        return None
    given = exception.attributes.get("status_code") or exception.keywords.get("status_code")
    if given is None and isinstance(exception.cls, ClassValue):
        found = attributes.find(exception.cls, "status_code")
        given = found[1] if isinstance(found, tuple) else None
    if given is None and exception.arguments and isinstance(exception.cls, External):
        given = exception.arguments[0]
    return number_of(given) if given is not None else None

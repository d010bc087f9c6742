"""Stored entities that routes use as the schemas of their bodies and responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import response_models
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import Annotated, ClassValue, Generic, Literal, Union
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.schemas.used import is_judged
from fastapi_lint.application.wiring.parameters import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_WITH_BODY: Final = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """A route that takes or gives an entity as it is stored."""

    route: Route
    taken: ClassValue | None
    given: ClassValue | None


def stored_schemas(application: Application) -> Iterator[StoredSchema]:
    """The routes whose body or response is an entity; those of SQLModel from the strict level on.

    An SQLModel class is meant to be both, and one for each purpose is what its documentation recommends.
    """
    strict = application.settings.level != "default"
    for route in application.routes:
        if not is_judged(route):
            continue
        declared = response_models.declared(application, route)
        given = next(_entities(declared, strict=strict), None) if declared is not None else None
        taken = None
        if not _WITH_BODY.isdisjoint(route.methods):
            inputs = application.inputs(route)
            for item in inputs.of(Source.BODY, Source.FORM, Source.UNKNOWN):
                if taken is None and item.parameter.annotation is not None:
                    taken = next(_entities(item.parameter.annotation, strict=strict), None)
        if given is not None or taken is not None:
            yield StoredSchema(route, taken, given)


def _entities(annotation: Value, *, strict: bool) -> Iterator[ClassValue]:
    """The entities that a type names, in containers and generic models too."""
    if isinstance(annotation, Annotated):
        yield from _entities(annotation.base, strict=strict)
    elif isinstance(annotation, (Union, Generic)):
        for item in annotation.members if isinstance(annotation, Union) else annotation.arguments:
            yield from _entities(item, strict=strict)
    elif isinstance(annotation, ClassValue) and entities.is_entity(annotation):
        is_of_sqlmodel = annotation.derives_from(fields.SQL_MODEL)
        yield from [annotation] if not is_of_sqlmodel or (strict and is_table(annotation)) else ()


def is_table(cls: ClassValue) -> bool:
    """Whether a class of SQLModel is a table, and not only a schema."""
    table = cls.keywords.get("table")
    return isinstance(table, Literal) and table.value is True

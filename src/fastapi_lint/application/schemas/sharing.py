"""Models that are the body of requests and the response as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import response_models
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.schemas import fields, used
from fastapi_lint.application.schemas.stored import is_table
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.values import ClassValue
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_CHANGING: Final = {"POST", "PATCH"}
_DOCUMENTS: Final = {"config", "configuration", "options", "permissions", "preferences", "settings"}
"""Words in the names of models of which there is one, that is read, changed and put back as a whole."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A model, a route that takes it as its body, and one that answers with it, the same one if it does."""

    cls: ClassValue
    taken_by: Route
    given_by: Route


def shared_models(application: Application) -> Iterator[Shared]:
    """The models that both are sent by clients to make or change something, and come back, each once.

    A PUT takes what a GET gives, since it replaces all of it; so do settings, whatever the method. Entities
    are another matter.
    """
    classes: dict[int, ClassValue] = {}
    taken: dict[int, list[Route]] = {}
    given: dict[int, list[Route]] = {}
    for route in application.routes:
        if not used.is_judged(route):
            continue
        declared = response_models.declared(application, route)
        for cls in used.models_in(declared, {}) if declared is not None else ():
            given.setdefault(id(cls), []).append(route)
        for cls in _bodies(application, route) if not _CHANGING.isdisjoint(route.methods) else ():
            classes[id(cls)] = cls
            taken.setdefault(id(cls), []).append(route)
    for key, cls in classes.items():
        if key in given:
            both = next((route for route in taken[key] if route in given[key]), None)
            yield Shared(cls, both or taken[key][0], both or given[key][0])


def _bodies(application: Application, route: Route) -> Iterator[ClassValue]:
    inputs = application.inputs(route)
    for item in inputs.of(Source.BODY, Source.FORM):
        for cls in (
            used.models_in(item.parameter.annotation, {}) if item.parameter.annotation is not None else ()
        ):
            is_document = not _DOCUMENTS.isdisjoint(words_of(cls.definition.name))
            if fields.is_pydantic(cls) and not is_document and not is_table(cls) and not _is_stored(cls):
                yield cls


def _is_stored(cls: ClassValue) -> bool:
    return entities.is_entity(cls) and not cls.derives_from(fields.SQL_MODEL)

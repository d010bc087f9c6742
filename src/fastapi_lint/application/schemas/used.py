"""Which models of the project requests bring and responses carry, and for which route first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS, SETS, TUPLES
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Choice,
    ClassValue,
    External,
    Generic,
    Union,
)
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.wiring.parameters import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

_CONTAINERS: Final = LISTS | SETS | TUPLES | DICTS
_BROUGHT: Final = (Source.BODY, Source.FORM, Source.QUERY, Source.HEADER, Source.COOKIE)


@dataclass(frozen=True, slots=True)
class Use:
    """A model, and the first route that has it; `is_whole` where it is no part of another model."""

    cls: ClassValue
    route: Route
    is_whole: bool


@dataclass(slots=True)
class Uses:
    """Models by the identity of their classes, each once."""

    found: dict[int, Use] = field(default_factory=dict)

    def add(self, evaluator: Evaluator, annotation: Value, route: Route) -> None:
        """Note the models in a type, and those in their fields."""
        for cls in models_in(annotation, {}):
            self._add(evaluator, cls, route, is_whole=True)

    def _add(self, evaluator: Evaluator, cls: ClassValue, route: Route, *, is_whole: bool) -> None:
        known = self.found.get(id(cls))
        if known is not None and (known.is_whole or not is_whole):
            return
        self.found[id(cls)] = Use(cls, route, is_whole)
        if known is not None:
            return
        for item in fields.fields_of(evaluator, cls).values():
            for inner in models_in(item.annotation, cls.bindings) if item.annotation is not None else ():
                self._add(evaluator, inner, route, is_whole=False)


def models_in(annotation: Value, bindings: Mapping[str, Value]) -> Iterator[ClassValue]:
    """The models that a type names, in containers, unions and generic models too."""
    annotation = fields.resolved(annotation, bindings)
    if isinstance(annotation, Annotated):
        yield from models_in(annotation.base, bindings)
    elif isinstance(annotation, (Union, Choice)):
        for item in annotation.members if isinstance(annotation, Union) else annotation.options:
            yield from models_in(item, bindings)
    elif isinstance(annotation, Generic):
        origin = annotation.origin
        is_container = isinstance(origin, External) and library.canonical(origin.name) in _CONTAINERS
        if is_container or fields.is_model(origin):
            for item in annotation.arguments:
                yield from models_in(item, bindings)
        if isinstance(origin, ClassValue) and fields.is_model(origin):
            yield origin
    elif isinstance(annotation, ClassValue) and fields.is_model(annotation):
        yield annotation


def is_judged(route: Route) -> bool:
    """Whether a route is part of an API that clients see."""
    is_test = route.handler is None or "test" in route.handler.module.roles
    return route.kind == "http" and not is_test


def brought(application: Application) -> Iterator[tuple[Route, Input]]:
    """The parameters of all routes that a client fills, each function's once."""
    for asked in application.asked.values():
        if is_judged(asked.route):
            yield from ((asked.route, item) for item in asked.inputs.values() if item.source in _BROUGHT)


def models_brought(application: Application, evaluator: Evaluator) -> dict[int, Use]:
    """The models that requests bring, nested ones too."""
    uses = Uses()
    for route, item in brought(application):
        if item.parameter.annotation is not None:
            uses.add(evaluator, item.parameter.annotation, route)
    return uses.found


def models_sent(application: Application, evaluator: Evaluator) -> dict[int, Use]:
    """The models that responses carry, nested ones too."""
    uses = Uses()
    for route in application.routes:
        declared = response_models.declared(application, route) if is_judged(route) else None
        if declared is not None and responses.sends_json(route) is not False:
            uses.add(evaluator, declared, route)
    return uses.found

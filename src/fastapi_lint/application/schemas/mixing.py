"""Routes that want JSON and a form in one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Union,
    is_none,
)
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.wiring.parameters import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

_PARSERS: Final = ("__get_validators__", "__get_pydantic_core_schema__")
_VALIDATORS: Final = {"pydantic.model_validator", "pydantic.root_validator"}


@dataclass(frozen=True, slots=True)
class Mixture:
    """A route, the parameter that takes JSON, and one that takes a field or a file of a form."""

    route: Route
    body: Input
    form: Input


def mixtures(application: Application, evaluator: Evaluator) -> Iterator[Mixture]:
    """The routes of which no request can satisfy the parameters: a form's fields are texts and files.

    A list of texts is none: a form may send a field several times. Nor is a model that takes a text apart.
    """
    for route in application.routes:
        if route.kind != "http" or (route.handler and "test" in route.handler.module.roles):
            continue
        inputs = application.inputs(route)
        form = next(inputs.of(Source.FORM, Source.FILE), None)
        if form is None:
            continue
        body = next((item for item in inputs.of(Source.BODY) if _is_object(evaluator, item)), None)
        if body is not None:
            yield Mixture(route, body, form)


def _is_object(evaluator: Evaluator, item: Input) -> bool:
    """Whether a parameter takes a JSON object, and nothing that a form's field could be."""
    return _takes_objects(evaluator, item.parameter.annotation)


def _takes_objects(evaluator: Evaluator, annotation: Value | None) -> bool:
    if isinstance(annotation, Annotated):
        return _takes_objects(evaluator, annotation.base)
    if isinstance(annotation, Union):
        members = [member for member in annotation.members if not is_none(member)]
        return bool(members) and all(_takes_objects(evaluator, member) for member in members)
    if isinstance(annotation, Generic):
        origin = annotation.origin
        if isinstance(origin, External) and library.canonical(origin.name) in LISTS:
            return bool(annotation.arguments) and all(
                _takes_objects(evaluator, item) for item in annotation.arguments
            )
        return _takes_objects(evaluator, origin)
    if isinstance(annotation, External):
        name = library.canonical(annotation.name)
        return name in DICTS or name == fields.MODEL
    return (
        isinstance(annotation, ClassValue)
        and fields.is_model(annotation)
        and annotation.is_fully_known()
        and not annotation.derives_from("pydantic.RootModel")
        and not _parses_text(evaluator, annotation)
    )


def _parses_text(evaluator: Evaluator, cls: ClassValue) -> bool:
    """Whether a model may make itself from a text: something of its own comes before the validation."""
    if any(isinstance(attributes.find(cls, name), tuple) for name in _PARSERS):
        return True
    for owner in cls.mro():
        for function in owner.scope.names.values() if isinstance(owner, ClassValue) else ():
            if not isinstance(function, FunctionValue):
                continue
            for name, call in fields.decorators(evaluator, function):
                keywords = {item.name: item.value for item in call.keywords} if call is not None else {}
                mode, pre = keywords.get("mode"), keywords.get("pre")
                if name in _VALIDATORS and (
                    getattr(mode, "value", None) in {"before", "wrap"} or pre is not None
                ):
                    return True
    return False

"""What may be None, and still has to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import Marker, Union, is_none
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.schemas.stored import is_table
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.fields import Field

_SENT: Final = {Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY, Source.FORM, Source.FILE}
FIELDS_SINCE: Final = (2,)
"""From this Pydantic on a field has no default but the one that is written."""


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that may be None but has no default: its declaration, and whether a default could follow it."""

    name: str
    path: str
    span: Span
    is_bare: bool


def required_parameters(application: Application, function: Function) -> frozenset[str]:
    """The parameters of a function that may be None, but without which FastAPI refuses a request."""
    asked = application.asked.get(id(function.definition))
    if asked is None or not asked.complete or "test" in function.module.roles:
        return frozenset()
    return frozenset(
        name
        for name, item in asked.inputs.items()
        if item.source in _SENT and item.is_required is True and _may_be_none(item.parameter.annotation)
    )


def required_fields(application: Application, evaluator: Evaluator) -> dict[int, list[RequiredField]]:
    """Such fields of the models that requests bring, by the identity of the first route that takes it."""
    found: dict[int, list[RequiredField]] = {}
    if application.target_pydantic < FIELDS_SINCE:
        return found
    seen: set[tuple[int, str]] = set()
    for use in application.schemas.brought.values():
        if not fields.is_pydantic(use.cls) or fields.is_settings(use.cls) or is_table(use.cls):
            continue
        for field in fields.fields_of(evaluator, use.cls).values():
            key = id(field.owner), field.name
            if key in seen or not _is_required(field) or not _may_be_none(field.annotation):
                continue
            seen.add(key)
            declared = next(_declarations(field), None)
            if declared is not None:
                found.setdefault(id(use.route), []).append(
                    RequiredField(
                        f"{field.owner.definition.name}.{field.name}",
                        field.owner.module.path,
                        Span(declared.line, declared.column, declared.end_line, declared.end_column),
                        declared.value is None,
                    )
                )
    return found


def _is_required(field: Field) -> bool:
    """Whether a field has no default, and nothing says so: `Field(...)` would."""
    if field.is_computed or (field.default is not None and not isinstance(field.default, Marker)):
        return False
    given = [
        marker.default is not None or "default" in marker.keywords or "default_factory" in marker.keywords
        for marker in field.markers
    ]
    return not any(given)


def _declarations(field: Field) -> Iterator[model.Assignment]:
    for statement in field.owner.definition.body:
        if isinstance(statement, model.Assignment) and statement.annotation is not None:
            target = statement.targets[0]
            if isinstance(target, model.Name) and target.id == field.name:
                yield statement


def _may_be_none(annotation: Value | None) -> bool:
    return isinstance(annotation, Union) and any(map(is_none, annotation.members))

"""Models of which the document says no more than their fields' names and types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, External, Generic, Object
from fastapi_lint.application.schemas import fields
from fastapi_lint.diagnostics import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.fields import Field
    from fastapi_lint.application.wiring.routes import Route

_SAYS: Final = ("description", "title", "examples", "example", "json_schema_extra")
_EXTRA: Final = ("json_schema_extra", "schema_extra", "use_attribute_docstrings")


@dataclass(frozen=True, slots=True)
class Undescribed:
    """A class with fields that nothing describes: their names, the first route, and the class's place."""

    cls: ClassValue
    names: tuple[str, ...]
    route: Route
    path: str
    span: Span


def undescribed(application: Application, evaluator: Evaluator) -> Iterator[Undescribed]:
    """The models in the documents of routes with fields that nothing describes, each class once."""
    uses = {**application.schemas.sent, **application.schemas.brought}
    seen: set[int] = set()
    for use in uses.values():
        if not use.route.include_in_schema or not fields.is_pydantic(use.cls):
            continue
        bare: dict[int, list[Field]] = {}
        for field in fields.fields_of(evaluator, use.cls).values():
            if id(field.owner) not in seen and _is_bare(field):
                bare.setdefault(id(field.owner), []).append(field)
        for found in bare.values():
            owner = found[0].owner
            seen.add(id(owner))
            if any(fields.configured(owner, key) is not None for key in _EXTRA):
                continue
            at = owner.definition
            span = Span(at.line, at.column, at.line, at.column + len(f"class {at.name}"))
            names = tuple(field.name for field in found)
            yield Undescribed(owner, names, use.route, owner.module.path, span)


def _is_bare(field: Field) -> bool:
    """Whether nothing says what a field means; a computed one may have a docstring, a choice its values."""
    annotation = field.annotation
    origin = annotation.origin if isinstance(annotation, Generic) else annotation
    is_choice = isinstance(origin, External) and origin.name == "typing.Literal"
    if field.is_computed or is_choice or (isinstance(origin, ClassValue) and attributes.is_enum(origin)):
        return False
    is_documented = any(
        isinstance(item, Object) and "Doc" in str(getattr(item.cls, "name", "")) for item in field.metadata
    )
    return not is_documented and not any(field.said(keyword) is not None for keyword in _SAYS)

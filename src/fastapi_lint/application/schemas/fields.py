"""The fields of Pydantic models and their kin, inherited ones included, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import type_parameters
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Literal,
    Marker,
    Object,
    TypeVariable,
    is_none,
)
from fastapi_lint.application.library import mapping
from fastapi_lint.application.wiring.dependencies import callable_name
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value

MODEL: Final = "pydantic.BaseModel"
SQL_MODEL: Final = "sqlmodel.SQLModel"
SETTINGS: Final = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")
_OTHER_MODELS: Final = (
    SQL_MODEL,
    "pydantic.RootModel",
    "pydantic.generics.GenericModel",
    "pydantic.v1.BaseModel",
    "beanie.Document",
    "odmantic.Model",
    "odmantic.EmbeddedModel",
    "fastapi_users.schemas.CreateUpdateDictModel",
    "typing.TypedDict",
)
_DATACLASSES: Final = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
_NO_FIELDS: Final = {"typing.ClassVar", "dataclasses.InitVar"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model: `owner` is the class that declares it, `line` where (from 1).

    `default` is what the class has under its name, a marker too; None where there is nothing. A computed
    field has no markers and no default.
    """

    name: str
    owner: ClassValue
    annotation: Value | None
    markers: tuple[Marker, ...]
    metadata: tuple[Value, ...]
    default: Value | None
    line: int
    is_computed: bool = False

    def said(self, keyword: str) -> Value | None:
        """What a `Field(keyword=…)` says of it, the last one first; None where none does."""
        return next(
            (marker.keywords[keyword] for marker in reversed(self.markers) if keyword in marker.keywords),
            None,
        )


def is_model(cls: Value | None) -> bool:
    """Whether a class of the project is a Pydantic model, or one that FastAPI treats alike."""
    if not isinstance(cls, ClassValue):
        return False
    return (
        cls.derives_from(MODEL, *_OTHER_MODELS)
        or any(library.is_subclass(name, MODEL) for name in cls.external_bases())
        or any(_decorator_name(item) in _DATACLASSES for item in cls.decorators)
    )


def is_pydantic(cls: Value | None) -> bool:
    """Whether a class of the project is a Pydantic model, settings and SQLModel included."""
    return isinstance(cls, ClassValue) and any(
        name in {MODEL, SQL_MODEL, "pydantic.generics.GenericModel", *SETTINGS}
        or library.is_subclass(name, MODEL)
        for name in cls.external_bases()
    )


def is_settings(cls: Value | None) -> bool:
    """Whether a class reads settings from the environment."""
    return isinstance(cls, ClassValue) and cls.derives_from(*SETTINGS)


def _decorator_name(item: Value) -> str:
    return callable_name(item.cls if isinstance(item, Object) else item)


def own_fields(evaluator: Evaluator, cls: ClassValue) -> Iterator[Field]:
    """The fields that a class itself declares, in order, its computed ones last."""
    for name, node in cls.annotations.items():
        if name.startswith("_") or name == "model_config":
            continue
        annotation = evaluator.annotation(node, cls.scope)
        default = cls.scope.names.get(name)
        if _is_no_field(annotation) or _is_relationship(default):
            continue
        metadata: tuple[Value, ...] = ()
        while isinstance(annotation, Annotated):
            metadata = (*annotation.metadata, *metadata)
            annotation = annotation.base
        markers = [item for item in (*metadata, default) if isinstance(item, Marker)]
        yield Field(name, cls, annotation, tuple(markers), metadata, default, cls.field_lines.get(name, 1))
    for name, value in cls.scope.names.items():
        if isinstance(value, FunctionValue) and any(
            function == "pydantic.computed_field" for function, _ in decorators(evaluator, value)
        ):
            annotation = evaluator.annotation(value.definition.returns, value.scope)
            yield Field(name, cls, annotation, (), (), None, value.definition.line, is_computed=True)


def fields_of(evaluator: Evaluator, cls: ClassValue) -> dict[str, Field]:
    """All fields of a class, those of its bases first; what the class redeclares counts as its own."""
    found: dict[str, Field] = {}
    for owner in reversed(cls.mro()):
        if isinstance(owner, ClassValue):
            for name in owner.scope.names.keys() - owner.annotations.keys():
                found.pop(name, None)  # `name = …` without an annotation is an error, or hides a field
            found.update((field.name, field) for field in own_fields(evaluator, owner))
    return found


def bindings_of(annotation: Value, outer: Mapping[str, Value]) -> dict[str, Value]:
    """What the type variables of a class stand for where an annotation names it: `Page[User]`."""
    origin = annotation.origin if isinstance(annotation, Generic) else annotation
    if not isinstance(origin, ClassValue):
        return {}
    found = {name: resolved(value, outer) for name, value in origin.bindings.items()}
    if isinstance(annotation, Generic):
        given = (resolved(item, outer) for item in annotation.arguments)
        found.update(zip(type_parameters(origin), given, strict=False))
    return found


def resolved(annotation: Value, bindings: Mapping[str, Value]) -> Value:
    """What a type variable stands for; all else as it is."""
    for _ in bindings:
        if not isinstance(annotation, TypeVariable) or annotation.name not in bindings:
            break
        annotation = bindings[annotation.name]
    return annotation


def decorators(evaluator: Evaluator, function: FunctionValue) -> Iterator[tuple[str, model.Call | None]]:
    """The dotted names of a method's decorators from outside of the project, and their calls."""
    for decorator in function.definition.decorators:
        called = decorator.function if isinstance(decorator, model.Call) else decorator
        value = evaluator.evaluate(called, Frame(function.scope))
        if isinstance(value, External):
            yield library.canonical(value.name), decorator if isinstance(decorator, model.Call) else None


def is_named(call: model.Call, field: str) -> bool:
    """Whether a decorator's call is for a field: by its name, or for all by `*`."""
    return any(isinstance(item, model.Constant) and item.value in {field, "*"} for item in call.arguments)


def _is_no_field(annotation: Value | None) -> bool:
    origin = annotation.origin if isinstance(annotation, Generic) else annotation
    return isinstance(origin, External) and library.canonical(origin.name) in _NO_FIELDS


def _is_relationship(default: Value | None) -> bool:
    return (
        isinstance(default, Object)
        and isinstance(default.cls, External)
        and default.cls.name in mapping.RELATIONSHIPS
    )


def configured(cls: ClassValue, key: str) -> Value | None:
    """What a model's `model_config` or its `class Config` says under a key; None where neither does."""
    for owner in cls.mro():
        if not isinstance(owner, ClassValue):
            continue
        config = owner.scope.names.get("model_config")
        given = getattr(config, "keywords", None) or getattr(config, "entries", None) or {}
        if key in given:
            found: Value = given[key]
            return found
        inner = owner.scope.names.get("Config")
        content = attributes.find(inner, key) if isinstance(inner, ClassValue) else None
        if isinstance(content, tuple):
            return content[1]
    return None


def is_true(value: Value | None) -> bool:
    """Whether it is the constant True."""
    return isinstance(value, Literal) and value.value is True


def is_unsaid(value: Value | None) -> bool:
    """Whether nothing is given, or None."""
    return value is None or is_none(value)

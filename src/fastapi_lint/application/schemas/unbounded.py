"""Inputs that may be of any size: how much a client asks for, and the length of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    External,
    FunctionValue,
    Marker,
    Object,
    Union,
    is_none,
)
from fastapi_lint.application.library.model import words
from fastapi_lint.application.schemas import fields, used
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.written import dotted, expressions, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.fields import Field
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

_AMOUNTS: Final = frozenset(
    words("limit page_size pagesize per_page take max_results num_results items_per_page page_limit")
)
_AMOUNTS_OF_PAGES: Final = {"size", "rows"}
"""What is an amount where a page or an offset is asked for beside it."""
_PLACES: Final = {"page", "offset", "skip", "cursor", "page_number"}
_FREE: Final = frozenset(
    words(
        "description comment message content text body bio note notes about feedback review remarks details"
    )
)
_PASSWORDS: Final = {"password", "new_password", "current_password", "plain_password"}
_BOUNDS: Final = {"le", "lt"}
_LENGTHS: Final = {"max_length", "pattern", "regex", "max_len"}
_TEXTS: Final = {"builtins.str", "pydantic.SecretStr"}
_VALIDATORS: Final = {"pydantic.field_validator", "pydantic.validator"}
_WHOLE: Final = {"pydantic.model_validator", "pydantic.root_validator"}


@dataclass(frozen=True, slots=True)
class UnboundedTexts:
    """The texts of a model that may have any length: the fields' names, and where the first one stands."""

    names: tuple[str, ...]
    path: str
    span: Span


def unbounded_amounts(application: Application, evaluator: Evaluator, function: Function) -> dict[str, Route]:
    """The parameters of a function that say how much a client wants, without an upper bound."""
    asked = application.asked.get(id(function.definition))
    if asked is None or not asked.complete or not used.is_judged(asked.route):
        return {}
    found: dict[str, Route] = {}
    for name, item in asked.inputs.items():
        is_amount = name in _AMOUNTS or (
            name in _AMOUNTS_OF_PAGES and not _PLACES.isdisjoint(asked.inputs.keys())
        )
        if (
            is_amount
            and item.source is Source.QUERY
            and _is_number(item.parameter.annotation)
            and not _is_bounded(evaluator, function, item)
            and not _is_looked_at(application, function, name)
        ):
            found[name] = asked.route
    return found


def _is_number(annotation: Value | None) -> bool:
    if isinstance(annotation, Union):
        members = [member for member in annotation.members if not is_none(member)]
        return len(members) == 1 and _is_number(members[0])
    return isinstance(annotation, External) and annotation.name == "builtins.int"


def _is_bounded(evaluator: Evaluator, function: Function, item: Input) -> bool:
    """Whether something beside the type says how large a value may be."""
    definition = item.parameter.definition
    annotation = (
        evaluator.annotation(definition.annotation, function.value.scope) if definition is not None else None
    )
    said: list[Value] = [item.parameter.marker] if item.parameter.marker is not None else []
    while isinstance(annotation, Annotated):
        said += annotation.metadata
        annotation = annotation.base
    return any(_says(value, _BOUNDS, {"Le", "Lt", "Interval", "AfterValidator"}) for value in said)


def _says(value: Value, keywords: set[str], classes: set[str]) -> bool:
    """Whether what stands beside a type has one of some keywords, or is of one of some classes."""
    if isinstance(value, Marker):
        return not keywords.isdisjoint(value.keywords)
    if isinstance(value, Object):
        name = value.cls.name.rpartition(".")[2] if isinstance(value.cls, External) else ""
        return name in classes or not keywords.isdisjoint(value.keywords)
    return False


def _is_looked_at(application: Application, function: Function, name: str) -> bool:
    """Whether a function, or one that it hands a parameter to, compares it or takes the smaller of two."""
    if _compares(function.definition, name):
        return True
    for meaning in application.body(function).calls.values():
        call = meaning.node
        if call is None or not meaning.functions:
            continue
        for callee in meaning.functions:
            parameters = [
                item.name for item in callee.definition.parameters if item.name not in {"self", "cls"}
            ]
            given = [*zip(parameters, call.arguments, strict=False)]
            given += [(item.name, item.value) for item in call.keywords if item.name is not None]
            if any(
                isinstance(value, model.Name) and value.id == name and _compares(callee.definition, parameter)
                for parameter, value in given
            ):
                return True
    return False


def _compares(definition: model.FunctionDefinition, name: str) -> bool:
    for statement in statements(definition.body):
        for item in expressions(statement):
            is_clamp = isinstance(item, model.Call) and dotted(item.function).rpartition(".")[2] in {
                "min",
                "clamp",
            }
            is_test = isinstance(item, model.Comparison) and not {"<", ">", "<=", ">="}.isdisjoint(
                item.operators
            )
            if (is_clamp or is_test) and any(
                isinstance(part, model.Name) and part.id == name for part in expressions(item)
            ):
                return True
    return False


def unbounded_texts(application: Application, evaluator: Evaluator) -> dict[int, list[UnboundedTexts]]:
    """The models of requests with texts of any length, by the identity of the first route that takes them."""
    found: dict[int, list[UnboundedTexts]] = {}
    seen: set[tuple[int, str]] = set()
    for use in application.schemas.brought.values():
        if not fields.is_pydantic(use.cls) or _limits_all(evaluator, use.cls):
            continue
        loose = [
            field
            for field in fields.fields_of(evaluator, use.cls).values()
            if (field.name in _FREE or field.name in _PASSWORDS)
            and (id(field.owner), field.name) not in seen
            and _is_loose(field)
            and not _is_validated(evaluator, use.cls, field.name)
        ]
        seen.update((id(field.owner), field.name) for field in loose)
        for owner in {id(field.owner): field.owner for field in loose}.values():
            own = [field for field in loose if field.owner is owner]
            names = tuple(f"{owner.definition.name}.{field.name}" for field in own)
            span = _place(own[0])
            found.setdefault(id(use.route), []).append(UnboundedTexts(names, owner.module.path, span))
    return found


def _place(field: Field) -> Span:
    for statement in field.owner.definition.body:
        target = statement.targets[0] if isinstance(statement, model.Assignment) else None
        if isinstance(target, model.Name) and target.id == field.name:
            return Span(statement.line, statement.column, statement.end_line, statement.end_column)
    return Span(field.line, 1, field.line, 1)


def _limits_all(evaluator: Evaluator, cls: ClassValue) -> bool:
    """Whether a model's configuration bounds its texts, or it validates itself as a whole."""
    if any(fields.configured(cls, key) is not None for key in ("str_max_length", "max_anystr_length")):
        return True
    return any(
        name in _WHOLE for function in _methods(cls) for name, _ in fields.decorators(evaluator, function)
    )


def _methods(cls: ClassValue) -> Iterator[FunctionValue]:
    for owner in cls.mro():
        for value in owner.scope.names.values() if isinstance(owner, ClassValue) else ():
            if isinstance(value, FunctionValue):
                yield value


def _is_validated(evaluator: Evaluator, cls: ClassValue, field: str) -> bool:
    return any(
        name in _VALIDATORS and call is not None and fields.is_named(call, field)
        for function in _methods(cls)
        for name, call in fields.decorators(evaluator, function)
    )


def _is_loose(field: Field) -> bool:
    """Whether a field is a text of which nothing says how long it may be."""
    annotation = field.annotation
    if isinstance(annotation, Union):
        members = [member for member in annotation.members if not is_none(member)]
        annotation = members[0] if len(members) == 1 else None
    metadata = list(field.metadata)
    while isinstance(annotation, Annotated):
        metadata += annotation.metadata
        annotation = annotation.base
    if not isinstance(annotation, External) or library.canonical(annotation.name) not in _TEXTS:
        return False
    classes = {"Len", "MaxLen", "AfterValidator", "BeforeValidator", "WrapValidator", "PlainValidator"}
    return not any(_says(value, _LENGTHS, classes) for value in (*field.markers, *metadata))

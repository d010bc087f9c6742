"""What Pydantic 2 still accepts of Pydantic 1, and will not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import ClassValue, External, ExternalMethod
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.written import expressions, nested_statements, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

_METHODS: Final = {
    "dict": "model_dump",
    "json": "model_dump_json",
    "copy": "model_copy",
    "parse_obj": "model_validate",
    "parse_raw": "model_validate_json",
    "from_orm": "model_validate",
    "construct": "model_construct",
    "schema": "model_json_schema",
    "schema_json": "model_json_schema",
    "update_forward_refs": "model_rebuild",
    "validate": "model_validate",
}
_DECORATORS: Final = {"pydantic.validator": "field_validator", "pydantic.root_validator": "model_validator"}
_FUNCTIONS: Final = {"pydantic.parse_obj_as": "TypeAdapter", "pydantic.schema_of": "TypeAdapter"}
_SINCE: Final = (2,)
_VERSION: Final = {"PYDANTIC_V2", "PYDANTIC_V1", "IS_PYDANTIC_V2", "PYDANTIC_VERSION", "is_pydantic_v2"}


@dataclass(frozen=True, slots=True)
class Idiom:
    """Something of Pydantic 1: what is written, what takes its place, and where it stands."""

    old: str
    new: str
    path: str
    span: Span


def idioms(application: Application, evaluator: Evaluator) -> Iterator[Idiom]:
    """What a project that runs with Pydantic 2 has of Pydantic 1: in its models and in what requests run."""
    if application.target_pydantic < _SINCE:
        return
    for module in application.modules.by_path.values():
        if "test" in module.roles:
            continue
        for function in application.functions_in(module.path):
            if not _asks_version(function):
                yield from _in_function(application, function)
        for statement in nested_statements(module.facts.body):
            if isinstance(statement, model.ClassDefinition):
                yield from _in_class(evaluator, module, statement)


def _in_function(application: Application, function: Function) -> Iterator[Idiom]:
    for meaning in application.body(function).calls.values():
        call, callee = meaning.node, meaning.callee
        if call is None:
            continue
        span = Span(call.line, call.column, call.end_line, call.end_column)
        if isinstance(callee, ExternalMethod) and callee.owner in {fields.MODEL, fields.SQL_MODEL}:
            new = _METHODS.get(callee.name)
            if new is not None:
                yield Idiom(f"{callee.name}()", f"{new}()", function.path, span)
        elif isinstance(callee, External):
            new = _FUNCTIONS.get(library.canonical(callee.name))
            if new is not None:
                yield Idiom(f"{callee.name.rpartition('.')[2]}()", new, function.path, span)


def _in_class(evaluator: Evaluator, module: Module, definition: model.ClassDefinition) -> Iterator[Idiom]:
    """The validators and the configuration of a model."""
    if not any(
        (isinstance(item, model.ClassDefinition) and item.name == "Config")
        or (isinstance(item, model.FunctionDefinition) and item.decorators)
        for item in definition.body
    ):
        return
    cls = evaluator.scope_of(module).names.get(definition.name)
    if not isinstance(cls, ClassValue) or cls.definition is not definition or not fields.is_pydantic(cls):
        return
    for item in definition.body:
        if isinstance(item, model.ClassDefinition) and item.name == "Config":
            span = Span(item.line, item.column, item.line, item.column + len("class Config"))
            yield Idiom("class Config", "model_config = ConfigDict(…)", module.path, span)
        elif isinstance(item, model.FunctionDefinition):
            for decorator in item.decorators:
                called = decorator.function if isinstance(decorator, model.Call) else decorator
                value = evaluator.evaluate(called, Frame(cls.scope))
                new = _DECORATORS.get(library.canonical(value.name)) if isinstance(value, External) else None
                if new is not None:
                    span = (
                        Span(decorator.line, decorator.column, decorator.end_line, decorator.end_column)
                        if isinstance(decorator, model.Call)
                        else Span(item.first_line, item.column, item.first_line, item.column)
                    )
                    old = value.name.rpartition(".")[2] if isinstance(value, External) else ""
                    yield Idiom(f"@{old}", f"@{new}", module.path, span)


def _asks_version(function: Function) -> bool:
    """Whether a function looks which Pydantic there is before it calls either's methods."""
    for statement in statements(function.definition.body):
        for item in expressions(statement):
            if isinstance(item, model.Name) and item.id in _VERSION:
                return True
            if isinstance(item, model.Call) and isinstance(item.function, model.Name):
                asked = item.function.id in {"hasattr", "getattr"} and len(item.arguments) > 1
                if asked and getattr(item.arguments[1], "value", "") in {*_METHODS, *_METHODS.values()}:
                    return True
    return False

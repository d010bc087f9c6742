"""From which origins browsers may read an application's answers: what its CORS middleware is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import Collection, External, Literal
from fastapi_lint.application.wiring.middleware import CORS, layers
from fastapi_lint.application.written import dotted, expressions, names_of, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routing import Router

_ARGUMENTS: Final = frozenset({"allow_origins", "allow_origin_regex", "allow_credentials"})
_STRANGERS: Final = ("https://nobody-knows-me.test", "http://nobody-knows-me.test")


@dataclass(frozen=True, slots=True)
class AnyOrigin:
    """CORS middleware that lets every origin in; `by` is the argument that does.

    `with_credentials`: cookies and other credentials too; None where nothing is said of them.
    """

    module: Module
    call: model.Call
    by: str
    with_credentials: bool | None


def any_origin(application: Application) -> Iterator[AnyOrigin]:
    """The applications that every origin may read, as far as the code alone says so."""
    modules = application.modules.by_path.values()
    for router in application.routers:
        for module, call, keywords in _added(router):
            by = _opening(keywords)
            credentials = keywords.get("allow_credentials")
            if not by or not (credentials is None or isinstance(credentials, Literal)):
                continue
            written = [item.value for item in call.keywords if item.name in _ARGUMENTS]
            if all(_is_written_out(item, modules) for item in written):
                stated = bool(credentials.value) if credentials is not None else None
                yield AnyOrigin(module, call, by, stated)


def _added(router: Router) -> Iterator[tuple[Module, model.Call, Mapping[str, Value]]]:
    """CORS middleware with its arguments, as `add_middleware` or the application's constructor has it."""
    for layer in layers(router):
        if layer.uncertain or layer.call is None or not _is_cors(layer.value):
            continue
        calls = [layer.call]
        if layer.call is router.call:  # the list is written elsewhere
            calls = [call for call in _calls(layer.module) if _is_description(call)]
        if len(calls) == 1:
            yield layer.module, calls[0], layer.keywords


def _calls(module: Module) -> Iterator[model.Call]:
    for statement in nested_statements(module.facts.body):
        for expression in expressions(statement):
            if isinstance(expression, model.Call):
                yield expression


def _is_description(call: model.Call) -> bool:
    """Whether a call is `Middleware(CORSMiddleware, …)`, as it is written."""
    return (
        bool(call.arguments)
        and dotted(call.arguments[0]).endswith("CORSMiddleware")
        and (dotted(call.function).rpartition(".")[2] == "Middleware")
    )


def _is_written_out(expression: model.Expression, modules: Iterable[Module], depth: int = 3) -> bool:
    """Whether an argument is a literal, a display of literals or a constant, and no setting's default."""
    if isinstance(expression, model.Sequence):
        return all(_is_written_out(item, modules, 0) for item in expression.items)
    if isinstance(expression, model.Name) and depth:
        values = [
            statement.value
            for module in modules
            for statement in nested_statements(module.facts.body)
            if isinstance(statement, model.Assignment) and statement.value is not None
            for target in statement.targets
            for name in names_of(target)
            if name == expression.id
        ]
        return bool(values) and all(_is_written_out(value, modules, depth - 1) for value in values)
    return isinstance(expression, (model.Constant, model.Masked))


def _is_cors(value: Value) -> bool:
    """Whether it is that middleware itself: a subclass may judge origins in its own way."""
    return isinstance(value, External) and value.name in CORS


def _opening(keywords: Mapping[str, Value]) -> str:
    """The argument by which every origin is let in, as it is written; empty without one."""
    origins, pattern = keywords.get("allow_origins"), keywords.get("allow_origin_regex")
    listed = origins.items if isinstance(origins, Collection) and origins.complete else [origins]
    if any(isinstance(item, Literal) and item.value == "*" for item in listed):
        return 'allow_origins=["*"]'
    if isinstance(pattern, Literal) and isinstance(pattern.value, str) and _matches_strangers(pattern.value):
        return "allow_origin_regex"
    return ""


def _matches_strangers(pattern: str) -> bool:
    try:
        return any(re.fullmatch(pattern, stranger) is not None for stranger in _STRANGERS)
    except re.error:
        return False

"""Tables that an application creates when it starts, instead of migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import FunctionValue
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.lifecycle import lifespan_of
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.application.written import blocks, dotted, expressions, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

_TRYING_OUT: Final = frozenset(
    split("main debug demo dev develop development local memory migrate reset sqlite test testing tests")
)
"""Words of conditions under which there is nothing to migrate."""
_CREATES: Final = "create_all"


def created_at_start(application: Application) -> Iterator[tuple[Module, Span]]:
    """Where `create_all` runs when the application starts or is imported: the module, and the place.

    What only happens under some condition of a developer's machine, or in memory, doesn't count.
    """
    seen: set[tuple[str, int, int]] = set()
    for module in application.modules.by_path.values():
        if not module.roles & {"test", "migration", "script", "example"}:
            for span in _creations(module.facts.body):
                seen.add((module.path, span.line, span.column))
                yield module, span
    for function in _run_at_start(application):
        if function.module.roles & {"test", "migration", "script", "example"}:
            continue
        for span in _creations(function.definition.body):
            key = (function.path, span.line, span.column)
            if key not in seen:
                seen.add(key)
                yield function.module, span


def _creations(block: Iterable[model.Statement]) -> Iterator[Span]:
    """The calls that create all tables, or have it done, outside of functions and of such conditions."""
    for statement in block:
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            continue
        if isinstance(statement, model.If) and _is_about_trying_out(statement.test):
            yield from _creations(statement.orelse)
            continue
        for part in expressions(statement):
            if (
                isinstance(part, model.Call)
                and _creates(part)
                and not any(isinstance(inner, model.Call) and _creates(inner) for inner in expressions(part))
            ):
                yield Span(part.line, part.column, part.end_line, part.end_column)
        for inner_block in blocks(statement):
            yield from _creations(inner_block)


def _creates(call: model.Call) -> bool:
    """Whether it is `metadata.create_all(engine)`, or `connection.run_sync(metadata.create_all)`."""
    handed = call.arguments[0] if call.arguments and dotted(call.function).endswith(".run_sync") else None
    return any(
        isinstance(item, model.Attribute)
        and item.name == _CREATES
        and "metadata" in dotted(item.value).lower()
        for item in (call.function, handed)
    )


def _is_about_trying_out(test: model.Expression) -> bool:
    return any(
        not _TRYING_OUT.isdisjoint(words(text))
        for part in (test, *expressions(test))
        for text in (
            [part.id]
            if isinstance(part, model.Name)
            else [part.name]
            if isinstance(part, model.Attribute)
            else [part.value]
            if isinstance(part, model.Constant) and isinstance(part.value, str)
            else []
        )
    )


def _run_at_start(application: Application) -> list[Function]:
    """The lifespans and handlers of events of applications, with the functions that they call."""
    waiting: list[Function] = []
    for router in application.routers:
        lifespan = lifespan_of(router) if router.kind == APP else None
        values = [lifespan, *(item.value for item in router.additions if item.event == "startup")]
        waiting += [application.function_of(value) for value in values if isinstance(value, FunctionValue)]
    found: dict[int, Function] = {}
    while waiting:
        function = waiting.pop()
        if id(function) in found:
            continue
        found[id(function)] = function
        skipped = {
            id(part)
            for statement in statements(function.definition.body)
            if isinstance(statement, model.If) and _is_about_trying_out(statement.test)
            for inner in statements(statement.body)
            for part in expressions(inner)
        }
        waiting += [
            callee
            for meaning in application.body(function).calls.values()
            if meaning.node is None or id(meaning.node) not in skipped
            for callee in meaning.functions
        ]
    return sorted(found.values(), key=lambda item: (item.path, item.line))

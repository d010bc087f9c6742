"""Tasks of the event loop that nothing refers to once they are started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.written import everything_in, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning

STARTING: Final = frozenset(
    {"asyncio.create_task", "asyncio.ensure_future", "asyncio.AbstractEventLoop.create_task"}
)
"""What starts a task to which the event loop itself keeps a weak reference alone."""


def forgotten_tasks(body: Body) -> Iterator[CallMeaning]:
    """The calls of a function that start a task, and drop it or give it a name that nothing reads."""
    if not any(meaning.name in STARTING for meaning in body.calls.values()):
        return
    definition = body.function.definition
    for statement in nested_statements(definition.body):
        meaning = body.call(_lost(statement, definition))
        if meaning is not None and meaning.name in STARTING:
            yield meaning


def _lost(statement: model.Statement, definition: model.FunctionDefinition) -> model.Expression | None:
    """The expression of a statement whose value nothing reads."""
    if isinstance(statement, model.ExpressionStatement):
        return statement.value
    is_unread = isinstance(statement, model.Assignment) and _is_unread(statement, definition)
    return statement.value if is_unread and isinstance(statement, model.Assignment) else None


def _is_unread(statement: model.Assignment, definition: model.FunctionDefinition) -> bool:
    """Whether nothing in a function reads the one name that an assignment binds."""
    target = statement.targets[0] if len(statement.targets) == 1 else None
    if not isinstance(target, model.Name):
        return False
    reads = sum(isinstance(node, model.Name) and node.id == target.id for node in everything_in([definition]))
    writes = sum(
        isinstance(other, model.Assignment) and target in other.targets
        for other in nested_statements(definition.body)
    )
    shared = any(
        isinstance(other, model.Scope) and target.id in other.names
        for other in nested_statements(definition.body)
    )
    return reads == writes and not shared

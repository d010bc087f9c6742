"""What stands where in a module: from a line to the statements around it and to the name of that place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.model import ClassDefinition, FunctionDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.facts.model import Statement


def statements_around(line: int, body: Sequence[Statement]) -> Iterator[Statement]:
    """Give the statements of a module with this body that a line (from 1) belongs to, from the outside in.

    Decorators belong to what they decorate.
    """
    for statement in body:
        if getattr(statement, "first_line", statement.line) <= line <= statement.end_line:
            yield statement
            for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
                for name in ("body", "orelse", "finalbody"):
                    yield from statements_around(line, getattr(part, name, ()))


def symbol_at(line: int, body: Sequence[Statement]) -> str:
    """Give the dotted name of the innermost function or class around a line; empty outside of any."""
    definitions = (FunctionDefinition, ClassDefinition)
    return ".".join(item.name for item in statements_around(line, body) if isinstance(item, definitions))

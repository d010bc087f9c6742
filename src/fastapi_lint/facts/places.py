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
    waiting = list(reversed(body))
    while waiting:  # and no recursion: a long chain of `elif` is as deep as it is long
        statement = waiting.pop()
        if getattr(statement, "first_line", statement.line) <= line <= statement.end_line:
            yield statement
            parts = (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
            blocks = (getattr(part, name, ()) for part in parts for name in ("body", "orelse", "finalbody"))
            waiting += reversed([inner for block in blocks for inner in block])


def symbol_at(line: int, body: Sequence[Statement]) -> str:
    """Give the dotted name of the innermost function or class around a line; empty outside of any."""
    definitions = (FunctionDefinition, ClassDefinition)
    return ".".join(item.name for item in statements_around(line, body) if isinstance(item, definitions))

"""The parts of a module's text that hold some of its functions, as a module of their own.

LibCST takes ten times as long as Python to read a text, and most rules look into handlers alone. An excerpt
keeps every line as it is, indentation included: a method becomes the only statement of a block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts import model
from fastapi_lint.source.reading import split_lines_with_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK = "if 0:\n"
MOST_LINES = 1_500
"""Of an excerpt, if it isn't of one function alone: a tree takes a hundred times the memory of its text."""


def portions(functions: Iterable[model.FunctionDefinition]) -> Iterator[list[model.FunctionDefinition]]:
    """Give the functions in portions to make excerpts of, in order; those inside of another one with that."""
    portion: list[model.FunctionDefinition] = []
    lines = last = 0
    for function in sorted(functions, key=lambda function: function.first_line):
        if function.end_line > last:
            length = function.end_line - function.first_line
            if portion and lines + length > MOST_LINES:
                yield portion
                portion, lines = [], 0
            lines += length
            last = function.end_line
        portion.append(function)
    if portion:
        yield portion


def excerpt(
    text: str, functions: Iterable[model.FunctionDefinition]
) -> tuple[str, tuple[model.Statement, ...]]:
    """Give the text of the functions, and the statements of facts that stand in it.

    A function inside of another one of them comes with that.
    """
    lines = split_lines_with_ends(text)
    parts: list[str] = []
    statements: list[model.Statement] = []
    last = 0
    for function in sorted(functions, key=lambda function: function.first_line):
        if function.end_line <= last:
            continue
        last = function.end_line
        own = lines[function.first_line - 1 : last]
        if own[0][:1].isspace():
            parts.append(_BLOCK)
            statements.append(model.If(0, 0, 0, 0, model.Other(), (function,), ()))
        else:
            statements.append(function)
        parts += own
        if not own[-1].endswith(("\n", "\r")):
            parts.append("\n")
    return "".join(parts), tuple(statements)

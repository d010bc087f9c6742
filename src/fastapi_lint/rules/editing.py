"""Edits that fixes are made of, worked out from nodes and the text around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.diagnostics import Span
from fastapi_lint.source.reading import line_starts, split_lines

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.diagnostics import Edit
    from fastapi_lint.rules.base import Visitor


def added_argument(visitor: Visitor, text: str, call: cst.Call, code: str) -> Edit:
    """Pass one more argument to a call, on a line of its own where the last one has its own."""
    whole = visitor.span(call)
    if not call.args:
        place = Span(whole.end_line, whole.end_column - 1, whole.end_line, whole.end_column - 1)
        return visitor.edit(place, code)
    last = visitor.span(call.args[-1])
    before = split_lines(text)[last.line - 1][: last.column - 1]
    separator = ", " if before.strip() else f",\n{before}"
    return visitor.edit(
        Span(last.end_line, last.end_column, last.end_line, last.end_column), separator + code
    )


def return_annotation(visitor: Visitor, text: str, function: cst.FunctionDef, code: str) -> Edit | None:
    """Write or replace the annotation of what a function returns; None where its place isn't found."""
    import libcst as cst  # noqa: PLC0415 - there are no visitors where it isn't imported already

    if function.returns is not None:
        return visitor.edit(function.returns.annotation, code)
    parameters = function.params
    every = [
        *parameters.posonly_params,
        *parameters.params,
        *parameters.kwonly_params,
        parameters.star_arg,
        parameters.star_kwarg,
    ]
    ends: list[cst.BaseExpression] = [function.name]
    for parameter in every:
        if isinstance(parameter, cst.Param):
            annotation = parameter.annotation.annotation if parameter.annotation else None
            ends.append(parameter.default or annotation or parameter.name)
    last = max(ends, key=lambda node: (visitor.span(node).end_line, visitor.span(node).end_column))
    end = visitor.span(last)
    starts = line_starts(text)
    # Parentheses around an expression are not in its span.
    offset = _closing(text, starts[end.end_line - 1] + end.end_column - 1, len(last.lpar) + 1)
    if offset is None:
        return None
    line = sum(start <= offset for start in starts)
    column = offset - starts[line - 1] + 1
    return visitor.edit(Span(line, column, line, column), f" -> {code}")


def _closing(text: str, offset: int, count: int) -> int | None:
    """The offset behind the `count`th closing parenthesis, with nothing but punctuation before it."""
    while offset < len(text):
        if text[offset] == ")":
            count -= 1
            if not count:
                return offset + 1
        if text[offset] == "#":
            offset = text.find("\n", offset)
            if offset < 0:
                return None
        elif text[offset] not in " \t\r\n,()/*\\":
            return None
        offset += 1
    return None

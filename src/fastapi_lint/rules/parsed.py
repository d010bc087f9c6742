"""A module whose syntax tree is needed: the tree, what it is among the facts, and where its nodes stand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import libcst as cst

from fastapi_lint.rules import positions
from fastapi_lint.rules.excerpts import excerpt, portions
from fastapi_lint.rules.pairing import Pairing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application import Module
    from fastapi_lint.diagnostics import Span
    from fastapi_lint.facts.model import FunctionDefinition, Statement


def parse(module: Module, text: str, functions: Iterable[FunctionDefinition]) -> Iterator[ParsedModule]:
    """Parse no more of a module than some of its functions, where they can be read without the rest.

    A long module comes in several parts, one after the other. Raises libcst.ParserSyntaxError as
    `ParsedModule` does.
    """
    for portion in portions(functions):
        parsed = _excerpt(module, text, portion)
        if parsed is None:
            yield ParsedModule(module, text, module.facts.body)
            return
        yield parsed
        del parsed  # before the next one is made


def _excerpt(module: Module, text: str, functions: Sequence[FunctionDefinition]) -> ParsedModule | None:
    part, statements = excerpt(text, functions)
    with suppress(cst.ParserSyntaxError):
        parsed = ParsedModule(module, text, statements, part)
        if all(parsed.pairing.function(function) is not None for function in functions):
            return parsed
    return None


class ParsedModule:
    """The tree of a module, or of a part of its text that holds some statements.

    Raises libcst.ParserSyntaxError for what LibCST, other than Python, doesn't read.
    """

    def __init__(
        self, module: Module, text: str, statements: Sequence[Statement], part: str | None = None
    ) -> None:
        self.module = module
        self.text = text
        self.tree = cst.parse_module(text if part is None else part)
        self.pairing = Pairing(self.tree, statements)
        self._spans: dict[int, Span] = {}

    def span(self, node: cst.CSTNode, inside: cst.CSTNode) -> Span:
        """Give the place of a node below `inside`."""
        if id(node) not in self._spans:
            self._spans[id(node)] = positions.span_of(node, inside, self.pairing)
        return self._spans[id(node)]

"""A module whose syntax tree is needed: the tree, what it is among the facts, and where its nodes stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from fastapi_lint.rules import positions
from fastapi_lint.rules.pairing import Pairing

if TYPE_CHECKING:
    from fastapi_lint.application import Module
    from fastapi_lint.diagnostics import Span


class ParsedModule:
    """Raises libcst.ParserSyntaxError for what LibCST, other than Python, doesn't read."""

    def __init__(self, module: Module, text: str) -> None:
        self.module = module
        self.tree = cst.parse_module(text)
        self.pairing = Pairing(self.tree, module.facts)
        self._spans: dict[int, Span] = {}

    def span(self, node: cst.CSTNode, inside: cst.CSTNode) -> Span:
        """Give the place of a node below `inside`."""
        if id(node) not in self._spans:
            self._spans[id(node)] = positions.span_of(node, inside, self.pairing)
        return self._spans[id(node)]

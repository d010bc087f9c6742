"""Where a node of the syntax tree stands in the file, worked out for the few nodes that are reported.

LibCST nodes know no place. Its own provider finds one by generating the code of the whole module; here only
the statement around a node is generated, up to that node, and moved to where the facts say that the statement
starts.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from libcst._nodes.internal import CodegenState

from fastapi_lint.diagnostics import Span
from fastapi_lint.rules.walking import code_children

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from fastapi_lint.rules.pairing import Pairing, Place

    Position = tuple[int, int]


def span_of(node: cst.CSTNode, inside: cst.CSTNode, pairing: Pairing) -> Span:
    """Give the place of a node below `inside`, or of that itself, without the parentheses around it.

    Raises LookupError for a node that isn't there, or that is white space or punctuation.
    """
    statement = _statement_around(node, inside, pairing)
    place = pairing.place(statement) if statement is not None else None
    if statement is None or place is None:
        raise LookupError(
            f"a {type(node).__name__} that is no part of the code that was visited has no place"
        )
    if statement is node:
        fact = place.statement
        return Span(fact.line, fact.column, fact.end_line, fact.end_column)
    return _Recording(pairing.module, statement, place, node).span()


def _statement_around(node: cst.CSTNode, inside: cst.CSTNode, pairing: Pairing) -> cst.CSTNode | None:
    """Find the innermost statement that a node belongs to."""
    pending: list[tuple[cst.CSTNode, cst.CSTNode | None]] = [(inside, None)]
    while pending:
        current, statement = pending.pop()
        if pairing.place(current) is not None:
            statement = current
        if current is node:
            return statement
        pending.extend((child, statement) for child in code_children(current))
    return None


class _Found(Exception):  # noqa: N818 - it is no error: it ends the generation of code that nobody needs
    """The place is known."""


class _Recording(CodegenState):
    """LibCST's state of code generation, which counts lines and columns and keeps no code."""

    def __init__(self, module: cst.Module, statement: cst.CSTNode, place: Place, node: cst.CSTNode) -> None:
        super().__init__(module.default_indent, module.default_newline, indent_tokens=[place.indent])
        self._statement = statement
        self._place = place
        self._node = node
        self._line = 0
        self._column = 0
        self._ends: dict[int, Position] = {}
        self._starts: dict[int, Position] = {}
        self._shift: int | None = None

    def span(self) -> Span:
        """Generate the statement's code until the node's place is known."""
        options = {"is_elif": True} if self._place.is_elif else {}
        with suppress(_Found):
            # The only way to generate a part of a module with a state of one's own.
            self._statement._codegen(self, **options)  # noqa: SLF001
        (line, column), (end_line, end_column) = self._starts[id(self._node)], self._ends[id(self._node)]
        shift = self._shift or 0
        return Span(line + shift, column + 1, end_line + shift, end_column + 1)

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        if "\n" in value or "\r" in value:
            lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._line += len(lines) - 1
            self._column = len(lines[-1])
        else:
            self._column += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if node is self._node:
            self._starts[id(node)] = (self._line, self._column)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self._ends.setdefault(id(node), (self._line, self._column))
        if node is self._node and self._shift is not None:
            raise _Found

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        if node is self._statement:
            self._reach_statement()
        self._starts[id(node)] = (self._line, self._column)
        yield
        if start_node is not None:
            self._starts[id(node)] = self._starts[id(start_node)]
        self._ends[id(node)] = (self._line, self._column) if end_node is None else self._ends[id(end_node)]

    def _reach_statement(self) -> None:
        """Count lines as the file does from here on; of decorators, which came before, the shift is known."""
        fact = self._place.statement
        self._shift = fact.line - self._line
        self._column = fact.column - 1
        if id(self._node) in self._ends:
            raise _Found

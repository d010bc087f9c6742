"""Pair the statements of a syntax tree with those of the facts, and on demand the expressions inside them.

Visitors look at LibCST's nodes, the application answers questions about the facts' expressions: this is the
bridge. The statements of both trees come one to one in the same order, since both come from the same text; a
block in which they don't is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import libcst as cst

from fastapi_lint.facts import model as facts
from fastapi_lint.facts.reader import TYPE_PARAMETERS
from fastapi_lint.rules import lockstep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement
    Block = cst.Module | cst.BaseSuite | cst.If

_KINDS: dict[type[cst.CSTNode], tuple[type[facts.Statement], ...]] = {
    cst.AnnAssign: (facts.Assignment,),
    cst.Assert: (facts.Assert,),
    cst.Assign: (facts.Assignment,),
    cst.AugAssign: (facts.AugmentedAssignment,),
    cst.Break: (facts.Simple,),
    cst.ClassDef: (facts.ClassDefinition,),
    cst.Continue: (facts.Simple,),
    cst.Del: (facts.Delete,),
    cst.Expr: (facts.ExpressionStatement, facts.Simple),
    cst.For: (facts.For,),
    cst.FunctionDef: (facts.FunctionDefinition,),
    cst.Global: (facts.Scope,),
    cst.If: (facts.If,),
    cst.Import: (facts.Import,),
    cst.ImportFrom: (facts.ImportFrom,),
    cst.Match: (facts.Match,),
    cst.Nonlocal: (facts.Scope,),
    cst.Pass: (facts.Simple,),
    cst.Raise: (facts.Raise,),
    cst.Return: (facts.Return,),
    cst.Try: (facts.Try,),
    cst.TryStar: (facts.Try,),
    cst.TypeAlias: (facts.TypeAlias, facts.Assignment),  # the latter where Python is older than the syntax
    cst.While: (facts.While,),
    cst.With: (facts.With,),
}


class Place(NamedTuple):
    """A statement's facts, the white space before each line of its block, and whether it is an `elif`."""

    statement: facts.Statement
    indent: str
    is_elif: bool


class Pairing:
    """What the nodes of a module are among the facts of its statements; nodes are known by their identity."""

    def __init__(self, module: cst.Module, statements: Sequence[facts.Statement]) -> None:
        self.module = module
        self._places: dict[int, Place] = {}
        self._functions: dict[int, cst.FunctionDef] = {}
        self._expressions: dict[int, facts.Expression] = {}
        self._explored: set[int] = set()
        self._pair_statements(statements)

    def place(self, statement: cst.CSTNode) -> Place | None:
        """Where a statement stands; None for a node that is none (a `SimpleStatementLine` holds several)."""
        return self._places.get(id(statement))

    def function(self, definition: facts.FunctionDefinition) -> cst.FunctionDef | None:
        """The node of a function of this module's facts, which is known by its identity."""
        return self._functions.get(id(definition))

    def expression(self, node: cst.CSTNode, inside: cst.CSTNode) -> facts.Expression | None:
        """The facts' expression for a node that stands somewhere `inside` a statement or the module."""
        if id(inside) not in self._explored:
            self._explored.add(id(inside))
            for statement in statements_in(inside):
                place = self._places.get(id(statement))
                if place is not None:
                    lockstep.pair(_expressions(statement, place.statement), self._expressions)
        return self._expressions.get(id(node))

    def _pair_statements(self, body: Sequence[facts.Statement]) -> None:
        pending: list[tuple[Block, Sequence[facts.Statement], str]] = [(self.module, body, "")]
        while pending:
            block, values, indent = pending.pop()
            if isinstance(block, cst.IndentedBlock):
                indent += self.module.default_indent if block.indent is None else block.indent
            nodes = list(_statements_of(block))
            if len(nodes) != len(values):
                continue
            for node, value in zip(nodes, values, strict=True):
                if isinstance(value, _KINDS.get(type(node), ())):
                    self._places[id(node)] = Place(value, indent, isinstance(block, cst.If))
                    if isinstance(value, facts.FunctionDefinition) and isinstance(node, cst.FunctionDef):
                        self._functions[id(value)] = node
                    blocks, bodies = _blocks(node), _bodies(value)
                    if len(blocks) == len(bodies):
                        pending += [
                            (inner, inner_values, indent)
                            for inner, inner_values in zip(blocks, bodies, strict=True)
                            if inner is not None
                        ]


def statements_in(node: cst.CSTNode) -> Iterator[Statement]:
    """Give every statement from a statement or a module downwards, itself included."""
    pending: list[cst.CSTNode] = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Module):
            pending.extend(_statements_of(node))
        elif isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            yield node
            for block in _blocks(node):
                pending.extend(() if block is None else _statements_of(block))


def _statements_of(block: Block) -> Iterator[Statement]:
    if isinstance(block, cst.If):
        yield block
        return
    for item in block.body:
        if isinstance(item, cst.SimpleStatementLine):
            yield from item.body
        elif isinstance(item, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            yield item


def _blocks(node: Statement) -> list[Block | None]:
    """The blocks of a statement in the order of `_bodies`; an `elif` is a block of one statement."""
    if isinstance(node, cst.If):
        return [node.body, node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse]
    if isinstance(node, (cst.For, cst.While)):
        return [node.body, node.orelse.body if node.orelse else None]
    if isinstance(node, (cst.Try, cst.TryStar)):
        handlers: list[Block | None] = [handler.body for handler in node.handlers]
        return [
            node.body,
            *handlers,
            node.orelse.body if node.orelse else None,
            node.finalbody.body if node.finalbody else None,
        ]
    if isinstance(node, cst.Match):
        return [case.body for case in node.cases]
    return [node.body] if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.With)) else []


def _bodies(value: facts.Statement) -> list[tuple[facts.Statement, ...]]:
    if isinstance(value, (facts.If, facts.For, facts.While)):
        return [value.body, value.orelse]
    if isinstance(value, facts.Try):
        return [value.body, *(handler.body for handler in value.handlers), value.orelse, value.finalbody]
    if isinstance(value, facts.Match):
        return [case.body for case in value.cases]
    return (
        [value.body]
        if isinstance(value, (facts.FunctionDefinition, facts.ClassDefinition, facts.With))
        else []
    )


def _expressions(node: Statement, value: facts.Statement) -> Iterable[lockstep.Pair]:
    """Pair the expressions that stand in a statement itself, not in its blocks."""
    pairs = _EXPRESSIONS.get(type(node))
    return (pairs(node, value) or ()) if pairs else ()


def _function(node: cst.FunctionDef, value: facts.FunctionDefinition) -> lockstep.Pairs:
    return [
        *_decorators(node.decorators, value.decorators),
        *(lockstep.parameters(node.params, value.parameters) or ()),
        *lockstep.optional(node.returns and node.returns.annotation, value.returns),
    ]


def _class(node: cst.ClassDef, value: facts.ClassDefinition) -> lockstep.Pairs:
    keywords = [keyword for keyword in value.keywords if keyword.name != TYPE_PARAMETERS]
    return [
        *_decorators(node.decorators, value.decorators),
        *(lockstep.arguments([*node.bases, *node.keywords], value.bases, keywords) or ()),
    ]


def _decorators(
    nodes: Sequence[cst.Decorator], values: Sequence[facts.Expression]
) -> Iterable[lockstep.Pair]:
    return lockstep.in_step([node.decorator for node in nodes], values) or ()


def _del(node: cst.Del, value: facts.Delete) -> lockstep.Pairs:
    target = node.target
    if isinstance(target, cst.Tuple) and not target.lpar:
        return lockstep.in_step([element.value for element in target.elements], value.targets)
    return lockstep.in_step([target], value.targets)


def _with(node: cst.With, value: facts.With) -> lockstep.Pairs:
    if len(node.items) != len(value.items):
        return None
    pairs: list[lockstep.Pair] = []
    for item, fact in zip(node.items, value.items, strict=True):
        pairs += [
            (item.item, fact.context),
            *lockstep.optional(item.asname and item.asname.name, fact.target),
        ]
    return pairs


def _try(node: cst.Try | cst.TryStar, value: facts.Try) -> lockstep.Pairs:
    if len(node.handlers) != len(value.handlers):
        return None
    types = [handler.type for handler in node.handlers]
    return [
        pair
        for type_, fact in zip(types, value.handlers, strict=True)
        for pair in lockstep.optional(type_, fact.type)
    ]


def _match(node: cst.Match, value: facts.Match) -> lockstep.Pairs:
    """The subject and the guards: the facts keep less of patterns than could be paired."""
    if len(node.cases) != len(value.cases):
        return None
    guards = [
        pair
        for case, fact in zip(node.cases, value.cases, strict=True)
        for pair in lockstep.optional(case.guard, fact.guard)
    ]
    return [(node.subject, value.subject), *guards]


def _assignment(node: cst.Assign, value: facts.Assignment) -> lockstep.Pairs:
    targets = lockstep.in_step([target.target for target in node.targets], value.targets)
    return [*(targets or ()), *lockstep.optional(node.value, value.value)]


def _annotated_assignment(node: cst.AnnAssign, value: facts.Assignment) -> lockstep.Pairs:
    return [
        *(lockstep.in_step([node.target], value.targets) or ()),
        *lockstep.optional(node.annotation.annotation, value.annotation),
        *lockstep.optional(node.value, value.value),
    ]


def _expression_statement(node: cst.Expr, value: facts.ExpressionStatement | facts.Simple) -> lockstep.Pairs:
    return ((node.value, value.value),) if isinstance(value, facts.ExpressionStatement) else ()


def _raise(node: cst.Raise, value: facts.Raise) -> lockstep.Pairs:
    return [
        *lockstep.optional(node.exc, value.exception),
        *lockstep.optional(node.cause and node.cause.item, value.cause),
    ]


_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[Any, Any], lockstep.Pairs]] = {
    cst.AnnAssign: _annotated_assignment,
    cst.Assert: lambda node, value: [(node.test, value.test), *lockstep.optional(node.msg, value.message)],
    cst.Assign: _assignment,
    cst.AugAssign: lambda node, value: [(node.target, value.target), (node.value, value.value)],
    cst.ClassDef: _class,
    cst.Del: _del,
    cst.Expr: _expression_statement,
    cst.For: lambda node, value: [(node.target, value.target), (node.iter, value.iterable)],
    cst.FunctionDef: _function,
    cst.If: lambda node, value: [(node.test, value.test)],
    cst.Match: _match,
    cst.Raise: _raise,
    cst.Return: lambda node, value: lockstep.optional(node.value, value.value),
    cst.Try: _try,
    cst.TryStar: _try,
    cst.TypeAlias: lambda node, value: [(node.value, value.value)],
    cst.While: lambda node, value: [(node.test, value.test)],
    cst.With: _with,
}

"""Rewrite syntax that is newer than the running Python, so that `ast` can read it.

The environment that a hook runs in is often older than the project's Python. LibCST's parser knows newer
grammars; what it finds of them is replaced by older syntax that says the same to whoever links the facts, on
the same lines. This module imports LibCST, so it is imported only for a file that `ast` refuses.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from fastapi_lint.facts.reader import TYPE_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEEPEST_NESTING = 200
"""Python's own limit; LibCST has none, and would end the process on texts that go much deeper."""


def lower(text: str) -> str | None:
    """Give a text that says the same in older syntax, with as many lines; None if that can't be done."""
    if _nesting(text) > DEEPEST_NESTING:
        return None
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError:
        return None
    lowered = module.visit(_Lowering()).code
    return lowered if lowered.count("\n") == text.count("\n") else None


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


class _Lowering(cst.CSTTransformer):
    """Replaces each piece of syntax that came after Python 3.10, whether or not the running Python has it."""

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        replace = _REPLACEMENTS.get(type(original_node))
        return updated_node if replace is None else replace(updated_node)  # type: ignore[return-value]


def _function(node: cst.FunctionDef) -> cst.FunctionDef:
    """PEP 695: type parameters of functions."""
    return node.with_changes(type_parameters=None)


def _class(node: cst.ClassDef) -> cst.ClassDef:
    """PEP 695: type parameters of classes; a keyword keeps their names."""
    if node.type_parameters is None:
        return node
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    names = [
        cst.Element(cst.SimpleString(repr(item.param.name.value)), comma=comma)
        for item in node.type_parameters.params
    ]
    keyword = cst.Arg(cst.Tuple(names), keyword=cst.Name(TYPE_PARAMETERS))
    return node.with_changes(
        type_parameters=None,
        bases=[base.with_changes(comma=comma) for base in node.bases],
        keywords=[*(item.with_changes(comma=comma) for item in node.keywords), keyword],
        lpar=node.lpar if isinstance(node.lpar, cst.LeftParen) else cst.LeftParen(),
        rpar=node.rpar if isinstance(node.rpar, cst.RightParen) else cst.RightParen(),
    )


def _type_alias(node: cst.TypeAlias) -> cst.Assign:
    """PEP 695: `type X = …`."""
    return cst.Assign([cst.AssignTarget(node.name)], node.value, semicolon=node.semicolon)


def _formatted_string(node: cst.FormattedString) -> cst.BaseExpression:
    """PEP 701: quotes, comments and line breaks inside of f-strings."""
    try:
        ast.parse(_code(node))
    except SyntaxError:
        inner = [part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
        return _text_of(inner, _code(node))
    return node


def _template_string(node: cst.TemplatedString) -> cst.BaseExpression:
    """PEP 750: template strings."""
    inner = [part.expression for part in node.parts if isinstance(part, cst.TemplatedStringExpression)]
    return _text_of(inner, _code(node))


def _text_of(expressions: Iterable[cst.BaseExpression], code: str) -> cst.BaseExpression:
    """Give `("" % (a, b,))`: a text that holds the same expressions, on as many lines as `code`."""
    elements = [cst.Element(expression, comma=cst.Comma()) for expression in expressions]
    operation = cst.BinaryOperation(cst.SimpleString('""'), cst.Modulo(), cst.Tuple(elements))
    missing = code.count("\n") - _code(operation).count("\n")
    space = cst.SimpleWhitespace("")
    if missing > 0:
        lines = [cst.EmptyLine(indent=False)] * (missing - 1)
        opening = cst.LeftParen(cst.ParenthesizedWhitespace(empty_lines=lines))
    else:
        opening = cst.LeftParen(space)
    return operation.with_changes(lpar=[opening], rpar=[cst.RightParen()])


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _except(node: cst.ExceptHandler) -> cst.ExceptHandler:
    """PEP 758: several exceptions without parentheses."""
    caught = node.type
    if isinstance(caught, cst.Tuple) and not caught.lpar:
        caught = caught.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node.with_changes(type=caught)


def _try_star(node: cst.TryStar) -> cst.Try:
    """PEP 654: exception groups."""
    handlers = [
        cst.ExceptHandler(handler.body, handler.type, handler.name, handler.leading_lines)
        for handler in node.handlers
    ]
    return cst.Try(node.body, handlers, node.orelse, node.finalbody, node.leading_lines)


def _index(node: cst.Index) -> cst.Index:
    """PEP 646: a star in a subscript."""
    return node if node.star is None else node.with_changes(star=None, whitespace_after_star=None)


def _parameter(node: cst.Param) -> cst.Param:
    """PEP 646: a star in the annotation of `*args`."""
    annotation = node.annotation
    starred = annotation is not None and isinstance(annotation.annotation, cst.StarredElement)
    return node.with_changes(annotation=None) if starred else node


_REPLACEMENTS: dict[type[cst.CSTNode], Callable[..., cst.CSTNode]] = {
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.TypeAlias: _type_alias,
    cst.FormattedString: _formatted_string,
    cst.TemplatedString: _template_string,
    cst.ExceptHandler: _except,
    cst.TryStar: _try_star,
    cst.Index: _index,
    cst.Param: _parameter,
}

"""Walk a syntax tree once for many visitors, over the fields that can hold code.

LibCST's own `visit` goes through every piece of white space and rebuilds every node on its way: on a large
code base that took eight times as long as this walk. Here a table leads from a node's type straight to the
bound methods that want it, and a second one to the fields below it that can hold code. Visitors are written
as LibCST's are: `visit_X` before the children of a node, `leave_X` after them, and a `visit_X` that returns
False keeps its own visitor, and no other, out of the children.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from typing import TYPE_CHECKING, Any

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Method = Callable[[Any], "bool | None"]
    Call = Callable[[object, Method, Any], "bool | None"]

_NO_CODE = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Newline,
    cst.Comment,
    cst.Comma,
    cst.Semicolon,
    cst.Colon,
    cst.Dot,
    cst.AssignEqual,
    cst.LeftParen,
    cst.RightParen,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.BaseUnaryOp,
    cst.BaseBooleanOp,
    cst.BaseBinaryOp,
    cst.BaseCompOp,
    cst.BaseAugOp,
    cst.Asynchronous,
    cst.ParamSlash,
)
"""White space, punctuation and operators hold no code of their own: a visitor reads them off their parent."""

_IN_SOURCE_ORDER: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.Arg: ("keyword", "value"),
    cst.ClassDef: ("decorators", "name", "type_parameters", "bases", "keywords", "body"),
    cst.ExceptHandler: ("type", "name", "body"),
    cst.ExceptStarHandler: ("type", "name", "body"),
    cst.FunctionDef: ("decorators", "name", "type_parameters", "params", "returns", "body"),
    cst.IfExp: ("body", "test", "orelse"),
    cst.MatchCase: ("pattern", "guard", "body"),
    cst.Parameters: ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    cst.TypeAlias: ("name", "type_parameters", "value"),
}
"""The fields of the nodes that declare them in another order than the source has them in."""


class _CodeFields(dict[type, tuple[str, ...]]):
    """The fields that can hold code, by a node's type, in the order of the source; worked out when needed."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        if issubclass(kind, cst.CSTNode) and not issubclass(kind, _NO_CODE):
            declared = typing.get_type_hints(kind, vars(cst))
            held = [field.name for field in dataclasses.fields(kind) if _holds_code(declared[field.name])]
            names = _IN_SOURCE_ORDER.get(kind, tuple(held))
        self[kind] = names
        return names


def _holds_code(annotation: Any) -> bool:
    """Whether a field declared so can hold a node that is walked."""
    if isinstance(annotation, type):
        return issubclass(annotation, cst.CSTNode) and not issubclass(annotation, _NO_CODE)
    return any(map(_holds_code, typing.get_args(annotation)))


_code_fields = _CodeFields()


def code_children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Give the nodes directly below `node` that can hold code, in the order of the source."""
    for name in _code_fields[type(node)]:
        child = getattr(node, name)
        if isinstance(child, cst.CSTNode):
            yield child
        elif isinstance(child, (tuple, list)):
            yield from child


class Walk:
    """One table for many visitors: which methods of which of them want which type of node.

    `call(visitor, method, node)` is how the methods are called. It gives back what the method gives, and it
    is where whoever drives the rules deals with one that raises.
    """

    def __init__(self, visitors: Iterable[Any], call: Call) -> None:
        self._call = call
        self._visits: dict[type, list[tuple[object, Method]]] = {}
        self._leaves: dict[type, list[tuple[object, Method]]] = {}
        self._number = 0
        for visitor in visitors:
            self._number += 1
            kind_of_visitor: Any = type(visitor)
            for table, prefix in ((self._visits, "visit_"), (self._leaves, "leave_")):
                for kind, method in _methods(kind_of_visitor, prefix):
                    table.setdefault(kind, []).append((visitor, getattr(visitor, method)))

    def over(self, root: cst.CSTNode) -> None:
        """Drive the visitors over `root` and everything below it that can hold code."""
        self._go(root, set())

    def _go(self, node: Any, away: set[object]) -> None:
        """Drive them from one node down; those that are `away` don't want the children of some node above."""
        kind = type(node)
        call = self._call
        leaving = [(visitor, method) for visitor, method in self._leaves.get(kind, ()) if visitor not in away]
        refusing = [
            visitor
            for visitor, method in self._visits.get(kind, ())
            if visitor not in away and call(visitor, method, node) is False
        ]
        away.update(refusing)
        if len(away) < self._number:
            for name in _code_fields[kind]:
                child = getattr(node, name)
                if isinstance(child, (tuple, list)):
                    for item in child:
                        self._go(item, away)
                elif child is not None:
                    self._go(child, away)
        away.difference_update(refusing)
        for visitor, method in leaving:
            call(visitor, method, node)


@functools.cache
def _methods(visitor: type, prefix: str) -> tuple[tuple[type[cst.CSTNode], str], ...]:
    """Find the methods `visit_X` (or `leave_X`) that a class defines or inherits, with the type X.

    Raises TypeError for a method that no walk would ever call.
    """
    found = []
    for name in dir(visitor):
        if name.startswith(prefix):
            kind = getattr(cst, name[len(prefix) :], None)
            if not (isinstance(kind, type) and issubclass(kind, cst.CSTNode)) or issubclass(kind, _NO_CODE):
                raise TypeError(
                    f"{visitor.__name__}.{name} would never be called: no node of that type is walked"
                )
            found.append((kind, name))
    return tuple(found)

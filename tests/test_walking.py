"""One walk for many visitors: the nodes that LibCST's own visit would give them, in its order."""
# ruff: noqa: N802 - LibCST dictates `visit_Name`

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import libcst as cst
import pytest

from fastapi_lint.rules.walking import Walk, code_children

HERE = Path(__file__)
EVERYTHING = textwrap.dedent(
    '''
    """Docstring."""
    from __future__ import annotations
    import os.path as path, sys
    from . import *
    @decorate(1)
    class Shop[T: int, *Ts, **P](Base, metaclass=Meta):
        field: int = 1; other = 2
    type Alias[T] = list[T]
    @router.post("/", status_code=201)
    async def handler(a, /, b: int = 1, *args: str, c=None, **kwargs) -> None:
        """Docstring."""
        global x
        async with open(a) as f, lock:
            async for i, *j in items: await f(i, *j, k=1, **m)
            else: pass
        with (a as b): pass
        try: raise A from b
        except A as error: return
        except (B, C): x += 1
        else: y = [i async for i in j if i if k for l in m]
        finally: del x, y[0]
        try: pass
        except* A: pass
        while (n := next(x)) and not -n: break
        else: continue
        if a < b <= c: yield
        elif a and b or c: yield from d
        else: z = lambda q, *r: q if r else {1: 2, **s}
        assert {1, *t}, f"{u!r:>{v}} {w=}" "text"; b"bytes"
        match x:
            case [1, *rest] | {"a": b, **more} if c: ...
            case Point(x=0) as p: ...
            case (None, a.b): ...
        return (x[1:2, ::3], {k: v for k, v in e}, {g for g in h}, (g for g in h), 1.5, 2j)
    '''
)


class Everything(cst.CSTVisitor):
    """What LibCST itself visits, without white space, punctuation and operators."""

    UNSEEN = (
        cst.BaseParenthesizableWhitespace,
        cst.TrailingWhitespace,
        cst.EmptyLine,
        cst.Newline,
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

    def __init__(self) -> None:
        self.seen: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, self.UNSEEN):
            return False
        self.seen.append(node)
        return True


def below(node: cst.CSTNode) -> list[cst.CSTNode]:
    return [node, *(inner for child in code_children(node) for inner in below(child))]


@pytest.mark.parametrize("text", [EVERYTHING, HERE.read_text()], ids=["all syntax", "this file"])
def test_the_walk_sees_what_libcst_visits_in_the_same_order(text: str) -> None:
    module = cst.parse_module(text)
    everything = Everything()
    module.visit(everything)
    mine = below(module)
    assert [type(node) for node in mine] == [type(node) for node in everything.seen]
    assert all(node is other for node, other in zip(mine, everything.seen, strict=True))


def call(_visitor: object, method: Any, node: cst.CSTNode) -> bool | None:
    result: bool | None = method(node)
    return result


class Names:
    """Writes down what it is called with."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def visit_Name(self, node: cst.Name) -> None:
        self.log.append(node.value)


class Calls(Names):
    def visit_Call(self, node: cst.Call) -> bool:
        self.log.append("(")
        return not node.args

    def leave_Call(self, node: cst.Call) -> None:
        del node
        self.log.append(")")


def walk(text: str, *visitors: object) -> None:
    Walk(visitors, call).over(cst.parse_module(text))


def test_a_visitor_hears_of_nodes_before_and_after_their_children() -> None:
    calls = Calls()
    walk("f()", calls)
    assert calls.log == ["(", "f", ")"]


def test_a_visitor_that_returns_false_is_kept_out_of_the_children_alone() -> None:
    calls, names = Calls(), Names()
    walk("f(g()); h()", calls, names)
    assert calls.log == ["(", ")", "(", "h", ")"]
    assert names.log == ["f", "g", "h"]


def test_nobody_is_walked_for_when_every_visitor_is_out() -> None:
    first, second = Calls(), Calls()
    walk("f(g())", first, second)
    assert first.log == second.log == ["(", ")"]


def test_methods_are_inherited() -> None:
    class Inheriting(Names):
        pass

    names = Inheriting()
    walk("a", names)
    assert names.log == ["a"]


def test_who_drives_the_walk_decides_how_methods_are_called() -> None:
    heard: list[tuple[object, str]] = []
    names = Names()

    def refuse(visitor: object, method: Any, node: cst.CSTNode) -> None:
        heard.append((visitor, f"{method.__name__} {type(node).__name__}"))

    Walk([names], refuse).over(cst.parse_module("a"))
    assert heard == [(names, "visit_Name Name")]
    assert names.log == []


@pytest.mark.parametrize(
    "method", ["visit_Nmae", "leave_Nmae", "visit_Comma", "visit_And", "visit_Call_func"]
)
def test_a_method_that_would_never_be_called_is_an_error(method: str) -> None:
    visitor = type("Mistaken", (), {method: lambda _self, _node: None})()
    with pytest.raises(TypeError, match=rf"Mistaken\.{method} would never be called"):
        Walk([visitor], call)

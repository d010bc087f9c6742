"""Nodes of the syntax tree and what the facts have for the same code: the same, or nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst
import pytest

from fastapi_lint.facts import model
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.rules.pairing import Pairing, statements_in
from fastapi_lint.rules.walking import code_children
from fastapi_lint.source.reading import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/*.py"), *ROOT.glob("tests/fixtures/*/**/*.py")])


def paired(text: str) -> Pairing:
    return Pairing(cst.parse_module(text), read_facts("main.py", text).body)


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in code_children(node):
        yield from below(child)


def fact_of(text: str, code: str) -> model.Expression | None:
    """What the facts have for the first node that is written `code`."""
    pairing = paired(text)
    for node in below(pairing.module):
        if isinstance(node, cst.BaseExpression) and pairing.module.code_for_node(node) == code:
            return pairing.expression(node, pairing.module)
    raise AssertionError(f"no expression is written {code}")


def number_of_statements(body: Sequence[model.Statement]) -> int:
    number = len(body)
    for statement in body:
        for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            for name in ("body", "orelse", "finalbody"):
                number += number_of_statements(getattr(part, name, ()))
    return number


# Statements


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_statements_and_calls_of_real_files_pair_off(file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
        ast.parse(text)  # newer syntax is lowered, which moves what follows it on its line
    except (UnicodeDecodeError, SyntaxError):
        pytest.skip("no Python of this interpreter, in UTF-8")
    facts = read_facts("main.py", text)
    pairing = Pairing(cst.parse_module(text), facts.body)
    statements = list(statements_in(pairing.module))
    assert len(statements) == number_of_statements(facts.body)
    assert all(pairing.place(statement) is not None for statement in statements)
    lines = split_lines(text)
    for call in calls_outside_of_formatted_strings(pairing.module):
        fact = pairing.expression(call, pairing.module)
        assert isinstance(fact, model.Call)
        code = pairing.module.code_for_node(call.with_changes(lpar=(), rpar=()))
        assert without_space(code_at(fact, lines)) == without_space(code)


def calls_outside_of_formatted_strings(node: cst.CSTNode) -> Iterator[cst.Call]:
    """Before Python 3.12 `ast` misplaces what stands inside of formatted strings."""
    if isinstance(node, cst.FormattedString):
        return
    if isinstance(node, cst.Call):
        yield node
    for child in code_children(node):
        yield from calls_outside_of_formatted_strings(child)


def code_at(call: model.Call, lines: list[str]) -> str:
    block = lines[call.line - 1 : call.end_line]
    block[-1] = block[-1][: call.end_column - 1]
    block[0] = block[0][call.column - 1 :]
    return "\n".join(block)


def without_space(code: str) -> str:
    return re.sub(r"\s+", "", code)


@pytest.mark.parametrize(
    "text",
    [
        "'''Docstring.'''\nx = 1\n",
        "a = 1; b = 2; pass\n",
        "if a: b; c\nelif d: e\nelse: f\n",
        "if a:\n  b\nelse:\n  if c:\n    d\n",
        "for a in b:\n  break\nelse:\n  continue\n",
        "try:\n  a\nexcept A: b\nexcept (B, C) as d:\n  e\nelse: f\nfinally:\n  g\n",
        "try: a\nexcept: b\n",
        "while a: b\nelse: c\n",
        "match a:\n  case 1 if b: c\n  case _:\n    d\n",
        "@a\n@b(c)\nclass D(E, f=g):\n  x: int\n  @h\n  async def i(self): return\n",
        "async def a():\n  async with b as c, d: pass\n  async for e in f: yield e\n",
        "del a, b\ndel (c, d)\nassert e, f\nraise g from h\nimport i, j\nfrom k import *\n",
        "def a():\n  global b\n  def c():\n    nonlocal d\n",
        "def a():\n\tif b:\n\t\treturn c\n",
        "x = 1 ; y = 2\r\nif x:\r\n  y\r\n",
        "# only a comment\n",
        "",
    ],
)
def test_statements_pair_off_one_to_one(text: str) -> None:
    pairing = paired(text)
    places = [pairing.place(statement) for statement in statements_in(pairing.module)]
    assert None not in places
    facts = {id(place.statement) for place in places if place is not None}
    assert len(facts) == len(places) == number_of_statements(read_facts("main.py", text).body)


def test_a_block_that_differs_stays_without_pairs() -> None:
    module = cst.parse_module("def a():\n  b\n  c\nd()\n")
    pairing = Pairing(module, read_facts("main.py", "def a():\n  b\nd()\n").body)
    names = [
        type(statement).__name__
        for statement in statements_in(module)
        if pairing.place(statement) is not None
    ]
    assert sorted(names) == ["Expr", "FunctionDef"]


def test_statements_of_other_kinds_stay_without_pairs() -> None:
    module = cst.parse_module("a\nb = c\n")
    pairing = Pairing(module, read_facts("main.py", "import a\nb = c\n").body)
    assert [pairing.place(statement) is None for statement in statements_in(module)].count(True) == 1


def test_a_function_is_found_by_its_facts() -> None:
    text = "def a(): pass\nclass B:\n  def a(self): pass\n"
    facts = read_facts("main.py", text)
    pairing = Pairing(cst.parse_module(text), facts.body)
    outer, class_ = facts.body
    assert isinstance(outer, model.FunctionDefinition)
    assert isinstance(class_, model.ClassDefinition)
    (inner,) = class_.body
    assert isinstance(inner, model.FunctionDefinition)
    found = pairing.function(inner)
    assert found is not None
    assert [param.name.value for param in found.params.params] == ["self"]
    assert pairing.function(outer) is not found
    (copy,) = read_facts("main.py", "def a(): pass\n").body
    assert isinstance(copy, model.FunctionDefinition)
    assert pairing.function(copy) is None


# Expressions


@pytest.mark.parametrize(
    "text",
    [
        "x = f(a, *b, k=1, *c, **d)\n",
        "x = (a.b).c[d, e:f:g, ...][h][i:]\n",
        "x = a and (b and c) or d\n",
        "x = not a < b <= c is not d\n",
        "x = a if b else -c ** ~d\n",
        "x = [1, *a, (b, *c), {d}, {1: e, **f}]\n",
        "x = lambda a, /, b=c, *d, e=f, **g: (a, h)\n",
        "x = [a async for b in c if d if e for f in g]\n",
        "x = {h: i for j in k}, {l for l in m}, f(n for n in o)\n",
        "def f():\n  x = yield a\n  yield from b\n  await c\n  yield\n",
        "print(x := a, (y := b))\n",
        "x = a @ b // c << d\n",
        "def f(a: A, b: 'B' = c, *d: D, e: E[F, G] = h, **i: I) -> J: pass\n",
        "x: Annotated[A, B(c), 'd'] = e\n",
        "with a(b) as c, d as (e, f): pass\n",
        "for a, *b in c: pass\n",
        "x = a[*b]\n",
        "class A(*B, C, d=E, **F): pass\n",
        "x = f'{a} {b(c)!r} {d:>{e}}'\n",
        "x = 1, 1.5, 'a', b'c', None, True, ...\n",
        "x = 0x_ff, 1e400, 99999999999999999999\n",
        "raise a(b) from c(d)\nassert e(f), g(h)\ndel i[j]\nx += m(n)\nreturn_ = o\n",
        "try: pass\nexcept (a.B, c): pass\nexcept d.E as f: pass\n",
        "match a(b):\n  case c if d(e): pass\n",
        "@a(b)\n@c\ndef f(): pass\n@d(e)\nclass G: pass\n",
    ],
)
def test_every_expression_has_its_pair(text: str) -> None:
    pairing = paired(text)
    for node in below(pairing.module):
        if isinstance(node, cst.BaseExpression) and not is_a_mere_name(node, pairing.module):
            assert (
                is_annotation_in_quotes(node, text) or pairing.expression(node, pairing.module) is not None
            ), pairing.module.code_for_node(node)


def is_a_mere_name(node: cst.CSTNode, module: cst.Module) -> bool:
    """Whether a name is that of an attribute, a parameter, a keyword, or of what is defined or caught."""
    for parent in below(module):
        named = [getattr(parent, field, None) for field in ("attr", "keyword", "name")]
        if any(item is node or (isinstance(item, cst.AsName) and item.name is node) for item in named):
            return not isinstance(parent, cst.WithItem)
    return False


def is_annotation_in_quotes(node: cst.CSTNode, text: str) -> bool:
    return isinstance(node, cst.SimpleString) and f": {node.value}" in text


def test_parentheses_make_no_difference() -> None:
    assert fact_of("x = ((a))\n", "((a))") == model.Name("a")


def test_arguments_pair_in_spite_of_their_order() -> None:
    text = "f(a, k=b, *c, **d)\n"
    assert [fact_of(text, name) for name in "abcd"] == [model.Name(name) for name in "abcd"]


def test_of_a_chain_of_ands_the_inner_ones_have_no_pair() -> None:
    text = "x = a and b and c\n"
    whole = fact_of(text, "a and b and c")
    assert isinstance(whole, model.Boolean)
    assert len(whole.values) == 3
    assert fact_of(text, "a and b") is None
    assert fact_of(text, "b") == model.Name("b")


def test_ands_in_parentheses_are_their_own() -> None:
    inner = fact_of("x = (a and b) and c\n", "(a and b)")
    assert isinstance(inner, model.Boolean)
    assert len(inner.values) == 2


def test_constants_are_names_for_libcst() -> None:
    assert fact_of("x = None\n", "None") == model.Constant(None)
    assert fact_of("x = True\n", "True") == model.Constant(value=True)


def test_an_annotation_in_quotes_has_no_pair() -> None:
    assert fact_of("x: 'A'\n", "'A'") is None
    assert fact_of("x: list['A']\n", "'A'") is None
    assert fact_of("x: '1'\n", "'1'") is None


def test_what_literal_lists_has_its_pair() -> None:
    assert fact_of("x: Literal['A']\n", "'A'") == model.Constant("A")


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a' f'{call()}' 'b'\n",
        "x = f'{call()}' f'{a}'\n",
        "x = '' f'{call()}'\n",
        "x = f'{{}}{call()}'\n",
        "x = f'{a=}{call()}'\n",
        "x = f'{a:{b}}{call()}'\n",
        "x = f'{a:{call()}}'\n",
        "x = f'{a!r:>10}' 'b' f'c{call()}'\n",
    ],
)
def test_calls_in_formatted_strings_have_their_pairs(text: str) -> None:
    assert isinstance(fact_of(text, "call()"), model.Call)


def test_a_concatenated_string_is_one_constant_whose_parts_have_no_pairs() -> None:
    assert fact_of("x = 'a' 'b'\n", "'a' 'b'") == model.Constant("ab")
    assert fact_of("x = 'a' 'b'\n", "'b'") is None


@pytest.mark.parametrize(
    ("text", "other", "code"),
    [
        ("x = f(a)\n", "x = f(a, b)\n", "a"),
        ("x = f(a=b)\n", "x = f(c=b)\n", "b"),
        ("x = f(*a)\n", "x = f(a)\n", "a"),
        ("x = f(a)\n", "x = f[a]\n", "a"),
        ("x = a.b\n", "x = a.c\n", "a"),
        ("x = [a]\n", "x = (a,)\n", "a"),
        ("x = {a: b}\n", "x = {**b}\n", "b"),
        ("x = {a: b}\n", "x = {a: b, c: d}\n", "b"),
        ("x = [a for b in c]\n", "x = {a for b in c}\n", "a"),
        ("x = [a for b in c]\n", "x = [a for b in c for d in e]\n", "a"),
        ("x = [a for b in c for d in e]\n", "x = [a for b in c]\n", "a"),
        ("x = [a for b in c if d]\n", "x = [a for b in c]\n", "a"),
        ("x = lambda a=b: c\n", "x = lambda d=b: c\n", "b"),
        ("x = a\n", "x = b\n", "a"),
        ("x = 1\n", "x = 'a'\n", "1"),
        ("x = 'a'\n", "x = 1\n", "'a'"),
        ("x = ...\n", "x = 1\n", "..."),
        ("x = a + b\n", "x = a\n", "b"),
        ("x = a < b\n", "x = a < b < c\n", "b"),
        ("x = a and b\n", "x = a and b and c\n", "b"),
        ("x = a[b:c]\n", "x = a[b]\n", "b"),
        ("x = a[b, c]\n", "x = a[b]\n", "b"),
        ("x = a[b]\n", "x = a(b)\n", "b"),
        ("x = f'{a}'\n", "x = f'{a}b'\n", "a"),
        ("x = f'{a}'\n", "x = 'a'\n", "a"),
        ("x = f'{a}' 'b'\n", "x = a\n", "a"),
        ("x = f'{a:b}'\n", "x = f'{a}'\n", "a"),
        ("x = not a\n", "x = a\n", "a"),
        ("x = (y := a)\n", "x = a\n", "a"),
        ("x = a if b else c\n", "x = a\n", "a"),
        ("x = [*a]\n", "x = [a]\n", "a"),
        ("async def f(): await a\n", "async def f(): a\n", "a"),
        ("def f(): yield a\n", "def f(): yield from a\n", "a"),
        ("def f(a: b): pass\n", "def f(c: b): pass\n", "b"),
        ("x = y = a\n", "x = a\n", "y"),
        ("del a, b\n", "del a\n", "a"),
        ("with a, b: pass\n", "with a: pass\n", "a"),
        ("try: pass\nexcept a: pass\n", "try: pass\nexcept a: pass\nexcept b: pass\n", "a"),
        ("match a:\n  case 1: pass\n", "match a:\n  case 1: pass\n  case 2: pass\n", "a"),
        ("@a\ndef f(): pass\n", "@a\n@b\ndef f(): pass\n", "a"),
        ("class A(B): pass\n", "class A(B, C): pass\n", "B"),
    ],
)
def test_what_differs_has_no_pair(text: str, other: str, code: str) -> None:
    module = cst.parse_module(text)
    pairing = Pairing(module, read_facts("main.py", other).body)
    nodes = [
        node
        for node in below(module)
        if isinstance(node, cst.BaseExpression) and module.code_for_node(node) == code
    ]
    assert nodes
    assert pairing.expression(nodes[-1], module) is None

"""Places of nodes: those that LibCST's own provider finds by going through the whole module."""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from fastapi_lint.diagnostics import Span
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.rules.pairing import Pairing
from fastapi_lint.rules.positions import span_of
from fastapi_lint.rules.walking import code_children

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/fixtures/*/**/*.py")])[::3]

SMALL = {
    "simple statements": "a = b ; c(d)\nif e: f(g); h\n",
    "tabs": "class A:\n\tdef b(self):\n\t\treturn c(\n\t\t\td,\n\t\t\te)\n",
    "windows": "def a():\r\n    b(\r\n        c,\r\n    )\r\n    '''d\r\ne''' + f\r\n",
    "other indents": "def a():\n  if b:\n        return c(\n  d,\n          e)\n",
    "decorators": (
        "# comment\n@a\n\n# comment\n@ b(c,\n   d)\n\nasync def e(f, g=h(i)): # comment\n    j\n"
        "class K:\n    @(\n        l)\n    def m(self) -> n: o\n"
    ),
    "elif": "def a():\n    if b: c\n    elif (d): e\n    elif f:\n        g\n    else:\n        h\n",
    "clauses": (
        "try: a\nexcept B as c: d\nexcept (E):\n    f\nelse:\n    g\nfinally: h\n"
        "for i in j:\n    k\nelse:\n    l\nwhile m: n\nelse: o\n"
        "match p:\n    case [q, *r] if s: t\n    case U(v=w):\n        x\n"
    ),
    "asynchronous": "async def a():\n    async with b as c: d\n    async for e in f:\n        await g\n",
    "unusual characters": "def a():\n    'äöü😀' + b('é', c)  # ß\n    return '''é\n😀''', d\n",
    "parentheses": "x = ((a).b + (c\n  (d)))\n",
    "continued lines": "def a():\n    return b, \\\n  c(d)\n",
    "formatted strings": "x = f'{a!r} {b(c)}' 'd' f'''{\ne}'''\n",
    "type parameters": "def a(b: c[d] = e, *f: g, h, **i) -> j: k\n",
}


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in code_children(node):
        yield from below(child)


def check_nodes(text: str, limit: int = 100_000) -> None:
    module = cst.parse_module(text)
    pairing = Pairing(module, read_facts("main.py", text).body)
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    nodes = [
        node
        for node in below(module)
        if not isinstance(node, (cst.Module, cst.SimpleStatementLine, cst.SimpleStatementSuite))
    ]
    some = random.Random(1)  # noqa: S311 - any nodes will do
    for node in some.sample(nodes, min(limit, len(nodes))):
        place = places[node]
        assert span_of(node, module, pairing) == Span(
            place.start.line, place.start.column + 1, place.end.line, place.end.column + 1
        ), f"{type(node).__name__} {module.code_for_node(node)!r}"


@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL.keys())
def test_every_node_stands_where_libcst_finds_it(text: str) -> None:
    check_nodes(text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nodes_of_real_files_stand_where_libcst_finds_them(file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
        ast.parse(text)  # newer syntax is lowered, which moves what follows it on its line
    except (UnicodeDecodeError, SyntaxError):
        pytest.skip("no Python of this interpreter, in UTF-8")
    check_nodes(text, limit=15)


def test_a_form_feed_counts_as_a_column() -> None:
    text = "\fx = a\n"
    module = cst.parse_module(text)
    pairing = Pairing(module, read_facts("main.py", text).body)
    (name,) = [node for node in below(module) if isinstance(node, cst.Name) and node.value == "a"]
    assert span_of(name, module, pairing) == Span(1, 6, 1, 7)


def test_a_header_is_found_without_generating_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "@a\ndef b(c): d\n"
    module = cst.parse_module(text)
    pairing = Pairing(module, read_facts("main.py", text).body)
    function = module.body[0]
    assert isinstance(function, cst.FunctionDef)
    monkeypatch.delattr(cst.SimpleStatementSuite, "_codegen_impl")
    header = [
        function.decorators[0],
        function.decorators[0].decorator,
        function.name,
        function.params.params[0],
    ]
    assert [span_of(node, function, pairing).line for node in header] == [1, 1, 2, 2]


def test_what_is_not_there_has_no_place() -> None:
    text = "def a(): b\ndef c(): d\n"
    module = cst.parse_module(text)
    pairing = Pairing(module, read_facts("main.py", text).body)
    first, second = module.body
    assert isinstance(first, cst.FunctionDef)
    with pytest.raises(LookupError, match="a Name that is no part"):
        span_of(first.name, second, pairing)
    with pytest.raises(LookupError, match="a SimpleWhitespace that is no part"):
        span_of(first.whitespace_after_def, first, pairing)
    with pytest.raises(LookupError):
        span_of(module, module, pairing)

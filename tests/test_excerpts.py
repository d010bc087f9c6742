"""Parsing some functions of a module gives what parsing all of it gives: nodes, places and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import pytest

from fastapi_lint.application.modules import Modules
from fastapi_lint.facts import model
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.rules import excerpts, parsed
from fastapi_lint.rules.walking import code_children

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = '''"""A module."""
import os

@decorated
@also(
    "this"
)
async def first(a, *, b=1):
    """Say
  something
    """
    return await a(b)

class Outer:
\tclass Inner:
\t\t@property
\t\tdef method(self):
\t\t\tdef nested():
\t\t\t\treturn self
\t\t\treturn nested  # a comment

    # not here

if os.name:
  def short(x): return x["ä"], x
else:
        def other(): pass; print(1)

def last(): return 1'''


def functions_in(body: tuple[model.Statement, ...]) -> Iterator[model.FunctionDefinition]:
    for statement in body:
        if isinstance(statement, model.FunctionDefinition):
            yield statement
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition, model.If)):
            yield from functions_in(statement.body)
            yield from functions_in(getattr(statement, "orelse", ()))


def described(whole: parsed.ParsedModule, function: model.FunctionDefinition) -> list[tuple[object, ...]]:
    """Every expression of a function: its code, its place and its facts."""
    root = whole.pairing.function(function)
    assert root is not None
    found: list[tuple[object, ...]] = []
    pending: list[cst.CSTNode] = [root]
    while pending:
        node = pending.pop()
        pending += code_children(node)
        if isinstance(node, cst.BaseExpression):
            code = whole.tree.code_for_node(node)
            found.append((code, whole.span(node, root), whole.pairing.expression(node, root)))
    return found


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\n", "\r\n"), TEXT + "\n"], ids=["plain", "crlf", "end"]
)
def test_each_function_alone_is_what_it_is_in_its_module(text: str) -> None:
    facts = read_facts("main.py", text)
    module = Modules([facts]).by_path["main.py"]
    whole = parsed.ParsedModule(module, text, facts.body)
    functions = list(functions_in(facts.body))
    assert [function.name for function in functions] == [
        "first",
        "method",
        "nested",
        "short",
        "other",
        "last",
    ]
    for function in functions:
        (part,) = parsed.parse(module, text, [function])
        assert len(part.tree.code) < len(text)
        assert described(part, function) == described(whole, function)
    (together,) = parsed.parse(module, text, functions)
    for function in functions:
        assert described(together, function) == described(whole, function)


def test_a_long_module_is_read_in_parts_that_hold_each_function_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpts, "MOST_LINES", 4)
    text = "".join(
        f"def number_{number}():\n    def inside():\n        return 1\n    return inside\n"
        for number in range(3)
    )
    facts = read_facts("main.py", text)
    functions = list(functions_in(facts.body))
    module = Modules([facts]).by_path["main.py"]
    whole = parsed.ParsedModule(module, text, facts.body)
    parts = list(parsed.parse(module, text, functions))
    assert len(parts) == 3
    for function in functions:
        (part,) = (each for each in parts if each.pairing.function(function) is not None)
        assert described(part, function) == described(whole, function)


def test_a_function_that_makes_no_sense_alone_is_read_with_its_module() -> None:
    text = "@(\n    decorated\n)\ndef function():\n    return 1\n"
    facts = read_facts("main.py", text)
    (function,) = functions_in(facts.body)
    (part,) = parsed.parse(Modules([facts]).by_path["main.py"], text, [function])
    assert part.tree.code == text
    assert part.pairing.function(function) is not None


def test_what_libcst_does_not_read_is_named_where_it_stands() -> None:
    text = "a = 1\n\ndef function():\n    print a\n"
    facts = read_facts("main.py", text.replace("print a", "pass"))
    (function,) = functions_in(facts.body)
    with pytest.raises(cst.ParserSyntaxError) as caught:
        list(parsed.parse(Modules([facts]).by_path["main.py"], text, [function]))
    assert caught.value.raw_line == 4

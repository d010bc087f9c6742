"""Code newer than the running Python is read all the same."""

from __future__ import annotations

import ast

import pytest

from fastapi_lint.facts import model
from fastapi_lint.facts.lowering import lower
from fastapi_lint.facts.reader import read_facts

NEWER = {
    "several exceptions without parentheses": "try:\n    f()\nexcept A, B:\n    g()\n",
    "type parameters of a function": "def f[T: int = str, *Ts, **P](x: T) -> T:\n    return x\n",
    "type parameters of a class": "class Repository[T, K](Base):\n    x: T\n",
    "type parameters of a class without bases": "class Box[T]:\n    x: T\n",
    "a type alias": "type Session = Annotated[AsyncSession, Depends(get)]\n",
    "quotes in an f-string": 'x = f"/{a["b"]}/{c}"\n',
    "a comment in an f-string": 'x = f"{\n  a  # why\n}"\n',
    "a template string": 'x = t"{a}/{b()}"\n',
    "exception groups": "try:\n    f()\nexcept* A as e:\n    g()\nelse:\n    h()\n",
    "a star in a subscript": "x: tuple[*Ts] = a[*b]\n",
    "a star in an annotation": "def f(*args: *Ts) -> None: ...\n",
}


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_newer_syntax_is_read(text: str) -> None:
    facts = read_facts("main.py", f"before()\n{text}after()\n")
    assert [type(facts.body[0]), type(facts.body[-1])] == [model.ExpressionStatement] * 2
    assert facts.body[-1].line == 2 + text.count("\n")


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_lowered_code_is_older_and_has_as_many_lines(text: str) -> None:
    lowered = lower(text)
    assert lowered is not None
    ast.parse(lowered, feature_version=(3, 10))
    assert lowered.count("\n") == text.count("\n")


def test_lowering_keeps_the_names_of_type_parameters() -> None:
    lowered = lower(NEWER["type parameters of a class"])
    assert lowered is not None
    (definition,) = read_facts("main.py", lowered).body
    assert isinstance(definition, model.ClassDefinition)
    assert definition.type_parameters == ("T", "K")
    assert definition.keywords == ()
    assert definition.bases == (model.Name("Base"),)


def test_what_nobody_reads_stays_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        read_facts("main.py", "def f(:\n")


def test_code_that_is_nested_beyond_reason_is_left_alone() -> None:
    assert lower("x = " + "(" * 10_000 + "1" + ")" * 10_000) is None


def test_code_that_python_reads_is_left_as_it_is() -> None:
    text = 'try:\n    f(f"{a}")\nexcept (A, B):\n    x[1:2, ::3] = {**a}\n'
    assert lower(text) == text

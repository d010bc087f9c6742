"""Facts say what one file says: the reader, and what facts never hold."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_lint.facts import model
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.facts.secrecy import LONGEST_KEPT, keeps, outline

SOURCES = sorted(Path(__file__).parent.parent.glob("src/fastapi_lint/**/*.py"))


def only(text: str) -> model.Statement:
    (statement,) = read_facts("main.py", text).body
    return statement


def value_of(text: str) -> model.Expression:
    statement = only(text)
    assert isinstance(statement, model.ExpressionStatement)
    return statement.value


def count(node: object) -> int:
    """How many statements there are in facts, nested ones included."""
    if isinstance(node, tuple):
        return sum(map(count, node))
    if isinstance(node, (model.Handler, model.Case)):
        return count(node.body)
    if isinstance(node, model.Statement):
        inner = [
            getattr(node, name)
            for name in ("body", "orelse", "handlers", "finalbody", "cases")
            if hasattr(node, name)
        ]
        return 1 + sum(map(count, inner))
    return 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_there_is_one_fact_for_each_statement_of_the_syntax_tree(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(text)))
    assert count(read_facts(path.name, text).body) == statements


@pytest.mark.parametrize("path", SOURCES[:20], ids=lambda path: path.stem)
def test_facts_survive_being_stored(path: Path) -> None:
    facts = read_facts(path.name, path.read_text(encoding="utf-8"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=model.ModuleFacts) == facts


def test_columns_count_characters_not_bytes() -> None:
    call = value_of("f('ü€😀', g())")
    assert isinstance(call, model.Call)
    inner = call.arguments[1]
    assert isinstance(inner, model.Call)
    assert (inner.line, inner.column, inner.end_column) == (1, 10, 13)


def test_a_form_feed_does_not_end_a_line() -> None:
    call = value_of("\x0cf('é')")
    assert isinstance(call, model.Call)
    assert (call.line, call.column) == (1, 2)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_counts_once(newline: str) -> None:
    facts = read_facts("main.py", newline.join(["a = 'é'", "b = 2", "f()"]))
    assert [statement.line for statement in facts.body] == [1, 2, 3]


def test_text_in_an_annotation_is_code() -> None:
    statement = only("x: 'list[\"Item\"]' = []")
    assert isinstance(statement, model.Assignment)
    assert statement.annotation == model.Subscript(model.Name("list"), model.Name("Item"))


def test_text_in_literal_and_in_annotated_metadata_stays_text() -> None:
    statement = only("x: Annotated['Item', 'doc', Literal['a']] = 1")
    assert isinstance(statement, model.Assignment)
    item, doc, literal = statement.annotation.index.items  # type: ignore[union-attr]
    assert item == model.Name("Item")
    assert doc == model.Constant("doc")
    assert literal == model.Subscript(model.Name("Literal"), model.Constant("a"))


def test_text_that_is_no_code_is_no_annotation() -> None:
    statement = only("x: 'two words' = 1")
    assert isinstance(statement, model.Assignment)
    assert statement.annotation == model.Other()


def test_parameters_keep_their_kind_and_their_default() -> None:
    function = only("def f(a, /, b: int = 1, *c, d=2, **e): ...")
    assert isinstance(function, model.FunctionDefinition)
    assert [(item.name, item.kind, item.default) for item in function.parameters] == [
        ("a", "positional", None),
        ("b", "normal", model.Constant(1)),
        ("c", "args", None),
        ("d", "keyword", model.Constant(2)),
        ("e", "kwargs", None),
    ]


@pytest.mark.parametrize(
    ("text", "yields"),
    [
        ("def f():\n    yield 1", True),
        ("def f():\n    x = [(yield)]", True),
        ("def f():\n    def g():\n        yield 1", False),
        ("def f():\n    return lambda: (yield)", False),
    ],
)
def test_a_function_is_a_generator_if_its_own_body_yields(text: str, *, yields: bool) -> None:
    function = only(text)
    assert isinstance(function, model.FunctionDefinition)
    assert function.is_generator is yields


def test_a_docstring_is_a_statement_without_its_text() -> None:
    function = only('def f():\n    """Secret."""\n    return 1')
    assert isinstance(function, model.FunctionDefinition)
    assert isinstance(function.body[0], model.Simple)
    assert function.is_documented


@pytest.mark.parametrize(
    "text",
    [
        "/api/v1/items/{item_id}",
        "app.models.user",
        "X-Request-ID",
        "refresh_token",
        "Incorrect username or password",
        "SELECT id FROM users WHERE id = :id",
        "sqlite:///./local.db",
        "https://example.com/path",
        "MultipleLanguagesIdentifiedInOneText",
        "",
    ],
)
def test_names_paths_and_prose_are_kept(text: str) -> None:
    assert keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:" + "hunter2" + "@db/app",
        "sk-" + "a1B2c3D4e5F6g7H8i9",
        "-----BEGIN " + "PRIVATE KEY-----",
        "9f86d081884c7d659a2feaa0" + "c55ad015a3bf4f1b2b0b822c",
        "k3Jd8sLq0Zx7Vb2N",
        "x" * (LONGEST_KEPT + 1),
        "\ud800",
    ],
)
def test_what_looks_like_a_secret_never_enters_facts(text: str) -> None:
    assert not keeps(text)
    encoded = msgspec.msgpack.encode(read_facts("main.py", f"KEY = {text!a}"))
    assert text.encode("utf-8", "replace") not in encoded


def test_of_long_sql_only_its_words_enter_facts() -> None:
    secret = "k3Jd8sLq0Zx7Vb2N" + "f9G4"
    text = "INSERT INTO keys VALUES ('SECRET', '…') ON CONFLICT DO UPDATE SET a = 1"
    text = text.replace("SECRET", secret).replace("…", "x" * 300)
    facts = read_facts("main.py", f"SQL = {text!r}")
    assert outline(text) == "insert … on conflict … update set …"
    assert secret.encode() not in msgspec.msgpack.encode(facts)
    assert outline("Select a file, please. " + "x" * 300)[:6] == "select"
    assert outline("With: " + "x" * 300) == outline(secret) == ""


@given(st.text(max_size=400))
def test_any_text_can_be_judged(text: str) -> None:
    assert keeps(text) in {True, False}

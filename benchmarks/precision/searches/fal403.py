"""Loops and comprehensions that hold something which may send a query, in functions that have a database."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS = re.compile(
    r"execute|scalars?|exec|get|get_one|get_or_none|one|one_or_none|first|all|fetch\w*|find|find_one|query"
    r"|refresh|select|filter_by|count|exists|load|read|lookup"
    r"|(get|find|fetch|load|read|query|lookup|list|select|count|check)_\w+"
)
_OBJECTS = re.compile(
    r"session|\bdb\b|_db\b|conn|cursor|repo|crud|dao\b|store|collection|query|service", re.IGNORECASE
)
_DATABASES = re.compile(r"(db_?)?session|db|conn|connection|cursor|dao|repo|repository|engine")
_CONVERSIONS = frozenset({"from_orm", "model_validate", "to_model", "to_response", "to_dict"})
_ASIDE = frozenset({"migrations", "alembic", "versions", "seeds", "scripts"})


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls, and of what may be relationships of the loop's variable; no migrations."""
    if not _ASIDE.isdisjoint(path.split("/")):
        return
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            nodes = list(own_nodes(function))
            if any(_names_database(node) for node in nodes):
                for node in nodes:
                    yield from _in_loop(node)


def _names_database(node: ast.AST) -> bool:
    name = getattr(node, "id", None) or getattr(node, "arg", None) or getattr(node, "attr", None)
    return isinstance(name, str) and _DATABASES.fullmatch(name.lstrip("_")) is not None


def _in_loop(node: ast.AST) -> Iterator[int]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _found(node.body, node.target)
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        yield from _found([node.elt], node.generators[-1].target)
    elif isinstance(node, ast.DictComp):
        yield from _found([node.key, node.value], node.generators[-1].target)


def _found(parts: list[ast.stmt] | list[ast.expr], target: ast.expr) -> Iterator[int]:
    names = {item.id for item in ast.walk(target) if isinstance(item, ast.Name)}
    for part in parts:
        for node in ast.walk(part):
            if (isinstance(node, ast.Call) and (_may_ask(node) or _converts(node, names))) or (
                isinstance(node, ast.Attribute) and _of_variable(node.value, names)
            ):
                yield node.lineno
            elif isinstance(node, (ast.For, ast.comprehension)) and _of_variable(node.iter, names):
                yield node.iter.lineno


def _of_variable(node: ast.expr, names: set[str]) -> bool:
    """Whether it is an attribute of the loop's variable, in lower case: `row.author`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and node.attr.islower()
    )


def _converts(call: ast.Call, names: set[str]) -> bool:
    """Whether the loop's variable is made into something else by a name that often reads all of it."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return name in _CONVERSIONS and any(
        isinstance(item, ast.Name) and item.id in names for item in ast.walk(call)
    )


def _may_ask(call: ast.Call) -> bool:
    """Whether the name of the method says query, and the object or an argument says database."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [call.func, *call.args[:2]]
    texts += [item.value for item in call.keywords if item.arg in {"db", "session", "conn"}]
    return _METHODS.fullmatch(name) is not None and any(
        _OBJECTS.search(ast.unparse(text)) is not None for text in texts
    )

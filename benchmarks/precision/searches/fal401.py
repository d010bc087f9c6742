"""Calls in handlers that sound like a database session or connection, and aren't made on a parameter."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SESSIONS = re.compile(
    r"sess|\bdb\b|_db\b|\bdb_|database|conn|cursor|engine|transaction|\buow\b|unit_?of_?work"
    r"|sqlite|asyncpg|psycopg|\bpool\b",
    re.IGNORECASE,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls; `path` doesn't matter."""
    del path
    for function, _ in handlers(tree):
        arguments = function.args
        given = {item.arg for item in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
        for statement in function.body:
            for node in (statement, *own_nodes(statement)):
                if isinstance(node, ast.Call) and _SESSIONS.search(ast.unparse(node.func)):
                    root = _root(node)
                    if not (isinstance(root, ast.Name) and root.id in given):
                        yield node.lineno


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, (ast.Attribute, ast.Call, ast.Await, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node

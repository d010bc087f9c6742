"""Requests to a URL which a parameter takes part in."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.reached import called, derived, functions, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLIENTS = re.compile(r"client|session|http|requests|urllib", re.IGNORECASE)
_VERBS = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "urlopen", "ws_connect"]
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such requests."""
    for function in functions(tree, path):
        names = derived(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            owner, name = called(node)
            if name == "urlopen" or (name in _VERBS and _CLIENTS.search(owner)):
                given = [*node.args[:2], *(word.value for word in node.keywords if word.arg == "url")]
                if any(mentions(item, names) and _is_url(item) for item in given):
                    yield node.lineno


def _is_url(node: ast.AST) -> bool:
    """Whether an expression may be a URL: a session's `get(Model, id)` has none."""
    return "url" in ast.unparse(node).lower() or isinstance(node, (ast.JoinedStr, ast.BinOp))

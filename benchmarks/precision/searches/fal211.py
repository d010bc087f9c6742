"""Defaults that call something, and mutable defaults of functions."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRESH = re.compile(
    r"\b(now|utcnow|today|time|uuid\d?|uuid4|token_\w+|rand\w*|choice|urandom|ulid|\w*Session|\w*Settings)\(\)?"
)
_MUTABLE = (ast.List, ast.Dict, ast.Set)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such defaults, of parameters and in the bodies of classes; `path` doesn't matter."""
    del path
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if isinstance(default, _MUTABLE) or (default and _FRESH.search(ast.unparse(default))):
                    yield default.lineno
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                value = item.value if isinstance(item, (ast.Assign, ast.AnnAssign)) else None
                if (
                    value is not None
                    and "lambda" not in ast.unparse(value)
                    and _FRESH.search(ast.unparse(value))
                ):
                    yield item.lineno

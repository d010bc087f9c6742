"""What an `except` caught, in what is raised or returned there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.reached import functions, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of `raise` and `return` that mention the exception, and of tracebacks as text."""
    for function in functions(tree, path):
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and node.name:
                for inner in ast.walk(node):
                    if not isinstance(inner, (ast.Raise, ast.Return)):
                        continue
                    value = inner.exc if isinstance(inner, ast.Raise) else inner.value
                    if value is not None and not isinstance(value, ast.Name) and mentions(value, {node.name}):
                        yield inner.lineno
            elif isinstance(node, ast.Attribute) and node.attr == "format_exc":
                yield node.lineno

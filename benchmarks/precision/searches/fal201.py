"""Handlers that take something without a shape, or read the request themselves."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPELESS = re.compile(r"\b(dict|Dict|Mapping|Any|object|JSON\w*)\b")
_READS = re.compile(r"\brequest\.(json|form|body|stream)\(")


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such parameters and calls in handlers of methods with a body; `path` doesn't matter."""
    del path
    for node, _ in handlers(tree, frozenset({"post", "put", "patch", "delete", "api_route"})):
        for argument in (*node.args.args, *node.args.kwonlyargs):
            annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
            if _SHAPELESS.search(annotation) and "Depends" not in annotation and argument.arg != "user":
                yield argument.lineno
        for item in own_nodes(node):
            if isinstance(item, ast.Call) and _READS.search(ast.unparse(item.func) + "("):
                yield item.lineno

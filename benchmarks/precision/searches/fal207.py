"""Parameters without an annotation of what looks like a handler, or of what a handler depends on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such parameters; `path` doesn't matter."""
    del path
    needed = {
        ast.unparse(item.args[0])
        for item in ast.walk(tree)
        if isinstance(item, ast.Call)
        and ast.unparse(item.func).endswith(("Depends", "Security"))
        and item.args
    }
    functions = [node for node, _ in handlers(tree)]
    functions += [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in needed
    ]
    for node in functions:
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if argument.annotation is None and argument.arg not in {"self", "cls"}:
                yield argument.lineno

"""Functions that look like handlers, by their decorators alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Handler = ast.FunctionDef | ast.AsyncFunctionDef
METHODS = frozenset({"get", "post", "put", "patch", "delete", "api_route", "route"})


def handlers(tree: ast.Module, methods: frozenset[str] = METHODS) -> Iterator[tuple[Handler, ast.Call]]:
    """Functions with a decorator such as `@anything.post("…")`, and that decorator."""
    for node in ast.walk(tree):
        if isinstance(node, Handler):
            for item in node.decorator_list:
                if (
                    isinstance(item, ast.Call)
                    and isinstance(item.func, ast.Attribute)
                    and item.func.attr in methods
                ):
                    yield node, item


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Everything inside of a function, but not inside of functions and classes in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from own_nodes(child)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, None where it isn't given."""
    return next((item.value for item in call.keywords if item.arg == name), None)

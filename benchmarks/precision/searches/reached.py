"""Which functions may be given what clients send: those in modules about the web."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_WEB = re.compile(
    r"(?:^|/)(?:api|apps?|core|crud|endpoints?|routers?|routes|services?|utils|views?)(?:/|\.py$)"
)


def functions(tree: ast.Module, path: str) -> Iterator[Function]:
    """Functions of a module that imports FastAPI, or that is a part of an application by its path."""
    imports = any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("fastapi", "starlette"))
        for node in ast.walk(tree)
    )
    if imports or _WEB.search(path):
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node


def parameters(function: Function) -> set[str]:
    """The names of a function's parameters, but for those that are never sent."""
    arguments = function.args
    names = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    return names - {"self", "cls", "db", "session", "trans", "request"}


def derived(function: Function) -> set[str]:
    """Parameters, and names that are assigned from what mentions one of them."""
    known = parameters(function)
    for _ in range(3):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and mentions(node.value, known):
                known |= {
                    item.id
                    for target in node.targets
                    for item in ast.walk(target)
                    if isinstance(item, ast.Name)
                }
    return known


def mentions(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression has one of these names in it."""
    return any(isinstance(item, ast.Name) and item.id in names for item in ast.walk(node))


def called(call: ast.Call) -> tuple[str, str]:
    """What a call is made on, and the name that is called."""
    if isinstance(call.func, ast.Attribute):
        return ast.unparse(call.func.value), call.func.attr
    return "", call.func.id if isinstance(call.func, ast.Name) else ""

"""Parameters with `Query`, or of functions with a route's decorator, that are named like something secret."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECRET = re.compile(r"pass(?:word|wd|phrase)|secret|token|api[-_]?key|credential|jwt", re.IGNORECASE)
_ELSEWHERE = re.compile(r"Depends|Security|Header|Cookie|Body|Form|File")
_SPREAD = re.compile(r"query_params")
_LONGEST = 80


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of parameters, and of reads of `query_params`, that sound secret."""
    if path.startswith("docs_src/"):
        return
    served = {id(function) for function, _ in handlers(tree)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            missing = len(every) - len(node.args.defaults) - len(node.args.kwonlyargs)
            defaults = [None] * missing + [*node.args.defaults, *node.args.kw_defaults]
            for argument, default in zip(every, defaults, strict=False):
                text = (ast.unparse(argument.annotation) if argument.annotation else "") + (
                    ast.unparse(default) if default else ""
                )
                is_asked = id(node) in served or "Query(" in text
                if is_asked and _SECRET.search(argument.arg) and not _ELSEWHERE.search(text):
                    yield argument.lineno
        elif isinstance(node, (ast.Call, ast.Subscript)):
            text = ast.unparse(node)
            if len(text) < _LONGEST and _SPREAD.search(text) and _SECRET.search(text):
                yield node.lineno

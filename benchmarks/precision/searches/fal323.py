"""Objects that are made of all fields of something, and attributes whose name isn't written there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.reached import called, functions

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE = frozenset(["model_validate", "parse_obj", "from_orm", "sqlmodel_update"])


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls."""
    for function in functions(tree, path):
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = called(node)[1]
            if name == "setattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
                yield node.lineno
            is_spread = any(word.arg is None for word in node.keywords)
            if name in _WHOLE or (is_spread and (name[:1].isupper() or name == "values")):
                yield node.lineno

"""Handlers without a declared response model that return something."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`; `path` doesn't matter."""
    del path
    for node, call in handlers(tree):
        returns = [
            item
            for item in own_nodes(node)
            if isinstance(item, ast.Return)
            and item.value is not None
            and not isinstance(item.value, ast.Constant)
        ]
        if node.returns is None and returns and keyword(call, "response_model") is None:
            yield node.lineno

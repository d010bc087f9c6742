"""PATCH handlers that nowhere say `exclude_unset`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`; `path` doesn't matter."""
    del path
    for node, _ in handlers(tree, frozenset({"patch"})):
        if "exclude_unset" not in ast.unparse(node):
            yield node.lineno

"""POST handlers that say 200 and seem to make something."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKES = re.compile(
    r"create|insert|(^|_)(add|new|save|register|make|put|store|import|merge|clone|copy)(_|$)", re.IGNORECASE
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`, judged by their names and by what they call; `path` doesn't matter."""
    del path
    for node, call in handlers(tree, frozenset({"post", "api_route", "route"})):
        status = keyword(call, "status_code")
        if status is not None and "200" not in ast.unparse(status):
            continue
        called = [item.func for item in own_nodes(node) if isinstance(item, ast.Call)]
        names = [node.name, *(ast.unparse(item).rpartition(".")[2] for item in called)]
        if any(map(_MAKES.search, names)):
            yield node.lineno

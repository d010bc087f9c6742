"""Places that speak of a status without a body: 204, 205, 304 and 1xx."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_BODYLESS = re.compile(
    r"\b(1\d\d|204|205|304)\b|HTTP_(1\d\d|204|205|304)|NO_CONTENT|RESET_CONTENT|NOT_MODIFIED"
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of handlers that declare such a status, and of what else sets one; `path` doesn't matter."""
    del path
    for node, call in handlers(tree):
        status = keyword(call, "status_code")
        if status is not None and _BODYLESS.search(ast.unparse(status)):
            yield node.lineno
            yield from (
                item.lineno
                for item in own_nodes(node)
                if isinstance(item, ast.Return) and item.value is not None
            )
    for item in ast.walk(tree):
        if isinstance(item, ast.Call):
            given = keyword(item, "status_code")
            if given is not None and _BODYLESS.search(ast.unparse(given)):
                yield item.lineno
        elif (
            isinstance(item, ast.Assign)
            and ast.unparse(item.targets[0]).endswith(".status_code")
            and _BODYLESS.search(ast.unparse(item.value))
        ):
            yield item.lineno

"""DELETE handlers that declare no status but 200."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`; `path` doesn't matter."""
    del path
    for node, call in handlers(tree, frozenset({"delete", "api_route", "route"})):
        status = keyword(call, "status_code")
        is_delete = not (isinstance(call.func, ast.Attribute) and call.func.attr != "delete") or (
            "DELETE" in ast.unparse(keyword(call, "methods") or call)
        )
        if is_delete and (status is None or "200" in ast.unparse(status)):
            yield node.lineno

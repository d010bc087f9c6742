"""Handlers of writes in whose signature and decorator nothing sounds like a check of who calls."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITES = frozenset({"post", "put", "patch", "delete"})
_ASKS = re.compile(
    r"user|auth|token|key|secur|admin|verif|permi|current|access|role|require|session_?id|login|principal"
    r"|credential|trans\b|Trans",
    re.IGNORECASE,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such functions, outside of the documentation's examples."""
    if path.startswith("docs_src/"):
        return
    for function, decorator in handlers(tree, _WRITES):
        signature = ast.unparse(function.args) + ast.unparse(decorator)
        if not _ASKS.search(signature):
            yield function.lineno

"""Handlers that answer with what is named after somebody or something that has secrets."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAS_SECRETS = re.compile(
    r"user|account|member|owner|profile|client|setting|config|webhook|key|credential|connection|integration"
    r"|provider|token|secret|login|auth|session|bot\b",
    re.IGNORECASE,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`, judged by the model and by their own names; `path` doesn't matter."""
    del path
    for node, call in handlers(tree):
        declared = keyword(call, "response_model") or node.returns
        text = f"{node.name} {ast.unparse(declared) if declared is not None else ''}"
        if _HAS_SECRETS.search(text):
            yield node.lineno

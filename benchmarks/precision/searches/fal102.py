"""Handlers whose declared response model mentions something without a shape."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPELESS = re.compile(
    r"\b(\w*dict|\w*mapping|any|object|\w*json\w*)\b|\b(list|sequence|tuple|set|iterable)\b(?!\[)",
    re.IGNORECASE,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of the annotation or of `response_model=`; `path` doesn't matter."""
    del path
    for node, call in handlers(tree):
        declared = keyword(call, "response_model") or node.returns
        if declared is not None and _SHAPELESS.search(ast.unparse(declared)):
            yield declared.lineno

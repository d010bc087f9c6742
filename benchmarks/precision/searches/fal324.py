"""Redirects to what isn't written there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.reached import called

if TYPE_CHECKING:
    from collections.abc import Iterator


def candidates(tree: ast.Module, path: str) -> Iterator[int]:  # noqa: ARG001 - everywhere
    """Lines of such redirects, and of `Location` headers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node)[1].endswith(("RedirectResponse", "redirect")):
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "url")]
            if any(not isinstance(item, ast.Constant) for item in given):
                yield node.lineno
        elif isinstance(node, ast.Constant) and node.value in {"Location", "location"}:
            yield node.lineno

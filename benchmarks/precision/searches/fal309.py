"""Whatever depends on something that is called, or named like, a security scheme."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPENDS = frozenset({"Depends", "Security"})
_SCHEME = re.compile(
    r"\w*(?:scheme|bearer\w*|oauth2\w*|basic|digest|api_?key_\w+|security|token_header)(?:\(.*)?",
    re.IGNORECASE | re.DOTALL,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of `Depends(…)` and `Security(…)` of a name that sounds like a scheme."""
    if path.startswith("docs_src/"):
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _DEPENDS
            and node.args
            and _SCHEME.fullmatch(ast.unparse(node.args[0]))
        ):
            yield node.lineno

"""Names that may be of secrets, in what is logged or printed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.reached import called

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = re.compile(
    r"passw|secret|(?<!max_)(?<!num_)token(?!s|_count|_type|i[sz]e)|api_?key|credential|authorization|cookie|^headers$"
    r"|private_key|^(?:body|data|form_data|payload|user_in|user_create|settings)$",
    re.IGNORECASE,
)
_METHODS = frozenset(
    [
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "log",
        "adebug",
        "ainfo",
        "awarning",
        "aerror",
        "aexception",
    ]
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:  # noqa: ARG001 - everywhere
    """Lines of such calls."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        owner, name = called(node)
        if name == "print" or (name in _METHODS and "log" in owner.lower()):
            given = [*node.args, *(word.value for word in node.keywords)]
            if any(_NAMES.search(each) for item in given for each in _names(item)):
                yield node.lineno


def _names(node: ast.AST) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Name):
            yield item.id
        elif isinstance(item, ast.Attribute):
            yield item.attr
        elif isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Constant):
            yield str(item.slice.value)

"""Files that are opened, moved or removed by a path which a parameter takes part in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from searches.reached import called, derived, functions, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTIONS = frozenset(
    ["open", "FileResponse", "open_file", "rmtree", "copyfile", "copy", "copy2", "move", "ZipFile"]
)
_OF_OS = frozenset(["remove", "unlink", "rename", "replace", "rmdir", "listdir", "scandir", "walk"])
_METHODS = frozenset(
    ["read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rmdir", "iterdir", "rglob"]
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls."""
    for function in functions(tree, path):
        names = derived(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            owner, name = called(node)
            if name in _FUNCTIONS or (name in _OF_OS and owner == "os"):
                if any(mentions(item, names) for item in node.args[:2]):
                    yield node.lineno
            elif (
                name in _METHODS and isinstance(node.func, ast.Attribute) and mentions(node.func.value, names)
            ):
                yield node.lineno

"""Statements of SQL whose text is put together, or given by a name that was put together."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.reached import called

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUNNING = frozenset(
    [
        "execute",
        "executemany",
        "exec_driver_sql",
        "text",
        "literal_column",
        "fetch",
        "fetchrow",
        "fetchval",
        "fetchall",
        "fetchone",
        "raw",
        "read_sql",
        "exec",
        "scalar",
        "scalars",
    ]
)
_LEFT_ALONE = re.compile(r"(?:^|/)(?:docs_src|alembic|_?migrations|versions)/")


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of calls that run such a text."""
    if _LEFT_ALONE.search(path):
        return
    made = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, (ast.Assign, ast.AugAssign)) and _is_made(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and called(node)[1] in _RUNNING:
            given = node.args[0]
            if _is_made(given) or (isinstance(given, ast.Name) and given.id in made):
                yield node.lineno


def _is_made(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Add, ast.Mod)) and any(
            isinstance(item, (ast.JoinedStr, ast.Constant))
            and not isinstance(getattr(item, "value", ""), (int, float))
            for item in ast.walk(node)
        )
    return isinstance(node, ast.Call) and called(node)[1] in {"format", "join"}

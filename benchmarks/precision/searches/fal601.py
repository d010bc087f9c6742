"""Calls in asynchronous functions, not awaited, whose names and objects say that they may wait."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS = re.compile(
    r"execute|scalars?|exec|commit|refresh|flush|rollback|query|first|all|one|one_or_none|fetch\w*"
    r"|get|post|put|patch|delete|request|send|sendmail|urlopen|sleep|run|call|check_output|check_call|system"
    r"|wait|communicate|Popen|Session|Client|connect|ping|set|setex|publish|invoke|hashpw|checkpw|hash|verify"
    r"|upload\w*|download\w*|rmtree|copy\w*|move|make_archive|unpack_archive|listdir|remove|rename|walk"
    r"|extractall|read_(csv|excel|json|parquet)|to_(excel|csv)|run_until_complete|result|join|acquire"
    r"|search|create|completion|embed|generate|predict"
    r"|(get|create|update|delete|find|fetch|load|save|send|list|count|hash|verify|write|insert|check)_\w+"
)
_OBJECTS = re.compile(
    r"session|\bdb\b|_db\b|conn|cursor|redis|client|requests|http|boto|\bs3|smtp|subprocess|bcrypt|pwd"
    r"|shutil|\bos\.|\btime\.|repo|crud|dao\b|store|service|collection|engine|query|\bpd\.|mail|sock|ldap|ssh",
    re.IGNORECASE,
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls; `path` doesn't matter."""
    del path
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef):
            nodes = list(own_nodes(function))
            awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
            for node in nodes:
                if isinstance(node, ast.AsyncWith):
                    awaited.update(id(item.context_expr) for item in node.items)
            for node in nodes:
                if isinstance(node, ast.Call) and id(node) not in awaited and _may_wait(node):
                    yield node.lineno


def _may_wait(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [call.func, *call.args[:1]]
    return _METHODS.fullmatch(name) is not None and any(
        _OBJECTS.search(ast.unparse(text)) is not None for text in texts
    )

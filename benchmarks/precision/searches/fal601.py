"""Calls in asynchronous functions, not awaited, whose names and objects say that they may wait."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUSPECTS = re.compile(
    r"(.*_)?(session|db|conn|connection|cursor|engine|cur)\b.*"
    r"\.(execute\w*|scalars?|commit|refresh|flush|first|all|one|one_or_none|fetch\w+|count|delete|update)"
    r"|(.*\.)?(requests|\w*http\w*|\w*client|\w*redis|\w*cache|boto\w*|s3\w*|smtp\w*|\w*mail\w*|sock\w*|ldap\w*)"
    r"\.(get|post|put|patch|delete|request|send\w*|set\w*|hget|hset|publish|ping|login|upload\w*|download\w*"
    r"|list\w*|create\w*|search\w*|query\w*|invoke|connect|run|generate\w*|embed\w*|completion\w*|upsert\w*)"
    r"|(time\.sleep|sleep|subprocess\.\w+|shutil\.\w+|os\.(system|listdir|walk|remove|rename|popen)|socket\.\w+)"
    r"|(bcrypt|\w*pwd\w*|\w*crypt\w*|\w*hasher|\w*password\w*)\.(hash\w*|verify\w*|check\w*|get_\w*hash)"
    r"|\w*(hash|verify|check)_password\w*|pd\.read_\w+|.*\.(to_excel|to_csv|extractall|run_until_complete)"
    r"|(.*\.)?\w*(dao|crud|repo|repository|store|manager|service|provider|storage)"
    r"\.(get|create|update|delete|find|fetch|load|save|send|list|count|exists|upload|download|check)\w*",
    re.IGNORECASE,
)
_NOT_BLOCKING = re.compile(r"asyncio\.|anyio\.|\.headers\.|\.subprocess\.|aio")


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such calls; `path` doesn't matter."""
    del path
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef):
            nodes = [node for statement in function.body for node in (statement, *own_nodes(statement))]
            awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
            for node in nodes:
                if isinstance(node, ast.AsyncWith):
                    awaited.update(id(item.context_expr) for item in node.items)
            for node in nodes:
                if isinstance(node, ast.Call) and id(node) not in awaited and _may_wait(node):
                    yield node.lineno


def _may_wait(call: ast.Call) -> bool:
    if any(isinstance(node, ast.Await) for node in ast.walk(call.func)):
        return False
    written = ast.unparse(call.func)
    return _SUSPECTS.fullmatch(written) is not None and _NOT_BLOCKING.search(written) is None

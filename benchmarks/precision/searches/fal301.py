"""What in a handler smells of 401, of 403, or of who may do what."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSES = re.compile(
    r"40[13]\b|unauthori[sz]ed|forbidden|(?:permission|access)_?denied|not_?authori[sz]ed", re.IGNORECASE
)
_CHECKS = re.compile(
    r"(?:^|\.)_*(?:check|require|ensure|verify|assert|validate|authori[sz]e|enforce|must|has|can|is)_?\w*"
    r"(?:admin|perm|auth|access|role|user|owner|scope|token|key|allowed|superuser)"
    r"|_or_40[13]|(?:^|\.)authori[sz]e$|jwt\.decode|compare_digest",
    re.IGNORECASE,
)
_PRIVILEGES = re.compile(
    r"\b(?:roles?|is_admin|is_superuser|admin|super_user|is_active|permissions?|scopes)\b", re.IGNORECASE
)


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of refusals, of calls that sound like checks, and of conditions on privileges."""
    del path
    for function, _ in handlers(tree):
        for statement in function.body:
            for node in (statement, *own_nodes(statement)):
                if isinstance(node, (ast.stmt, ast.expr)) and _smells(node):
                    yield node.lineno


def _smells(node: ast.AST) -> bool:
    if isinstance(node, (ast.Raise, ast.Return)):
        return _REFUSES.search(ast.unparse(node)) is not None
    if isinstance(node, ast.Call):
        return _CHECKS.search(ast.unparse(node.func)) is not None
    if isinstance(node, (ast.If, ast.Match)):
        test = node.test if isinstance(node, ast.If) else node.subject
        return _PRIVILEGES.search(ast.unparse(test)) is not None
    return False

"""Literals that a name beside them, or their own look, could make a secret."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = re.compile(
    r"passw|passphrase|pwd|secret|token|(?<!s)key|auth|cred|salt|signature|dsn|private|bearer", re.IGNORECASE
)
_LOOKS = re.compile(
    r"^(?:sk-|[pr]k_|gh[opsur]_|xox.-|AKIA|ASIA|eyJ|AIza|glpat|hf_)|-----BEGIN|://[^/\s]*:[^/\s]*@"
    r"|^(?:Bearer|Basic) \S|^[0-9a-fA-F]{24,}$"
)
_DULL = re.compile(r"[a-z][a-z_.:/-]*|[A-Z][A-Z0-9_]*|[A-Za-z]+|[/\\[{<(^%$].*")
"""Words, identifiers, paths and patterns: most of what stands beside such names."""
_SHORTEST = 6
_LEFT_ALONE = re.compile(r"(?:^|/)(?:docs_src|examples?|alembic|_?migrations)/")


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such literals; not in migrations, documentation and examples."""
    if _LEFT_ALONE.search(path):
        return
    for node in ast.walk(tree):
        for name, value in _named(node):
            if _NAMES.search(name):
                literals = (inner for inner in ast.walk(value) if isinstance(inner, ast.Constant))
                yield from (inner.lineno for inner in literals if _is_literal(inner))
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, (str, bytes))
            and _LOOKS.search(_text(node))
        ):
            yield node.lineno


def _text(node: ast.Constant) -> str:
    return node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)


def _is_literal(node: ast.Constant) -> bool:
    if not isinstance(node.value, (str, bytes)):
        return False
    text = _text(node)
    return len(text) >= _SHORTEST and re.search(r"\s", text) is None and _DULL.fullmatch(text) is None


def _named(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What is written beside a name: assigned, passed, compared, looked up or given as default."""
    if isinstance(node, ast.Assign):
        yield from ((ast.unparse(target), node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield ast.unparse(node.target), node.value
    elif isinstance(node, ast.keyword):
        yield node.arg or "", node.value
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from ((ast.unparse(key), value) for key, value in pairs if key is not None)
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        given = positional[len(positional) - len(node.defaults) :]
        yield from ((item.arg, default) for item, default in zip(given, node.defaults, strict=True))
        named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
        yield from ((item.arg, default) for item, default in named if default is not None)
    elif isinstance(node, ast.Compare):
        for other in node.comparators:
            yield ast.unparse(node.left), other
            yield ast.unparse(other), node.left
    elif isinstance(node, ast.Call):
        yield from ((ast.unparse(node.func), argument) for argument in node.args)

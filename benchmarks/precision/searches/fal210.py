"""Handlers with an upload or a form field, and something else beside it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from searches.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = re.compile(r"UploadFile|\b(File|Form)\(")
_ELSEWHERE = re.compile(r"Depends|Security|Request|Session|Query\(|Path\(|Header\(|Cookie\(|BackgroundTasks")


def candidates(tree: ast.Module, path: str) -> Iterator[int]:
    """Lines of such handlers' `def`; `path` doesn't matter."""
    del path
    for node, _ in handlers(tree):
        positional = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
        defaults: dict[ast.arg, ast.expr | None] = dict(positional)
        defaults.update(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
        texts = []
        for item in (*node.args.args, *node.args.kwonlyargs):
            default = defaults.get(item)
            texts.append(f"{ast.unparse(item)} = {ast.unparse(default) if default is not None else ''}")
        forms = [text for text in texts if _FORM.search(text)]
        others = [text for text in texts if not _FORM.search(text) and not _ELSEWHERE.search(text)]
        if forms and others:
            yield node.lineno

"""FAL501: an `except` for everything drops the error, and nobody hears of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.answers.silence import silent_handlers
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function

_TO_TOOLS: Final = "noqa|pragma|type|pylint|ruff|mypy|nosec|fastapi-lint"
_REASON: Final = re.compile(
    rf"#(?:\s*(?:{_TO_TOOLS})\b[^\n]*?\s(?:-+|#)\s|(?!\s*(?:(?:{_TO_TOOLS})\b|error:|todo|fixme|xxx)))[^\n]*\w",
    re.IGNORECASE,
)
"""A comment that says something to people, be it behind words to a tool, and not only that work is left."""


class SwallowedException(RouteVisitor):
    """An `except` for everything drops the error: it is neither raised, nor answered, nor logged."""

    code: ClassVar = "FAL501"
    name: ClassVar = "swallowed-exception"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("5.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that drop an error of what they ask for or store are of interest."""
        return "test" not in function.module.roles and any(
            True for _ in silent_handlers(application.body(function))
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {handler.line: (handler, name) for handler, name in silent_handlers(self.body)}
        return True

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        whole = self.span(node)
        handler, name = self._found.get(whole.line, (None, ""))
        if handler is None or _REASON.search(self.code_of(node)):
            return
        end = self.span(node.type).end_column if node.type is not None else whole.column + len("except")
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        self.report(
            Span(whole.line, whole.column, whole.line, end),
            f"{who} drops whatever `{name}` raises: nobody learns that it failed",
            help="catch what you expect, by its class; let the rest be raised, or log it at least",
        )

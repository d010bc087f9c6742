"""FAL119: an answer of 500 is made on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.intended import intended_500s
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Function


class Intentional500(ApplicationRule):
    """An answer of 500 is made on purpose, although it says that something unforeseen happened."""

    code: ClassVar = "FAL119"
    name: ClassVar = "intentional-500"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.7",)

    def check(self) -> None:
        """Look into every function that requests run."""
        for module in self.application.modules.by_path.values():
            if "test" not in module.roles:
                for function in self.application.functions_in(module.path):
                    self._look_into(function)

    def _look_into(self, function: Function) -> None:
        way = self.application.way_to(function)
        if way is None:
            return
        is_handler = bool(self.application.routes_of(function))
        for at, is_raised in intended_500s(self.application.body(function), is_handler=is_handler):
            does = "raises" if is_raised else "returns"
            self.report(
                function.path,
                Span(at.line, at.column, at.end_line, at.end_column),
                f"`{function.name}` {does} a 500 on purpose: `{way.route.label}`",
                help="answer with a status that says whose fault it is, or let the error through",
            )

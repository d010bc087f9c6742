"""FAL603: reads that could run at the same time are awaited one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.sequences import awaited_in_sequence
from fastapi_lint.application.written import dotted
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class AwaitsInSequence(RouteVisitor):
    """Reads that need nothing of one another are awaited one after the other."""

    code: ClassVar = "FAL603"
    name: ClassVar = "awaits-in-sequence"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("6.3",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such reads are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and any(True for _ in awaited_in_sequence(application.body(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each run of reads at its first one."""
        if node is self._root:
            who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
            for run in awaited_in_sequence(self.body):
                calls = [meaning.node for meaning in run if meaning.node is not None]
                names = list(dict.fromkeys(f"`{dotted(call.function)}`" for call in calls))
                first, last = calls[0], calls[-1]
                self.report(
                    Span(first.line, first.column, first.end_line, first.end_column),
                    f"{who} awaits {len(calls)} reads one after the other that need nothing of each other: "
                    f"{', '.join(names[:3])}",
                    help="await them together: `await asyncio.gather(…)`",
                    notes=(
                        self.note(
                            "the last one", at=Span(last.line, last.column, last.end_line, last.end_column)
                        ),
                    ),
                )
        return False

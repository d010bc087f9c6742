"""FAL125: a second handler of the same name in one module."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.written import is_replaced
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application import Function


class HandlerNameReused(ApplicationRule):
    """A second handler has the name of another one in the same module, and takes its place there."""

    code: ClassVar = "FAL125"
    name: ClassVar = "handler-name-reused"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report the second and all further definitions."""
        labels: dict[Function, str] = {}
        for route in self.application.routes:
            if route.handler is not None:
                labels.setdefault(route.handler, route.label)
        by_name: dict[tuple[str, str], list[Function]] = {}
        for function in labels:
            if function.name.strip("_") and "test" not in function.module.roles:
                by_name.setdefault((function.path, function.qualname), []).append(function)
        for functions in by_name.values():
            functions.sort(key=lambda function: function.line)
            for first, second in pairwise(functions):
                if not is_replaced(first.module.facts.body, first.definition, second.definition):
                    continue
                self.report(
                    second.path,
                    _place(second),
                    f"`{second.name}` of `{labels[second]}` has the name of the handler of `{labels[first]}`",
                    help="give the two different names; as it is, one can't be imported",
                    notes=(
                        self.note(f"the handler of `{labels[first]}`", path=first.path, at=_place(first)),
                    ),
                )


def _place(function: Function) -> Span:
    """The place of `def name`."""
    at = function.definition
    length = len("async def " if function.is_async else "def ") + len(function.name)
    return Span(at.line, at.column, at.line, at.column + length)

"""FAL211: a default that should be new each time is worked out once."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class DefaultEvaluatedOnce(ApplicationRule):
    """A default is worked out once, when the module is imported, and not each time that it is needed."""

    code: ClassVar = "FAL211"
    name: ClassVar = "default-evaluated-once"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("2.5",)

    def check(self) -> None:
        """Report each such default."""
        for once in self.application.schemas.worked_out_once():
            what = once.what if once.what.startswith("this ") else f"`{once.what}()`"
            self.report(
                once.path,
                once.span,
                f"{what}, the default of `{once.of}`, is made once and used ever after",
                help=once.how,
            )

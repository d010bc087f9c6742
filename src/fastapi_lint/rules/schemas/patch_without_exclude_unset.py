"""FAL205: a PATCH overwrites what the client didn't send."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Edit, Fix, Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class PatchWithoutExcludeUnset(ApplicationRule):
    """A PATCH writes all fields of its body, those too that the client didn't send."""

    code: ClassVar = "FAL205"
    name: ClassVar = "patch-without-exclude-unset"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.6",)

    def check(self) -> None:
        """Report each place where defaults are written."""
        for found in self.application.schemas.overwriting():
            route, name = found.route, found.model.definition.name
            if found.field:
                message = f"`{route.label}` overwrites `{found.field}` with its default where it isn't sent"
                help_ = f"ask `model_fields_set` or `model_dump(exclude_unset=True)` whether `{name}` has it"
            else:
                message = f"`{route.label}` overwrites what isn't sent with the defaults of `{name}`"
                help_ = "`exclude_unset=True` leaves out what the client didn't send"
            self.report(
                found.path,
                found.span,
                message,
                help=help_,
                notes=(self.note("served here", path=route.decorator_file, at=route.decorator_span),),
                fix=self._fix(found.path, found.span) if found.can_add else "the call has other arguments",
            )

    @staticmethod
    def _fix(path: str, span: Span) -> Fix:
        inside = Span(span.end_line, span.end_column - 1, span.end_line, span.end_column - 1)
        return Fix("Leave out what isn't set", "unsafe", (Edit(path, inside, "exclude_unset=True"),))

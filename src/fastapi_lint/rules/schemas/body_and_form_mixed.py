"""FAL210: a route wants JSON and a form in one request."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class BodyAndFormMixed(ApplicationRule):
    """A route takes a JSON body and fields or files of a form, which no request can have both."""

    code: ClassVar = "FAL210"
    name: ClassVar = "body-and-form-mixed"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("2.2",)

    def check(self) -> None:
        """Report each such route."""
        for found in self.application.schemas.mixtures():
            route = found.route
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"`{route.label}` takes `{found.body.name}` as JSON and `{found.form.name}` from a form: no "
                "request has both",
                help=f"take `{found.body.name}` from the form too, or as `Json` in one of its fields",
            )

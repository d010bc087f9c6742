"""FAL204: one model is what clients send and what they get."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.schemas.sharing import shared_models
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class SharedInputOutputModel(ApplicationRule):
    """A model is the body of a request that makes or changes something, and a response too."""

    code: ClassVar = "FAL204"
    name: ClassVar = "shared-input-output-model"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("2.3",)

    def check(self) -> None:
        """Report each such model, where it is taken."""
        for shared in shared_models(self.application):
            route, other = shared.taken_by, shared.given_by
            name = shared.cls.definition.name
            also = "comes back from it" if other is route else f"is what `{other.label}` answers with"
            self.report(
                route.decorator_file,
                route.decorator_span,
                f"`{name}`, which `{route.label}` takes, {also}",
                help="declare one model for what clients send, and one for what they get",
                notes=()
                if other is route
                else (self.note("given here", path=other.decorator_file, at=other.decorator_span),),
            )

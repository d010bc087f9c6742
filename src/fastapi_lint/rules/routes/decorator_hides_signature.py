"""FAL124: a decorator hides the handler's signature from FastAPI."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.decorators import hidden_signature
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class DecoratorHidesSignature(ApplicationRule):
    """A decorator without `functools.wraps` hides the handler's signature from FastAPI."""

    code: ClassVar = "FAL124"
    name: ClassVar = "decorator-hides-signature"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report each registration whose endpoint is such a wrapper."""
        for route in self.application.routes:
            hidden = hidden_signature(route)
            if hidden is None or self.application.is_test(route.decorator_file):
                continue
            if not self.is_first(route.registered_at):
                continue
            wrapper, variadic = hidden
            names = " and ".join(f"`{name.lstrip('*')}`" for name in variadic)
            at = wrapper.definition
            made_by = wrapper.qualname.partition(".<locals>")[0]
            self.report(
                *route.registered_at,
                f"`{route.label}` asks for query parameters {names}: `{made_by}` hides its signature",
                help=f"decorate `{at.name}` with `functools.wraps(…)`, so that FastAPI sees what it wraps",
                notes=(
                    self.note(
                        f"`{at.name}` is what FastAPI sees",
                        path=wrapper.module.path,
                        at=Span(at.line, at.column, at.line, at.column + 3),
                    ),
                ),
            )

"""FAL309: a security scheme takes a credential from the request, and nothing verifies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.security.schemes import unverified_schemes
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.security.schemes import Unverified
    from fastapi_lint.diagnostics import Note


class SchemeWithoutVerification(ApplicationRule):
    """A security scheme demands a credential, and nothing verifies it."""

    code: ClassVar = "FAL309"
    name: ClassVar = "scheme-without-verification"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.2",)

    def check(self) -> None:
        """Report each scheme at the first route that relies on it alone."""
        for found in unverified_schemes(self.application):
            route, *others = found.routes
            rest = f" and {len(others)} other route{'s' * (len(others) > 1)}" if others else ""
            demands = "takes any credential, or none," if found.is_optional else "takes any credential"
            self.report(
                *route.registered_at,
                f"`{found.scheme}` {demands} for `{route.label}`{rest}: nothing verifies it",
                help="decode the token, look it up, or compare the key with `secrets.compare_digest`, "
                "in a dependency that raises 401",
                notes=self._notes(found),
            )

    def _notes(self, found: Unverified) -> tuple[Note, ...]:
        if found.by is None:
            return ()
        at = found.by.definition
        end = at.column + len(f"{'async ' * at.is_async}def {at.name}")
        return (
            self.note(
                f"`{found.by.qualname}` is given it",
                path=found.by.path,
                at=Span(at.line, at.column, at.line, end),
            ),
        )

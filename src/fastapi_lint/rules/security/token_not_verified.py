"""FAL306: claims are taken from a token whose signature nobody has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.token_calls import token_calls, token_faults
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.security.checks import Unverified
    from fastapi_lint.application.security.token_calls import TokenFault
    from fastapi_lint.application.wiring.routes import Route

_NAMED: Final = 'name the algorithm that tokens are signed with: `algorithms=["HS256"]`'


class TokenNotVerified(ApplicationRule):
    """Claims are taken from a token whose signature nobody has looked at."""

    code: ClassVar = "FAL306"
    name: ClassVar = "token-not-verified"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.3",)

    def check(self) -> None:
        """Report calls that skip the signature of what a client sent, or accept any algorithm."""
        if next(token_calls(self.application), None) is None:
            return
        for fault in token_faults(self.application):
            self._report_fault(fault)
        for route, found in self.application.refusals.unverified():
            self._report_unverified(route, found)

    def _report_fault(self, fault: TokenFault) -> None:
        name = f"`{fault.function.qualname}`"
        if fault.kind == "none":
            message = f"{name} allows the algorithm `none`: a token without a signature"
        elif fault.package == "jose":
            message = f"{name} verifies a token without `algorithms=`: the token itself says by which"
        else:
            message = (
                f"{name} verifies a token without `algorithms=`: PyJWT accepts any, or, from 2, no token"
            )
        self.report(fault.function.path, place_of(fault.call), message, help=_NAMED)

    def _report_unverified(self, route: Route, found: Unverified) -> None:
        by = f" by `{' → '.join(found.calls)}`" if found.calls else ""
        self.report(
            found.function.path,
            place_of(found.call),
            f"`{route.label}` takes the claims of a token that the client sent for true{by}: "
            f"`{found.because}` skips the signature",
            help="verify it with the key, and name the algorithms",
        )

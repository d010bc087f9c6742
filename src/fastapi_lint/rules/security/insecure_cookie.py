"""FAL327: a cookie with a credential is open to scripts, or to whoever reads an unencrypted connection."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.cookies import open_cookies
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_OPEN_TO = {"httponly": "scripts may read it", "secure": "it also goes over unencrypted connections"}


class InsecureCookie(ApplicationRule):
    """A cookie with a credential is open to scripts, or to whoever reads an unencrypted connection."""

    code: ClassVar = "FAL327"
    name: ClassVar = "insecure-cookie"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report each call of `set_cookie` once, with all that it leaves out."""
        for found in open_cookies(self.application):
            reasons = " and ".join(_OPEN_TO[name] for name in found.missing)
            given = " and ".join(f"`{name}=True`" for name in found.missing)
            self.report(
                found.function.path,
                place_of(found.call),
                f"`{found.function.qualname}` sets the cookie `{found.name}` so that {reasons}",
                help=f"pass {given}; for HTTP on a developer's machine take `secure` from a setting",
            )

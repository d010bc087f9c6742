"""FAL308: a password is stored or compared as it is, or as a digest that is fast to guess."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.password_storage import weak_passwords
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class WeakPasswordHash(ApplicationRule):
    """A password is stored or compared as it is, or as a digest that is fast to guess."""

    code: ClassVar = "FAL308"
    name: ClassVar = "weak-password-hash"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.6",)

    def check(self) -> None:
        """Report digests of passwords, and passwords of requests that are compared or stored as they are."""
        for found in weak_passwords(self.application):
            if found.kind == "digest":
                name = f"`{found.function.qualname}`"
                message = f"{name} makes a `{found.of}` of a password: billions can be tried in a second"
                help_ = "hash it with Argon2, bcrypt or scrypt, such as `pwdlib.PasswordHash.recommended()`"
            else:
                label = f"`{self.application.routes_of(found.function)[0].label}`"
                if found.kind == "compared":
                    message = f"{label} compares a password with `{found.of}`, which is stored as it is"
                else:
                    message = f"{label} stores a password in `{found.of}` as it is"
                help_ = "store a hash of Argon2, bcrypt or scrypt, and let its library verify passwords"
            self.report(found.function.path, found.at, message, help=help_)

"""FAL329: an upload is read as a whole, however large it is."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.checks import place_of
from fastapi_lint.application.security.uploads import whole_uploads
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class UnboundedUpload(ApplicationRule):
    """An upload is read as a whole, however large it is."""

    code: ClassVar = "FAL329"
    name: ClassVar = "unbounded-upload"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.8",)

    def check(self) -> None:
        """Report each call that reads all of it."""
        for found in whole_uploads(self.application):
            self.report(
                found.function.path,
                place_of(found.call),
                f"`{found.route.label}` reads an upload into memory, however large it is",
                help="refuse by `upload.size`, or read parts, `await upload.read(65_536)`, and count them",
            )

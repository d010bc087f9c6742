"""FAL304: anybody may call a write, although the writes beside it are guarded."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.security.openness import open_writes
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

_MARK = "mark it with `# fastapi-lint: public`"


class UnprotectedWrite(ApplicationRule):
    """A route that changes data verifies nobody, although the routes beside it do."""

    code: ClassVar = "FAL304"
    name: ClassVar = "unprotected-write"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.2",)

    def check(self) -> None:
        """Report each such route, with a guarded one beside it; at the level `strict` also without one."""
        is_strict = self.application.settings.level != Level.DEFAULT.value
        for found in open_writes(self.application, every=is_strict):
            route, example = found.route, found.example
            if example is None:
                self.report(
                    *route.registered_at,
                    f"nothing verifies who calls `{route.label}`",
                    help=f"ask for the caller in a dependency of the route or its router, or {_MARK}",
                )
                continue
            others = f"{found.guarded} other writes of its {'router' if found.is_near else 'application'}"
            self.report(
                *route.registered_at,
                f"nothing verifies who calls `{route.label}`, as {others} do",
                help=f"add `{found.guard.rpartition('.')[2]}` to its dependencies, or {_MARK}",
                notes=(
                    self.note(
                        f"`{example.label}` is guarded by `{found.guard}`",
                        path=example.decorator_file,
                        at=example.decorator_span,
                    ),
                ),
            )

"""FAL708: something of FastAPI is used that the used version has deprecated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import deprecated
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Span


class DeprecatedApi(ApplicationRule):
    """Something of FastAPI is used that the used version has deprecated."""

    code: ClassVar = "FAL708"
    name: ClassVar = "deprecated-api"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("7.4",)

    def check(self) -> None:
        """Report deprecated arguments of markers, then deprecated response classes."""
        for path, call, name, successor in deprecated.arguments(self.application):
            self.report(
                path,
                callee_span(call, 1),
                f"`{name}=` is deprecated",
                help=f"pass `{successor}`",
            )
        for router in self.application.routers:
            given = router.settings.get("default_response_class")
            if (
                deprecated.is_deprecated_response(self.application, given)
                and router.module is not None
                and router.call is not None
            ):
                self._report_class(router.module.path, callee_span(router.call, 1))
        seen = set()
        for route in self.application.routes:
            registered = route.registration.call
            given = route.keywords.get("response_class")
            if registered is not None and id(registered) not in seen:
                seen.add(id(registered))
                if deprecated.is_deprecated_response(self.application, given):
                    self._report_class(route.decorator_file, route.decorator_span)

    def _report_class(self, path: str, at: Span) -> None:
        self.report(
            path,
            at,
            "this response class is deprecated: FastAPI writes JSON with Pydantic",
            help="leave it out, and declare a response model",
        )

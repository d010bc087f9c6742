"""FAL513: middleware raises an HTTPException."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.answers.unhandled import raised_in_middleware
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import ApplicationRule, Level


class HttpExceptionInMiddleware(ApplicationRule):
    """Middleware raises an HTTPException, which becomes a 500."""

    code: ClassVar = "FAL513"
    name: ClassVar = "http-exception-in-middleware"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("5.2",)

    def check(self) -> None:
        """Report each `raise` in middleware, and each call behind which there is one."""
        for function, leaving in raised_in_middleware(self.application):
            node = leaving.node
            what = f"a {leaving.status}" if leaving.status is not None else "an HTTPException"
            by = f" by `{' → '.join(leaving.names)}`" if leaving.names else ""
            self.report(
                function.path,
                Span(node.line, node.column, node.end_line, node.end_column),
                f"middleware `{function.qualname}` raises {what}{by}, which becomes a 500",
                help="return a `JSONResponse` with that status, or raise it in a dependency",
                notes=(
                    self.note("raised here", path=leaving.path, at=Span(leaving.line, 1, leaving.line, 1)),
                )
                if leaving.names
                else (),
            )

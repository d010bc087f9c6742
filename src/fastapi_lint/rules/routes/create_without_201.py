"""FAL103: a POST handler creates a persistent resource and answers 200."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import purposes
from fastapi_lint.diagnostics import Fix, Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function, Route


class CreateWithout201(RouteVisitor):
    """A POST handler creates a persistent resource and answers 200."""

    code: ClassVar = "FAL103"
    name: ClassVar = "create-without-201"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.4",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers of POST that create something are of interest."""
        return (
            any("POST" in route.methods for route in application.routes_of(function))
            and application.creations.of(application.body(function)) is not None
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        if node is self._root:
            for route in self.routes:
                if not purposes.answers_200_to(self.application, route, "POST"):
                    continue
                found = self.application.creations.of(self.body)
                if found is None:
                    break
                if not purposes.creates(route, found) or not purposes.sends_200(self.application, route):
                    continue
                if not self.is_first(route.registered_at):
                    continue
                what = f"`{found.entity.definition.name}`" if found.entity is not None else "a resource"
                call = found.call
                self.report(
                    route.decorator_span,
                    f"`{route.label}` creates {what} and answers 200: `{' → '.join(found.chain)}`",
                    help="declare `status_code=status.HTTP_201_CREATED`",
                    path=route.decorator_file,
                    fix=self._fix(route),
                    notes=(
                        self.note(
                            "created here",
                            at=Span(call.line, call.column, call.end_line, call.end_column),
                            path=found.path,
                        ),
                    ),
                )
        return False

    def _fix(self, route: Route) -> Fix | str:
        """Declare the status, which changes what clients see."""
        call = self.registration(route)
        if call is None:
            return "it isn't registered by a decorator of its own"
        status = self.status_argument(call, route, "HTTP_201_CREATED")
        return status if isinstance(status, str) else Fix("declare status 201", "unsafe", status)

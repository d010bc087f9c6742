"""FAL321: a decorator above the route decorator is never applied to what FastAPI serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class DecoratorAboveRoute(RouteVisitor):
    """A decorator above the route decorator is never applied to what FastAPI serves."""

    code: ClassVar = "FAL321"
    name: ClassVar = "decorator-above-route"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("3.1", "3.2")

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers with something above the route decorator are of interest."""
        if "test" in function.module.roles or len(function.definition.decorators) < 2:  # noqa: PLR2004 - two
            return False
        return bool(application.decorators.in_vain(function, application.routes_of(function)))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each such decorator."""
        if node is self._root:
            for position, route in self.application.decorators.in_vain(self.function, self.routes):
                decorator = node.decorators[position].decorator
                name = self.code_of(decorator).partition("(")[0]
                self.report(
                    decorator,
                    f"`@{name}` stands above the route decorator: `{route.label}` is served without it",
                    help="put it below the route decorator, or make a dependency of it",
                    notes=(
                        self.note(
                            "this registers what stands below it",
                            at=route.decorator_span,
                            path=route.decorator_file,
                        ),
                    ),
                )
        return False

"""FAL322: raw data goes out in a Response, past the declared model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import bypassing, responses
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ResponseModelBypassed(RouteVisitor):
    """A model is declared, but a Response with raw data is returned, so that nothing is filtered."""

    code: ClassVar = "FAL322"
    name: ClassVar = "response-model-bypassed"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.7",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers of routes with a model that return a Response are of interest."""
        return (
            "test" not in function.module.roles
            and any(bypassing.declared_model(application, route) for route in application.routes_of(function))
            and responses.Returned.RESPONSE in responses.returned(application.body(function).result)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        return node is self._root

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Return(self, node: cst.Return) -> None:
        returned = self.expression(node.value) if node.value is not None else None
        if node.value is None or returned is None:
            return
        for route in self.routes:
            declared = bypassing.declared_model(self.application, route)
            content = bypassing.passes_by(route, declared, self.body, returned) if declared else None
            if declared is None or content is None:
                continue
            self.report(
                node.value,
                f"`{route.label}` declares `{declared.definition.name}`, but sends "
                f"{responses.described(content)} past it, unfiltered",
                help="return the data itself, or make the content from the model",
                notes=(self.note("declared here", at=route.decorator_span, path=route.decorator_file),),
            )
            return

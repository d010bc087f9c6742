"""FAL102: a response model is declared, but it has no shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import libcst as cst

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function, Route
    from fastapi_lint.diagnostics import Span


class UntypedResponseModel(RouteVisitor):
    """A response model is declared, but it has no shape."""

    code: ClassVar = "FAL102"
    name: ClassVar = "untyped-response-model"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("2.1", "2.8")

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers of routes with such a model are of interest."""
        return any(_is_shapeless(application, route) for route in application.routes_of(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Judge what is declared for the handler's routes; its body doesn't matter."""
        for route in self.routes if node is self._root else ():
            if not _is_shapeless(self.application, route):
                continue
            at, path = self._place(route, node)
            if self.is_first((at, path)):
                self.report(
                    at,
                    f"the response model of `{route.label}` has no shape",
                    help="declare the fields that the body has, as a Pydantic model or a TypedDict",
                    path=path,
                )
        return False

    def _place(self, route: Route, node: cst.FunctionDef) -> tuple[Span, str]:
        """The annotation or the value of `response_model=`; the registering call if that stands elsewhere."""
        at: cst.BaseExpression | None = None
        if "response_model" in route.keywords:
            at = self._argument(route, node)
        elif node.returns is not None:
            at = node.returns.annotation
        return (
            (route.decorator_span, route.decorator_file) if at is None else (self.span(at), self.module.path)
        )

    def _argument(self, route: Route, node: cst.FunctionDef) -> cst.BaseExpression | None:
        """The value of `response_model=` in the decorator that registers the route, if one does."""
        for decorator in node.decorators if route.decorator_file == self.module.path else ():
            call = decorator.decorator
            if isinstance(call, cst.Call) and self.span(call.func) == route.decorator_span:
                for item in call.args:
                    if item.keyword is not None and item.keyword.value == "response_model":
                        return item.value
        return None


def _is_shapeless(application: Application, route: Route) -> bool:
    model = response_models.declared(application, route)
    return (
        model is not None
        and response_models.is_shapeless(model)
        and responses.has_contract(route)
        and not responses.forbids_body(application, route.status_code)
        and responses.sends_json(route) is True
        and responses.returned(responses.answer(application, route)) != {responses.Returned.RESPONSE}
    )

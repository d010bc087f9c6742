"""FAL102: a response model is declared, but it has no shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import libcst as cst

from fastapi_lint.application import responses
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Route


class UntypedResponseModel(RouteVisitor):
    """A response model is declared, but it has no shape."""

    code: ClassVar = "FAL102"
    name: ClassVar = "untyped-response-model"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("2.1", "2.8")

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        if node is self._root:
            reported = set()
            for route in self.routes:
                place = (route.decorator_file, route.decorator_span)
                if place not in reported and self._is_shapeless(route):
                    reported.add(place)
                    self._report_model(route, node)
        return False

    def _is_shapeless(self, route: Route) -> bool:
        declared, model = responses.declared_model(self.application, route)
        return (
            declared
            and model is not None
            and responses.is_shapeless(model)
            and responses.has_contract(route)
            and not responses.forbids_body(self.application, route.status_code)
            and responses.sends_json(route) is True
        )

    def _report_model(self, route: Route, node: cst.FunctionDef) -> None:
        """Report at the annotation or at the value of `response_model=`; from afar, at the registering call."""
        message = f"the response model of `{route.label}` has no shape"
        advice = "declare the fields that the body has, as a Pydantic model or a TypedDict"
        at: cst.BaseExpression | None = None
        if "response_model" in route.keywords:
            at = self._argument(route, node)
        elif node.returns is not None:
            at = node.returns.annotation
        if at is not None:
            self.report(at, message, help=advice)
        else:
            self.report(route.decorator_span, message, help=advice, path=route.decorator_file)

    def _argument(self, route: Route, node: cst.FunctionDef) -> cst.BaseExpression | None:
        """The value of `response_model=` in the decorator that registers the route, if one does."""
        for decorator in node.decorators:
            call = decorator.decorator
            if (
                isinstance(call, cst.Call)
                and route.decorator_file == self.module.path
                and self.span(call.func) == route.decorator_span
            ):
                return next(
                    (item.value for item in call.args if item.keyword and item.keyword.value == "response_model"),
                    None,
                )
        return None

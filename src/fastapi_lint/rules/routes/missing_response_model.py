"""FAL101: a JSON body goes out with no declared model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.diagnostics import Fix, Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function, Route
    from fastapi_lint.application.evaluation.values import Value


class MissingResponseModel(RouteVisitor):
    """A JSON body goes out with no declared model."""

    code: ClassVar = "FAL101"
    name: ClassVar = "missing-response-model"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.1",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers of routes that send data and declare nothing are of interest."""
        return any(_is_undeclared(application, route) for route in application.routes_of(function))

    _returned: cst.BaseExpression | None = None
    _data: Value | None = None

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        return node is self._root

    def visit_Return(self, node: cst.Return) -> None:
        """Note the first value that is known not to be a Response."""
        if self._data is None and node.value is not None:
            self._data = responses.data_of(self.value_of(node.value))
            self._returned = node.value

    def leave_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Report each route that sends such a value and declares nothing."""
        if node is not self._root or self._data is None or self._returned is None:
            return
        for route in self.routes:
            if _is_undeclared(self.application, route) and self.is_first(route.registered_at):
                what = responses.described(self._data)
                self.report(
                    route.decorator_span,
                    f"`{route.label}` returns {what} and declares no response model",
                    help=self._advice(),
                    path=route.decorator_file,
                    fix=self._fix(node, route),
                    notes=(self.note("returned here", at=self._returned),),
                )

    def _fix(self, node: cst.FunctionDef, route: Route) -> Fix | str:
        """Declare the one model that every return gives: FastAPI converts and filters by it from then on."""
        annotation = response_models.annotation_for(self.body.result)
        if annotation is None:
            return "it doesn't return one model"
        if node.returns is not None or route.decorator_file != self.module.path:
            return "it is annotated, or registered elsewhere"
        model = annotation.removesuffix(" | None").removeprefix("list[").rstrip("]")
        edit = self.return_annotation(node, annotation) if self.binds_once(model) else None
        if edit is None:
            return f"`{model}` isn't imported here"
        return Fix(f"annotate with `{annotation}`", "unsafe", (edit,))

    def _advice(self) -> str:
        annotation = response_models.annotation_for(self.body.result)
        if annotation is not None:
            return f"annotate the handler with `-> {annotation}`, or pass `response_model=`"
        return (
            "describe the body with a model, as the return annotation or as `response_model=`; "
            "`response_model=None` says that it has no fixed shape"
        )


def _is_undeclared(application: Application, route: Route) -> bool:
    return (
        responses.has_contract(route)
        and not response_models.is_declared(application, route)
        and not responses.forbids_body(application, route.status_code)
        and responses.sends_json(route) is True
        and responses.data_of(responses.answer(application, route)) is not None
    )

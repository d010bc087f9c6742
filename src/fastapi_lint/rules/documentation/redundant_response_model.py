"""FAL804: `response_model=` repeats the return annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.response_models import means_a_stream
from fastapi_lint.application.evaluation.values import ClassValue, External, FunctionValue
from fastapi_lint.diagnostics import Fix, Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function, Route


class RedundantResponseModel(RouteVisitor):
    """`response_model=` repeats the return annotation."""

    code: ClassVar = "FAL804"
    name: ClassVar = "redundant-response-model"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("8.4",)
    fastapi: ClassVar = ">=0.89"

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only annotated handlers of routes that are given a model are of interest."""
        definition = function.definition
        return (
            definition.returns is not None
            and not definition.is_generator
            and "test" not in function.module.roles
            and any(_has_model(route) for route in application.routes_of(function))
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Compare what the decorators pass with the annotation."""
        if node is not self._root or node.returns is None:
            return False
        annotation = _plain(self.code_of(node.returns.annotation))
        for route in self.routes:
            call = self.registration(route) if _has_model(route) else None
            given = self.argument(call, "response_model") if call is not None else None
            if call is None or given is None or _plain(self.code_of(given)) != annotation:
                continue
            if not self.is_first(call):
                continue
            is_wrapped = self._is_wrapped(node, call)
            if is_wrapped and not _keeps_annotation(route):
                continue
            if means_a_stream(self.application, route.response_model):
                continue
            self.report(
                given,
                f"`{route.label}` passes `response_model={self.code_of(given)}`, which its annotation says",
                help="leave `response_model=` out: the return annotation declares it",
                fix=self._fix(call, is_wrapped=is_wrapped),
            )
        return False

    def _is_wrapped(self, node: cst.FunctionDef, call: cst.Call) -> bool:
        """Whether a decorator that registers nothing stands between a registration and the function."""
        registrations = {self.registration(route) for route in self.routes}
        decorators = [each.decorator for each in node.decorators]
        return any(each not in registrations for each in decorators[decorators.index(call) + 1 :])

    def _fix(self, call: cst.Call, *, is_wrapped: bool) -> Fix | str:
        """Take the argument out, with the comma before it."""
        if is_wrapped:  # FastAPI may resolve a postponed annotation in the module of the wrapper
            return "another decorator stands between it and the annotation"
        if "." in self.function.qualname:  # FastAPI resolves a postponed annotation among the module's names
            return "the handler stands inside a function or class, whose names an annotation may not reach"
        at = next(
            place
            for place, item in enumerate(call.args)
            if item.keyword is not None and item.keyword.value == "response_model"
        )
        if any("#" in self.code_of(item) for item in call.args[max(at - 1, 0) : at + 1]):
            return "a comment stands beside it"
        this = self.span(call.args[at])
        if at:
            last = self.span(call.args[at - 1])
            whole = Span(last.end_line, last.end_column, this.end_line, this.end_column)
        elif len(call.args) > 1:
            following = self.span(call.args[1])
            whole = Span(this.line, this.column, following.line, following.column)
        else:
            whole = this
        return Fix("leave out `response_model=`", "safe", (self.edit(whole, ""),))


def _has_model(route: Route) -> bool:
    """Whether a route is given a model that its class of router leaves to FastAPI."""
    model = route.response_model
    return (
        "response_model" in route.keywords
        and model is not None
        and not (isinstance(model, External) and model.name == "typing.Any")
        and not any(isinstance(router.cls, ClassValue) for router in route.routers)
    )


def _keeps_annotation(route: Route) -> bool:
    """Whether the wrapper that is registered is known to show the annotation of what it wraps."""
    endpoint = route.registration.endpoint
    return isinstance(endpoint, FunctionValue) and endpoint.wraps is not None


def _plain(code: str) -> str:
    """An annotation in one spelling: without quotes and white space, `Optional[X]` as a union."""
    code = "".join(code.split()).strip("\"'")
    for prefix in ("Optional[", "typing.Optional["):
        if code.startswith(prefix) and code.endswith("]") and code.count("[") == 1:
            return code.removeprefix(prefix)[:-1] + "|None"
    return code

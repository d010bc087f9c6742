"""FAL104: a DELETE handler answers 200 and has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import acknowledgements, handovers, purposes, response_models
from fastapi_lint.application.answers.acknowledgements import Answer
from fastapi_lint.application.library import Effect
from fastapi_lint.application.written import is_inert
from fastapi_lint.diagnostics import Fix, Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function, Route


class DeleteWithout204(RouteVisitor):
    """A DELETE handler answers 200 and has nothing to say."""

    code: ClassVar = "FAL104"
    name: ClassVar = "delete-without-204"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.4",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers of DELETE that answer 200 are of interest."""
        return any(_promises_200(application, route) for route in application.routes_of(function))

    _returns: tuple[cst.Return, ...] = ()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        return node is self._root

    def visit_Return(self, node: cst.Return) -> None:
        """Note what a fix has to change."""
        self._returns = (*self._returns, node)

    def leave_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Report each route."""
        if node is not self._root:
            return
        for route in self.routes:
            if _promises_200(self.application, route) and self.is_first(route.registered_at):
                self._look_at(route, node)

    def _look_at(self, route: Route, node: cst.FunctionDef) -> None:
        answer = acknowledgements.answer_of(self.body)
        if answer is None or self._is_deleted_later():
            return
        self.report(
            route.decorator_span,
            f"`{route.label}` answers 200 with {answer.value}",
            help="declare `status_code=status.HTTP_204_NO_CONTENT`"
            + (", and return nothing" if answer is Answer.ACKNOWLEDGEMENT else ""),
            path=route.decorator_file,
            fix=self._fix(route, node),
        )

    def _fix(self, route: Route, node: cst.FunctionDef) -> Fix | str:
        """Declare the status and return nothing, where what was returned is written out in the handler."""
        call = self.registration(route)
        if call is None:
            return "it isn't registered by a decorator of its own"
        if "response_model" in route.keywords:
            return "it declares a response model"
        returned = [found for found in self._returns if found.value is not None]
        if not all(is_inert(self.expression(found.value)) for found in returned if found.value is not None):
            return "what it returns comes from a call"
        status = self.status_argument(call, route, "HTTP_204_NO_CONTENT")
        if isinstance(status, str):
            return status
        edits = [*status, *(self.edit(found, "return") for found in returned)]
        if node.returns is not None:
            edits.append(self.edit(node.returns.annotation, "None"))
        return Fix("declare status 204 and return nothing", "unsafe", tuple(edits))

    def _is_deleted_later(self) -> bool:
        """Whether the deletion is what the handler hands over: 202 would be right then."""
        deletes = Effect.DELETE in self.body.effects or Effect.WRITE in self.body.effects
        return not deletes and any(True for _ in handovers.handed_over(self.body))


def _promises_200(application: Application, route: Route) -> bool:
    return (
        purposes.answers_200_to(application, route, "DELETE")
        and not purposes.documents(route, 202, 204, 205)
        and not acknowledgements.promises_data(response_models.declared(application, route))
        and purposes.sends_200(application, route)
    )

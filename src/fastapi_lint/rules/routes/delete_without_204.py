"""FAL104: a DELETE handler answers 200 and has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import acknowledgements, handovers, purposes, response_models
from fastapi_lint.application.answers.acknowledgements import Answer
from fastapi_lint.application.library import Effect
from fastapi_lint.diagnostics import Severity
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

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        if node is self._root:
            reported = set()
            for route in self.routes:
                place = (route.decorator_file, route.decorator_span)
                if place not in reported and _promises_200(self.application, route):
                    reported.add(place)
                    self._look_at(route)
        return False

    def _look_at(self, route: Route) -> None:
        answer = acknowledgements.answer_of(self.body)
        if answer is None or self._is_deleted_later():
            return
        self.report(
            route.decorator_span,
            f"`{route.label}` answers 200 with {answer.value}",
            help="declare `status_code=status.HTTP_204_NO_CONTENT`"
            + (", and return nothing" if answer is Answer.ACKNOWLEDGEMENT else ""),
            path=route.decorator_file,
        )

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

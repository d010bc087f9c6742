"""FAL105: a response whose status forbids a body has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import libcst as cst

from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.wiring.routes import number_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function, Route


class BodyWithBodylessStatus(RouteVisitor):
    """A response whose status forbids a body has one."""

    code: ClassVar = "FAL105"
    name: ClassVar = "body-with-bodyless-status"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("1.5",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that answer with a status that may forbid a body are of interest."""
        if function.definition.is_generator or "test" in function.module.roles:
            return False
        body = application.body(function)
        return (
            any(
                responses.forbids_body(application, route.status_code)
                for route in application.routes_of(function)
            )
            or responses.sets_status(body)
            or responses.makes_bodyless(application, body)
        )

    _bodyless: Route | None = None
    """The route whose declared status forbids a body, and that declares none."""
    _status_varies = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._status_at: dict[cst.Return, int] = {}

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report declared models; without one, look into the handler, and not into functions inside it."""
        if node is not self._root:
            return False
        for route in self.routes:
            if not responses.forbids_body(self.application, route.status_code):
                continue
            if not response_models.declares_body(self.application, route):
                self._bodyless = self._bodyless or route
            elif self.is_first(route.registered_at):
                self.report(
                    route.decorator_span,
                    f"`{route.label}` declares a response model for {route.status_code}, which has no body",
                    help="drop the model (`-> None`), or declare a status that has a body",
                    path=route.decorator_file,
                )
        return True

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> None:
        """Note which status is set for a return that stands behind in the same block."""
        status: int | None = None
        for line in node.body:
            for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
                if isinstance(statement, cst.Assign) and self._sets_status(statement):
                    status = number_of(self.value_of(statement.value))
                elif isinstance(statement, cst.Return) and status is not None:
                    self._status_at[statement] = status

    def visit_Assign(self, node: cst.Assign) -> None:
        """Note that the status isn't always the declared one."""
        self._status_varies = self._status_varies or self._sets_status(node)

    def visit_Return(self, node: cst.Return) -> None:
        """Report a body that the status of this return forbids."""
        if node.value is None:
            return
        value = self.value_of(node.value)
        status = responses.status_of_body(self.application, value)
        if status is not None:
            self.report(
                node.value,
                f"`{self.route.label}` sends a body with {status}, and the server breaks off",
                help=f"return `Response(status_code={status})`, or answer with another status",
            )
            return
        route = self._bodyless or self.route
        declared = self._bodyless.status_code if self._bodyless and not self._status_varies else None
        status = self._status_at.get(node, declared)
        data = responses.data_of(value)
        if (
            data is not None
            and responses.is_certain(data)
            and responses.forbids_body(self.application, status)
        ):
            self.report(
                node.value,
                f"`{route.label}` answers {status}, so {responses.described(data)} is returned in vain",
                help="return nothing, or declare a status that has a body",
            )

    def _sets_status(self, node: cst.Assign) -> bool:
        """Whether this is `response.status_code = …` on the response that FastAPI passes in."""
        target = node.targets[0].target
        return (
            isinstance(target, cst.Attribute)
            and target.attr.value == "status_code"
            and responses.is_injected(self.value_of(target.value))
        )

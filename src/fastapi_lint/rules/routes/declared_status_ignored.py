"""FAL111: a response goes out with another status than the declared one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import libcst as cst

from fastapi_lint.application.answers import responses
from fastapi_lint.application.answers.ways import ways
from fastapi_lint.application.written import returns_pair
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function, Route


class DeclaredStatusIgnored(RouteVisitor):
    """A handler returns its own response, and the status that the route declares is not sent."""

    code: ClassVar = "FAL111"
    name: ClassVar = "declared-status-ignored"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.4", "1.11")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._other: list[tuple[cst.BaseExpression, int]] = []
        self._sends_declared = False

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers whose routes declare a status, or that return a pair, are of interest."""
        if "test" in function.module.roles:
            return False
        return returns_pair(function.definition) or any(
            "status_code" in route.keywords for route in application.routes_of(function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself, and not into functions inside it."""
        return node is self._root and self.route.kind == "http"

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Return(self, node: cst.Return) -> None:
        """Report pairs of a body and a status, and responses that nobody gave a status."""
        value = self.value_of(node.value) if node.value is not None else None
        if node.value is None or value is None:
            self._sends_declared = True
            return
        pair = responses.status_of_pair(value)
        if pair is not None and not responses.promises_pair(self.route):
            self.report(
                node.value,
                f"`{self.route.label}` sends `[body, {pair}]` as its body, and not the status {pair}",
                help=f"raise `HTTPException(status_code={pair})`, or set `response.status_code`",
            )
        sent = responses.status_sent(value, is_made=isinstance(node.value, cst.Call))
        if sent is None or pair is not None:
            self._sends_declared = True
            return
        status, is_given = sent
        if is_given:
            self._other.append((node.value, status))
            return
        self._sends_declared = True
        for route in self._declaring():
            if _is_overridden(route.status_code, status):
                self._report_status(node.value, route, status)
                return

    def leave_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Report a declared status that no way through the handler sends."""
        if node is not self._root or self._sends_declared or not self._other:
            return
        if any(way.returned is None for way in ways(self.function.definition.body)):
            return  # it also comes to its end without a response
        for route in self._declaring():
            if any(status == route.status_code for _, status in self._other):
                continue
            for at, status in self._other:
                if _is_overridden(route.status_code, status):
                    self._report_status(at, route, status)
                    return

    def _declaring(self) -> list[Route]:
        """The routes of the handler that declare a status, and a number that is known."""
        return [
            route
            for route in self.routes
            if "status_code" in route.keywords and route.status_code is not None
        ]

    def _report_status(self, at: cst.BaseExpression, route: Route, status: int) -> None:
        self.report(
            at,
            f"`{route.label}` declares {route.status_code}, but this response is sent with {status}",
            help=f"give the response `status_code={route.status_code}`, or return plain data",
            notes=(self.note("declared here", at=route.decorator_span, path=route.decorator_file),),
        )


def _is_overridden(declared: int | None, status: int) -> bool:
    """Whether a status goes out in place of a declared one of its kind: another success, another redirect."""
    return declared is not None and declared != status and declared // 100 == status // 100

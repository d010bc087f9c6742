"""FAL604: a request makes a client of another service for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers.connections import made_for_a_request
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class ClientPerRequest(RouteVisitor):
    """Each request makes a client of its own, with connections that are opened anew."""

    code: ClassVar = "FAL604"
    name: ClassVar = "client-per-request"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("6.4",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that make such a client are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and any(True for _ in made_for_a_request(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each client that is made in the function itself."""
        if node is self._root:
            for meaning in made_for_a_request(self.application, self.function):
                call = meaning.node
                if call is not None:
                    self.report(
                        Span(call.line, call.column, call.end_line, call.end_column),
                        f"`{self.subject}` makes `{meaning.name}` anew for each request",
                        help="make one in the lifespan, and hand it out by a dependency: "
                        "it keeps its connections open",
                    )
        return False

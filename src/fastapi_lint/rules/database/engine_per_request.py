"""FAL411: requests make an engine of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class EnginePerRequest(RouteVisitor):
    """Each request makes an engine, and with it a pool of connections, of its own."""

    code: ClassVar = "FAL411"
    name: ClassVar = "engine-per-request"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.4",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that make engines are of interest."""
        is_test = "test" in function.module.roles
        return not is_test and bool(application.engines.made_by_requests(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = self.application.engines.made_by_requests(self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        if id(self.expression(node)) not in self._found:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        names = (*(way.names if way is not None else ()), self.code_of(node.func))
        self.report(
            node,
            f"each `{subject}` makes an engine with a pool of its own: `{' → '.join(names)}`",
            help="make the engine once, at the top of a module or in the lifespan, and share it",
        )

"""FAL418: nobody handles that a unique value is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.conflicts import unhandled
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnhandledIntegrityError(RouteVisitor):
    """A row is stored with a value that must be unique, and nobody handles that it is taken."""

    code: ClassVar = "FAL418"
    name: ClassVar = "unhandled-integrity-error"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.9",)
    visits: ClassVar = frozenset({"handler", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that store such rows are of interest."""
        return "test" not in function.module.roles and bool(unhandled(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = unhandled(self.application, self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        self.report(
            node,
            f"`{subject}` answers 500 where `{found.entity.definition.name}.{found.columns}` is taken: "
            "nothing handles the IntegrityError",
            help="catch it, roll back, and raise `HTTPException(status_code=409)`",
        )

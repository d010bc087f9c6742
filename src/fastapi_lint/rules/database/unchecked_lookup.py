"""FAL417: a row is used although the lookup may have found none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.lookups import unchecked
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class UncheckedLookup(RouteVisitor):
    """A row is used although the lookup may have found none: the client gets a 500, not a 404."""

    code: ClassVar = "FAL417"
    name: ClassVar = "unchecked-lookup"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.9",)
    visits: ClassVar = frozenset({"handler", "dependency"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that use what they look up unchecked are of interest."""
        return "test" not in function.module.roles and bool(unchecked(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = unchecked(self.application, self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._look_at(node)

    def visit_Subscript(self, node: cst.Subscript) -> None:
        self._look_at(node)

    def visit_Call(self, node: cst.Call) -> None:
        self._look_at(node)

    def visit_Await(self, node: cst.Await) -> None:
        self._look_at(node)

    def visit_Name(self, node: cst.Name) -> None:
        self._look_at(node)

    def _look_at(self, node: cst.BaseExpression) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        use = {
            "read": f"reads `{self.code_of(node)}`",
            "returned": "returns it as the response",
            "passed": f"calls `{self.code_of(node)}`",
        }[found.use]
        self.report(
            node,
            f"`{subject}` answers 500 where there is no such `{found.entity.definition.name}`: it {use} "
            "without asking whether there is one",
            help="raise `HTTPException(status_code=404)` if it is None",
        )

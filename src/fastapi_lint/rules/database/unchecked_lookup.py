"""FAL417: a row is used although the lookup may have found none."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.lookups import Unchecked, unchecked
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class UncheckedLookup(FindingVisitor[Unchecked]):
    """A row is used although the lookup may have found none: the client gets a 500, not a 404."""

    code: ClassVar = "FAL417"
    name: ClassVar = "unchecked-lookup"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.9",)
    visits: ClassVar = frozenset({"handler", "dependency"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, Unchecked]:
        """Uses of rows that may be missing, by the expressions."""
        return unchecked(application, function)

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
        found = self.found_at(node)
        if found is None:
            return
        use = {
            "read": f"reads `{self.code_of(node)}`",
            "returned": "returns it as the response",
            "passed": f"calls `{self.code_of(node)}`",
        }[found.use]
        self.report(
            node,
            f"`{self.subject}` answers 500 where there is no such `{found.entity.definition.name}`: it {use} "
            "without asking whether there is one",
            help="raise `HTTPException(status_code=404)` if it is None",
        )

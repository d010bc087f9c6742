"""FAL418: nobody handles that a unique value is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.conflicts import Conflict, unhandled
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class UnhandledIntegrityError(FindingVisitor[Conflict]):
    """A row is stored with a value that must be unique, and nobody handles that it is taken."""

    code: ClassVar = "FAL418"
    name: ClassVar = "unhandled-integrity-error"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.9",)
    visits: ClassVar = frozenset({"handler", "reached"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, Conflict]:
        """What stores such rows, by its calls."""
        return unhandled(application, function)

    def visit_Call(self, node: cst.Call) -> None:
        found = self.found_at(node)
        if found is None:
            return
        self.report(
            node,
            f"`{self.subject}` answers 500 where `{found.entity.definition.name}.{found.columns}` is taken: "
            "nothing handles the IntegrityError",
            help="catch it, roll back, and raise `HTTPException(status_code=409)`",
        )

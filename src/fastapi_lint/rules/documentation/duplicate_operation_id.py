"""FAL803: an operation id stands twice in an OpenAPI document."""

from __future__ import annotations

from typing import ClassVar

from fastapi_lint.application.wiring.operation_ids import repeated_operation_ids
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level


class DuplicateOperationId(ApplicationRule):
    """Two operations of one OpenAPI document have the same operation id."""

    code: ClassVar = "FAL803"
    name: ClassVar = "duplicate-operation-id"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("8.4",)

    def check(self) -> None:
        """Report each registration once, however often its router is included."""
        for repeated in repeated_operation_ids(self.application.routes):
            route, earlier = repeated.route, repeated.earlier
            place, where = route.registered_at, earlier.registered_at
            if self.application.is_test(route.decorator_file) or not self.is_first(place):
                continue
            if route is earlier:
                what = f"each of the methods of `{route.label}` has it"
                help_ = "register each method on its own, or leave the route out of the schema"
            else:
                what = f"`{route.label}` and `{earlier.label}` both have it"
                help_ = "give each operation an id of its own"
            shown = f" `{repeated.operation_id}`" if repeated.operation_id else ""
            self.report(
                *place,
                f"the operation id{shown} is not unique: {what}",
                help=help_,
                notes=()
                if where == place
                else (self.note(f"`{earlier.label}` has it first", path=where[0], at=where[1]),),
            )

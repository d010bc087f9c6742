"""FAL319: who somebody is comes from the request's input, although the current user is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.security.isolation import identity_from_input
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class IdentityFromInput(RouteVisitor):
    """Who somebody is comes from the request's input, although the current user is known."""

    code: ClassVar = "FAL319"
    name: ClassVar = "identity-from-input"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.7",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that take somebody's identity from their input are of interest."""
        return identity_from_input(application, function) is not None

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report the parameter."""
        found = identity_from_input(self.application, self.function) if node is self._root else None
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            if found is not None and parameter.name.value == found.parameter:
                self.report(
                    parameter.name,
                    f"`{found.route.label}` believes the {found.source} who `{found.name}` is, "
                    f"and doesn't compare it with `{found.user}`",
                    help=f"take the id from `{found.user}`, or refuse those who may not act for others",
                )
        return False

"""FAL328: a password, a key or a token comes in the query of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.application.security.query_secrets import secrets_read_from_query
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function

_HELP: Final = (
    "take it from a header, by a scheme of `fastapi.security`, or from the body, by a model or `Form()`"
)


class SecretInQuery(RouteVisitor):
    """A password, a key or a token comes in the query of a request."""

    code: ClassVar = "FAL328"
    name: ClassVar = "secret-in-query"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.3", "3.12")
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that are given such a secret, or look for one in the query, are of interest."""
        if function.module.roles & {"test", "example"}:
            return False
        return id(function.definition) in application.secrets_in_query or any(
            True for _ in secrets_read_from_query(application, function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report the parameters, and the places where the query is read."""
        if node is not self._root:
            return False
        found = self.application.secrets_in_query.get(id(self.function.definition), {})
        params = node.params
        for parameter in (*params.posonly_params, *params.params, *params.kwonly_params):
            if parameter.name.value in found:
                route, name = found[parameter.name.value]
                self.report(
                    parameter.name,
                    f"`{route.label}` takes `{name}` from the query, which logs and histories keep",
                    help=_HELP,
                )
        for place, name in secrets_read_from_query(self.application, self.function):
            self.report(
                place,
                f"`{self.function.qualname}` takes `{name}` from the query, which logs and histories keep",
                help=_HELP,
            )
        return False

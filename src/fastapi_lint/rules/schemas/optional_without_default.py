"""FAL212: what may be None has no default, so that every request has to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.schemas.optional import required_parameters
from fastapi_lint.diagnostics import Edit, Fix, Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function


class OptionalWithoutDefault(RouteVisitor):
    """A parameter or field may be None but has no default, so that every request has to send it."""

    code: ClassVar = "FAL212"
    name: ClassVar = "optional-without-default"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("2.6",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions with such a parameter, and handlers that get such a model, are of interest."""
        return bool(required_parameters(application, function)) or any(
            id(route) in application.schemas.required_fields for route in application.routes_of(function)
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report its parameters, and the fields of models that it is the first to get."""
        if node is not self._root:
            return False
        names = required_parameters(self.application, self.function)
        params = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
        for index, parameter in enumerate(params):
            name = parameter.name.value
            if name in names:
                self.report(
                    parameter.name,
                    f"`{name}` may be None, and still a request without it is refused",
                    help="give it the default None, or say with `...` that it is required",
                    fix=self._default_for(parameter, params[index + 1 :]),
                )
        for route in self.routes:
            for field in self.application.schemas.required_fields.get(id(route), ()):
                end = Span(
                    field.span.end_line, field.span.end_column, field.span.end_line, field.span.end_column
                )
                fix = Fix("Give it the default None", "unsafe", (Edit(field.path, end, " = None"),))
                self.report(
                    field.span,
                    f"`{field.name}` may be None, and still a request without it is refused",
                    help="give it the default None, or say with `...` that it is required",
                    path=field.path,
                    notes=(
                        self.note(
                            f"`{route.label}` takes it", at=route.decorator_span, path=route.decorator_file
                        ),
                    ),
                    fix=fix if field.is_bare else "its `Field()` would have to be given the default",
                )
        return False

    def _default_for(self, parameter: cst.Param, later: tuple[cst.Param, ...]) -> Fix | str:
        if parameter.default is not None or parameter.annotation is None:
            return "its marker would have to be given the default"
        if any(item.default is None and item.star == "" for item in later) and parameter.star == "":
            return "a parameter without a default follows"
        code = self.code_of(parameter.annotation.annotation)
        return Fix(
            "Give it the default None",
            "unsafe",
            (self.edit(parameter.annotation.annotation, f"{code} = None"),),
        )

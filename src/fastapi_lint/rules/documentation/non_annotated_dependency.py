"""FAL805: a marker is a parameter's default value instead of standing in `Annotated`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import libcst as cst

from fastapi_lint.diagnostics import Fix, Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function
    from fastapi_lint.diagnostics import Edit
    from fastapi_lint.rules.importing import Reference

_MARKERS = ("Depends", "Security", "Query", "Path", "Header", "Cookie", "Body", "Form", "File")
_MODULES = ("fastapi", "fastapi.param_functions")
_FACTORIES_SINCE = (0, 106)
"""From this FastAPI on, a marker in `Annotated` may hold a default factory."""


class NonAnnotatedDependency(RouteVisitor):
    """A marker is a parameter's default value instead of standing in `Annotated`."""

    code: ClassVar = "FAL805"
    name: ClassVar = "non-annotated-dependency"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("7.4",)
    fastapi: ClassVar = ">=0.95"
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions whose signature FastAPI reads are of interest, if they have such a default."""
        return "test" not in function.module.roles and application.has_marked_defaults(function)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Report each parameter, with one fix for all of them: they share the order of the defaults."""
        if node is not self._root or _is_injected(node):
            return False
        found = [parameter for parameter in _parameters(node) if self._marker(parameter) is not None]
        fix = self._fix(node, found) if found else ""
        for parameter in found:
            call = self._marker(parameter)
            if call is not None:
                name, what = parameter.name.value, self.code_of(call.func)
                owner = f"`{self.route.label}`" if self.routes else f"`{self.function.name}`"
                self.report(
                    parameter.name,
                    f"{owner} declares `{name}` with `{what}()` as its default value",
                    help=f"declare it as `{name}: Annotated[…, {what}(…)]`",
                    fix=fix,
                )
        return False

    def _marker(self, parameter: cst.Param) -> cst.Call | None:
        """The call of FastAPI's own marker that is a parameter's default."""
        call = parameter.default
        if not isinstance(call, cst.Call) or not isinstance(call.func, (cst.Name, cst.Attribute)):
            return None
        written = self.code_of(call.func)
        name = self._names.get(written)
        if name is None or (name == "Depends" and "Provide[" in self.code_of(call)):
            return None
        return call

    @cached_property
    def _names(self) -> dict[str, str]:
        """What the module calls FastAPI's markers."""
        found = {}
        for module in _MODULES:
            for name in _MARKERS:
                known = self.reference(f"{module}.{name}")
                if known is not None and not known.edits:
                    found[known.code] = name
        return found

    def _fix(self, node: cst.FunctionDef, found: list[cst.Param]) -> Fix | str:
        if "from __future__ import annotations" in self._parsed.text and "." in self.function.qualname:
            return "its annotations are read outside of the scope that it is defined in"
        annotated = self._annotated()
        if annotated is None:
            return "`Annotated` means something else in this module"
        edits: list[Edit] = [*annotated.edits]
        defaults: dict[str, bool] = {}
        for parameter in found:
            moved = self._moved(parameter, annotated.code)
            if isinstance(moved, str):
                return moved
            edit, defaults[parameter.name.value] = moved
            edits.append(edit)
        star = self._star(node, defaults)
        if isinstance(star, str):
            return star
        return Fix("move the markers into `Annotated`", "unsafe", (*edits, *star))

    def _annotated(self) -> Reference | None:
        extended = self.reference("typing_extensions.Annotated")
        return extended if extended and not extended.edits else self.reference("typing.Annotated")

    def _moved(self, parameter: cst.Param, annotated: str) -> tuple[Edit, bool] | str:
        """The edit that moves a parameter's marker, and whether it keeps a default value."""
        name, call = parameter.name.value, self._marker(parameter)
        if call is None or parameter.annotation is None:
            return f"`{name}` has no type"
        annotation = parameter.annotation.annotation
        if annotation.lpar or call.lpar:
            return f"the declaration of `{name}` is in parentheses"
        start, end = self.span(annotation), self.span(call)
        written = self.code_of(annotation)
        if "Annotated" in written:
            return f"`{name}` is annotated with a marker already"
        is_old = self.application.target_fastapi < _FACTORIES_SINCE
        if is_old and self.argument(call, "default_factory") is not None:
            return f"`{name}` has a default factory"
        if any(argument.star for argument in call.args):
            return f"the arguments of the marker of `{name}` can't be told"
        default, marker = self._split(call)
        if marker is None or "#" in self._between(start, end):
            return f"a comment stands in the declaration of `{name}`"
        code = f"{annotated}[{written}, {marker}]" + (f" = {default}" if default else "")
        whole = Span(start.line, start.column, end.end_line, end.end_column)
        return self.edit(whole, code), bool(default)

    def _split(self, call: cst.Call) -> tuple[str, str | None]:
        """The default value that a marker holds, empty for none, and the marker without it."""
        if self._names.get(self.code_of(call.func)) in {"Depends", "Security"}:
            return "", self.code_of(call)
        held = next(
            (item for item in call.args if item.keyword is None or item.keyword.value == "default"), None
        )
        if held is None:
            return "", self.code_of(call)
        rest = [item for item in call.args if item is not held]
        if "#" in self.code_of(held.comma if isinstance(held.comma, cst.Comma) else cst.Comma()):
            return "", None
        if rest and held is call.args[-1]:
            rest[-1] = rest[-1].with_changes(comma=held.comma)
        default = "" if isinstance(held.value, cst.Ellipsis) else self.code_of(held.value)
        if self._names.get(self.code_of(call.func)) == "Path":
            default = ""
        return default, self.code_of(call.with_changes(args=rest))

    def _between(self, start: Span, end: Span) -> str:
        """The text from the end of an annotation to the beginning of a default."""
        lines = self._parsed.text.splitlines()
        if start.end_line == end.line:
            return lines[end.line - 1][start.end_column - 1 : end.column - 1]
        inner = lines[start.end_line - 1 : end.line]
        return "\n".join([inner[0][start.end_column - 1 :], *inner[1:-1], inner[-1][: end.column - 1]])

    def _star(self, node: cst.FunctionDef, defaults: dict[str, bool]) -> tuple[Edit, ...] | str:
        """Make keyword-only what would follow a default without having one."""
        has_default = False
        for parameter in (*node.params.posonly_params, *node.params.params):
            keeps = defaults.get(parameter.name.value, parameter.default is not None)
            if has_default and not keeps:
                if isinstance(node.params.star_arg, (cst.Param, cst.ParamStar)) or (
                    parameter in node.params.posonly_params
                ):
                    return f"`{parameter.name.value}` would follow a parameter with a default"
                at = self.span(parameter.name)
                return (self.edit(Span(at.line, at.column, at.line, at.column), "*, "),)
            has_default |= keeps
        return ()


def _parameters(node: cst.FunctionDef) -> tuple[cst.Param, ...]:
    return (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)


def _is_injected(node: cst.FunctionDef) -> bool:
    """Whether an injector's decorator reads the defaults: `@inject`."""
    for item in node.decorators:
        decorator = item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator
        last = decorator.attr if isinstance(decorator, cst.Attribute) else decorator
        if isinstance(last, cst.Name) and "inject" in last.value.lower():
            return True
    return False

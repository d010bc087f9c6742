"""FAL301: a handler's own body authenticates the caller or checks the caller's privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function
    from fastapi_lint.application.security.refusals import Check
    from fastapi_lint.diagnostics import Note


class AuthInHandler(RouteVisitor):
    """A handler's own body authenticates the caller or checks the caller's privileges."""

    code: ClassVar = "FAL301"
    name: ClassVar = "auth-in-handler"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.1",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that check something themselves are of interest."""
        return bool(application.refusals.of(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler itself only: what is defined inside it may run after the response."""
        if node is not self._root:
            return False
        checks = self.application.refusals.of(self.function)
        self._checks = {id(check.at): check for check in checks}
        self._found: list[tuple[cst.CSTNode, Check]] = []
        return True

    def visit_If(self, node: cst.If) -> None:
        self._look_at(node.test)

    def visit_While(self, node: cst.While) -> None:
        self._look_at(node.test)

    def visit_Match(self, node: cst.Match) -> None:
        self._look_at(node.subject)

    def visit_Call(self, node: cst.Call) -> None:
        self._look_at(node)

    def leave_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Report the handler once, at its first check."""
        if node is not self._root or not self._found:
            return
        (at, first), *others = self._found
        notes = self._notes_of(first) + tuple(self.note("also checked here", at=other) for other, _ in others)
        self.report(at, self._message(first), help=self._help(first), notes=notes)

    def _look_at(self, node: cst.BaseExpression) -> None:
        check = self._checks.pop(id(self.expression(node)), None)
        if check is not None:
            self._found.append((node, check))

    def _message(self, check: Check) -> str:
        label = f"`{self.route.label}`"
        if check.kind == "dependency" and check.called is not None:
            return f"{label} calls the dependency `{check.called.name}` as a plain function"
        if check.kind == "helper" and check.called is not None and check.innermost().kind == "token":
            return f"{label} verifies the caller's token in its own body, through `{check.called.qualname}`"
        if check.kind == "helper" and check.called is not None:
            return f"{label} refuses callers in its own body, through `{check.called.qualname}`"
        if check.kind == "token":
            return f"{label} verifies the caller's token in its own body"
        if check.kind == "credential":
            return f"{label} checks a credential of the request in its own body"
        if check.kind == "user":
            return f"{label} sends callers without a user away in its own body"
        return f"{label} checks the caller's privileges in its own body"

    def _help(self, check: Check) -> str:
        dependency = self.application.refusals.dependency_for(check)
        if dependency is not None:
            factory, _, made = dependency.qualname.partition(".<locals>")
            written = f"`Depends({factory}(…))`" if made else f"`Depends({dependency.name})`"
            if check.kind == "dependency":
                return f"let FastAPI call it: take {written} as a parameter"
            if check.kind == "user" or check.innermost().kind == "token":
                return f"take {written} of `{dependency.path}` as a parameter: it gives the user, or refuses"
            return f"{written} of `{dependency.path}` makes this check: put it on the route or a parameter"
        if check.called is not None:
            name = check.called.qualname
            return f"make `{name}` a dependency, and put that on the route, its router or a parameter"
        return "move the check into a dependency, and put that on the route, its router or a parameter"

    def _notes_of(self, check: Check) -> tuple[Note, ...]:
        """Show where a function that the handler calls refuses."""
        inner = check.innermost()
        if inner is check:
            return ()
        verb = "verifies the token" if inner.kind == "token" else "refuses"
        note = self.note(f"`{inner.function.name}` {verb} here", at=inner.place, path=inner.function.path)
        return (note,)

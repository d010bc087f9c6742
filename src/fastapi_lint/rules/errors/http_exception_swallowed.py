"""FAL502: a broad `except` takes an HTTPException away from the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function
    from fastapi_lint.application.answers.raising import Leaving
    from fastapi_lint.application.answers.swallowing import Swallowed
    from fastapi_lint.diagnostics import Note


class HttpExceptionSwallowed(RouteVisitor):
    """A broad `except` turns an HTTPException that is raised inside it into a 500 or a 200."""

    code: ClassVar = "FAL502"
    name: ClassVar = "http-exception-swallowed"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("5.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that requests run, and that swallow an exception, are of interest."""
        return bool(application.swallowed(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {item.handler.line: item for item in self.application.swallowed(self.function)}
        return True

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        whole = self.span(node)
        found = self._found.get(whole.line)
        if found is not None:
            end = self.span(node.type).end_column if node.type is not None else whole.column + len("except")
            self.report(
                Span(whole.line, whole.column, whole.line, end),
                self._message(found),
                help="raise HTTP exceptions again before it: `except HTTPException: raise`",
                notes=tuple(map(self._note, found.leaving[:3])),
            )

    def _message(self, found: Swallowed) -> str:
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        first = found.leaving[0]
        by = f" by `{' → '.join(first.names)}`" if first.names else ""
        what = (
            f"answers {found.becomes} in its place" if found.becomes else "goes on as if nothing had happened"
        )
        return f"{who} raises a {first.status}{by}, but this `except` catches it and {what}"

    def _note(self, leaving: Leaving) -> Note:
        node = leaving.node
        at = Span(node.line, node.column, node.end_line, node.end_column)
        if not leaving.names:
            return self.note(f"the {leaving.status} is raised here", at=at)
        return self.note(f"behind this call, in {leaving.path}:{leaving.line}", at=at)

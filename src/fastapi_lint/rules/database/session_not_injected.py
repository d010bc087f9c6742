"""FAL401: a handler makes or grabs its own database session or connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import responses
from fastapi_lint.application.database import sessions
from fastapi_lint.application.library import Effect
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, CallMeaning, Function
    from fastapi_lint.application.database.sessions import SessionKind
    from fastapi_lint.diagnostics import Note


class SessionNotInjected(RouteVisitor):
    """A handler makes or grabs its own database session or connection."""

    code: ClassVar = "FAL401"
    name: ClassVar = "session-not-injected"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("4.1",)

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only handlers that open a session or read one of a module are of interest."""
        return sessions.are_taken(application.body(function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the handler, and not into functions inside it: these may run after the response."""
        self._shared: set[int] = set()
        if node is not self._root or self.route.kind == "websocket":
            return False
        if responses.streams(self.application, self.route):
            return False
        self._by_use = sessions.known_by_use(self.body)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> bool:
        expression, meaning = self.expression(node), self.call_of(node)
        kind = (sessions.opens(meaning) or self._by_use.get(id(expression))) if meaning is not None else None
        if expression is None or meaning is None or kind is None:
            return True
        self._shared.add(id(meaning.callee))
        if not sessions.is_injected(expression, self.body):
            way = self._way(meaning)
            message = f"`{self.route.label}` opens a database {kind.what} of its own" + (
                f": `{way}`" if way else ""
            )
            self.report(node, message, help=self._help(kind), notes=self._notes(kind))
        return False

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        return self._look_at_name(node)

    def visit_Name(self, node: cst.Name) -> None:
        self._look_at_name(node)

    def _look_at_name(self, node: cst.Name | cst.Attribute) -> bool:
        expression = self.expression(node)
        kind = sessions.shared_session(expression, self.body) if expression is not None else None
        if expression is None or kind is None:
            return True
        session = id(self.body.value(expression))
        if session not in self._shared:
            self._shared.add(session)
            message = (
                f"`{self.route.label}` uses `{self.code_of(node)}`, a {kind.what} that all requests share"
            )
            self.report(node, message, help=self._help(kind), notes=self._notes(kind))
        return False

    def _way(self, meaning: CallMeaning) -> str:
        """The calls from the handler to the one that opens the session, where there are several."""
        if not meaning.functions:
            return ""
        chain = meaning.effects.get(Effect.CONNECT, ())
        return " → ".join([self.function.name, meaning.functions[0].qualname, *(step.name for step in chain)])

    def _help(self, kind: SessionKind) -> str:
        dependency = self.application.sessions.dependency(kind)
        if dependency is None:
            return f"yield the {kind.what} from a dependency, and take it as a parameter of the handler"
        written = dependency.alias or f"Depends({dependency.function.name})"
        return f"take the {kind.what} as a parameter: the project gives it with `{written}`"

    def _notes(self, kind: SessionKind) -> tuple[Note, ...]:
        dependency = self.application.sessions.dependency(kind)
        if dependency is None:
            return ()
        function = dependency.function
        place = function.definition
        at = Span(place.line, place.column, place.line, place.column + 3)
        return (self.note(f"`{function.name}` gives the requests' {kind.what}", at=at, path=function.path),)

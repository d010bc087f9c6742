"""FAL606: a coroutine is dropped, or taken for data, because nobody awaits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from fastapi_lint.application.answers.unawaited import unawaited
from fastapi_lint.diagnostics import Fix, Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, Function
    from fastapi_lint.application.answers.unawaited import Unawaited


class MissingAwait(RouteVisitor):
    """An asynchronous function is called without `await`, so that it never runs."""

    code: ClassVar = "FAL606"
    name: ClassVar = "missing-await"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.ERROR
    checklist: ClassVar = ("6.2",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._found: dict[int, Unawaited] = {}
        self._awaits: list[cst.Await] = []

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that leave a coroutine alone are of interest."""
        return any(True for _ in cls._of(application, function))

    @classmethod
    def _of(cls, application: Application, function: Function) -> list[Unawaited]:
        if "test" in function.module.roles:
            return []
        routes = application.routes_of(function)
        # A wrapper around the handler may await what that returns.
        is_handler = bool(routes) and all(
            getattr(route.registration.endpoint, "definition", None) is function.definition
            and getattr(route.registration.endpoint, "wraps", None) is None
            for route in routes
        )
        return list(unawaited(application.body(function), is_handler=is_handler))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = {id(item.call): item for item in self._of(self.application, self.function)}
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Await(self, node: cst.Await) -> None:
        """Remember the `await` around what follows."""
        self._awaits.append(node)

    def leave_Await(self, _: cst.Await) -> None:
        self._awaits.pop()

    def visit_Call(self, node: cst.Call) -> None:
        found = self._found.get(id(self.expression(node)))
        if found is not None:
            who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
            self.report(
                node,
                f"{who} doesn't await `{found.name}`, which never runs: the coroutine {found.use}",
                help="write `await` before it",
                fix=self._fix(node, found),
            )

    def _fix(self, node: cst.Call, found: Unawaited) -> Fix | str:
        """Await it, which runs what has never run."""
        if not self.function.is_async:
            return f"`{self.function.name}` isn't asynchronous itself"
        if found.is_inside_await:
            return self._moved(node)
        if found.needs_parentheses and not node.lpar:
            return Fix("await it", "unsafe", (self.edit(node, f"(await {self.code_of(node)})"),))
        return Fix("await it", "unsafe", (self.edit(node, f"await {self.code_of(node)}"),))

    def _moved(self, node: cst.Call) -> Fix | str:
        """Move the `await` from what is made of the coroutine, `await session.execute(…).all()`, to it."""
        around = self._awaits[-1]
        inner, whole = self.code_of(node), self.code_of(around.expression)
        outer = self.expression(around.expression)
        meaning = self.body.call(outer)
        if meaning is None or not meaning.name or meaning.is_coroutine or not whole.startswith(inner):
            return "the `await` around it may be meant for something else"
        code = f"(await {inner}){whole[len(inner) :]}"
        return Fix("await the right call", "unsafe", (self.edit(around, code),))

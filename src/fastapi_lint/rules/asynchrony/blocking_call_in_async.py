"""FAL601: a call that blocks runs on the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import libcst as cst

from fastapi_lint.application import blocking
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation.values import Object
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Function
    from fastapi_lint.application.blocking import Blocking
    from fastapi_lint.diagnostics import Note


class BlockingCallInAsync(RouteVisitor):
    """A call that blocks runs on the event loop."""

    code: ClassVar = "FAL601"
    name: ClassVar = "blocking-call-in-async"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("6.1",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only what runs on the event loop, and calls something that blocks, is of interest."""
        return (
            function.is_async
            and "test" not in function.module.roles
            and any(map(blocking.of_call, application.body(function).calls.values()))
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the asynchronous function alone: what is defined in it runs when somebody calls it."""
        if node is not self._root:
            return False
        self._elsewhere: set[cst.CSTNode] = set()
        self._now: set[cst.CSTNode] = set()
        self._aliases: dict[str, str] = {}
        self._reported: set[str] = set()
        self._awaits = False
        self._found: list[tuple[cst.Call, Blocking]] = []
        return True

    def visit_If(self, node: cst.If) -> bool:
        return self.code_of(node.test) not in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        del node
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        del node
        return False

    def visit_Decorator(self, node: cst.Decorator) -> bool:
        del node
        return False

    def visit_Parameters(self, node: cst.Parameters) -> bool:
        del node
        return False

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> bool:
        return node in self._now

    def visit_Await(self, node: cst.Await) -> None:
        self._awaits = True
        self._elsewhere.add(node.expression)

    def visit_For(self, node: cst.For) -> None:
        self._awaits |= node.asynchronous is not None
        self._now.add(node.iter)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self._now.add(node.iter)

    def visit_With(self, node: cst.With) -> None:
        self._awaits |= node.asynchronous is not None
        self._now.update(item.item for item in node.items)
        if node.asynchronous is not None:
            self._elsewhere.update(item.item for item in node.items)

    def visit_Call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Name) and node.func.value in blocking.CONSUMERS:
            self._now.update(argument.value for argument in node.args)
        if node in self._elsewhere:
            return
        meaning = self.call_of(node)
        found = blocking.of_call(meaning) if meaning is not None else None
        if found is None or (found.is_lazy and node not in self._now) or self._happens_once(node, found):
            return
        resource = self._resource_of(node) or f"{self.code_of(node.func)}()"
        if resource not in self._reported:
            self._reported.add(resource)
            self._found.append((node, found))

    def leave_Assign(self, original_node: cst.Assign) -> None:
        for target in original_node.targets:
            self._bind(target.target, original_node.value)

    def leave_WithItem(self, original_node: cst.WithItem) -> None:
        if original_node.asname is not None:
            self._bind(original_node.asname.name, original_node.item)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        """Report what was found, now that it is known whether the function awaits anything."""
        if original_node is self._root:
            for node, found in self._found:
                self.report(
                    node, self._message(node, found), help=self._help(found), notes=self._notes(found)
                )

    def _bind(self, target: cst.CSTNode, value: cst.BaseExpression) -> None:
        """Let what a resource gives, a cursor or a response, count as the resource."""
        resource = self._resource_of(value) if isinstance(value, cst.Call) else None
        if resource is None and any(node is value for node, _ in self._found):
            resource = f"<{len(self._found)}>"
            self._reported.add(resource)
        if resource is not None and isinstance(target, cst.Name):
            self._aliases[target.value] = resource

    def _resource_of(self, call: cst.Call) -> str | None:
        """Name the session, connection or client that a call works on: its object, or one that it gets."""
        names: list[str] = []
        node: cst.CSTNode = call
        while isinstance(node, (cst.Call, cst.Attribute, cst.Subscript, cst.Await)):
            if isinstance(node, cst.Attribute):
                names.append(node.attr.value)
            node = (
                node.func
                if isinstance(node, cst.Call)
                else node.expression
                if isinstance(node, cst.Await)
                else node.value
            )
        if isinstance(node, cst.Name) and names:
            if node.value in self._aliases:
                return self._aliases[node.value]
            if node.value in {"self", "cls"}:
                return ".".join(("self", *names[1:][-1:]))
            if isinstance(self.value_of(node), Object):
                return node.value
        for argument in call.args:
            if isinstance(argument.value, cst.Name):
                name = argument.value.value
                if name in self._aliases:
                    return self._aliases[name]
                if session_kind(self.value_of(argument.value)) is not None:
                    return name
        return None

    def _happens_once(self, node: cst.Call, found: Blocking) -> bool:
        """Whether the call, or one behind it, is made by the first request alone."""
        places = [(self.module.path, self.span(node).line), *((step.path, step.line) for step in found.chain)]
        modules = [(self.application.module(path), line) for path, line in places]
        return any(
            module is not None and blocking.happens_once(module.facts.body, line) for module, line in modules
        )

    def _message(self, node: cst.Call, found: Blocking) -> str:
        way = self.application.way_to(self.function)
        label = way.route.label if way is not None else self.function.qualname
        called = _written(node.func)
        if found.is_second_loop:
            return f"`{label}` calls `{called}`, which fails inside a running event loop"
        before = way.names if way is not None and not self._is_called_by_fastapi else ()
        chain = " → ".join((*before, called, *(step.name for step in found.chain)))
        behind = f": {chain}" if before or found.chain else ""
        wait = "keeps the event loop busy" if found.burns else "blocks the event loop"
        return f"`{label}` calls `{called}`, which {wait}{behind}"

    def _help(self, found: Blocking) -> str:
        if found.is_second_loop:
            return "await the coroutine"
        cure = (
            "call it in a thread: `await run_in_threadpool(…)`"
            if found.burns
            else "await an asynchronous library or `run_in_threadpool`"
        )
        can_be_plain = self._is_called_by_fastapi and not self._awaits
        return f"write `def` instead of `async def`, or {cure}" if can_be_plain else cure

    @property
    def _is_called_by_fastapi(self) -> bool:
        """Whether it is a handler or a dependency, which FastAPI runs in a thread when it is a `def`."""
        way = self.application.way_to(self.function)
        return way is not None and len(way.functions) == 1

    def _notes(self, found: Blocking) -> tuple[Note, ...]:
        """Show where the project waits, if that is another place."""
        if not found.chain:
            return ()
        last = found.chain[-1]
        at = Span(last.line, 1, last.line, 1)
        return (self.note(f"`{last.name}` blocks here", at=at, path=last.path),)


def _written(node: cst.BaseExpression) -> str:
    """What is called, with what stands in parentheses and brackets left out: `db.query(…).first`."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        before = _written(node.value)
        return f"{before}.{node.attr.value}" if before else node.attr.value
    if isinstance(node, cst.Call):
        before = _written(node.func).partition("(")[0]
        return f"{before}(…)" if before else ""
    if isinstance(node, (cst.Subscript, cst.Await)):
        return _written(node.value if isinstance(node, cst.Subscript) else node.expression)
    return ""

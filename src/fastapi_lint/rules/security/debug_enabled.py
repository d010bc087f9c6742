"""FAL318: the application runs in debug mode, or reloads its code, wherever it is served."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

import libcst as cst

from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, ModuleVisitor

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Module
    from fastapi_lint.application.wiring.routing import Router

_RELOADS: Final = re.compile(r"\breload\s*=\s*True\b")
_DEVELOPING: Final = re.compile(r"dev|debug|local|reload|watch|test|demo|example", re.IGNORECASE)
_EXEMPT: Final = frozenset({"test", "example", "script"})


class DebugEnabled(ModuleVisitor):
    """The application runs in debug mode, or reloads its code, wherever it is served."""

    code: ClassVar = "FAL318"
    name: ClassVar = "debug-enabled"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("3.12",)

    @classmethod
    def concerns(cls, application: Application, module: Module, text: str) -> bool:
        """Say whether an application of the module is in debug mode, or the module starts a reloader."""
        if _EXEMPT & module.roles:
            return False
        reloads = "uvicorn" in text and _RELOADS.search(text) is not None
        return reloads or bool(_in_debug_mode(application, module))

    def visit_Module(self, node: cst.Module) -> None:
        self._applications = {
            id(router.call): router for router in _in_debug_mode(self.application, self.module)
        }
        self._runners = {"uvicorn.run"}
        self._conditions = 0
        self._functions: list[str] = []
        self._started = _started_as_script(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if isinstance(node.module, cst.Name) and node.module.value == "uvicorn":
            for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
                if alias.evaluated_name == "run":
                    self._runners.add(alias.evaluated_alias or "run")

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._functions.append(node.name.value)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        del original_node
        self._functions.pop()

    def visit_If(self, node: cst.If) -> None:
        del node
        self._conditions += 1

    def leave_If(self, original_node: cst.If) -> None:
        del original_node
        self._conditions -= 1

    def visit_Call(self, node: cst.Call) -> None:
        """Report the argument that says so."""
        if self._conditions or _DEVELOPING.search(" ".join(self._functions)):
            return
        if id(self.expression(node)) in self._applications:
            debug = self.argument(node, "debug")
            if isinstance(debug, cst.Name) and debug.value == "True":
                self.report(
                    debug,
                    "`debug=True` answers every error with a traceback, with the code around it",
                    help="leave it out, or take it from a setting that is off by default",
                )
        elif self.code_of(node.func) in self._runners and not self._started & set(self._functions):
            reload = self.argument(node, "reload")
            if isinstance(reload, cst.Name) and reload.value == "True":
                self.report(
                    reload,
                    "`reload=True` starts a watcher of files, and one process only, wherever this is called",
                    help='leave it out, or move the call below `if __name__ == "__main__"`',
                )


def _in_debug_mode(application: Application, module: Module) -> list[Router]:
    """The applications of a module that are made with `debug=True`."""
    return [
        router
        for router in application.routers
        if router.kind == APP
        and router.module is module
        and router.call is not None
        and isinstance(debug := router.settings.get("debug"), Literal)
        and debug.value is True
    ]


def _started_as_script(node: cst.Module) -> set[str]:
    """The functions that a module calls when it is run as a script."""
    called: set[str] = set()
    for statement in node.body:
        if isinstance(statement, cst.If) and "__name__" in node.code_for_node(statement.test):
            called |= set(re.findall(r"(\w+)\(", node.code_for_node(statement.body)))
    return called

"""FAL507: what requests run prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, RouteVisitor

if TYPE_CHECKING:
    import libcst as cst

    from fastapi_lint.application import Application, CallMeaning, Function

_PRINTING: Final = frozenset({"builtins.print", "pprint.pprint", "pprint.pp", "rich.print"})


class PrintInHandler(RouteVisitor):
    """What requests run prints, where a logger would say when, where and how bad it is."""

    code: ClassVar = "FAL507"
    name: ClassVar = "print-in-handler"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("5.5",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions that print are of interest."""
        return not function.module.roles & {"test", "script", "example"} and any(
            map(_prints, application.body(function).calls.values())
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        return node is self._root

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> None:
        meaning = self.call_of(node)
        if meaning is None or not _prints(meaning):
            return
        who = f"`{self.route.label}`" if self.routes else f"`{self.function.qualname}`"
        self.report(
            node,
            f"{who} prints: nothing says which request it was for, and how bad it is",
            help="write it to a logger: `logger = logging.getLogger(__name__)`",
        )


def _prints(meaning: CallMeaning) -> bool:
    """Whether a call prints, and not into a file or a buffer of its own."""
    given = meaning.keywords.get("file")
    name = getattr(given, "name", "")
    return meaning.name in _PRINTING and (given is None or name in {"sys.stdout", "sys.stderr"})

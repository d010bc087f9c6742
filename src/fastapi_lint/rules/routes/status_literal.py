"""FAL122: a status is written as a bare number."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

import libcst as cst

from fastapi_lint.diagnostics import Fix, Severity
from fastapi_lint.rules.base import Level, ModuleVisitor
from fastapi_lint.rules.importing import is_local_somewhere

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Module

_WRITTEN: Final = re.compile(r"status_code\s*=\s*[1-5]\d\d\b|HTTPException\(\s*[1-5]\d\d\b")
_EXCEPTIONS: Final = (
    "fastapi.HTTPException",
    "fastapi.exceptions.HTTPException",
    "starlette.exceptions.HTTPException",
)
RENAMED: Final = frozenset({413, 414, 416, 422})
"""Statuses whose constants have had two names, so that neither is there in all versions of Starlette."""


class StatusLiteral(ModuleVisitor):
    """A status is written as a bare number where `status.HTTP_404_NOT_FOUND` says what it means."""

    code: ClassVar = "FAL122"
    name: ClassVar = "status-literal"
    level: ClassVar = Level.PEDANTIC
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("1.4",)

    @classmethod
    def concerns(cls, application: Application, module: Module, text: str) -> bool:  # noqa: ARG003
        """Whether a module that knows FastAPI names a status like that; tests compare with numbers."""
        knows = "fastapi" in text or "starlette" in text
        return knows and "test" not in module.roles and _WRITTEN.search(text) is not None

    def visit_Call(self, node: cst.Call) -> None:
        """Look at what is passed as the status."""
        stated = self.argument(node, "status_code")
        if stated is None and node.args and node.args[0].keyword is None and self._is_exception(node.func):
            stated = node.args[0].value
        if not isinstance(stated, cst.Integer) or not stated.value.isdecimal():
            return
        number = int(stated.value)
        if number not in set(HTTPStatus):
            return
        constant = f"HTTP_{number}_{HTTPStatus(number).name}"
        named = f"`status.{constant}`" if number not in RENAMED else "its constant in `fastapi.status`"
        self.report(
            stated,
            f"the status {number} is written as a bare number",
            help=f"write {named}",
            fix=self._fix(stated, number, constant),
        )

    def _is_exception(self, function: cst.BaseExpression) -> bool:
        written = self.code_of(function)
        if not written.endswith("HTTPException"):
            return False
        named = (self.reference(dotted) for dotted in _EXCEPTIONS)
        return any(item is not None and not item.edits and item.code == written for item in named)

    def _fix(self, stated: cst.Integer, number: int, constant: str) -> Fix | str:
        """Name the same number."""
        if number in RENAMED:
            return "the constant has another name in other versions of Starlette"
        status = self.reference("fastapi.status")
        if status is None or is_local_somewhere(self.module, status.code.partition(".")[0]):
            return "`status` means something else in this module"
        code = f"{status.code}.{constant}"
        return Fix(f"write `{code}`", "safe", (*status.edits, self.edit(stated, code)))

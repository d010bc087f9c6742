"""FAL408: a request is stored by several commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.database.commits import FurtherCommit, further_commits
from fastapi_lint.diagnostics import Severity, Span
from fastapi_lint.rules.base import FindingVisitor, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Function


class SeveralCommits(FindingVisitor[FurtherCommit]):
    """A function commits more than once on one way: an error in between leaves half of it stored."""

    code: ClassVar = "FAL408"
    name: ClassVar = "several-commits"
    level: ClassVar = Level.STRICT
    severity: ClassVar = Severity.INFO
    checklist: ClassVar = ("4.3",)
    visits: ClassVar = frozenset({"handler", "dependency", "reached"})

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, FurtherCommit]:
        """Commits after the first one, by their calls."""
        return further_commits(application.body(function))

    def visit_Call(self, node: cst.Call) -> None:
        found = self.found_at(node)
        if found is None:
            return
        way = self.application.way_to(self.function)
        subject = way.route.label if way is not None else self.function.qualname
        names = (*(way.names if way is not None else ()), *(item.name for item in found.chain))
        self.report(
            node,
            f"`{subject}` commits more than once: `{' → '.join(names)}`",
            help="commit once, when all is done, so that it is stored as a whole or not at all",
            notes=(self.note("the first commit", at=Span(found.first, 1, found.first, 1)),),
        )

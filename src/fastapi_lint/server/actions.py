"""Code actions: fixes, comments that silence, and all safe fixes of a file at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lsprotocol import types

from fastapi_lint.server.positions import Places, overlap
from fastapi_lint.server.translating import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine import Live
    from fastapi_lint.server.documents import Checked

    Found = tuple[Diagnostic, types.Diagnostic]

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.fastapi-lint"


class Actions:
    """What can be done in a file, as it was checked; `found` are its diagnostics with their translations."""

    def __init__(
        self,
        file: Path,
        checked: Checked,
        found: Sequence[Found],
        encoding: types.PositionEncodingKind | str,
    ) -> None:
        self._file = file
        self._text = checked.text
        self._project = checked.project
        self._found = found
        self._encoding = encoding

    def at(
        self, place: types.Range, only: Sequence[types.CodeActionKind | str] | None
    ) -> list[types.CodeAction]:
        """What can be done at a place; of the kinds in `only`, where that is given.

        All fixes at once are offered only to those who ask for them: editors show them apart, or run them
        when a file is saved.
        """
        if self._project is None:
            return []
        actions: list[types.CodeAction] = []
        if only is None or _wants(only, types.CodeActionKind.QuickFix.value):
            here = [pair for pair in self._found if overlap(pair[1].range, place)]
            actions += self._fixes(here, self._project)
            actions += self._suppressions(here, self._project)
        if only is not None and _wants(only, FIX_ALL):
            actions += self._all_fixes(self._project)
        return actions

    def _fixes(self, here: Sequence[Found], project: Live) -> Iterator[types.CodeAction]:
        """The fixes, safe ones first, of which the editor may prefer one."""
        fixable = [(pair, pair[0].fix) for pair in here if pair[0].fix is not None]
        for (diagnostic, shown), fix in sorted(fixable, key=lambda item: item[1].safety != "safe"):
            texts = project.fixed(diagnostic)
            if texts:
                is_safe = fix.safety == "safe"
                yield types.CodeAction(
                    title=f"{diagnostic.code}: {fix.title}{'' if is_safe else ' (unsafe)'}",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[shown],
                    is_preferred=True if is_safe else None,
                    edit=types.WorkspaceEdit(
                        changes={
                            uri_of(project.root / path): self._edits(path, after, project)
                            for path, after in texts.items()
                        }
                    ),
                )

    def _edits(self, path: str, after: str, project: Live) -> list[types.TextEdit]:
        return Places(project.text(path) or "", self._encoding).edits(after)

    def _suppressions(self, here: Sequence[Found], project: Live) -> Iterator[types.CodeAction]:
        """A comment for each rule that reports on a line."""
        ordered = sorted(here, key=lambda pair: (pair[0].span.line, pair[0].code))
        for (_, code), pairs in groupby(ordered, key=lambda pair: (pair[0].span.line, pair[0].code)):
            silenced = list(pairs)
            after = project.silenced(self._file, [diagnostic for diagnostic, _ in silenced])
            if after is not None:
                yield types.CodeAction(
                    title=f"Suppress {code} on this line",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[shown for _, shown in silenced],
                    edit=self._edit(after),
                )

    def _all_fixes(self, project: Live) -> Iterator[types.CodeAction]:
        after = project.fixed_safely(self._file)
        if after is not None:
            yield types.CodeAction(
                title="Apply all safe fixes of fastapi-lint", kind=FIX_ALL, edit=self._edit(after)
            )

    def _edit(self, after: str) -> types.WorkspaceEdit:
        edits = Places(self._text, self._encoding).edits(after)
        return types.WorkspaceEdit(changes={uri_of(self._file): edits})


def _wants(only: Sequence[types.CodeActionKind | str], kind: str) -> bool:
    """Whether a kind of action, or one that it is a kind of, is among those asked for."""
    names = [item.value if isinstance(item, types.CodeActionKind) else item for item in only]
    return any(f"{kind}.".startswith(f"{name}.") or not name for name in names)

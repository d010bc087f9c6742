"""FAL001: comments that silence nothing, name no rule, or owe a reason."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Severity, Span
from fastapi_lint.rules import catalogue
from fastapi_lint.source.reading import split_lines
from fastapi_lint.source.suppressions import DIRECTIVES, speaks_of_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.running import Run
    from fastapi_lint.source.suppressions import Suppression

CODE: Final = "FAL001"
_OWN_CODE: Final = re.compile(r"FAL\d+", re.IGNORECASE)
_CHAPTER: Final = "FAL0"
"""Rules about files and comments."""
_OTHER_TOOL: Final = re.compile(r"\w[\w-]*:\s*\w")
_REMOVE: Final = "remove the comment, or what it no longer needs to name"


def silences_suppressions(suppression: Suppression) -> bool:
    """Whether a comment that matches a FAL001 is meant to: one without names would silence itself."""
    names = suppression.codes or ()
    return suppression.kind == "noqa" or any(
        name.upper().startswith(_CHAPTER) or name == catalogue.UNUSED for name in names
    )


def wrong_suppressions(
    project: Project, path: str, used: Mapping[Suppression, Collection[str]], run: Run
) -> Iterator[Diagnostic]:
    """Judge the comments of one file; `used` holds the codes of what each silenced when the rules ran."""
    file = project.files[path]
    if file.facts is None or not speaks_of_rules(file.text) or not project.config.enables(CODE, "default"):
        return
    comments = project.comments(path)
    lines = split_lines(file.text) if comments.entries else []
    is_complete = path not in run.unseen and not run.failures
    ran = {code for code in run.ran if not project.config.ignores(code, project.config.root / path)}
    for entry in comments.entries:
        judged = _Judged(entry, path, lines)
        yield from judged.names()
        if is_complete:
            yield from judged.use(used, ran)
        if project.config.require_reason and not entry.reason and judged.is_about_rules:
            yield judged.diagnostic(
                "this suppression gives no reason", "say behind it why what it silences is meant as it is"
            )
    for word, span in comments.misspelt:
        close = difflib.get_close_matches(word, DIRECTIVES, n=1)
        if close:
            yield _diagnostic(f"`{word}` means nothing here", f"did you mean `{close[0]}`?", path, span)


class _Judged(NamedTuple):
    """One comment, in the file that it stands in."""

    entry: Suppression
    path: str
    lines: list[str]

    @property
    def is_about_rules(self) -> bool:
        """Whether it speaks of this linter's rules: a `noqa` may be about others' alone."""
        return self.entry.kind != "noqa" or any(map(_OWN_CODE.fullmatch, self.entry.codes or ()))

    def diagnostic(self, message: str, help_: str, fix: Fix | None = None) -> Diagnostic:
        """A FAL001 about it."""
        return _diagnostic(message, help_, self.path, self.entry.span, fix)

    def names(self) -> Iterator[Diagnostic]:
        """What is wrong with the names in it."""
        if self.entry.codes == ():
            yield self.diagnostic(
                "this suppression names no rule, so it silences none", "name the rules in closed brackets"
            )
        for name in self.entry.codes or ():
            if not _covered(name, self.entry) and (self.entry.kind != "noqa" or _OWN_CODE.fullmatch(name)):
                known = [word for code, rule in catalogue.names().items() for word in (code, rule)]
                close = difflib.get_close_matches(name.upper(), known, n=1)
                close = close or difflib.get_close_matches(name.lower(), known, n=1)
                meant = f"did you mean `{close[0]}`?" if close else "`fastapi-lint rules` lists the rules"
                yield self.diagnostic(f"`{name}` is no rule", meant)

    def use(self, used: Mapping[Suppression, Collection[str]], ran: Collection[str]) -> Iterator[Diagnostic]:
        """Whether all that it names silences something, as far as the rules that ran can tell."""
        if self.entry.codes is None:
            everything = {code for code in catalogue.names() if not code.startswith(_CHAPTER)}
            if self.entry.kind != "noqa" and self.entry not in used and everything <= set(ran):
                yield self._unused(())
            return
        unused = tuple(name for name in self.entry.codes if self._is_unused(name, used, ran))
        if unused:
            yield self._unused(unused)

    def _is_unused(
        self, name: str, used: Mapping[Suppression, Collection[str]], ran: Collection[str]
    ) -> bool:
        covered = _covered(name, self.entry)
        return bool(covered) and covered <= set(ran) and covered.isdisjoint(used.get(self.entry, ()))

    def _unused(self, names: tuple[str, ...]) -> Diagnostic:
        if not names:
            message = "this suppression silences nothing"
        elif len(names) == 1:
            message = f"the suppression of `{names[0]}` silences nothing"
        else:
            listed = ", ".join(f"`{name}`" for name in names[:-1])
            message = f"the suppressions of {listed} and `{names[-1]}` silence nothing"
        is_alone = self.entry.kind == "ignore" and not self._before().strip()
        help_ = "it speaks for its own line: write `ignore-next-line`, or remove it" if is_alone else _REMOVE
        return self.diagnostic(message, help_, self._fix(names))

    def _before(self) -> str:
        return self.lines[self.entry.span.line - 1][: self.entry.span.column - 1]

    def _fix(self, names: tuple[str, ...]) -> Fix | None:
        """Take names out of the comment, or the whole of it where none is left."""
        entry = self.entry
        kept = [name for name in entry.codes or () if name not in names]
        line = entry.span.line
        if kept and entry.names_at is not None:
            span = Span(line, entry.names_at[0], line, entry.names_at[1])
            return self._replaced("remove what it needn't name", span, ", ".join(kept))
        if _OTHER_TOOL.search(entry.reason):
            return None  # what looks like a reason may be another tool's directive
        before = self._before()
        after = self.lines[line - 1][entry.ends_at - 1 :]
        start, end = entry.span.column, entry.ends_at
        if "#" in after:
            end += len(after) - len(after.lstrip())
        else:
            start, end = len(before.rstrip()) + 1, end + len(after)
        span = Span(line, start, line, end)
        if start == 1 and "#" not in after and line < len(self.lines):
            span = Span(line, 1, line + 1, 1)
        return self._replaced("remove the suppression", span, "")

    def _replaced(self, title: str, span: Span, text: str) -> Fix:
        return Fix(title, "safe", (Edit(self.path, span, text),))


def _covered(name: str, entry: Suppression) -> set[str]:
    """The codes of the rules that a comment means by a name: none if there is no such rule."""
    rules = catalogue.names()
    found = {code for code in rules if code.startswith(name.upper())}
    if entry.kind != "noqa":
        found |= {code for code, rule in rules.items() if rule == name}
    return {code for code in found if not code.startswith(_CHAPTER)} or found


def _diagnostic(message: str, help_: str, path: str, span: Span, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(CODE, catalogue.UNUSED, Severity.WARNING, message, help_, path, span, fix=fix)

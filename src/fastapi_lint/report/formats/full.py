"""The report for people: every diagnostic with its source, what explains it, what to do; then a summary."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.frame import Pen, frame
from fastapi_lint.report.look import rendered
from fastapi_lint.report.summary import headline, per_code
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fastapi_lint.diagnostics import Diagnostic, Note, Span
    from fastapi_lint.report.look import Look
    from fastapi_lint.report.run import Run

    SourceLine = Callable[[str, int], str | None]

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}


def report(run: Run) -> str:
    """The whole report, with its last line break; what was not looked at leaves nothing to say.

    What a sensitive diagnostic points at is masked in every frame, not only its own: two secrets can be
    neighbours.
    """
    if not run.tally.files:
        return ""
    lines: list[Text] = []
    for diagnostic in run.diagnostics:
        lines += [*_entry(diagnostic, run.source_line, run.secrets, run.look), Text()]
    style = "bold" if run.diagnostics else "bold green"
    lines.append(Text.assemble((headline(run.diagnostics, run.tally), style)))
    lines += _counts(run.diagnostics)
    for line in lines:
        line.rstrip()
    if run.look.colour:
        return rendered(Text("\n").join(lines), run.look, wrap=False)
    return "".join(f"{line.plain}\n" for line in lines)


def _entry(
    diagnostic: Diagnostic, source_line: SourceLine, masks: Mapping[str, Sequence[Span]], look: Look
) -> list[Text]:
    style = _STYLES[diagnostic.severity]
    gutter = len(str(1 + max(place.span.end_line for place in diagnostic.places)))

    def framed(place: Diagnostic | Note, pen: Pen) -> list[Text]:
        path = one_line(place.path)
        where = Text.assemble(
            (" " * gutter + "--> ", "blue"), f"{path}:{place.span.line}:{place.span.column}"
        )
        return [where, *frame(place.span, partial(source_line, place.path), masks.get(place.path, ()), pen)]

    lines = [
        Text.assemble(
            (diagnostic.severity.value, style),
            (
                f"[{diagnostic.code} {diagnostic.name}]",
                Style.parse(style).update_link(diagnostic.url if look.links else None),
            ),
            (f": {one_line(diagnostic.message)}", "bold"),
        ),
        *framed(diagnostic, Pen("^", style, gutter, look.width, context=1)),
    ]
    for note in diagnostic.notes:
        lines.append(Text.assemble(("note", "bold green"), f": {one_line(note.message)}"))
        lines += framed(note, Pen("-", "bold blue", gutter, look.width, context=0))
    if diagnostic.help:
        lines.append(Text.assemble(("help", "bold cyan"), f": {one_line(diagnostic.help)}"))
    return lines


def _counts(diagnostics: Sequence[Diagnostic]) -> list[Text]:
    counts = per_code(diagnostics)
    digits = len(str(counts[0][0])) if counts else 0
    return [Text(f"  {number:>{digits}}  {code}  {name}") for number, code, name in counts]

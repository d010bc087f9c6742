"""A source frame: the lines a span covers, numbered, with a mark under what is meant.

    12 | @router.post("/items")
       |  ^^^^^^^^^^^

Everything is laid out in terminal cells, not characters: a tab, a wide character or a masked secret takes as
many cells as it is shown with, and the mark below it as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from fastapi_lint.report.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.diagnostics import Span

_TAB = 4
_MASK = "***"
_ELLIPSIS = "..."
_MOST_LINES = 8  # of a span that covers more, the first and the last few are shown
_FEWEST_CELLS = 40  # a narrower window gets frames of this width anyway: less than this shows nothing


@dataclass(frozen=True)
class Pen:
    """How a span is marked.

    Attributes:
        mark: The character under it.
        style: rich's style of the mark.
        gutter: Digits of the widest line number beside it.
        width: Columns that a line may take, gutter included.
        context: Lines shown before and after the span.
    """

    mark: str
    style: str
    gutter: int
    width: int
    context: int


def frame(span: Span, line_of: Callable[[int], str | None], masks: Sequence[Span], pen: Pen) -> list[Text]:
    """The frame of `span` as lines of text.

    `line_of` gives the source of a line (from 1) or None where there is none; what the spans in `masks` cover
    is shown as `***`. Empty where the source is not at hand.
    """
    if line_of(span.line) is None:
        return []
    last_number = max(span.line, _last_line(span))
    several = last_number > span.line
    left, right = _window(span, _Row(line_of(span.line) or "", span.line, masks), pen, several=several)

    lines = [_gutter("", pen)]
    # Where the window has moved to the right, the lines around would show what happens to stand there.
    for number in _shown_numbers(span.line, last_number, line_of, pen.context if left == 0 else 0):
        if number is None:
            lines.append(Text.assemble((_ELLIPSIS, "blue")))
            continue
        row = _Row(line_of(number) or "", number, masks)
        inside = span.line <= number <= last_number
        line = _gutter(str(number), pen)
        if several:
            line.append(("/ " if number == span.line else "| ") if inside else "  ", pen.style)
        lines.append(line.append(row.cropped(left, right)))
        if number == last_number:
            lines.append(_mark_below(span, row, (left, right), pen, several=several))
    return lines


def _last_line(span: Span) -> int:
    """A span that ends before the first column of a line ends with the line above."""
    return span.end_line - 1 if span.end_column <= 1 and span.end_line > span.line else span.end_line


def _shown_numbers(
    first: int, last: int, line_of: Callable[[int], str | None], context: int
) -> list[int | None]:
    """Line numbers of the frame, in order; None stands for the lines left out. Blank context is not shown."""
    before = [n for n in range(max(1, first - context), first) if (line_of(n) or "").strip()]
    after = [n for n in range(last + 1, last + 1 + context) if (line_of(n) or "").strip()]
    inside: list[int | None] = list(range(first, last + 1))
    if len(inside) > _MOST_LINES:
        inside[_MOST_LINES // 2 : -2] = [None]
    return [*before, *inside, *after]


def _window(span: Span, row: _Row, pen: Pen, *, several: bool) -> tuple[int, int]:
    """The cells of each line that are shown: from the margin where the mark fits so, else around the mark."""
    room = max(_FEWEST_CELLS, pen.width - pen.gutter - len(" | ") - (2 if several else 0))
    start = row.cell(span.column)
    end = start + 1 if several else max(start + 1, row.cell(span.end_column))
    if end <= room - len(_ELLIPSIS):
        return 0, room
    spare = max(0, room - (end - start)) // 2
    left = max(0, start - max(spare, 2 * len(_ELLIPSIS)))
    return left, left + room


def _mark_below(span: Span, row: _Row, window: tuple[int, int], pen: Pen, *, several: bool) -> Text:
    left, right = window
    end = row.cell(span.end_column if span.end_line == row.number else len(row.starts))
    line = _gutter("", pen)
    if several:
        return line.append("|" + "_" * max(1, min(end, right) - left) + pen.mark, pen.style)
    start = row.cell(span.column)
    return line.append(" " * (start - left)).append(pen.mark * max(1, min(end, right) - start), pen.style)


def _gutter(label: str, pen: Pen) -> Text:
    return Text.assemble((f"{label:>{pen.gutter}} | ", "blue"))


class _Row:
    """One line of source as cells: a wide character takes two, the second of which is empty."""

    def __init__(self, source: str, number: int, masks: Sequence[Span]) -> None:
        self.number = number
        self.cells: list[str] = []
        self.starts: list[int] = []  # the first cell of each character, then the cell after the last one
        hidden = _hidden(source, number, masks)
        for index, character in enumerate(source):
            self.starts.append(len(self.cells))
            if index not in hidden:
                self._put(character)
            elif index - 1 not in hidden:
                self.cells.extend(_MASK)
        self.starts.append(len(self.cells))

    def _put(self, character: str) -> None:
        if character == "\t":
            self.cells.extend(" " * (_TAB - len(self.cells) % _TAB))
            return
        shown = printable(character)
        size = cell_len(shown)
        if size == 0:
            if self.cells:
                self.cells[-1] += shown  # combines with what stands before it
            return
        self.cells.extend([shown, *[""] * (size - 1)])

    def cell(self, column: int) -> int:
        """The cell where the character of `column` (from 1) starts; the line's end for columns beyond it."""
        return self.starts[min(max(column, 1), len(self.starts)) - 1]

    def cropped(self, left: int, right: int) -> str:
        """The cells from `left` to before `right`; an ellipsis stands where something was cut off."""
        cells = self.cells[left:right]
        if left > 0 and cells:
            cells[: len(_ELLIPSIS)] = _ELLIPSIS
            cells[len(_ELLIPSIS) :] = _without_half(cells[len(_ELLIPSIS) :])
        if right < len(self.cells):
            cells[-len(_ELLIPSIS) :] = _ELLIPSIS
            cells = _without_open_end(cells)
        return "".join(cells)


def _without_half(cells: list[str]) -> list[str]:
    """A wide character whose first cell was cut off leaves a space."""
    return [" ", *cells[1:]] if cells and cells[0] == "" else cells


def _without_open_end(cells: list[str]) -> list[str]:
    """A wide character whose second cell the closing ellipsis took becomes a space."""
    last = len(cells) - len(_ELLIPSIS) - 1
    if last >= 0 and cell_len(cells[last]) > 1:
        cells[last] = " "
    return cells


def _hidden(source: str, number: int, masks: Sequence[Span]) -> frozenset[int]:
    """Indices of the characters of line `number` that a mask covers."""
    return frozenset(index for mask in masks for index in mask.columns_on(number, len(source)))

"""Rows and columns: drawn by rich for a person, aligned with spaces and never cut for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.look import rendered
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.report.look import Look


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> str:
    """The table, with its last line break; an empty cell is shown as `-` where nothing draws its borders."""
    clean = [[one_line(cell) for cell in row] for row in rows]
    return _drawn(columns, clean, look) if look.terminal else _aligned(columns, clean)


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    grid = [list(columns), *([cell or "-" for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in grid)
    return "".join(f"{line}\n" for line in lines)


def _drawn(columns: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> str:
    from rich import box  # noqa: PLC0415  # a piped table needs no rich
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=0, pad_edge=False, show_edge=False)
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    return rendered(grid, look, wrap=True)

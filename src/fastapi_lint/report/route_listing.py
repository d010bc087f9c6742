"""Routes for people: the columns of a table, and the same as Markdown and as comma-separated values."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.wiring.listing import ListedRoute

Columns = tuple[list[str], list[list[str]]]

_PLAIN = frozenset({"method", "status", "note"})
"""Columns whose cells are words: in Markdown, those of the others are code."""


def columns(routes: Sequence[ListedRoute]) -> Columns:
    """Heads and rows with short names; some columns are there only where routes differ in them."""
    heads = ["method", "path", "handler", "status", "model", "guarded by", "session", "file:line"]
    rows = [
        [
            ",".join(route.row.methods) or "WEBSOCKET",
            route.row.path,
            _short(route.row.handler),
            route.status,
            _short(route.row.response_model or ""),
            _short(", ".join(route.guards)),
            _short(", ".join(route.sessions)),
            f"{route.row.file}:{route.row.line}",
        ]
        for route in routes
    ]
    if len({route.app for route in routes}) > 1:
        heads.append("app")
        for row, route in zip(rows, routes, strict=True):
            row.append(route.app)
    if any(map(_note, routes)):
        heads.append("note")
        for row, route in zip(rows, routes, strict=True):
            row.append(_note(route))
    return heads, rows


def markdown(routes: Sequence[ListedRoute]) -> str:
    """The same table in Markdown, with its last line break."""
    heads, rows = columns(routes)
    lines = [heads, ["---"] * len(heads)]
    lines += [[_markdown_cell(head, cell) for head, cell in zip(heads, row, strict=True)] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def comma_separated(routes: Sequence[ListedRoute]) -> str:
    """Always the same columns, with names in full; several names in one cell are separated by spaces."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            "app",
            "method",
            "path",
            "handler",
            "status",
            "model",
            "guarded by",
            "session",
            "file",
            "line",
            "note",
        )
    )
    for route in routes:
        row = route.row
        cells = (
            route.app,
            " ".join(row.methods) or "WEBSOCKET",
            row.path,
            row.handler,
            route.status,
            row.response_model or "",
            " ".join(route.guards),
            " ".join(route.sessions),
            row.file,
            str(row.line),
            _note(route),
        )
        writer.writerow(map(one_line, cells))
    return text.getvalue()


def _note(route: ListedRoute) -> str:
    return " ".join(["conditional"] * route.is_conditional + ["public"] * route.is_public)


def _markdown_cell(head: str, cell: str) -> str:
    escaped = one_line(cell).replace("|", "\\|")
    return escaped if head in _PLAIN or not cell else f"`{escaped}`"


def _short(names: str) -> str:
    """The names without their modules: a table must fit a window, and JSON has them in full."""
    return re.sub(r"(?:\w+\.)+(?=\w)", "", names)

"""How fixes name something of a library in a module: by an import that is there, or with one they add."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from fastapi_lint.application import written
from fastapi_lint.diagnostics import Edit, Span
from fastapi_lint.facts import model
from fastapi_lint.source.reading import line_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.application import Module


class Reference(NamedTuple):
    """Code that stands for a name at the top of a module, and the edits that make it right."""

    code: str
    edits: tuple[Edit, ...] = ()


def reference(module: Module, text: str, dotted: str) -> Reference | None:
    """Say how `module`, which holds `text`, names `dotted`; None where its own name means something else."""
    body = module.facts.body
    owner, _, name = dotted.rpartition(".")
    bound = [found for found, _ in _bound(body)]
    known = next((found for found, meaning in _bound(body) if meaning == dotted), None)
    if known is not None:
        return Reference(known) if bound.count(known) == 1 else None
    imported = next((found for found, meaning in _bound(body) if meaning == owner), None)
    if imported is not None and bound.count(imported) == 1:
        return Reference(f"{imported}.{name}")
    if name in bound:
        return None
    return Reference(name, (_addition(module.path, text, body, owner, name),))


def binds_once(module: Module, name: str) -> bool:
    """Whether a module binds a name at its top, and only once."""
    return [found for found, _ in _bound(module.facts.body)].count(name) == 1


def _bound(body: Sequence[model.Statement]) -> Iterator[tuple[str, str]]:
    """The names that a module binds, as often as it does, each with what it imports, or an empty text."""
    top = {id(statement) for statement in body}
    for statement in written.statements(body):
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            yield statement.name, ""
        elif isinstance(statement, model.Import):
            for item in statement.names:
                whole = item.alias is not None or "." not in item.name
                name = item.alias or item.name.partition(".")[0]
                yield name, item.name if whole and id(statement) in top else ""
        elif isinstance(statement, model.ImportFrom):
            for item in statement.names:
                sure = statement.level == 0 and id(statement) in top
                yield item.alias or item.name, f"{statement.module}.{item.name}" if sure else ""
        else:
            for name, _ in written.bindings(statement):
                yield name, ""


def _addition(path: str, text: str, body: Sequence[model.Statement], owner: str, name: str) -> Edit:
    """Add to an import of the same module, else a line of its own behind the imports there are."""
    for statement in body:
        if (
            isinstance(statement, model.ImportFrom)
            and (statement.module, statement.level) == (owner, 0)
            and all(item.name != "*" for item in statement.names)
        ):
            extended = _extended(_code(text, statement), name)
            if extended is not None:
                return Edit(path, _span(statement), extended)
    line = _line_for_import(body, owner)
    return Edit(path, Span(line, 1, line, 1), f"from {owner} import {name}\n")


def _line_for_import(body: Sequence[model.Statement], owner: str) -> int:
    """The line (from 1) before which an import goes: behind those at the top, in order where they are."""
    last = 0
    for statement in body:
        if isinstance(statement, model.Simple) and statement.keyword == "docstring":
            last = statement.end_line
        elif isinstance(statement, (model.Import, model.ImportFrom)):
            if isinstance(statement, model.ImportFrom) and _comes_later(statement, owner) and last:
                return statement.line
            last = statement.end_line
        else:
            break
    return last + 1


def _comes_later(statement: model.ImportFrom, owner: str) -> bool:
    return statement.level == 0 and statement.module > owner and statement.module != "__future__"


def _extended(code: str, name: str) -> str | None:
    """Add a name to `from … import …`, in order if the names are in order; None where that isn't its form."""
    parsed = cst.parse_statement(code)
    if not isinstance(parsed, cst.SimpleStatementLine) or not isinstance(parsed.body[0], cst.ImportFrom):
        return None
    statement = parsed.body[0]
    if isinstance(statement.names, cst.ImportStar):
        return None
    names = list(statement.names)
    texts = [item.evaluated_name for item in names]
    for key in (str, str.casefold):
        if texts == sorted(texts, key=key):
            place = sum(key(text) < key(name) for text in texts)
            break
    else:
        place = len(names)
    own = cst.ImportAlias(cst.Name(name), comma=_comma(names, place))
    if place == len(names) and names:
        names[-1] = names[-1].with_changes(comma=_comma(names, 0))
    names.insert(place, own)
    changed = parsed.with_changes(
        body=[statement.with_changes(names=names), *parsed.body[1:]],
        trailing_whitespace=cst.TrailingWhitespace(newline=cst.Newline("")),
    )
    return cst.Module([changed], has_trailing_newline=False).code


def _comma(names: list[cst.ImportAlias], place: int) -> cst.Comma | cst.MaybeSentinel:
    """The comma behind a new name at `place`: what follows names elsewhere in the same statement."""
    if place == len(names):
        return names[-1].comma
    if len(names) > 1:
        return names[0].comma
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _code(text: str, statement: model.Statement) -> str:
    starts = line_starts(text)
    start = starts[statement.line - 1] + statement.column - 1
    return text[start : starts[statement.end_line - 1] + statement.end_column - 1].replace("\r\n", "\n")


def _span(statement: model.Statement) -> Span:
    return Span(statement.line, statement.column, statement.end_line, statement.end_column)

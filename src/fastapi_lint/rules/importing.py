"""How fixes name something of a library in a module: by an import that is there, or with one they add."""

from __future__ import annotations

import sys
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
    line, blank = _place_for_import(body, owner)
    return Edit(path, Span(line, 1, line, 1), f"from {owner} import {name}\n" + "\n" * blank)


def _place_for_import(body: Sequence[model.Statement], owner: str) -> tuple[int, bool]:
    """The line (from 1) before which an import goes, and whether a blank line has to follow it.

    It goes among those of its kind at the top, the standard library's or others', in order where they are.
    """
    end, last = 0, None
    for statement in body:
        if isinstance(statement, model.Simple) and statement.keyword == "docstring":
            end = statement.end_line
        elif isinstance(statement, (model.Import, model.ImportFrom)):
            key = _import_key(statement)
            if key > (_kind_of(owner), owner):
                if last is not None and last[0] == _kind_of(owner):
                    break
                return statement.line, key[0] != _kind_of(owner)
            end, last = statement.end_line, key
        else:
            break
    return end + 1, False


def _import_key(statement: model.Import | model.ImportFrom) -> tuple[int, str]:
    """What imports are sorted by: their kind, and the module after `from`."""
    if isinstance(statement, model.Import):
        return _kind_of(statement.names[0].name), ""
    if statement.level:
        return _RELATIVE, statement.module
    return _kind_of(statement.module), statement.module


_RELATIVE = 3


def _kind_of(name: str) -> int:
    package = name.partition(".")[0]
    return 0 if package == "__future__" else 1 if package in sys.stdlib_module_names else 2


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


def is_local_somewhere(module: Module, name: str) -> bool:
    """Whether a function of a module has a parameter, or binds a name of its own, that is called `name`."""
    for statement in written.nested_statements(module.facts.body):
        if isinstance(statement, model.FunctionDefinition):
            inner = statement.body
            if any(parameter.name == name for parameter in statement.parameters):
                return True
            if any(bound == name for bound, _ in _bound(inner)):
                return True
        for expression in written.expressions(statement):
            if isinstance(expression, model.Comprehension):
                targets = (clause.target for clause in expression.clauses)
                if any(name in written.names_of(target) for target in targets):
                    return True
            elif isinstance(expression, model.Lambda) and name in {
                parameter.name for parameter in expression.parameters
            }:
                return True
    return False

"""Rows that a commit expires, and that async code reads before they are loaded again.

A session forgets what its rows hold when it commits (`expire_on_commit`, unless the project says otherwise),
and loads it at the next access: under an async session that is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import response_models
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import attributes, entities
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    ExternalMethod,
    Literal,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.library import Effect, mapping
from fastapi_lint.application.written import (
    bindings,
    blocks,
    called,
    children,
    expressions,
    nested_statements,
    statements,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

_SETTING: Final = "expire_on_commit"
_MAKERS: Final = frozenset({"async_sessionmaker", "AsyncSession", "sessionmaker"})
_DETACHING: Final = frozenset({"expunge", "expunge_all", "delete", "make_transient"})


@dataclass(frozen=True, slots=True)
class Expired:
    """A row that is read after a commit: its name, and the line (from 1) of the commit."""

    name: str
    line: int


def expired(application: Application, function: Function) -> dict[int, Expired]:
    """What an async function reads of expired rows, by the expression: an attribute, or what it returns."""
    body = application.body(function)
    if not function.is_async or Effect.COMMIT not in body.effects:
        return {}
    if not any(_is_commit(meaning) for meaning in body.calls.values()):
        return {}
    found: dict[int, Expired] = {}
    has_schema = any(
        response_models.schema_class(response_models.declared(application, route)) is not None
        for route in application.routes_of(function)
    )
    for commit, rest in _after(function.definition.body, (), body):
        _Following(body, commit, found, has_schema=has_schema).over(rest)
    return found if found and application.expires_rows else {}


def _is_commit(meaning: CallMeaning) -> bool:
    callee = meaning.callee
    if not isinstance(callee, ExternalMethod) or callee.name != "commit" or not meaning.is_awaited:
        return False
    kind = session_kind(callee.receiver)
    return kind is not None and kind.is_async and kind.what == "session"


def _after(
    block: Sequence[model.Statement], behind: tuple[model.Statement, ...], body: Body
) -> Iterator[tuple[model.Call, tuple[model.Statement, ...]]]:
    """Each commit, with the statements that always come after it."""
    for at, statement in enumerate(block):
        rest = (*block[at + 1 :], *behind)
        if isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Await):
            call = statement.value.value
            meaning = body.call(call)
            if isinstance(call, model.Call) and meaning is not None and _is_commit(meaning):
                yield call, rest
        elif isinstance(statement, model.Try):
            yield from _after(statement.body, (*statement.orelse, *statement.finalbody, *rest), body)
        elif isinstance(statement, model.With):
            is_closed = any(session_kind(body.value(item.context)) is not None for item in statement.items)
            yield from _after(statement.body, () if is_closed else rest, body)
        elif not isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            for inner in blocks(statement):
                yield from _after(inner, (), body)


class _Following:
    """Looks through the statements behind a commit, up to what may load rows again."""

    def __init__(
        self, body: Body, commit: model.Call, found: dict[int, Expired], *, has_schema: bool
    ) -> None:
        self._body = body
        self._commit = commit
        self._found = found
        self._has_schema = has_schema
        self._kept = _kept_names(body, commit)

    def over(self, block: Sequence[model.Statement]) -> bool:
        """Look at statements in order; false once something may have been loaded."""
        for statement in block:
            if isinstance(
                statement, (model.FunctionDefinition, model.ClassDefinition, model.Try, model.With)
            ):
                return False
            self._kept -= {name for name, _ in bindings(statement)}
            parts = [inner for item in children(statement) for inner in (item, *expressions(item))]
            self._read(statement, parts)
            if any(isinstance(part, model.Await) for part in parts):
                return False
            if isinstance(statement, (model.Return, model.Raise, model.For, model.While, model.Match)):
                return False
            if isinstance(statement, model.If):
                kept = set(self._kept)
                goes_on = self.over(statement.body)
                self._kept = set(kept)
                goes_on = self.over(statement.orelse) and goes_on
                self._kept = kept
                if not goes_on:
                    return False
        return True

    def _read(self, statement: model.Statement, parts: list[model.Expression]) -> None:
        bound = statement.targets if isinstance(statement, model.Assignment) else ()
        called = {id(part.function) for part in parts if isinstance(part, model.Call)}
        for part in parts:
            if (
                isinstance(part, model.Attribute)
                and isinstance(part.value, model.Name)
                and part.value.id in self._kept
                and id(part) not in called
                and not any(part is target for target in bound)
                and self._is_column(part.value, part.name)
            ):
                self._note(part, part.value.id)
        returned = statement.value if isinstance(statement, model.Return) and self._has_schema else None
        if isinstance(returned, model.Name) and returned.id in self._kept and self._is_row(returned):
            self._note(returned, returned.id)

    def _note(self, part: model.Expression, name: str) -> None:
        self._found.setdefault(id(part), Expired(name, self._commit.line))
        self._kept.discard(name)

    def _is_row(self, name: model.Name) -> bool:
        rows = [row for row in options(self._body.value(name)) if not is_none(row)]
        return bool(rows) and all(isinstance(row, Object) and entities.is_entity(row.cls) for row in rows)

    def _is_column(self, name: model.Name, attribute: str) -> bool:
        if not self._is_row(name):
            return False
        rows = [row for row in options(self._body.value(name)) if isinstance(row, Object)]
        return all(isinstance(row.cls, ClassValue) and is_column(row.cls, attribute) for row in rows)


def is_column(cls: ClassValue, name: str) -> bool:
    """Whether an attribute of an entity is stored in a column of its table."""
    found = attributes.find(cls, name)
    if isinstance(found, tuple) and isinstance(found[1], Object) and isinstance(found[1].cls, External):
        return found[1].cls.name in mapping.COLUMNS
    if isinstance(found, tuple) and isinstance(found[1], Unknown) and found[1].of:
        return found[1].of in mapping.COLUMNS
    if isinstance(found, tuple) and not isinstance(found[1], (Unknown, Literal)):
        return False
    return any(isinstance(item, ClassValue) and name in item.annotations for item in cls.mro())


def _kept_names(body: Body, commit: model.Call) -> set[str]:
    """The names of rows that the session of a commit holds: it loaded them, or they were added to it."""
    added: set[str] = set()
    detached: set[str] = set()
    for meaning in body.calls.values():
        callee, node = meaning.callee, meaning.node
        if node is None:
            continue
        given = {item.id for item in node.arguments if isinstance(item, model.Name)}
        if isinstance(callee, ExternalMethod) and callee.name == "add" and node.line < commit.line:
            added |= given
        elif meaning.name.rpartition(".")[2] in _DETACHING:
            detached |= given
    loaded = {
        part.id
        for statement in statements(body.function.definition.body)
        if statement.line < commit.line
        for part in expressions(statement)
        if isinstance(part, model.Name) and entities.is_loaded_async_row(body.value(part))
    }
    return (added | loaded) - detached


def expires_rows(modules: Iterable[Module]) -> bool:
    """Whether a project makes its async sessions itself, and never says whether they expire their rows.

    Modules that import what makes sessions come first, since most projects say so there.
    """
    is_made = False
    for module in sorted(modules, key=lambda item: (not _imports_maker(item), item.path)):
        if "test" in module.roles:
            continue
        for statement in nested_statements(module.facts.body):
            for part in expressions(statement):
                if isinstance(part, model.Call):
                    if part.keywords and any(_is_of_sessions(part, item) for item in part.keywords):
                        return False
                    is_made = is_made or called(part) in _MAKERS
                elif isinstance(part, model.Constant) and part.value == _SETTING:
                    return False
    return is_made


def _imports_maker(module: Module) -> bool:
    return any(
        isinstance(statement, model.ImportFrom) and any(item.name in _MAKERS for item in statement.names)
        for statement in module.facts.body
    )


def _is_of_sessions(call: model.Call, item: model.Keyword) -> bool:
    """Whether a keyword is the setting, or may be among what is spread into a call that makes sessions."""
    return item.name == _SETTING or (item.name is None and called(call) in _MAKERS)

"""Lookups that may find nothing, and what is done with a row before anybody asks whether there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.answers import response_models
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.database.settled import NOTHING, never_run, settled
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    ExternalMethod,
    Object,
    is_none,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import assigned_values, children, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.database.settled import Settled
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_ROW_METHODS: Final = frozenset({"delete", "refresh"})
_HARMLESS: Final = frozenset({"AttributeError", "TypeError", "Exception", "BaseException"})
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A row that may be missing, where it is used: `entity` is its class, `use` is read, returned or passed.

    `line` is that of the lookup, from 1; `way` are the functions of the project down to it.
    """

    entity: ClassValue
    use: str
    line: int
    way: tuple[str, ...]


def unchecked(application: Application, function: Function) -> dict[int, Unchecked]:
    """The rows that a function uses although the lookup may have found none, by the using expression.

    Only lookups by what the client sends count: what a row refers to is there.
    """
    body = application.body(function)
    if Effect.QUERY not in body.effects:
        return {}
    found: dict[int, Unchecked] = {}
    search = _Search(application, function, body)
    search.block(function.definition.body, (), found)
    return found


class _Search:
    def __init__(self, application: Application, function: Function, body: Body) -> None:
        self._application = application
        self._function = function
        self._body = body
        self._assigned = assigned_values(function.definition.body)
        self._sent = _sent(application, function)
        self._has_model = any(_refuses_none(application, route) for route in application.routes_of(function))

    def block(
        self,
        block: Sequence[model.Statement],
        behind: tuple[model.Statement, ...],
        found: dict[int, Unchecked],
    ) -> None:
        for at, statement in enumerate(block):
            rest = (*block[at + 1 :], *behind)
            self._at_once(statement, found)
            if isinstance(statement, model.Assignment) and len(statement.targets) == 1:
                target = statement.targets[0]
                lookup = self._lookup(statement.value)
                if isinstance(target, model.Name) and lookup is not None:
                    self._follow(target.id, rest, lookup, found)
            elif isinstance(statement, model.Try):
                if not any(map(_expects_none, statement.handlers)):
                    self.block(statement.body, (*statement.orelse, *statement.finalbody, *rest), found)
                for inner in (*(handler.body for handler in statement.handlers), statement.orelse):
                    self.block(inner, (), found)
            elif isinstance(statement, model.With):
                self.block(statement.body, rest, found)
            elif isinstance(statement, (model.If, model.For, model.While)):
                for inner in (statement.body, statement.orelse):
                    self.block(inner, (), found)

    def _at_once(self, statement: model.Statement, found: dict[int, Unchecked]) -> None:
        """What is read off a call itself, or returned as it comes."""
        for part in expressions(statement):
            if isinstance(part, (model.Attribute, model.Subscript)):
                lookup = self._lookup(part.value)
                if lookup is not None:
                    found[id(part)] = self._made(lookup, "read")
        if isinstance(statement, model.Return) and self._has_model:
            lookup = self._lookup(statement.value)
            if lookup is not None:
                found[id(statement.value)] = self._made(lookup, "returned")

    def _follow(
        self,
        name: str,
        block: Sequence[model.Statement],
        lookup: CallMeaning,
        found: dict[int, Unchecked],
    ) -> bool:
        """Look for the first use of a name; false once there was one, or might have been."""
        for statement in block:
            if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
                return False
            parts = [inner for item in children(statement) for inner in (item, *expressions(item))]
            if self._uses(name, parts, statement, lookup, found):
                return False
            if isinstance(statement, model.With):
                if not self._follow(name, statement.body, lookup, found):
                    return False
            elif isinstance(statement, model.Try):
                if any(map(_expects_none, statement.handlers)):
                    return False
                if not self._follow(name, statement.body, lookup, found):
                    return False
            elif isinstance(statement, (model.If, model.For, model.While, model.Match)):
                inside = (part for inner in statements([statement]) for part in expressions(inner))
                if any(isinstance(part, model.Name) and part.id == name for part in inside):
                    return False
            if isinstance(statement, (model.Return, model.Raise)):
                return False
        return True

    def _uses(
        self,
        name: str,
        parts: list[model.Expression],
        statement: model.Statement,
        lookup: CallMeaning,
        found: dict[int, Unchecked],
    ) -> bool:
        """Whether a statement mentions a name; notes where it uses it as a row that is there."""
        mentions = [part for part in parts if isinstance(part, model.Name) and part.id == name]
        if not mentions:
            return False
        reads = [
            part
            for part in parts
            if isinstance(part, (model.Attribute, model.Subscript))
            and isinstance(part.value, model.Name)
            and part.value.id == name
        ]
        if len(reads) == len(mentions):
            found.setdefault(id(reads[0]), self._made(lookup, "read"))
            return True
        if (
            isinstance(statement, model.Return)
            and isinstance(statement.value, model.Name)
            and self._has_model
        ):
            found.setdefault(id(statement.value), self._made(lookup, "returned"))
            return True
        call = statement.value if isinstance(statement, model.ExpressionStatement) else None
        call = call.value if isinstance(call, model.Await) else call
        meaning = self._body.call(call)
        if (
            isinstance(call, model.Call)
            and meaning is not None
            and isinstance(meaning.callee, ExternalMethod)
            and meaning.callee.name in _ROW_METHODS
            and session_kind(meaning.callee.receiver) is not None
            and len(call.arguments) == 1
            and isinstance(call.arguments[0], model.Name)
        ):
            found.setdefault(id(call), self._made(lookup, "passed"))
        return True

    def _made(self, lookup: CallMeaning, use: str) -> Unchecked:
        cls = _entity(lookup)
        line = lookup.node.line if lookup.node is not None else 0
        return Unchecked(cls, use, line, tuple(item.qualname for item in lookup.functions))

    def _lookup(self, value: model.Expression | None) -> CallMeaning | None:
        """The call that an expression is, if it looks for a row by what the client sends."""
        call = value.value if isinstance(value, model.Await) else value
        meaning = self._body.call(call)
        if meaning is None or not isinstance(call, model.Call) or not may_find_nothing(meaning, 0):
            return None
        keys = self._names_behind(call, set())
        if keys is None or not keys & self._sent:
            return None
        return None if self._is_known_to_exist(keys & self._sent, call) else meaning

    def _names_behind(self, expression: model.Expression, seen: set[str]) -> set[str] | None:
        """The names that a lookup is made with, assignments followed; None where rows are among them."""
        names: set[str] = set()
        for part in (expression, *expressions(expression)):
            if not isinstance(part, model.Name) or part.id in seen:
                continue
            value = self._body.value(part)
            if session_kind(value) is not None:
                continue
            if any(
                isinstance(option, Object) and entities.is_entity(option.cls) for option in options(value)
            ):
                return None
            seen.add(part.id)
            names.add(part.id)
            for assigned in self._assigned.get(part.id, ()):
                more = self._names_behind(assigned, seen)
                if more is None:
                    return None
                names |= more
        return names

    def _is_known_to_exist(self, keys: set[str], lookup: model.Call) -> bool:
        """Whether something before has asked for the same thing, and may have refused."""
        for route in self._application.routes_of(self._function):
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                definition = getattr(callable_, "definition", None)
                given = {item.name for item in getattr(definition, "parameters", ())}
                if keys & given:
                    return True
        for meaning in self._body.calls.values():
            node = meaning.node
            if node is None or node.line >= lookup.line or node is lookup:
                continue
            inside = {part.id for part in expressions(node) if isinstance(part, model.Name)}
            if keys & inside and (meaning.functions or Effect.QUERY in meaning.effects):
                return True
        return False


def may_find_nothing(meaning: CallMeaning, depth: int) -> bool:
    """Whether a call gives a row of an entity, or None where there is none."""
    found = options(meaning.result)
    if not any(map(is_none, found)) or _entity_of(meaning) is None:
        return False
    callee = meaning.callee
    if isinstance(callee, ExternalMethod):
        known = library.method_model(callee.owner, callee.name)
        return known is not None and known.returns == "row"
    if not meaning.bodies or depth >= _DEEPEST or len(meaning.functions) != 1 or meaning.node is None:
        return False
    call = meaning.node
    return all(_returns_lookup(inner, settled(call, inner, NOTHING), depth + 1) for inner in meaning.bodies)


def _returns_lookup(body: Body, known: Settled, depth: int) -> bool:
    """Whether all that a function does with the row that it looks for is to return it.

    `known` is what the call settles: that it shall not raise, for one.
    """
    definition = body.function.definition
    skipped = never_run(definition, known)
    returned = [item for item in statements(definition.body) if isinstance(item, model.Return)]
    if len(returned) != 1 or definition.is_generator or body.function.is_cached:
        return False
    value = returned[0].value
    if isinstance(value, model.Name):
        assigned = assigned_values(definition.body).get(value.id, [])
        uses = [
            part
            for statement in statements(definition.body)
            if not _never_holds(statement, skipped)
            for part in expressions(statement)
            if isinstance(part, model.Name) and part.id == value.id and id(part) not in skipped
        ]
        if len(assigned) != 1 or len(uses) > len(("target", "return")):
            return False
        value = assigned[0]
    call = value.value if isinstance(value, model.Await) else value
    meaning = body.call(call)
    return meaning is not None and may_find_nothing(meaning, depth)


def _never_holds(statement: model.Statement, skipped: frozenset[int]) -> bool:
    """Whether it is an `if` whose body isn't run."""
    if not isinstance(statement, model.If) or statement.orelse:
        return False
    inside = [part for inner in statements(statement.body) for part in expressions(inner)]
    return bool(inside) and all(id(part) in skipped for part in inside)


def _entity_of(meaning: CallMeaning) -> ClassValue | None:
    found = [option for option in options(meaning.result) if not is_none(option)]
    classes = [
        option.cls for option in found if isinstance(option, Object) and entities.is_entity(option.cls)
    ]
    return classes[0] if len(found) == 1 and classes and isinstance(classes[0], ClassValue) else None


def _entity(meaning: CallMeaning) -> ClassValue:
    found = _entity_of(meaning)
    if found is None:
        message = "only lookups of an entity are noted"
        raise TypeError(message)
    return found


def _sent(application: Application, function: Function) -> frozenset[str]:
    """The parameters that clients or callers fill, without what dependencies give and without sessions."""
    definition = function.definition
    signature = application.dependencies.signature(function.value)
    injected = {
        item.name
        for item in signature.parameters
        if item.marker is not None and item.marker.name in {"Depends", "Security"}
    }
    return frozenset(item.name for item in definition.parameters) - injected - {"self", "cls"}


def _refuses_none(application: Application, route: Route) -> bool:
    """Whether a route's response model takes no None, so that FastAPI answers it with a 500."""
    declared = response_models.declared(application, route)
    while isinstance(declared, Annotated):
        declared = declared.base
    return isinstance(declared, ClassValue) and declared.derives_from(
        "pydantic.BaseModel", "sqlmodel.SQLModel"
    )


def _expects_none(handler: model.Handler) -> bool:
    """Whether an `except` is for what comes of using None."""
    if handler.type is None:
        return True
    return any(
        (isinstance(part, model.Name) and part.id in _HARMLESS)
        or (isinstance(part, model.Attribute) and part.name in _HARMLESS)
        for part in (handler.type, *expressions(handler.type))
    )

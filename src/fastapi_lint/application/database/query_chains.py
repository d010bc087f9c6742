"""Follow a query through calls: whether what it asks depends on what the first call was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.bodies import Step
from fastapi_lint.application.database.loops import Dependence, is_kept
from fastapi_lint.application.database.settled import NOTHING, Settled, never_run, settled
from fastapi_lint.application.evaluation.values import Bound, ClassValue, FunctionValue, Object
from fastapi_lint.application.library import Effect
from fastapi_lint.application.written import assigned_values, bindings, dotted, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning, Chain

_Key = tuple[int, frozenset[str], Settled]
_FOLLOWED = (Bound, ClassValue, FunctionValue, Object)
_EXECUTES = frozenset({"execute", "exec", "exec_driver_sql"})
_COUNTS = frozenset({"rowcount", "lastrowid", "inserted_primary_key", "inserted_primary_key_rows"})
DEEPEST = 12
"""How many calls deep a query is looked for."""


class QueryChains:
    """Finds the queries behind calls that depend on what a loop changes from one call to the next."""

    def __init__(self) -> None:
        self._known: dict[_Key, Chain | None] = {}
        self._active: set[_Key] = set()

    def behind(
        self,
        call: model.Call,
        meaning: CallMeaning,
        dependence: Dependence,
        known: Settled = NOTHING,
    ) -> Chain | None:
        """The calls behind this one that lead to a query which depends; None if there is no such query.

        They are empty if this call sends the query itself. `known` is what is settled of the parameters of
        the function that the call stands in.
        """
        if not dependence.mentions(call) or _reads_again(meaning):
            return None
        if not meaning.effects[Effect.QUERY] or not meaning.bodies:
            return meaning.effects[Effect.QUERY]
        for body in meaning.bodies:
            names = _given_names(call, meaning, body, dependence)
            chain = self._inside(body, names, settled(call, body, known)) if names else None
            if chain is not None:
                return chain
        return None

    def _inside(self, body: Body, names: frozenset[str], known: Settled) -> Chain | None:
        key = (id(body), names, known)
        if key in self._known:
            return self._known[key]
        if key in self._active or len(self._active) >= DEEPEST:
            return None
        self._active.add(key)
        dependence = Dependence.of_names(names, body.function.definition.body, body)
        shortest: Chain | None = None
        definition = body.function.definition
        skipped, ignored = never_run(definition, known), unread_results(definition)
        bound = frozenset(assigned_values(definition.body))
        for meaning in body.calls.values():
            if meaning.node is None or Effect.QUERY not in meaning.effects or id(meaning.node) in skipped:
                continue
            if id(meaning.node) in ignored and not meaning.functions:
                continue
            if is_kept(definition.body, meaning.node, bound) or loads_missing(definition, meaning.node):
                continue
            rest = self.behind(meaning.node, meaning, dependence, known)
            if rest is not None and (shortest is None or len(rest) + 1 < len(shortest)):
                shortest = (step(meaning.node, meaning, body), *rest)
        self._active.discard(key)
        self._known[key] = shortest
        return shortest


def unread_results(definition: model.FunctionDefinition) -> frozenset[int]:
    """The calls of `execute`, by identity, whose rows nobody reads: they change, define or lock."""
    found = set()
    counted: dict[str, list[int]] = {}
    fetched = _fetched(definition)
    for statement in statements(definition.body):
        if isinstance(statement, model.ExpressionStatement) and (call := _execution(statement.value)):
            if not (isinstance(call.function, model.Attribute) and dotted(call.function.value) in fetched):
                found.add(id(call))
        elif isinstance(statement, model.Assignment) and (call := _execution(statement.value)):
            target = statement.targets[0]
            counted.setdefault(target.id if isinstance(target, model.Name) else "", []).append(id(call))
        for expression in expressions(statement):
            if isinstance(expression, model.Attribute) and expression.name in _COUNTS:
                call = _execution(expression.value)
                if call is not None:
                    found.add(id(call))
    for name, calls in counted.items():
        if name and _is_only_counted(definition, name):
            found.update(calls)
    return frozenset(found)


def _fetched(definition: model.FunctionDefinition) -> frozenset[str]:
    """The cursors whose rows are read after they executed something, as they are written."""
    found = set()
    for statement in statements(definition.body):
        parts = expressions(statement)
        for part in parts:
            if isinstance(part, model.Attribute) and part.name.startswith("fetch"):
                found.add(dotted(part.value))
            elif isinstance(part, model.Comprehension):
                found.update(dotted(clause.iterable) for clause in part.clauses)
        if isinstance(statement, model.For):
            found.add(dotted(statement.iterable))
    return frozenset(found) - {""}


def _execution(expression: model.Expression | None) -> model.Call | None:
    """The call of `execute` that an expression is."""
    value = expression.value if isinstance(expression, model.Await) else expression
    function = value.function if isinstance(value, model.Call) else None
    if isinstance(value, model.Call) and isinstance(function, model.Attribute) and function.name in _EXECUTES:
        return value
    return None


def _is_only_counted(definition: model.FunctionDefinition, name: str) -> bool:
    """Whether nothing is asked of a result but how many rows were changed."""
    uses = counts = 0
    for statement in statements(definition.body):
        bound = {name_ for name_, _ in bindings(statement)}
        for expression in expressions(statement):
            if isinstance(expression, model.Name) and expression.id == name:
                uses += 1
            elif isinstance(expression, model.Attribute) and expression.name in _COUNTS:
                counts += isinstance(expression.value, model.Name) and expression.value.id == name
        uses -= name in bound
    return uses == counts > 0


def loads_missing(definition: model.FunctionDefinition, call: model.Call) -> bool:
    """Whether a refresh is for the attributes alone that the function found not to be loaded."""
    if not isinstance(call.function, model.Attribute) or call.function.name != "refresh":
        return False
    return any(
        (isinstance(statement, model.Try) and any(map(_is_not_loaded, statement.handlers)))
        or any(
            isinstance(part, model.Attribute) and part.name == "unloaded" for part in expressions(statement)
        )
        for statement in statements(definition.body)
    )


def _is_not_loaded(handler: model.Handler) -> bool:
    return handler.type is not None and dotted(handler.type).rpartition(".")[2] == "MissingGreenlet"


def _reads_again(meaning: CallMeaning) -> bool:
    """Whether a call reads all of an object again that was just written, which no query for many does."""
    is_refresh = meaning.name.rpartition(".")[2] in {"refresh", "refresh_from_db", "reload"}
    names_attributes = bool(meaning.arguments[1:] or meaning.keywords)
    return is_refresh and not meaning.functions and not names_attributes


def step(call: model.Call, meaning: CallMeaning, body: Body) -> Step:
    """How chains name a call of a body."""
    if meaning.functions:
        name = meaning.functions[0].qualname.replace(".<locals>", "")
    else:
        name = dotted(call.function) or ".".join(meaning.name.split(".")[-2:])
    return Step(name, body.function.path, call.line)


def _given_names(
    call: model.Call, meaning: CallMeaning, body: Body, dependence: Dependence
) -> frozenset[str]:
    """The parameters of a called function that get something which depends."""
    parameters = body.function.definition.parameters
    plain = [item for item in parameters if item.kind in {"positional", "normal"}]
    function = body.function.value
    names: set[str] = set()
    if function.owner is not None and function.kind != "static" and plain:
        receiver = plain.pop(0)
        if isinstance(call.function, model.Attribute) and dependence.mentions(call.function.value):
            names.add(receiver.name)
    if len(meaning.functions) != 1 or any(isinstance(item, model.Starred) for item in call.arguments):
        return frozenset(names | {item.name for item in parameters})
    if not isinstance(meaning.callee, _FOLLOWED):
        return frozenset(names | {item.name for item in parameters})  # handed to something that calls it
    for position, argument in enumerate(call.arguments):
        if dependence.mentions(argument):
            rest = next((item.name for item in parameters if item.kind == "args"), "")
            names.add(plain[position].name if position < len(plain) else rest)
    known = {item.name for item in parameters}
    for item in call.keywords:
        if dependence.mentions(item.value):
            if item.name is None:
                names |= known
            else:
                rest = next((other.name for other in parameters if other.kind == "kwargs"), "")
                names.add(item.name if item.name in known else rest)
    return frozenset(names - {""})

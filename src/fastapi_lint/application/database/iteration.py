"""What a loop runs over: data, of which there may be any amount, or what the source itself lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    Dictionary,
    EnumMember,
    External,
    Literal,
    Object,
    Unknown,
    Yielded,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.written import bindings, blocks, children, expressions, names_of
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value

DATA, CONSTANT, UNKNOWN_ITEMS = "data", "constant", "unknown"
_KEPT = frozenset(
    {"items", "values", "keys", "copy", "all", "fetchall", "unique", "scalars", "mappings", "to_list"}
)
_CHANGING = frozenset({"append", "add", "extend", "update", "insert", "setdefault", "appendleft"})
_EMPTY = frozenset({"list", "set", "dict", "defaultdict", "OrderedDict", "deque", "Counter"})


class Iteration:
    """Judges iterables of one function: `data`, `constant` or `unknown`."""

    def __init__(self, body: Body, injected: frozenset[str]) -> None:
        self._body = body
        self._definition = body.function.definition
        self._injected = injected
        self._parameters = {parameter.name for parameter in self._definition.parameters}
        self._sources: dict[str, list[model.Expression]] = {}
        self._targets: dict[str, list[model.Expression]] = {}
        self._additions: dict[str, list[tuple[model.Expression, ...]]] = {}
        self._collect(self._definition.body, ())
        self._active: set[str] = set()

    def kind(self, iterable: model.Expression) -> str:
        """Say what an iterable holds."""
        value = self._body.value(iterable)
        if any(_are_rows(option) for option in options(value)):
            return DATA
        if any(isinstance(option, (ClassValue, EnumMember)) for option in options(value)):
            return CONSTANT
        return self._of(iterable)

    def _of(self, expression: model.Expression) -> str:
        if isinstance(expression, model.Name):
            return self._of_name(expression)
        if isinstance(expression, model.Call):
            return self._of_call(expression)
        if isinstance(expression, model.Attribute):
            return self._of_attribute(expression)
        if isinstance(expression, (model.Await, model.Starred, model.Walrus)):
            return self.kind(expression.value)
        if isinstance(expression, model.Subscript):
            return self.kind(expression.value)
        if isinstance(expression, model.Comprehension):
            return self.kind(expression.clauses[0].iterable)
        if isinstance(expression, (model.Sequence, model.Mapping)):
            spread = [child for child in children(expression) if isinstance(child, model.Starred)]
            return _first(map(self._of, spread)) if spread else CONSTANT
        if isinstance(expression, model.Constant):
            return CONSTANT
        if isinstance(expression, (model.Boolean, model.Binary)):
            return _first(self.kind(child) for child in children(expression))
        if isinstance(expression, model.Conditional):
            return _first(map(self.kind, (expression.body, expression.orelse)))
        return UNKNOWN_ITEMS

    def _of_name(self, name: model.Name) -> str:
        key = name.id
        if key in self._active:
            return UNKNOWN_ITEMS
        self._active.add(key)
        try:
            if key in self._additions:
                return _first(
                    self.kind(iterable) for iterables in self._additions[key] for iterable in iterables
                )
            if key in self._sources or key in self._targets:
                kinds = [*map(self.kind, self._sources.get(key, ()))]
                kinds += [DATA for item in self._targets.get(key, ()) if self.kind(item) == DATA]
                if key in self._parameters:
                    kinds.append(self._of_parameter(name))
                return _first(kinds)
            if key in self._parameters:
                return self._of_parameter(name)
        finally:
            self._active.discard(key)
        return CONSTANT if _is_complete(self._body.value(name)) else UNKNOWN_ITEMS

    def _of_parameter(self, name: model.Name) -> str:
        value = self._body.value(name)
        if _is_complete(value) and all(map(_holds_constants, options(value))):
            return CONSTANT
        if name.id in {"self", "cls"}:
            return UNKNOWN_ITEMS
        if name.id in self._injected:
            return DATA if any(_are_rows(option) for option in options(value)) else UNKNOWN_ITEMS
        return DATA

    def _of_attribute(self, expression: model.Attribute) -> str:
        owner = self._body.value(expression.value)
        if any(isinstance(option, Object) and entities.is_entity(option.cls) for option in options(owner)):
            return DATA
        root: model.Expression = expression.value
        while isinstance(root, (model.Attribute, model.Subscript, model.Await)):
            root = root.value
        if isinstance(root, model.Name):
            if root.id in {"self", "cls"}:
                return UNKNOWN_ITEMS
            return self._of_name(root)
        if isinstance(root, model.Call):
            return self.kind(root)
        return UNKNOWN_ITEMS

    def _of_call(self, call: model.Call) -> str:
        meaning = self._body.call(call)
        if meaning is not None and Effect.QUERY in meaning.effects:
            return DATA
        function = call.function
        name = meaning.name if meaning is not None else ""
        if name == "builtins.range":
            measured = _measured(call)
            return CONSTANT if measured is None else self.kind(measured)
        given = [item.value if isinstance(item, model.Starred) else item for item in call.arguments]
        given += [item.value for item in call.keywords]
        kinds = [self.kind(item) for item in given if _may_be_many(self._body.value(item))]
        if isinstance(function, model.Attribute):
            kinds.append(self.kind(function.value))
        found = _first(kinds)
        return found if found == DATA or name.startswith(("builtins.", "itertools.")) else UNKNOWN_ITEMS

    def _collect(self, body: Iterable[model.Statement], loops: tuple[model.Expression, ...]) -> None:
        for statement in body:
            if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
                continue
            inner = loops
            if isinstance(statement, model.For):
                for name in names_of(statement.target):
                    self._targets.setdefault(name, []).append(statement.iterable)
                inner = (*loops, statement.iterable)
            else:
                for name, value in bindings(statement):
                    self._sources.setdefault(name, []).append(value)
            for expression in children(statement):
                for part in (expression, *expressions(expression)):
                    if isinstance(part, model.Comprehension):
                        for clause in part.clauses:
                            for name in names_of(clause.target):
                                self._targets.setdefault(name, []).append(clause.iterable)
            for name, iterables in _additions(statement):
                self._additions.setdefault(name, []).append((*loops, *iterables))
            for index, inside in enumerate(blocks(statement)):
                self._collect(inside, inner if index == 0 else loops)


def _additions(statement: model.Statement) -> Iterator[tuple[str, tuple[model.Expression, ...]]]:
    """Names of containers that a statement puts something into, with the iterables it takes that from."""
    if isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Call):
        function = statement.value.function
        if (
            isinstance(function, model.Attribute)
            and isinstance(function.value, model.Name)
            and function.name in _CHANGING
        ):
            spread = statement.value.arguments if function.name in {"extend", "update"} else ()
            yield function.value.id, tuple(spread)
    elif isinstance(statement, model.AugmentedAssignment) and isinstance(statement.target, model.Name):
        yield statement.target.id, (statement.value,)
    elif isinstance(statement, model.Assignment):
        for target in statement.targets:
            if isinstance(target, model.Subscript) and isinstance(target.value, model.Name):
                yield target.value.id, ()


def _measured(call: model.Call) -> model.Expression | None:
    """What `range(len(value))` counts the items of; None for other ranges."""
    length = call.arguments[0] if len(call.arguments) == 1 else None
    if not isinstance(length, model.Call) or not isinstance(length.function, model.Name):
        return None
    return length.arguments[0] if length.function.id == "len" and length.arguments else None


def _first(kinds: Iterable[str]) -> str:
    """The kind of a value that is made of several: data if any is, constant if all are."""
    found = list(kinds)
    if DATA in found:
        return DATA
    return CONSTANT if found and all(item == CONSTANT for item in found) else UNKNOWN_ITEMS


def _are_rows(value: Value) -> bool:
    """Whether it is a list of rows, or a result that is looped over."""
    if isinstance(value, Collection):
        return any(isinstance(item, Object) and entities.is_entity(item.cls) for item in value.items)
    if isinstance(value, Object) and isinstance(value.cls, External):
        found = library.class_model(value.cls.name)
        return (value.cls.name.startswith("sqlalchemy.") and value.cls.name.endswith("Result")) or (
            found is not None and found.iterated is not None
        )
    return False


def _may_be_many(value: Value) -> bool:
    """Whether an argument can be what the result's items come from, rather than what selects them."""
    return isinstance(value, Unknown) or any(
        isinstance(option, (Collection, Dictionary, Yielded, ClassValue))
        or (isinstance(option, Object) and isinstance(option.cls, External) and _are_rows(option))
        for option in options(value)
    )


def _holds_constants(value: Value) -> bool:
    """Whether a caller's list was written down, rather than filled."""
    if isinstance(value, Dictionary):
        return bool(value.entries)
    if not isinstance(value, Collection):
        return True
    return bool(value.items) and all(
        isinstance(item, (Literal, EnumMember, ClassValue))
        or (isinstance(item, Collection) and _holds_constants(item))
        for item in value.items
    )


def _is_complete(value: Value) -> bool:
    if isinstance(value, Unknown):
        return False
    return all(
        (
            isinstance(option, (Collection, Dictionary))
            and option.complete
            and not getattr(option, "others", ())
        )
        or isinstance(option, (EnumMember, ClassValue))
        for option in options(value)
    )

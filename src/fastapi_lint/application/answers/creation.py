"""What handlers create: which row or document comes into being on every way through, and by which calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import failures, resources
from fastapi_lint.application.answers.ways import Occurs, ways
from fastapi_lint.application.evaluation.values import Collection, External, Object, options
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi_lint.application.answers.ways import Way
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import ClassValue, Value

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Creation:
    """A call that creates a resource.

    `entity` is the class of it, None where that isn't known. `bodies` are the functions on the way to the
    call, the handler first, `chain` their calls' names and that of `call`, which stands in the last of them.
    """

    entity: ClassValue | None
    bodies: tuple[Body, ...]
    chain: tuple[str, ...]
    call: model.Call

    @property
    def path(self) -> str:
        """The file that the creating call stands in."""
        return self.bodies[-1].function.path


class Creations:
    """Tells what functions create. Bodies are looked at once, unless they call themselves."""

    effects: ClassVar[frozenset[Effect]] = frozenset({Effect.CREATE})
    """What is looked for."""

    def __init__(self) -> None:
        self._known: dict[int, Occurs] = {}
        self._kept: list[Body] = []
        self._assumed: dict[int, Occurs] = {}
        """What holds for the handler that is asked about: bodies that lead to themselves, others to them."""
        self._relies_on_assumption = False

    def of(self, body: Body) -> Creation | None:
        """What a handler creates on every way that answers; None where it may create nothing, or many."""
        return self._first(body, frozenset({Occurs.ALWAYS}))

    def _first(self, body: Body, wanted: frozenset[Occurs]) -> Creation | None:
        """The first that is found in a handler, if it happens as often as that."""
        self._assumed.clear()
        if self._occurs(body) not in wanted:
            return None
        start = (body,), (body.function.name,)
        at_times = wanted | {Occurs.SOMETIMES}
        found = [*self._found(*start, wanted, set())] or [*self._found(*start, at_times, set())]
        named = words(body.function.name)
        return next((item for item in found if _is_named(item, named)), found[0] if found else None)

    def _occurs(self, body: Body, *, is_called: bool = False) -> Occurs:
        key = id(body)
        if key in self._known:
            return self._known[key]
        if key in self._assumed:
            self._relies_on_assumption = True
            return self._assumed[key]
        relied, self._relies_on_assumption = self._relies_on_assumption, False
        self._kept.append(body)
        self._assumed[key] = Occurs.NEVER  # for a function that calls itself
        found = self._assumed[key] = self._found_out(body, is_called=is_called)
        if not self._relies_on_assumption:
            self._known[key] = found
        self._relies_on_assumption |= relied
        return found

    def _found_out(self, body: Body, *, is_called: bool) -> Occurs:
        definition = body.function.definition
        if definition.is_generator:
            return Occurs.NEVER
        if not self.effects & body.effects.keys() and not body.raised:
            return Occurs.NEVER
        found = [
            way
            for way in ways(
                definition.body, body.decided, lambda call: self._ask(body, call), _giving_up(body)
            )
            if not self._fails(body, way)
        ]
        if is_called and any(way.happened and _gives(way) for way in found):
            found = [way for way in found if way.happened or not _gives_none(way)]
        if not found:
            return Occurs.ENDS
        happened = {way.happened for way in found}
        if happened == {True}:
            return Occurs.ALWAYS
        return Occurs.SOMETIMES if True in happened else Occurs.NEVER

    def _fails(self, body: Body, way: Way) -> bool:
        return not way.happened and way.returned is not None and failures.is_failure(body, way.returned)

    def _ask(self, body: Body, call: model.Call) -> Occurs:
        meaning = body.call(call)
        if meaning is None:
            return Occurs.NEVER
        if meaning.bodies:
            found = {self._occurs(inner, is_called=True) for inner in meaning.bodies if not _is_stub(inner)}
            if len(found) == 1:
                return found.pop()
            return Occurs.SOMETIMES if found & {Occurs.SOMETIMES, Occurs.ALWAYS} else Occurs.NEVER
        counts = self.effects & meaning.effects.keys() and self.counts(body, meaning)
        return Occurs.ALWAYS if counts else Occurs.NEVER

    def counts(self, body: Body, meaning: CallMeaning) -> bool:  # noqa: ARG002 - for those who look for more
        """Whether a call of a function that has the effect has it in the sense that is asked for."""
        return _is_one_resource(meaning)

    def _found(
        self, bodies: tuple[Body, ...], chain: tuple[str, ...], wanted: frozenset[Occurs], seen: set[int]
    ) -> Iterator[Creation]:
        """What the last of some functions that call each other creates, in order; each is looked at once."""
        body = bodies[-1]
        if len(bodies) > _DEEPEST or id(body) in seen:
            return
        seen.add(id(body))
        for call in _calls(body):
            meaning = body.call(call)
            if meaning is None or self._ask(body, call) not in wanted:
                continue
            name = (
                meaning.functions[0].qualname.replace(".<locals>", "")
                if meaning.functions
                else written_name(call)
            )
            if not meaning.bodies:
                yield Creation(resources.class_of(meaning), bodies, (*chain, name), call)
            for inner in meaning.bodies:
                deeper = wanted if len(wanted) > 1 else frozenset({self._occurs(inner)})
                for item in self._found((*bodies, inner), (*chain, name), deeper, seen):
                    if item.entity is None and name.rpartition(".")[2] in _STORING:
                        yield replace(item, entity=resources.class_of(meaning))
                    else:
                        yield item


def _gives(way: Way) -> bool:
    return way.returned is not None and not _gives_none(way)


def _gives_none(way: Way) -> bool:
    """Whether a function returns None, written out: beside ways that give what was made, a failure."""
    return isinstance(way.returned, model.Constant) and way.returned.value is None


_STORING = frozenset(split("add insert save store"))
"""Methods of the project's own layer above a driver, whose argument is what is stored."""


def _is_named(creation: Creation, named: list[str]) -> bool:
    """Whether some words, those of a function's name, name the entity."""
    entity = resources.name_words(creation.entity) if creation.entity is not None else []
    starts = range(len(named) - len(entity) + 1)
    return bool(entity) and any(named[start : start + len(entity)] == entity for start in starts)


def _giving_up(body: Body) -> Callable[[model.Assignment], bool]:
    """Tells which assignments note an error: in a branch, a value that says so to a name that is returned."""
    definition = body.function.definition

    def gives_up(node: model.Assignment) -> bool:
        target = node.targets[0]
        return (
            isinstance(target, model.Name)
            and isinstance(node.value, (model.Mapping, model.Call))
            and failures.is_failure(body, node.value)
            and all(node is not statement for statement in definition.body)
            and target.id in _returned_names(definition)
        )

    return gives_up


def _returned_names(definition: model.FunctionDefinition) -> set[str]:
    return {
        item.id
        for statement in statements(definition.body)
        if isinstance(statement, model.Return)
        for item in expressions(statement)
        if isinstance(item, model.Name)
    }


def written_name(call: model.Call) -> str:
    """What is called, as it is written: `session.add`; of what isn't a name, the last attribute."""
    parts: list[str] = []
    node: object = call.function
    while isinstance(node, model.Attribute):
        parts.append(node.name)
        node = node.value
    if isinstance(node, model.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def _calls(body: Body) -> Iterator[model.Call]:
    for statement in statements(body.function.definition.body):
        if not isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            for item in expressions(statement):
                if isinstance(item, model.Call):
                    yield item


def _is_stub(body: Body) -> bool:
    """Whether it is the declaration of a method that others implement."""
    return all(
        isinstance(statement, (model.Simple, model.Raise))
        or (
            isinstance(statement, model.ExpressionStatement)
            and isinstance(statement.value, (model.Other, model.Constant))
        )
        for statement in body.function.definition.body
    ) and not any(
        isinstance(statement, model.Raise) and not _says_abstract(statement)
        for statement in body.function.definition.body
    )


def _says_abstract(statement: model.Raise) -> bool:
    return any(
        isinstance(item, model.Name) and item.id == "NotImplementedError" for item in expressions(statement)
    )


def _is_one_resource(meaning: CallMeaning) -> bool:
    """Whether a creating call creates something that stands for itself: no trace, no link, no mass."""
    entity = resources.class_of(meaning)
    if entity is not None and (resources.is_trace(entity) or resources.is_link(entity)):
        return False
    return not _creates_many(meaning)


def _creates_many(meaning: CallMeaning) -> bool:
    if meaning.name.rpartition(".")[2] in _MANY:
        return True
    given: list[Value] = [*meaning.arguments[:2], *meaning.keywords.values()]
    if any(
        isinstance(option, Object) and _is_insert_of_many(option)
        for value in given
        for option in options(value)
    ):
        return True
    first = meaning.arguments[:1]
    return any(
        isinstance(option, Collection) and not option.complete for value in first for option in options(value)
    )


_MANY = frozenset(
    split(
        "insert_many bulk_create bulk_save_objects bulk_insert_mappings add_many create_many save_all "
        "executemany execute_many copy_records_to_table copy_to_table insert_df insert_arrow "
        "insert_dataframe"
    )
)


def _is_insert_of_many(statement: Object) -> bool:
    """Whether it is `insert(Model).values([…])`."""
    if not isinstance(statement.cls, External) or not statement.cls.name.endswith("Insert"):
        return False
    values = statement.attributes.get("<values>")
    return isinstance(values, Collection) and not values.complete

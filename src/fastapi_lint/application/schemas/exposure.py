"""What leaves in responses: the fields of the effective model that hold secrets.

The effective model is what is declared, minus what the route and the fields leave out. Where nothing is
declared, FastAPI encodes the object that the handler returns, with all that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS, SETS, TUPLES
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    Generic,
    Literal,
    Object,
    Union,
    is_none,
    options,
)
from fastapi_lint.application.library import mapping
from fastapi_lint.application.schemas import fields, secrets
from fastapi_lint.application.schemas.masking import is_hidden, is_mask, masked_names
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.fields import Field
    from fastapi_lint.application.wiring.routes import Route

_ALL: Final = "__all__"
_LISTS: Final = LISTS | SETS | TUPLES
_SERIALIZERS: Final = {
    "pydantic.PlainSerializer", "pydantic.WrapSerializer",
    "pydantic.functional_serializers.PlainSerializer", "pydantic.functional_serializers.WrapSerializer",
}  # fmt: skip
_FIELD_METHODS: Final = {"pydantic.field_serializer", "pydantic.serializer"}
_VALIDATORS: Final = {"pydantic.field_validator", "pydantic.validator"}
_MODEL_METHODS: Final = {"pydantic.model_serializer"}
_DUMPS: Final = ("model_dump", "dict")
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Exposed:
    """A field with a secret that a response carries: the way to it from the model, as `user.password`."""

    path: str
    name: str
    kind: str
    owner: ClassValue
    line: int
    has_default: bool = False


class Exposure:
    """Answers what secrets routes send. `declared`: a model says so; otherwise the returned object has it."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator
        self._may_expose: dict[int, bool] = {}

    def of(self, route: Route) -> tuple[Exposed, ...]:
        """The secrets in what a route answers with, by the way to each."""
        handler = route.handler
        if route.kind != "http" or handler is None or "test" in handler.module.roles:
            return ()
        if set(route.methods) <= {"HEAD", "OPTIONS"} or responses.forbids_body(
            self._application, route.status_code
        ):
            return ()
        declared = response_models.declared(self._application, route)
        if declared is not None:
            found = self._in_model(route, declared)
        elif response_models.is_declared(self._application, route) and not self._is_opted_out(route):
            return ()
        else:
            found = self._in_answer(route)
        if not found or responses.sends_json(route) is not True:
            return ()
        answer = responses.answer(self._application, route)
        if responses.returned(answer) == {responses.Returned.RESPONSE}:
            return ()
        body = handler.definition.body
        return tuple(
            item
            for item in found
            if item.name not in self._masked
            and not _blanks(body, item.name)
            and not _hands_on_hidden(body, set(item.path.split(".")))
            and not self._is_shown(route, item)
        )

    @cached_property
    def _masked(self) -> frozenset[str]:
        return masked_names(self._application)

    @staticmethod
    def _is_opted_out(route: Route) -> bool:
        """Whether a route says `response_model=None`, so that what it returns goes out as it is."""
        given = route.keywords.get("response_model")
        return given is not None and is_none(given)

    def _in_model(self, route: Route, declared: Value) -> list[Exposed]:
        kept = [route.keywords.get(f"response_model_{name}") for name in ("include", "exclude")]
        include, exclude = (None if fields.is_unsaid(item) else item for item in kept)
        found = self._walk(declared, {}, include, exclude, "", ())
        # Then a field that is left to its default stays at home, and who sets it isn't known.
        sends_defaults = not any(
            fields.is_true(route.keywords.get(f"response_model_exclude_{name}"))
            for name in ("unset", "defaults")
        )
        return [item for item in found if sends_defaults or not item.has_default]

    def _in_answer(self, route: Route) -> list[Exposed]:
        """The secrets of the objects that a handler returns without a model."""
        value = responses.answer(self._application, route)
        found: list[Exposed] = []
        for option in options(value):
            items = option.items if isinstance(option, Collection) else [option]
            for item in items:
                cls = item.cls if isinstance(item, Object) else None
                if not isinstance(cls, ClassValue):
                    continue
                if entities.is_entity(cls) and not fields.is_model(cls):
                    found += self._columns(cls)
                elif fields.is_model(cls):
                    found += self._walk(cls, {}, None, None, "", ())
        return found

    def _columns(self, cls: ClassValue) -> Iterator[Exposed]:
        """The secrets among the columns of an entity, all of which FastAPI encodes."""
        seen: set[str] = set()
        for owner in cls.mro():
            if not isinstance(owner, ClassValue):
                continue
            for name, value in owner.scope.names.items():
                kind = secrets.kind_of(name)
                is_column = isinstance(value, Object) and isinstance(value.cls, External)
                made = getattr(value, "of", "") or (value.cls.name if is_column else "")  # type: ignore[attr-defined]
                if kind is None or name in seen or library.canonical(made) not in mapping.COLUMNS:
                    continue
                seen.add(name)
                annotated = owner.annotations.get(name)
                if annotated is None or secrets.is_text(
                    self._evaluator.annotation(annotated, owner.scope), {}
                ):
                    yield Exposed(name, name, kind, owner, owner.field_lines.get(name, owner.definition.line))

    def _walk(
        self,
        annotation: Value,
        bindings: Mapping[str, Value],
        include: Value | None,
        exclude: Value | None,
        path: str,
        around: tuple[ClassValue, ...],
    ) -> Iterator[Exposed]:
        """Go down a type to the models in it; `include` and `exclude` are what the route says for it."""
        annotation = fields.resolved(annotation, bindings)
        if isinstance(annotation, Annotated):
            yield from self._walk(annotation.base, bindings, include, exclude, path, around)
        elif isinstance(annotation, (Union, Choice)):
            members = annotation.members if isinstance(annotation, Union) else annotation.options
            for member in members:
                yield from self._walk(member, bindings, include, exclude, path, around)
        elif isinstance(annotation, Generic) and isinstance(annotation.origin, External):
            name = library.canonical(annotation.origin.name)
            inner = annotation.arguments[-1:] if name in DICTS else annotation.arguments
            if name in _LISTS or name in DICTS:
                kept = self._for_items(include, exclude)
                if kept is not None:
                    for item in inner:
                        yield from self._walk(item, bindings, *kept, path, around)
        else:
            cls = annotation.origin if isinstance(annotation, Generic) else annotation
            if isinstance(cls, ClassValue) and cls not in around and len(around) < _DEEPEST:
                inner_bindings = fields.bindings_of(annotation, bindings)
                yield from self._in_class(cls, inner_bindings, include, exclude, path, (*around, cls))

    def _in_class(
        self,
        cls: ClassValue,
        bindings: Mapping[str, Value],
        include: Value | None,
        exclude: Value | None,
        path: str,
        around: tuple[ClassValue, ...],
    ) -> Iterator[Exposed]:
        if not self._is_serialised_by_field(cls):
            return
        for field in fields.fields_of(self._evaluator, cls).values():
            verdict = _selected(field.name, include, exclude)
            if verdict is None or fields.is_true(field.said("exclude")) or field.annotation is None:
                continue
            below = f"{path}.{field.name}" if path else field.name
            kind = secrets.kind_of(field.name)
            if kind is not None and secrets.is_text(field.annotation, bindings):
                if not self._is_masked(cls, field):
                    yield Exposed(below, field.name, kind, field.owner, field.line, field.default is not None)
            else:
                yield from self._walk(field.annotation, bindings, *verdict, below, around)

    def _for_items(
        self, include: Value | None, exclude: Value | None
    ) -> tuple[Value | None, Value | None] | None:
        """What selections for a list say of its items; None where nothing or nothing known remains.

        Pydantic 2 takes a selection of names for indices of the list, so that it leaves nothing out; with
        Pydantic 1 FastAPI handed it on to the items.
        """
        if self._application.target_pydantic < (2,):
            return include, exclude
        if include is not None:
            return None
        if exclude is None:
            return None, None
        if isinstance(exclude, Dictionary) and exclude.complete:
            if any(isinstance(key, int) for key in exclude.entries):
                return None
            inner = exclude.entries.get(_ALL)
            return None if fields.is_true(inner) else (None, inner)
        keys = _keys(exclude)
        return (
            None if keys is None or any(key == _ALL or isinstance(key, int) for key in keys) else (None, None)
        )

    def _is_serialised_by_field(self, cls: ClassValue) -> bool:
        """Whether instances go out field by field, and not as some method of the class says."""
        known = self._may_expose.get(id(cls))
        if known is None:
            methods = [
                function
                for owner in cls.mro()
                if isinstance(owner, ClassValue)
                for function in owner.scope.names.values()
                if isinstance(function, FunctionValue)
            ]
            known = fields.is_model(cls) or not cls.is_fully_known()
            known = known and not any(
                function.definition.name in _DUMPS
                or any(name in _MODEL_METHODS for name, _ in fields.decorators(self._evaluator, function))
                for function in methods
            )
            known = known and fields.configured(cls, "fields") is None
            self._may_expose[id(cls)] = known
        return known

    def _is_masked(self, cls: ClassValue, field: Field) -> bool:
        """Whether a serializer of the field decides what goes out, or a validator puts a constant there."""
        if any(isinstance(item, Object) and _name(item.cls) in _SERIALIZERS for item in field.metadata):
            return True
        for owner in cls.mro():
            for function in owner.scope.names.values() if isinstance(owner, ClassValue) else ():
                if not isinstance(function, FunctionValue):
                    continue
                for name, call in fields.decorators(self._evaluator, function):
                    if call is None or not fields.is_named(call, field.name):
                        continue
                    if name in _FIELD_METHODS or (name in _VALIDATORS and _masks(function)):
                        return True
        return False

    def _is_shown(self, route: Route, item: Exposed) -> bool:
        """Whether a secret is what a route is there to hand out: one that it made or is named for."""
        words = set(words_of(f"{route.path} {route.name.rpartition('.')[2]}"))
        if item.kind == secrets.MADE and not _SECRECY.isdisjoint(words):
            return True
        if not _MAKING.isdisjoint(words) and not _KEPT.intersection(words_of(item.name)):
            return True
        if not _ACCESS.isdisjoint(words_of(f"{route.path} {item.path}")):
            return True
        if set(route.methods) != {"POST"} or "hash" in item.name or "salt" in item.name:
            return False
        return item.name not in self._sent(route)

    def _sent(self, route: Route) -> set[str]:
        """The names of what a client sends in the body or a form, those of models' fields."""
        inputs = self._application.inputs(route)
        sent: set[str] = set()
        for parameter in inputs.of(Source.BODY, Source.FORM):
            sent.add(parameter.name)
            for cls in _classes(parameter.parameter.annotation):
                sent |= fields.fields_of(self._evaluator, cls).keys()
        return sent


_SECRECY: Final = {
    "apikey", "apikeys", "credential", "credentials", "key", "keys", "secret", "secrets", "token",
    "tokens",
}  # fmt: skip

_MAKING: Final = {"generate", "generated", "generator", "suggest"}
"""What a route is named for that makes something up for whoever asks."""
_KEPT: Final = {"hash", "hashed", "salt"}
_ACCESS: Final = {"connection", "connections", "credential", "credentials"}
"""What is handed to those that are to log in elsewhere with it."""


def _selected(
    name: str, include: Value | None, exclude: Value | None
) -> tuple[Value | None, Value | None] | None:
    """What selections say inside of a field; None where it is left out, or may be."""
    inner_exclude: Value | None = None
    if isinstance(exclude, Dictionary) and exclude.complete:
        inner_exclude = exclude.entries.get(name)
        if inner_exclude is not None and (not isinstance(inner_exclude, (Dictionary, Collection))):
            return None
    elif exclude is not None:
        keys = _keys(exclude)
        if keys is None or name in keys:
            return None
    if include is None:
        return None, inner_exclude
    if isinstance(include, Dictionary) and include.complete:
        inner = include.entries.get(name)
        if inner is None:
            return None
        return (inner if isinstance(inner, (Dictionary, Collection)) else None), inner_exclude
    keys = _keys(include)
    return (None, inner_exclude) if keys is not None and name in keys else None


def _keys(selection: Value) -> set[object] | None:
    """The names that a set or list of them selects; None where they can't be told."""
    if not isinstance(selection, Collection) or not selection.complete:
        return None
    if not all(isinstance(item, Literal) for item in selection.items):
        return None
    return {item.value for item in selection.items if isinstance(item, Literal)}


def _classes(annotation: Value | None) -> Iterator[ClassValue]:
    if isinstance(annotation, Annotated):
        yield from _classes(annotation.base)
    elif isinstance(annotation, (Union, Generic)):
        for item in annotation.members if isinstance(annotation, Union) else annotation.arguments:
            yield from _classes(item)
    elif isinstance(annotation, ClassValue):
        yield annotation


def _name(cls: Value) -> str:
    return library.canonical(cls.name) if isinstance(cls, External) else ""


def _masks(function: FunctionValue) -> bool:
    """Whether a validator gives something else in place of the value."""
    return any(
        isinstance(statement, model.Return) and statement.value is not None and is_mask(statement.value)
        for statement in statements(function.definition.body)
    )


def _blanks(body: tuple[model.Statement, ...], name: str) -> bool:
    """Whether a handler puts something else in the place of a secret: `user.password = ""`."""
    for statement in statements(body):
        if (
            isinstance(statement, model.Assignment)
            and statement.value is not None
            and is_mask(statement.value)
            and any(isinstance(item, model.Attribute) and item.name == name for item in statement.targets)
        ):
            return True
        for expression in expressions(statement):
            for keyword in expression.keywords if isinstance(expression, model.Call) else ():
                if keyword.name == name and is_mask(keyword.value):
                    return True
    return False


def _hands_on_hidden(body: tuple[model.Statement, ...], names: set[str]) -> bool:
    """Whether a handler returns what a function that is named for hiding things makes of an object.

    Either of the whole answer, or of the part of it, one of `names`, that has the secret.
    """
    return any(
        is_hidden(statement.value)
        or any(
            keyword.name in names and is_hidden(keyword.value)
            for item in expressions(statement)
            if isinstance(item, model.Call)
            for keyword in item.keywords
        )
        for statement in statements(body)
        if isinstance(statement, model.Return) and statement.value is not None
    )

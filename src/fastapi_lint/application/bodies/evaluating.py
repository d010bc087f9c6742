"""Functions' bodies evaluated, once for each kind of arguments that they are called with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.bodies.calls import BodyRecorder
from fastapi_lint.application.bodies.flags import Flags
from fastapi_lint.application.bodies.joining import joined
from fastapi_lint.application.bodies.shapes import exactly, shape, shape_of_named
from fastapi_lint.application.bodies.shown import Body
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import attributes, calling
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    Bound,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    LambdaValue,
    Literal,
    Marker,
    Object,
    Partial,
    Scope,
    Unknown,
    Yielded,
    is_none,
    options,
)

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function, Functions
    from fastapi_lint.application.stated import Stated
    from fastapi_lint.application.wiring.dependencies import Dependencies

DEEPEST_CHAIN = 25
"""How many calls deep effects are followed; chains in real code are up to eight deep."""
MOST_CONTEXTS = 40
"""For how many different kinds of arguments one function is looked at."""
MANY_BODIES = 6_000
FEWER_CONTEXTS = 6
"""The same where `MANY_BODIES` have been looked at while following all handlers: kinds of arguments multiply.

What rules ask later doesn't count, so that the answer to one doesn't depend on who asked before.
"""
CALLBACK_CONTEXTS = 200
"""The same for arguments that are functions: what happens then is theirs, and no other's."""
SCALARS = frozenset({"builtins.str", "builtins.int", "builtins.float", "builtins.bool", "uuid.UUID"})
DOCUMENTS = ("beanie.Document", "odmantic.Model")
"""Classes of documents that are Pydantic models as well, so that requests' bodies can be documents."""


@dataclass(frozen=True, slots=True)
class _Made:
    """How an object was made: what was given, the attributes that it then had, and what making it does."""

    given: list[Value]
    attributes: dict[str, Value]
    body: Body

    def can_be_repeated(self) -> bool:
        """Whether it holds no objects of the project but those that were given: others would be shared."""
        own = set(map(id, self.given))
        return all(id(value) in own or _is_plain(value) for value in self.attributes.values())

    def repeat(self, instance: Object, given: list[Value]) -> None:
        """Make another one from arguments of the same kind: what is from these, and lists, is its own."""
        own: dict[int, list[Value]] = {}
        for old, new in zip(self.given, given, strict=True):
            own.setdefault(id(old), []).append(new)
        for name, value in self.attributes.items():
            found = own.get(id(value), [])
            content = found[0] if found and all(item is found[0] for item in found) else value
            if isinstance(content, Collection):
                content = Collection(content.kind, list(content.items), content.complete)
            elif isinstance(content, Dictionary):
                content = Dictionary(dict(content.entries), list(content.others), content.complete)
            instance.attributes[name] = content


class Bodies:
    """Evaluates functions, once for each kind of arguments that they are called with."""

    def __init__(
        self, evaluator: Evaluator, functions: Functions, dependencies: Dependencies, stated: Stated
    ) -> None:
        self._evaluator = evaluator
        self.stated = stated
        self._functions = functions
        self._dependencies = dependencies
        self._known: dict[tuple[object, ...], Body] = {}
        self._shapes: dict[object, object] = {}
        """The shapes of arguments, each kept once: services with many attributes have long ones."""
        self._contexts: dict[tuple[object, ...], list[Body]] = {}
        self._flags = Flags()
        self._ways: dict[int, list[Body]] = {}
        """For each definition, one body for each way through it that callers pick."""
        self._beyond: dict[tuple[object, ...], Body] = {}
        self._joined: dict[tuple[int, int], Body] = {}
        self.served: frozenset[int] = frozenset()
        """The definitions that FastAPI calls itself, by identity."""
        self._made: dict[tuple[object, ...], _Made] = {}
        self._active: set[tuple[object, ...]] = set()
        self._provided: dict[int, tuple[Value, Value]] = {}
        self.is_reaching = False
        """Whether all handlers are being followed, which happens once and in one order."""
        self._depth = 0

    def of(self, function: Function) -> Body:
        """What a function does when FastAPI calls it, with what annotations and dependencies promise."""
        known = self._ways.get(id(function.definition), ())
        if len(known) == 1 and not known[0].decided:
            return known[0]
        if known and id(function.definition) not in self.served:
            key = id(function.definition), len(known)
            if key not in self._joined:
                self._joined[key] = joined(known)
            return self._joined[key]
        value = function.value
        receiver = (
            Object(value.owner)
            if value.owner is not None and value.kind not in {"static", "class"}
            else value.owner
        )
        if value.kind == "static":
            receiver = None
        return self.called(value, receiver, CallSite(value, [], {}, None, Frame(value.scope), complete=False))

    def called(self, value: FunctionValue, receiver: Value | None, site: CallSite) -> Body:
        """What a function does when it is called like this."""
        arguments = (
            self._shared(shape(receiver)),
            tuple([self._shared(shape(argument)) for argument in site.arguments]),
            self._shared(shape_of_named(site.keywords)),
            *_wanted_attribute(value, site),
        )
        while True:
            decided, _ = self._flags.given(value, receiver, site)
            # What a decorator makes of a function that it wraps is one of its own, in its own scope.
            way = (id(value.definition), id(value.scope), decided)
            body = self._called(value, receiver, site, way, arguments)
            if body is not None:
                return body

    def _shared(self, shape_: object) -> object:
        return self._shapes.setdefault(shape_, shape_)

    def _called(
        self,
        value: FunctionValue,
        receiver: Value | None,
        site: CallSite,
        way: tuple[object, ...],
        arguments: tuple[object, ...],
    ) -> Body | None:
        """The body for one way through a function; None if it turns out that arguments pick another one."""
        key = (*way, *arguments)
        known = self._known.get(key)
        if known is not None:
            return known
        contexts = self._contexts.setdefault(way, [])
        is_large = self.is_reaching and len(self._known) >= MANY_BODIES
        most = FEWER_CONTEXTS if is_large else MOST_CONTEXTS
        if any(
            isinstance(item, (FunctionValue, Bound, LambdaValue, Partial))
            for item in (*site.arguments, *site.keywords.values())
        ):
            most = CALLBACK_CONTEXTS
        if len(contexts) >= most and not _wanted_attribute(value, site):
            return self._for_any(value, receiver, way, contexts)
        if key in self._active or self._depth >= DEEPEST_CHAIN:
            return Body(self._functions.of(value), self._declared(value, receiver))
        self._active.add(key)
        self._depth += 1
        try:
            body = self._evaluate(value, receiver, site)
        finally:
            self._depth -= 1
            self._active.discard(key)
        if self._flags.given(value, receiver, site)[0] != way[-1]:
            return None  # what this function calls tests an argument that it hands on
        self._known[key] = body
        if not contexts:
            self._ways.setdefault(id(value.definition), []).append(body)
        contexts.append(body)
        return body

    def _for_any(
        self,
        value: FunctionValue,
        receiver: Value | None,
        way: tuple[object, ...],
        contexts: list[Body],
    ) -> Body:
        """What a function does for one more kind of arguments: alike if the others gave the same."""
        known = self._beyond.get(way)
        if known is None:
            known = contexts[0]
            if len({shape(body.result) for body in contexts}) > 1:
                known = replace(known, result=self._declared(value, receiver))
            self._beyond[way] = known
        return known

    def constructed(self, cls: ClassValue, site: CallSite) -> tuple[Object, Body | None]:
        """An instance of a class, with the attributes that its `__init__` sets, and what that does."""
        instance = Object(cls, arguments=tuple(site.arguments), keywords=dict(site.keywords))
        instance.attributes["<fresh>"] = NONE
        found = attributes.find(cls, "__init__")
        if not isinstance(found, tuple) or not isinstance(found[1], FunctionValue):
            calling.fill_fields(cls, instance, site)
            return instance, None
        names = sorted(site.keywords)
        given = [*site.arguments, *(site.keywords[name] for name in names)]
        key = (id(cls), site.complete, *names, *map(exactly, given))
        known = self._made.get(key)
        if known is not None:
            known.repeat(instance, given)
            return instance, known.body
        body = self.initialised(found[1], instance, site)
        made = _Made(given, dict(instance.attributes), body)
        if made.can_be_repeated():
            self._made[key] = made
        return instance, body

    def initialised(self, function: FunctionValue, receiver: Object, site: CallSite) -> Body:
        """What `super().__init__(…)` does to an object, which is given its attributes."""
        if self._depth >= DEEPEST_CHAIN:
            return Body(self._functions.of(function))
        self._depth += 1
        try:
            return self._evaluate(function, receiver, site)
        finally:
            self._depth -= 1

    def _declared(self, value: FunctionValue, receiver: Value | None) -> Value:
        annotation = self._evaluator.annotation(value.definition.returns, value.scope)
        if annotation is None:
            return UNKNOWN
        return self._evaluator.instance_of(annotation, calling.receiver_bindings(receiver))

    def _evaluate(self, value: FunctionValue, receiver: Value | None, site: CallSite) -> Body:
        body = Body(self._functions.of(value))
        scope = Scope({}, value.scope, value.module)
        frame = Frame(scope, value, receiver)
        frame.bindings = calling.receiver_bindings(receiver)
        recorder = frame.recorder = BodyRecorder(self, body, self._functions)
        frame.flags = self._flags.given(value, receiver, site)[1]
        arguments = [receiver, *site.arguments] if receiver is not None else site.arguments
        inner = CallSite(value, arguments, site.keywords, site.node, frame, site.complete)
        calling.bind_parameters(
            self._evaluator, value.definition.parameters, scope, inner, value.scope, frame.bindings
        )
        self._trust_annotations(value, scope)
        self._inject(value, scope, is_asked=not (site.complete or site.arguments or site.keywords))
        ended = self._evaluator.run(value.definition.body, frame)
        body.result = calling.result_of(self._evaluator, value, frame, ended=ended)
        body.keep(recorder.values)
        declared = self._declared(value, receiver)
        if (
            isinstance(declared, Yielded)
            and isinstance(body.result, Yielded)
            and isinstance(body.result.value, Unknown)
        ):
            body.result = declared
        return body

    def _trust_annotations(self, value: FunctionValue, scope: Scope) -> None:
        """Let a parameter be the session that it is annotated as where a caller seems to give something else.

        Arguments that a decorator or a task runner hands on are taken for the wrong parameters at times. Nor
        is a text a list, which is what a caller's name for it may be bound to at first.
        """
        for parameter in value.definition.parameters:
            given = scope.names.get(parameter.name)
            is_plain = isinstance(given, (Collection, Dictionary, ExternalMethod)) or (
                isinstance(given, Literal) and (given.value is not None or parameter.default is None)
            )
            if parameter.annotation is not None and is_plain:
                declared = self._evaluator.instance_of(
                    self._evaluator.evaluate(parameter.annotation, Frame(value.scope)), {}
                )
                is_session = isinstance(declared, Object) and session_kind(declared) is not None
                if is_session or (isinstance(given, Collection) and _is_scalar(declared)):
                    scope.names[parameter.name] = declared

    def _inject(self, value: FunctionValue, scope: Scope, *, is_asked: bool) -> None:
        """Give parameters that FastAPI fills what their dependency gives, or else what their annotation says.

        `is_asked`: it is FastAPI that calls, so that what no dependency gives is made from the request.
        """
        for parameter in self._dependencies.signature(value).parameters:
            marker = parameter.marker
            if marker is None or marker.name not in {"Depends", "Security"}:
                if is_asked:
                    _mark_sent(scope.names.get(parameter.name))
                continue
            current = scope.names.get(parameter.name)
            declared = (
                UNKNOWN
                if parameter.annotation is None
                else self._evaluator.instance_of(parameter.annotation, calling.receiver_bindings(value.owner))
            )
            if current is not None and current is not marker and not _same_kind(current, declared):
                continue  # a caller gave the argument
            provided = self.provided(marker.callable if marker.callable is not None else parameter.annotation)
            is_concrete = isinstance(provided, Object) and isinstance(provided.cls, ClassValue)
            scope.names[parameter.name] = (
                provided if is_concrete or isinstance(declared, Unknown) else declared
            )

    def provided(self, callable_: Value | None) -> Value:
        """What a dependency gives to whoever depends on it."""
        if callable_ is None:
            return UNKNOWN
        known = self._provided.get(id(callable_))
        if known is None:
            self._provided[id(callable_)] = callable_, UNKNOWN  # what depends on itself gives nothing
            known = callable_, self._provide(callable_)
            self._provided[id(callable_)] = known
        return known[1]

    def _provide(self, callable_: Value) -> Value:
        session = self.stated.session_of(callable_)
        if session is not None:
            return Object(session)
        if isinstance(callable_, (FunctionValue, Bound)):
            function = callable_.function if isinstance(callable_, Bound) else callable_
            receiver = callable_.receiver if isinstance(callable_, Bound) else None
            if not isinstance(function, FunctionValue):
                return UNKNOWN
            result = self.called(
                function, receiver, CallSite(function, [], {}, None, Frame(function.scope), complete=False)
            ).result
            return result.value if isinstance(result, Yielded) else result
        if isinstance(callable_, ClassValue):
            return self.constructed(
                callable_, CallSite(callable_, [], {}, None, Frame(callable_.scope), complete=False)
            )[0]
        if isinstance(callable_, Object) and isinstance(callable_.cls, ClassValue):
            found = attributes.find(callable_.cls, "__call__")
            return self.provided(Bound(found[1], callable_)) if isinstance(found, tuple) else UNKNOWN
        if isinstance(callable_, Partial):
            return self.provided(callable_.function)
        if isinstance(callable_, LambdaValue) or (
            isinstance(callable_, Generic) and isinstance(callable_.origin, ClassValue)
        ):
            site = CallSite(callable_, [], {}, None, Frame(_scope_of(callable_)), complete=False)
            return calling.call(self._evaluator, site)
        if isinstance(callable_, External):
            return Object(callable_) if library.class_model(callable_.name) is not None else UNKNOWN
        return UNKNOWN


def _is_scalar(value: Value) -> bool:
    """Whether a value can be no collection: a text, a number, or None."""
    return all(
        is_none(option)
        or (isinstance(option, Object) and isinstance(option.cls, External) and option.cls.name in SCALARS)
        for option in options(value)
    )


def _is_plain(value: Value) -> bool:
    """Whether nothing that is done to a value later can be seen in others, or in what they hold."""
    if isinstance(value, (Choice, Collection)):
        return all(map(_is_plain, value.options if isinstance(value, Choice) else value.items))
    if isinstance(value, Dictionary):
        return all(map(_is_plain, (*value.entries.values(), *value.others)))
    return not isinstance(value, (Object, Bound)) or (
        isinstance(value, Object) and isinstance(value.cls, External) and not value.attributes
    )


def _wanted_attribute(value: FunctionValue, site: CallSite) -> tuple[object, ...]:
    """The name that a `__getattr__` is asked for: texts are alike to all other functions."""
    if value.definition.name != "__getattr__":
        return ()
    return tuple(item.value for item in site.arguments if isinstance(item, Literal))


def _same_kind(value: Value, declared: Value) -> bool:
    """Whether a parameter has no more than what its annotation says."""
    if isinstance(value, (Unknown, Marker)):
        return True
    return isinstance(value, Object) and not value.attributes and shape(value) == shape(declared)


def _scope_of(value: LambdaValue | Generic) -> Scope:
    return value.scope if isinstance(value, LambdaValue) else value.origin.scope  # type: ignore[attr-defined]


def _mark_sent(value: Value | None) -> None:
    """Note that a table's instance, which FastAPI makes from a request's body, is a new one."""
    if isinstance(value, Object) and isinstance(value.cls, ClassValue):
        is_table = "table" in value.cls.keywords or value.cls.derives_from(*DOCUMENTS)
        if is_table and value.cls.derives_from(*DOCUMENTS, "sqlmodel.SQLModel"):
            value.attributes["<fresh>"] = NONE

"""What functions do: their bodies evaluated, with the value of every expression and the effects of calls.

An effect is followed through calls of the project to the library call that has it, and the chain is kept
for messages: `read_orders → OrderService.load → session.execute`. What a call does where the project ends
is in the library tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application import blocking, library
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import attributes, calling
from fastapi_lint.application.evaluation.frames import CallSite, Frame, Recorder
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
    join,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring import routing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )
    from fastapi_lint.application.functions import Function, Functions
    from fastapi_lint.application.stated import Stated
    from fastapi_lint.application.wiring.dependencies import Dependencies
    from fastapi_lint.facts import model

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
OFF_THE_LOOP = frozenset({Effect.BLOCK, Effect.CPU, Effect.FILE})
"""Effects that don't matter to the caller of what runs in a thread."""
DOCUMENTS = ("beanie.Document", "odmantic.Model")
"""Classes of documents that are Pydantic models as well, so that requests' bodies can be documents."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call on the way to an effect: what is called, and the file and line where the call stands."""

    name: str
    path: str
    line: int


Chain = tuple[Step, ...]


@dataclass(eq=False, slots=True)
class CallMeaning:
    """What one call in a body means.

    `name` is the dotted name of what is called: of a project's function or class, or of a library's
    (`sqlalchemy.orm.Session.get`); empty if unknown. `effects` maps each effect to the chain of calls
    behind this one; an empty chain is this call's own doing. `bodies` are those that it was followed into,
    as they run with this call's arguments.
    """

    node: model.Call | None
    callee: Value
    name: str
    functions: tuple[Function, ...] = ()
    bodies: tuple[Body, ...] = ()
    receiver: Value | None = None
    arguments: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    effects: dict[Effect, Chain] = field(default_factory=dict)
    result: Value = UNKNOWN
    is_coroutine: bool = False
    is_awaited: bool = False
    """Whether `await` stands right before the call."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A `raise`: the exception and the line (from 1). `status` is an HTTPException's, where known."""

    exception: Value
    status: int | None
    line: int


@dataclass(eq=False, slots=True)
class Body:
    """What evaluating a function's body showed."""

    function: Function
    result: Value = UNKNOWN
    effects: dict[Effect, Chain] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)
    callees: list[Function] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)
    calls: dict[int, CallMeaning] = field(default_factory=dict)

    def value(self, expression: object) -> Value:
        """What an expression of the body stands for; expressions are found by identity."""
        return self.values.get(id(expression), UNKNOWN)

    def call(self, expression: object) -> CallMeaning | None:
        """What a call of the body means; None for anything that wasn't evaluated as a call."""
        return self.calls.get(id(expression))


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
        self._receivers: dict[object, object] = {}
        """The shapes of receivers, each kept once: services with many attributes have long ones."""
        self._contexts: dict[tuple[int, int], list[Body]] = {}
        self._first: dict[int, Body] = {}
        self._active: set[tuple[object, ...]] = set()
        self._provided: dict[int, tuple[Value, Value]] = {}
        self.is_reaching = False
        """Whether all handlers are being followed, which happens once and in one order."""
        self._depth = 0

    def of(self, function: Function) -> Body:
        """What a function does when FastAPI calls it, with what annotations and dependencies promise."""
        known = self._first.get(id(function.definition))
        if known is not None:
            return known
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
        shape_of_receiver = shape(receiver)
        key = (
            id(value.definition),
            id(value.scope),
            self._receivers.setdefault(shape_of_receiver, shape_of_receiver),
            tuple(map(shape, site.arguments)),
            _shape_of_named(site.keywords),
            *_wanted_attribute(value, site),
        )
        known = self._known.get(key)
        if known is not None:
            return known
        # What a decorator makes of each function that it wraps is a function of its own, in its own scope.
        contexts = self._contexts.setdefault((id(value.definition), id(value.scope)), [])
        is_large = self.is_reaching and len(self._known) >= MANY_BODIES
        most = FEWER_CONTEXTS if is_large else MOST_CONTEXTS
        if any(
            isinstance(item, (FunctionValue, Bound)) for item in (*site.arguments, *site.keywords.values())
        ):
            most = CALLBACK_CONTEXTS
        if len(contexts) >= most and not _wanted_attribute(value, site):
            return contexts[0]
        if key in self._active or self._depth >= DEEPEST_CHAIN:
            return Body(self._functions.of(value), self._declared(value, receiver))
        self._active.add(key)
        self._depth += 1
        try:
            body = self._evaluate(value, receiver, site)
        finally:
            self._depth -= 1
            self._active.discard(key)
        self._known[key] = body
        contexts.append(body)
        self._first.setdefault(id(value.definition), body)
        return body

    def constructed(self, cls: ClassValue, site: CallSite) -> tuple[Object, Body | None]:
        """An instance of a class, with the attributes that its `__init__` sets, and what that does."""
        instance = Object(cls, arguments=tuple(site.arguments), keywords=dict(site.keywords))
        instance.attributes["<fresh>"] = NONE
        found = attributes.find(cls, "__init__")
        if not isinstance(found, tuple) or not isinstance(found[1], FunctionValue):
            calling.fill_fields(cls, instance, site)
            return instance, None
        return instance, self.initialised(found[1], instance, site)

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
        frame.recorder = _BodyRecorder(self, body, self._functions)
        arguments = [receiver, *site.arguments] if receiver is not None else site.arguments
        inner = CallSite(value, arguments, site.keywords, site.node, frame, site.complete)
        calling.bind_parameters(
            self._evaluator, value.definition.parameters, scope, inner, value.scope, frame.bindings
        )
        self._trust_annotations(value, scope)
        self._inject(value, scope, is_asked=not (site.complete or site.arguments or site.keywords))
        ended = self._evaluator.run(value.definition.body, frame)
        body.result = calling.result_of(self._evaluator, value, frame, ended=ended)
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

        Arguments that a decorator or a task runner hands on are taken for the wrong parameters at times.
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
                if isinstance(declared, Object) and session_kind(declared) is not None:
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
        if isinstance(callable_, (LambdaValue, Generic)):
            site = CallSite(callable_, [], {}, None, Frame(_scope_of(callable_)), complete=False)
            return calling.call(self._evaluator, site)
        if isinstance(callable_, External):
            return Object(callable_) if library.class_model(callable_.name) is not None else UNKNOWN
        return UNKNOWN


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


class _BodyRecorder(Recorder):
    """Fills a body while it is evaluated."""

    def __init__(self, bodies: Bodies, body: Body, functions: Functions) -> None:
        self._bodies = bodies
        self._body = body
        self._functions = functions
        self.values = body.values

    def raised(self, exception: Value, line: int, path: str) -> None:
        status = status_of(exception)
        self._body.raised.append(Raised(exception, status, line))
        if status in {401, 403}:
            self._body.effects.setdefault(Effect.REFUSE, (Step(f"raise {status}", path, line),))

    def awaited(self, call: model.Call) -> None:
        meaning = self._body.calls.get(id(call))
        if meaning is not None:
            meaning.is_awaited = True

    def consumed(self, expression: model.Expression, use: library.CallModel, frame: Frame) -> None:
        from fastapi_lint.application.wiring.routes import dotted  # noqa: PLC0415

        meaning = self._body.calls.get(id(expression))
        node = meaning.node if meaning is not None else None
        written = dotted(node.function if node is not None else expression) or "a query"
        step = Step(written, frame.scope.module.path, node.line if node is not None else 0)
        for effect in use.effects:
            if meaning is not None:
                meaning.effects.setdefault(effect, ())
            self._body.effects.setdefault(effect, (step,))

    def call(self, evaluator: Evaluator, site: CallSite) -> Value:
        meaning = self._meaning(evaluator, site, site.callee)
        self._state(meaning)
        if site.node is not None:
            earlier = self._body.calls.get(id(site.node))
            if earlier is not None:
                meaning = _merged([earlier, meaning])
            self._body.calls[id(site.node)] = meaning
        if meaning.effects:
            step = self._step(site, meaning)
            for effect, chain in meaning.effects.items():
                full = (step, *chain)
                known = self._body.effects.get(effect)
                if known is None or len(full) < len(known):
                    self._body.effects[effect] = full
        for function in meaning.functions:
            if not any(function is other for other in self._body.callees):
                self._body.callees.append(function)
        return meaning.result

    def _state(self, meaning: CallMeaning) -> None:
        """Add what the settings say about a call."""
        if self._bodies.stated.blocks(meaning.name):
            meaning.effects.setdefault(Effect.BLOCK, ())
        session = self._bodies.stated.session_of(meaning.callee)
        if session is not None:
            meaning.effects.setdefault(Effect.CONNECT, ())
            meaning.result = Object(session)

    def _step(self, site: CallSite, meaning: CallMeaning) -> Step:
        from fastapi_lint.application.wiring.routes import dotted  # noqa: PLC0415

        if meaning.functions:
            name = meaning.functions[0].qualname.replace(".<locals>", "")
        else:
            written = dotted(site.node.function) if site.node is not None else None
            name = written or ".".join(meaning.name.split(".")[-2:])
        return Step(name, site.module.path, site.node.line if site.node is not None else 0)

    def _meaning(self, evaluator: Evaluator, site: CallSite, callee: Value) -> CallMeaning:
        if isinstance(callee, Choice):
            known = [option for option in callee.options if not is_none(option)]
            meanings = [self._meaning(evaluator, site, option) for option in known]
            return _merged(meanings or [CallMeaning(site.node, callee, "")])
        site = CallSite(callee, site.arguments, site.keywords, site.node, site.frame, site.complete)
        meaning = CallMeaning(site.node, callee, "", arguments=tuple(site.arguments), keywords=site.keywords)
        if isinstance(callee, Bound) and isinstance(callee.function, FunctionValue):
            self._follow(callee.function, callee.receiver, site, meaning)
        elif isinstance(callee, FunctionValue):
            self._follow(callee, None, site, meaning)
        elif isinstance(callee, Object) and isinstance(callee.cls, ClassValue):
            found = attributes.find(callee.cls, "__call__")
            if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                self._follow(found[1], callee, site, meaning)
            else:
                meaning.result = calling.call(evaluator, site)
        elif isinstance(callee, ClassValue):
            self._construct(evaluator, callee, site, meaning)
        elif isinstance(callee, Generic) and isinstance(callee.origin, ClassValue):
            self._construct(evaluator, callee.origin, site, meaning)
            if isinstance(meaning.result, Object):
                meaning.result.type_arguments = callee.arguments
        elif isinstance(callee, Partial):
            arguments = [*callee.arguments, *site.arguments]
            keywords = {**callee.keywords, **site.keywords}
            inner = CallSite(callee.function, arguments, keywords, site.node, site.frame, site.complete)
            return self._meaning(evaluator, inner, callee.function)
        else:
            self._leave(evaluator, site, meaning)
        return meaning

    def _follow(
        self, function: FunctionValue, receiver: Value | None, site: CallSite, meaning: CallMeaning
    ) -> None:
        meaning.name = f"{function.module.name}.{function.qualname}"
        meaning.receiver = receiver
        meaning.functions = (self._functions.of(function),)
        meaning.is_coroutine = function.definition.is_async and not function.definition.is_generator
        if function.definition.name == "__init__" and isinstance(receiver, Object):
            body = self._bodies.initialised(function, receiver, site)
        else:
            body = self._bodies.called(function, receiver, site)
        meaning.bodies = (body,)
        meaning.effects = dict(body.effects)
        if meaning.functions[0].is_cached:
            meaning.effects.pop(Effect.QUERY, None)  # what the cache holds isn't asked for again
        if meaning.functions[0].is_cached or function.definition.is_async:
            for effect in OFF_THE_LOOP:  # an asynchronous function blocks by itself, whoever waits for it
                meaning.effects.pop(effect, None)
        meaning.result = body.result

    def _construct(self, evaluator: Evaluator, cls: ClassValue, site: CallSite, meaning: CallMeaning) -> None:
        meaning.name = cls.name
        if routing.router_kind(cls) is not None or attributes.is_enum(cls):
            meaning.result = calling.call(evaluator, site) if attributes.is_enum(cls) else UNKNOWN
            return
        meaning.result, body = self._bodies.constructed(cls, site)
        if body is not None:
            meaning.bodies = (body,)
            meaning.effects = dict(body.effects)
        for base in cls.external_bases():
            model = library.class_model(base)
            if model is not None:
                self._add(meaning, model.constructor.effects, site, model.constructor)

    def _leave(self, evaluator: Evaluator, site: CallSite, meaning: CallMeaning) -> None:
        """A call of something that isn't the project's."""
        callee = site.callee
        model: library.CallModel | None = None
        if isinstance(callee, External):
            meaning.name = callee.name
            model = library.function_model(callee.name)
            if model is None:
                found = library.class_model(callee.name)
                model = found.constructor if found is not None else None
        elif isinstance(callee, ExternalMethod):
            meaning.name = f"{callee.owner}.{callee.name}"
            meaning.receiver = callee.receiver
            model = library.method_model(callee.owner, callee.name)
        elif isinstance(callee, Object) and isinstance(callee.cls, External):
            meaning.name = f"{callee.cls.name}()"
            meaning.receiver = callee
            found = library.class_model(callee.cls.name)
            model = found.call if found is not None else None
        elif isinstance(callee, Unknown):
            meaning.name = callee.of
        meaning.result = calling.call(evaluator, site)
        if model is None:
            return
        meaning.is_coroutine = model.is_async
        if blocking.waits(meaning.name, site):
            self._add(meaning, model.effects, site, model)
        if model.takes == "callable":
            self._run_argument(evaluator, site, meaning, model)

    def _run_argument(
        self, evaluator: Evaluator, site: CallSite, meaning: CallMeaning, model: library.CallModel
    ) -> None:
        """What a callable does that is handed over to be run, in a thread or later."""
        if len(site.arguments) <= model.argument:
            return
        handed = site.arguments[model.argument]
        rest = site.arguments[model.argument + 1 :]
        inner = self._meaning(
            evaluator, CallSite(handed, rest, site.keywords, None, site.frame, site.complete), handed
        )
        meaning.functions += inner.functions
        if Effect.SPAWN in model.effects:
            meaning.bodies += inner.bodies
            step = self._step(site, inner)
            for effect, chain in inner.effects.items():
                if effect not in OFF_THE_LOOP:
                    meaning.effects[effect] = (step, *chain)
            if isinstance(meaning.result, Unknown):
                meaning.result = inner.result

    def _add(
        self, meaning: CallMeaning, effects: Iterable[Effect], site: CallSite, model: library.CallModel
    ) -> None:
        for effect in self._refined(tuple(effects), site, model):
            meaning.effects.setdefault(effect, ())

    def _refined(
        self, effects: tuple[Effect, ...], site: CallSite, model: library.CallModel
    ) -> tuple[Effect, ...]:
        """Effects that depend on the argument: what a statement does, whether an added object is new."""
        if Effect.QUERY in effects and model.takes in {"statement", "sql"}:
            statement = site.argument(model.argument, "statement")
            others = tuple(effect for effect in effects if effect is not Effect.QUERY)
            return (*_effects_of_statement(statement), *others)
        if Effect.CREATE in effects and model.takes in {"row", "rows", "receiver"}:
            given: Value | None = site.argument(model.argument, "instance")
            if model.takes == "receiver" and isinstance(site.callee, ExternalMethod):
                given = site.callee.receiver
            items = given.items if isinstance(given, Collection) else [given]
            if not any(isinstance(item, Object) and "<fresh>" in item.attributes for item in items):
                return tuple(Effect.WRITE if effect is Effect.CREATE else effect for effect in effects)
        return effects


def _mark_sent(value: Value | None) -> None:
    """Note that a table's instance, which FastAPI makes from a request's body, is a new one."""
    if isinstance(value, Object) and isinstance(value.cls, ClassValue):
        is_table = "table" in value.cls.keywords or value.cls.derives_from(*DOCUMENTS)
        if is_table and value.cls.derives_from(*DOCUMENTS, "sqlmodel.SQLModel"):
            value.attributes["<fresh>"] = NONE


def _effects_of_statement(statement: Value | None) -> tuple[Effect, ...]:
    if isinstance(statement, Choice):
        return tuple(
            dict.fromkeys(effect for option in statement.options for effect in _effects_of_statement(option))
        )
    if isinstance(statement, Literal) and isinstance(statement.value, str):
        return library.sql_effects(statement.value)
    if isinstance(statement, Object) and isinstance(statement.cls, External):
        outline = statement.attributes.get("<sql>")
        if isinstance(outline, Literal):
            return library.sql_effects(str(outline.value))
        start = statement.attributes.get("<starts>")
        if isinstance(start, Literal) and library.sql_verb(str(start.value)) not in {"", "with"}:
            return library.sql_effects(str(start.value))
        if statement.arguments and statement.cls.name == "sqlalchemy.TextClause":
            return _effects_of_statement(statement.arguments[0])
        found = library.class_model(statement.cls.name)
        if found is not None and found.statement:
            return found.statement
    return (Effect.QUERY,)


def _merged(meanings: list[CallMeaning]) -> CallMeaning:
    first = meanings[0]
    for other in meanings[1:]:
        for effect, chain in other.effects.items():
            first.effects.setdefault(effect, chain)
        first.functions += tuple(
            item for item in other.functions if not any(item is known for known in first.functions)
        )
        first.bodies += tuple(
            item for item in other.bodies if not any(item is known for known in first.bodies)
        )
        first.name = first.name or other.name
        first.result = join([first.result, other.result])
        first.receiver = first.receiver or other.receiver
        first.is_coroutine = first.is_coroutine or other.is_coroutine
    return first


def status_of(exception: Value) -> int | None:
    """The status code of an HTTPException, FastAPI's or Starlette's or derived from them, where known."""
    from fastapi_lint.application.wiring.routes import number_of  # noqa: PLC0415

    if isinstance(exception, ClassValue):
        exception = Object(exception)
    if not isinstance(exception, Object):
        return None
    names = list(exception.cls.external_bases()) if isinstance(exception.cls, ClassValue) else []
    if isinstance(exception.cls, External):
        names = [exception.cls.name]
    if not any(library.is_subclass(name, "starlette.exceptions.HTTPException") for name in names):
        return None
    given = exception.attributes.get("status_code") or exception.keywords.get("status_code")
    if given is None and isinstance(exception.cls, ClassValue):
        found = attributes.find(exception.cls, "status_code")
        given = found[1] if isinstance(found, tuple) else None
    if given is None and exception.arguments and isinstance(exception.cls, External):
        given = exception.arguments[0]
    return number_of(given) if given is not None else None


def shape(value: Value | None, depth: int = 2) -> object:
    """What kind of value it is, as far as that can change what a function does with it.

    Texts, numbers and what is unknown are of one kind, except for SQL: no effect hangs on them.
    """
    if isinstance(value, Object):
        return _shape_of_object(value, depth)
    if isinstance(value, External):
        return value.name
    if isinstance(value, Literal):
        return "none" if value.value is None else _verb(value.value)
    if isinstance(value, Collection):
        inner = tuple(dict.fromkeys(shape(item, depth - 1) for item in value.items[:4])) if depth else ()
        return None if inner in {(), (None,)} else (value.kind, inner)
    if isinstance(value, Choice):
        inner = tuple(dict.fromkeys([shape(option, depth) for option in value.options]))
        return inner[0] if len(inner) == 1 else inner
    if isinstance(value, Bound):
        return id(value.function), shape(value.receiver, max(depth - 1, 0))
    return None if value is None or isinstance(value, (Unknown, Dictionary)) else id(value)


def _shape_of_named(values: Mapping[str, Value], depth: int = 2) -> tuple[object, ...]:
    """The shapes of values with names, whose order doesn't matter."""
    return tuple([part for name in sorted(values) for part in (name, shape(values[name], depth))])


def _verb(text: object) -> str | None:
    """What SQL does, which is what a function does that runs it."""
    if not isinstance(text, str) or " " not in text.strip():
        return None
    verb = library.sql_verb(text)
    return verb if verb in library.SQL_VERBS else None


def _shape_of_object(value: Object, depth: int) -> object:
    if isinstance(value.cls, External):
        if value.cls.name.startswith("builtins."):
            known = value.attributes.get("<sql>") or value.attributes.get("<starts>")
            return _verb(known.value) if isinstance(known, Literal) else None
        cls: object = value.cls.name
    else:
        cls = id(value.cls)
    if depth == 0:
        return cls
    arguments = tuple([shape(item, depth - 1) for item in value.type_arguments])
    return cls, _shape_of_named(value.attributes, depth - 1), arguments

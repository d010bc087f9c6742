"""What calls mean: followed into the project's functions, or looked up where the project ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import blocking, library
from fastapi_lint.application.bodies.exceptions import status_of
from fastapi_lint.application.bodies.joining import merged
from fastapi_lint.application.bodies.shown import CallMeaning, Raised, Step
from fastapi_lint.application.bodies.sql import effects_of_statement
from fastapi_lint.application.evaluation import attributes, calling
from fastapi_lint.application.evaluation.frames import CallSite, Recorder
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    Bound,
    Choice,
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    Object,
    Partial,
    Unknown,
    is_none,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring import routing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.application.bodies.evaluating import Bodies
    from fastapi_lint.application.bodies.shown import Body
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Functions
    from fastapi_lint.facts import model

OFF_THE_LOOP = frozenset({Effect.BLOCK, Effect.CPU, Effect.FILE})
"""Effects that don't matter to the caller of what runs in a thread."""


class BodyRecorder(Recorder):
    """Fills a body while it is evaluated."""

    def __init__(self, bodies: Bodies, body: Body, functions: Functions) -> None:
        self._bodies = bodies
        self._body = body
        self._functions = functions
        self.values: dict[int, Value] = {}

    def decided(self, test: model.Expression, *, holds: bool) -> None:
        """Keep how the condition of an `if` turns out that the caller decides."""
        self._body.decided[id(test)] = holds

    def raised(self, exception: Value, line: int, path: str) -> None:
        """Keep what is raised, and that it refuses the caller where its status says so."""
        status = status_of(exception)
        self._body.raised.append(Raised(exception, status, line))
        if status in {401, 403}:
            self._body.effects.setdefault(Effect.REFUSE, (Step(f"raise {status}", path, line),))

    def awaited(self, call: model.Call) -> None:
        """Keep that a call is awaited."""
        meaning = self._body.calls.get(id(call))
        if meaning is not None:
            meaning.is_awaited = True

    def consumed(self, expression: model.Expression, use: library.CallModel, frame: Frame) -> None:
        """Keep what using a value does, for the call that made it as well."""
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
        """Keep what a call means, and give its value."""
        meaning = self._meaning(evaluator, site, site.callee)
        self._state(meaning)
        if site.node is not None:
            earlier = self._body.calls.get(id(site.node))
            if earlier is not None:
                meaning = merged([earlier, meaning])
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
            return merged(meanings or [CallMeaning(site.node, callee, "")])
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
            return (*effects_of_statement(statement), *others)
        if Effect.CREATE in effects and model.takes in {"row", "rows", "receiver"}:
            given: Value | None = site.argument(model.argument, "instance")
            if model.takes == "receiver" and isinstance(site.callee, ExternalMethod):
                given = site.callee.receiver
            items = given.items if isinstance(given, Collection) else [given]
            if not any(isinstance(item, Object) and "<fresh>" in item.attributes for item in items):
                return tuple(Effect.WRITE if effect is Effect.CREATE else effect for effect in effects)
        return effects

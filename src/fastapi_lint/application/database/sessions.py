"""Database sessions and connections: which value is one, where it came from, which dependency gives them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Awaitable,
    ClassValue,
    External,
    ExternalMethod,
    FunctionValue,
    Marker,
    Object,
    Unknown,
    Yielded,
    is_none,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.written import assigned_values, children, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Bodies, Body, CallMeaning
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function, Functions
    from fastapi_lint.application.wiring.routes import Route

REQUESTS = "starlette.requests.HTTPConnection"


@dataclass(frozen=True, slots=True)
class SessionKind:
    """What kind of session a value is: `what` is `session` or `connection`; `is_async`: it is awaited."""

    what: str
    is_async: bool


def session_kind(value: Value) -> SessionKind | None:
    """What kind of session a value is, or gives when it is entered or awaited; None for all else."""
    kinds = {_kind(option) for option in options(value) if not is_none(option)}
    return kinds.pop() if len(kinds) == 1 else None


def _kind(value: Value) -> SessionKind | None:
    if isinstance(value, (Yielded, Awaitable)):
        return session_kind(value.value)
    if not isinstance(value, Object):
        return None
    names = [value.cls.name] if isinstance(value.cls, External) else []
    if isinstance(value.cls, ClassValue):
        names = list(value.cls.external_bases())
    for name in names:
        found = library.class_model(name)
        if found is None:
            continue
        given = name
        if not found.session:
            given = found.enters or (found.awaited.returns if found.awaited is not None else "")
        held = library.class_model(given) if given else None
        if held is not None and held.session:
            last = library.canonical(given).rpartition(".")[2].lower()
            return SessionKind("connection" if "connection" in last else "session", held.session == "async")
    return None


def opens(meaning: CallMeaning) -> SessionKind | None:
    """What kind of session a call opens and gives to its caller; None if it doesn't.

    A function of the project that yields a session opens it or has it opened, wherever that happens.
    """
    yields = isinstance(meaning.result, Yielded) and bool(meaning.functions)
    if Effect.CONNECT not in meaning.effects and not yields:
        return None
    if isinstance(meaning.callee, ExternalMethod) and session_kind(meaning.callee.receiver) is not None:
        return None  # `session.connection()`: the connection that the session has
    kind = session_kind(meaning.result)
    if kind is None and yields and Effect.CONNECT in meaning.effects:
        return _wrapped(meaning.result)
    return kind


_ASKING = frozenset({Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE})


def sends_queries(meaning: CallMeaning) -> bool:
    """Whether a call asks a session, or changes what is stored, without a function of the project between."""
    callee = meaning.callee
    if meaning.functions or not isinstance(callee, ExternalMethod) or _ASKING.isdisjoint(meaning.effects):
        return False
    if callee.name == "refresh":
        return False  # of what a function has given
    return session_kind(callee.receiver) is not None or callee.owner == "sqlalchemy.orm.Query"


_SENDING = frozenset({"execute", "exec", "scalar", "scalars", "stream", "stream_scalars"})


def known_by_use(body: Body) -> dict[int, SessionKind]:
    """Calls of other packages whose result must be a session, since statements of SQLAlchemy are sent to it.

    By the identity of the call.
    """
    receivers = {
        call.node.function.value.id
        for call in body.calls.values()
        if call.node is not None
        and isinstance(call.node.function, model.Attribute)
        and call.node.function.name in _SENDING
        and isinstance(call.node.function.value, model.Name)
        and isinstance(call.callee, Unknown)
        and any(map(_is_statement, call.arguments[:1]))
    }
    found: dict[int, SessionKind] = {}
    if not receivers:
        return found
    for name, values in assigned_values(body.function.definition.body).items():
        for value in values if name in receivers else ():
            call = value.value if isinstance(value, model.Await) else value
            meaning = body.call(call)
            if isinstance(call, model.Call) and meaning is not None and isinstance(meaning.callee, External):
                found[id(call)] = SessionKind("session", body.function.definition.is_async)
    return found


def _is_statement(value: Value) -> bool:
    if not isinstance(value, Object) or not isinstance(value.cls, External):
        return False
    known = library.class_model(value.cls.name)
    return known is not None and (bool(known.statement) or value.cls.name == "sqlalchemy.TextClause")


def _wrapped(value: Value) -> SessionKind | None:
    """The kind of the session that a project's own connection class is built around."""
    inner = value.value if isinstance(value, Yielded) else value
    for option in options(inner):
        if isinstance(option, Object) and isinstance(option.cls, ClassValue):
            for held in option.attributes.values():
                kind = session_kind(held)
                if kind is not None:
                    return kind
    return None


def are_taken(body: Body) -> bool:
    """Whether a function opens a session with nothing that it was given, or reads one of a module."""
    for meaning in body.calls.values():
        if meaning.node is not None and opens(meaning) is not None and not is_injected(meaning.node, body):
            return True
    if known_by_use(body):
        return True
    held = {
        key
        for key, value in body.kept()
        if type(value) is Object and isinstance(value.cls, External) and _is_session_class(value.cls.name)
    }
    return bool(held) and any(
        id(expression) in held
        and isinstance(expression, (model.Name, model.Attribute))
        and shared_session(expression, body) is not None
        for statement in statements(body.function.definition.body)
        for expression in expressions(statement)
    )


def is_injected(expression: model.Expression, body: Body) -> bool:
    """Whether what a call is made on, or the engine or session that it is given, came in as a parameter."""
    origins = _Origins(body)
    if isinstance(expression, model.Call):
        return origins.is_given(expression.function) or origins.takes_given(expression)
    return origins.is_given(expression)


class _Origins:
    """Which names of a function were handed to it, directly or by way of other names."""

    def __init__(self, body: Body) -> None:
        definition = body.function.definition
        self._body = body
        self._parameters = {parameter.name for parameter in definition.parameters}
        self._assigned = assigned_values(definition.body)
        self._active: set[str] = set()

    def is_given(self, expression: model.Expression) -> bool:
        """Whether the object at the root of `a.b(…).c` is a parameter or was made from one."""
        if isinstance(expression, model.Name):
            return self._is_given_name(expression.id)
        if isinstance(expression, model.Call):
            return self.is_given(expression.function) or self.takes_given(expression)
        if isinstance(expression, (model.Attribute, model.Subscript, model.Await)):
            return self.is_given(expression.value)
        if isinstance(expression, (model.Boolean, model.Conditional)):
            return any(map(self.is_given, children(expression)))
        return False

    def takes_given(self, call: model.Call) -> bool:
        """Whether an argument is a request, engine, factory or session that was handed to the function."""
        given = [*call.arguments, *(item.value for item in call.keywords)]
        return any(_can_give_sessions(self._body.value(item)) and self.is_given(item) for item in given)

    def _is_given_name(self, name: str) -> bool:
        if name in self._parameters:
            return True
        if name in self._active:
            return False
        self._active.add(name)
        found = any(map(self.is_given, self._assigned.get(name, ())))
        self._active.discard(name)
        return found


def _can_give_sessions(value: Value) -> bool:
    if isinstance(value, Unknown):
        return True
    for option in options(value):
        if isinstance(option, Object) and isinstance(option.cls, External):
            found = library.class_model(option.cls.name)
            if found is not None and (found.session or found.factory):
                return True
            if library.is_subclass(option.cls.name, REQUESTS) or option.cls.name == "fastapi.FastAPI":
                return True
    return False


def shared_session(expression: model.Expression, body: Body) -> SessionKind | None:
    """The kind of the session of a module, so of all requests, that an expression reads; None for others."""
    value = body.value(expression)
    if not isinstance(value, Object) or (kind := session_kind(value)) is None:
        return None
    if not isinstance(value.cls, External) or not _is_session_class(value.cls.name):
        return None
    root = expression
    while isinstance(root, model.Attribute):
        owner = body.value(root.value)
        if isinstance(owner, Object):
            held = attributes.find(owner.cls, root.name) if isinstance(owner.cls, ClassValue) else None
            is_property = isinstance(held, tuple) and isinstance(held[1], FunctionValue)
            if is_property or root.name not in owner.attributes:
                return None
        root = root.value
    if not isinstance(root, model.Name):
        return None
    definition = body.function.definition
    if any(parameter.name == root.id for parameter in definition.parameters):
        return None
    return None if root.id in assigned_values(definition.body) else kind


def _is_session_class(name: str) -> bool:
    found = library.class_model(name)
    return found is not None and bool(found.session)


@dataclass(frozen=True, slots=True)
class SessionDependency:
    """A dependency that gives sessions: the function, and the alias that the project has for it, if any."""

    function: Function
    alias: str


class Sessions:
    """Which dependencies of a project give sessions."""

    def __init__(
        self, routes: Iterable[Route], bodies: Bodies, functions: Functions, evaluator: Evaluator
    ) -> None:
        self._routes = routes
        self._bodies = bodies
        self._functions = functions
        self._evaluator = evaluator
        self._found: dict[SessionKind, SessionDependency] | None = None

    def dependency(self, kind: SessionKind) -> SessionDependency | None:
        """The dependency that most routes get this kind of session from; None where there is none."""
        if self._found is None:
            self._found = self._find()
        return self._found.get(kind)

    def _find(self) -> dict[SessionKind, SessionDependency]:
        uses: Counter[int] = Counter()
        functions: dict[int, FunctionValue] = {}
        for route in self._routes:
            for dependency in route.all_dependencies():
                callable_ = unwrapped(dependency.callable)
                if isinstance(callable_, FunctionValue):
                    uses[id(callable_.definition)] += 1
                    functions.setdefault(id(callable_.definition), callable_)
        found: dict[SessionKind, SessionDependency] = {}
        for key, _ in uses.most_common():
            function = functions[key]
            kind = session_kind(self._bodies.provided(function))
            if kind is not None and kind not in found:
                found[kind] = SessionDependency(self._functions.of(function), self._alias(function))
        return found

    def _alias(self, function: FunctionValue) -> str:
        for name, value in self._names():
            if isinstance(value, Annotated):
                for item in value.metadata:
                    if isinstance(item, Marker) and item.callable is not None:
                        callable_ = unwrapped(item.callable)
                        if (
                            isinstance(callable_, FunctionValue)
                            and callable_.definition is function.definition
                        ):
                            return name
        return ""

    def _names(self) -> Iterator[tuple[str, Value]]:
        for scope in self._evaluator.scopes.values():
            yield from scope.names.items()

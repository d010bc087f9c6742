"""Follow what clients send through the project, from the parameters of each route to what acts on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeGuard

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import Bound, ClassValue, FunctionValue, Object
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words
from fastapi_lint.application.schemas.secrets import is_text
from fastapi_lint.application.security.callers import is_privilege
from fastapi_lint.application.security.callers import words as name_words
from fastapi_lint.application.taint import exceptions, secrets
from fastapi_lint.application.taint.contents import NOTHING, Content, Origin, Piece, Step, Use
from fastapi_lint.application.taint.following import Following, Summary
from fastapi_lint.application.taint.parts import REQUEST
from fastapi_lint.application.taint.sinks import can_carry, path_method, sinks_of
from fastapi_lint.application.taint.spreading import writes_fields
from fastapi_lint.application.taint.types import Fields, classes_in, is_model, restricts, uses_of
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.parameters import Source, inputs_of, is_connection
from fastapi_lint.diagnostics import Span

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.taint.contents import Key
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.facts import model

DEEPEST: Final = 8
"""How many calls deep values are followed."""
_SENT: Final = frozenset(
    {Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY, Source.FORM, Source.FILE}
)
_PLACEHOLDER: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A piece of what a client sent that comes to a call which does what it says.

    `kind` is what the call does: `path`, `redirect`, `request`, `sql`, or `detail` for what tells a client of
    an exception. `function` is where it stands,
    `label` what is called there, `route` the first that leads there, None for a handler of exceptions.
    """

    kind: str
    route: Route | None
    function: Function
    call: model.Call | model.Return
    label: str
    piece: Piece
    is_refused: bool = False
    """Whether the route's handler can answer with 401 or 403 itself."""

    @property
    def is_for_administrators(self) -> bool:
        """Whether a dependency of the route lets nobody but administrators in, by its name."""
        return self.route is not None and _is_for_administrators(self.route)

    @property
    def asked(self) -> str:
        """What messages name: the route, or else the function."""
        return self.route.label if self.route is not None else self.function.qualname

    @property
    def way(self) -> str:
        """The way of the piece in one line: `name` → `path` → `open`."""
        names = [self.piece.origin.name, *(step.name for step in self.piece.steps), self.label]
        kept = [name for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
        if len(kept) > _LONGEST:
            kept = [*kept[: _LONGEST // 2], "…", *kept[-(_LONGEST // 2) :]]
        return " → ".join(f"`{name}`" if name != "…" else name for name in kept)

    @property
    def places(self) -> tuple[tuple[str, str, Span], ...]:
        """What stands where on the way: a message, the file, and the place."""
        origin = self.piece.origin
        start = ("a client sends it here", origin.path, Span(origin.line, 1, origin.line, 1))
        calls = (step for step in self.piece.steps if "(" in step.name)
        return (
            start,
            *((f"handed on: `{step.name}`", step.path, Span(step.line, 1, step.line, 1)) for step in calls),
        )


_LONGEST: Final = 9
_ADMINISTRATORS: Final = frozenset(words("admin administrator superuser superadmin sysadmin staff"))


class Aim(Enum):
    """What is followed, and to where."""

    SENT = "sent"
    """What clients send, to what acts on it."""
    FAILURES = "failures"
    """Exceptions, to what clients read."""
    SECRETS = "secrets"
    """Secrets of requests and settings, to logs."""


class Travels:
    """Follows the handlers and dependencies of routes from which there is a way to what acts on texts."""

    def __init__(self, application: Application, evaluator: Evaluator, aim: Aim = Aim.SENT) -> None:
        self.application = application
        self.catches = aim is Aim.FAILURES
        """Whether exceptions are followed, instead of what clients send."""
        self.keeps = aim is Aim.SECRETS
        """Whether secrets are followed, instead of what clients send."""
        self.fields = Fields(evaluator)
        self._known: dict[tuple[object, ...], tuple[Body, Summary]] = {}
        self._active: set[int] = set()
        self._depth = 0
        self._lead: frozenset[int] = frozenset()
        self._route: Route | None = None
        self._path_names: dict[str, str] = {}
        self._provided: dict[int, tuple[Value, Summary]] = {}
        self._found: dict[tuple[str, int, Key], Arrival] = {}

    def arrivals(self) -> tuple[Arrival, ...]:
        """What arrives somewhere, in the order of routes: the first of one input, and at one call."""
        self._follow_routes()
        calls: set[tuple[str, int]] = set()
        inputs: set[tuple[str, int, Key]] = set()
        kept: list[Arrival] = []
        for arrival in self._found.values():
            at = arrival.kind, id(arrival.call)
            of = arrival.kind, id(arrival.route), arrival.piece.origin.key
            if at not in calls and of not in inputs:
                kept.append(arrival)
            calls.add(at)
            inputs.add(of)
        return tuple(kept)

    def leaks(self) -> tuple[Arrival, ...]:
        """What clients are told of exceptions that may be any, or that tell of the database."""
        application = self.application
        for path in application.modules.by_path:
            for function in application.functions_in(path):
                way = application.way_to(function)
                body = application.body(function)
                if way is not None and exceptions.are_caught(body):
                    self._route = way.route
                    Following(self, body, {}, frozenset()).run()
        self._route = None
        for function in exceptions.handlers_of_anything(application):
            name = function.definition.parameters[-1].name
            origin = Origin("exception", name, function.path, function.line)
            given = {name: Content((Piece(origin, Use.DETAIL | Use.COMPLAINT),))}
            Following(self, application.body(function), given, frozenset()).run()
        return tuple(self._found.values())

    def logged(self) -> tuple[Arrival, ...]:
        """The secrets of requests and settings that come to a log, the first of each call."""
        self._follow_routes()
        application = self.application
        for path in application.modules.by_path:
            for function in application.functions_in(path):
                way, body = application.way_to(function), application.body(function)
                if way is not None and secrets.logs_a_setting(body, self.fields):
                    self._route = way.route
                    Following(self, body, {}, frozenset()).run()
        first = {id(arrival.call): arrival for arrival in reversed(self._found.values())}
        return tuple(reversed(first.values()))

    def caught(self, handler: model.Handler, statement: model.Try, body: Body) -> Content:
        """What the exception of an `except` tells."""
        if not self.catches or not exceptions.tells(handler, body):
            return NOTHING
        place = body.function.path, handler.line
        origin = Origin("exception", handler.name or "", *place, place=place)
        uses = Use.DETAIL | Use.COMPLAINT if exceptions.is_outside(statement, body) else Use.COMPLAINT
        return Content((Piece(origin, uses),))

    def returned(self, function: Function, statement: model.Return, content: Content) -> None:
        """Note what a function returns, where that is what a client reads."""
        if self.catches and content and self.application.routes_of(function):
            self.arrived("detail", Use.DETAIL, function, statement, "return", content)

    def _follow_routes(self) -> None:
        self._lead = leading = self._leading()
        # What nobody but administrators can send comes last, since the first that arrives somewhere is kept.
        for route in sorted(self.application.routes, key=_is_for_administrators):
            bodies = list(self._bodies_of(route))
            if route.handler is None or not any(id(body) in leading for body in bodies):
                continue
            self._route = route
            self._path_names = {name: kind or "str" for name, kind in _PLACEHOLDER.findall(route.path)}
            self._provided = {}
            checked: frozenset[Key] = frozenset()
            for dependency in route.all_dependencies():
                checked |= self._provide(dependency.callable).checked
            given = self._given(route.registration.endpoint)
            self.follow(self.application.body(route.handler), given, checked)

    def arrived(
        self,
        kind: str,
        use: int,
        function: Function,
        call: model.Call | model.Return,
        label: str,
        content: Content,
    ) -> None:
        """Note what arrives in a call, as far as it can do harm there."""
        pieces = content.flat()
        for at, piece in enumerate(pieces):
            exposed = piece.uses & use and _is_exposed(piece, use)
            if not exposed and use == Use.PATH:
                exposed = _goes_up(piece) and any(_is_component(other) for other in pieces[at + 1 :])
            if exposed:
                if self.catches:
                    function, call = _first_call(piece, function) or (function, call)
                key = kind, id(call), piece.origin.key
                if key not in self._found:
                    refuses = self._route is not None and self._refuses(self._route)
                    self._found[key] = Arrival(kind, self._route, function, call, label, piece, refuses)

    def follow(self, body: Body, given: dict[str, Content], checked: frozenset[Key]) -> Summary:
        """Follow a function whose parameters carry this, where the caller has looked at what is `checked`."""
        definition = id(body.function.definition)
        sent = {name: content for name, content in given.items() if content}
        if self._depth >= DEEPEST or definition in self._active or not sent:
            return Summary()
        if id(body) not in self._lead and all(_is_request(content) for content in sent.values()):
            return Summary()
        key = (id(body), frozenset(sent.items()), checked)
        known = self._known.get(key)
        if known is not None:
            return known[1]
        self._active.add(definition)
        self._depth += 1
        try:
            summary = Following(self, body, sent, checked).run()
        finally:
            self._depth -= 1
            self._active.discard(definition)
        self._known[key] = body, summary
        return summary

    def _refuses(self, route: Route) -> bool:
        """Whether a handler answers with 401 or 403 itself, or a dependency is named after a privilege."""
        names = (dependency.name.rpartition(".")[2] for dependency in route.all_dependencies())
        if any(map(is_privilege, names)):
            return True
        return route.handler is not None and Effect.REFUSE in self.application.body(route.handler).effects

    def _given(self, callable_: Value) -> dict[str, Content]:
        """What FastAPI passes to a handler or a dependency."""
        inputs = inputs_of(callable_, self.application.dependencies, frozenset(self._path_names))
        return {item.name: self._of_input(item) for item in inputs.all}

    def _of_input(self, item: Input) -> Content:
        marker, annotation = item.parameter.marker, item.parameter.annotation
        path = self.application.path_of(item.owner) or ""
        line = item.parameter.line
        if item.source is Source.DEPENDENCY:
            callable_ = marker.callable if marker is not None else None
            if self.keeps and (secrets.is_form(annotation) or secrets.is_scheme(callable_)):
                origin = Origin("credential", item.name, path, line, type=annotation)
                return Content((Piece(origin, Use.LOG),))
            provided = self._provide(callable_ if callable_ is not None else annotation)
            return provided.result.passed(Step(item.name, path, line))
        if self.keeps:
            return self._secret(item, path)
        if item.source is Source.SPECIAL and is_connection(annotation):
            return Content((Piece(Origin(REQUEST, item.name, path, line), Use.TEXT | Use.FIELDS),))
        if item.source not in _SENT or (marker is not None and restricts(marker)):
            return NOTHING
        uses = uses_of(annotation)
        converter = self._path_names.get(item.name, "path") if item.source is Source.PATH else "path"
        if converter not in {"path", "str"} or not uses:
            return NOTHING
        kind = item.source.value
        if item.source is Source.FILE:
            kind = "body"
        name = next(iter(item.names)) if item.names and len(item.names) == 1 else item.name
        origin = Origin(
            kind, name if kind in {"header", "cookie"} else item.name, path, line, type=annotation
        )
        return Content((Piece(origin, uses, is_segment=converter == "str" and kind == "path"),))

    def _secret(self, item: Input, path: str) -> Content:
        """What a parameter has that is secret: itself, a field of it, or a header of the request."""
        annotation, line = item.parameter.annotation, item.parameter.line
        if item.source is Source.SPECIAL and is_connection(annotation):
            return Content((Piece(Origin(REQUEST, item.name, path, line), Use.LOG),))
        if item.source not in _SENT:
            return NOTHING
        name = next(iter(item.names)) if item.names and len(item.names) == 1 else item.name
        fields = [secrets.secret_field(cls, self.fields) for cls in classes_in(annotation) if _is_model(cls)]
        own = secrets.is_secret(name) and (annotation is None or is_text(annotation, {}))
        if not own and not any(fields):
            return NOTHING
        origin = Origin(item.source.value, item.name, path, line, type=annotation)
        return Content((Piece(origin, Use.LOG),))

    def _provide(self, callable_: Value | None) -> Summary:
        """What a dependency gives, and what it checks."""
        if callable_ is None:
            return Summary()
        known = self._provided.get(id(callable_))
        if known is None:
            self._provided[id(callable_)] = callable_, Summary()  # guards against a dependency on itself
            known = callable_, self._of_dependency(callable_)
            self._provided[id(callable_)] = known
        return known[1]

    def _of_dependency(self, callable_: Value) -> Summary:
        given = self._given(callable_)
        if isinstance(callable_, ClassValue):
            found = attributes.find(callable_, "__init__")
            if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                body = self.application.body(self.application.function_of(found[1]))
                summary = self.follow(body, given, frozenset())
                return Summary(summary.receiver, NOTHING, summary.checked)
            fields = tuple(item for item in given.items() if item[1]) if is_model(callable_) else ()
            return Summary(Content((), fields))
        body_ = self._body_of(callable_)
        return self.follow(body_, given, frozenset()) if body_ is not None else Summary()

    def _body_of(self, callable_: Value) -> Body | None:
        inner: Value | None = callable_
        if isinstance(callable_, Object) and isinstance(callable_.cls, ClassValue):
            found = attributes.find(callable_.cls, "__call__")
            inner = Bound(found[1], callable_) if isinstance(found, tuple) else None
        function = unwrapped(inner) if inner is not None else None
        if not isinstance(function, FunctionValue):
            return None
        return self.application.body(self.application.function_of(function))

    def _bodies_of(self, route: Route) -> list[Body]:
        found = [self.application.body(route.handler)] if route.handler is not None else []
        for dependency in route.all_dependencies():
            body = self._body_of(dependency.callable)
            if body is not None:
                found.append(body)
        return found

    def _leading(self) -> frozenset[int]:
        """The identities of all bodies from which a call is reached that acts on texts."""
        callers: dict[int, list[int]] = {}
        acting: list[int] = []
        seen: dict[int, Body] = {}
        waiting = [body for route in self.application.routes for body in self._bodies_of(route)]
        while waiting:
            body = waiting.pop()
            if id(body) in seen:
                continue
            seen[id(body)] = body
            for meaning in body.calls.values():
                if meaning.functions or meaning.bodies:
                    inner = meaning.bodies or tuple(map(self.application.body, meaning.functions))
                    for each in inner:
                        callers.setdefault(id(each), []).append(id(body))
                    waiting += inner
                elif self.keeps:
                    if meaning.node is not None and secrets.writes_log(meaning, meaning.node):
                        acting.append(id(body))
                elif (
                    any(can_carry(sink, body) for sink in sinks_of(meaning))
                    or writes_fields(meaning, body)
                    or (meaning.node is not None and path_method(meaning, meaning.node))
                ):
                    acting.append(id(body))
        found: set[int] = set()
        while acting:
            each_id = acting.pop()
            if each_id not in found:
                found.add(each_id)
                acting += callers.get(each_id, ())
        return frozenset(found)


def _first_call(piece: Piece, last: Function) -> tuple[Function, model.Call] | None:
    """The call by which a piece leaves the function that it comes from: what that calls is for any text."""
    for step in piece.steps:
        if step.call is not None and step.function is not None:
            return (step.function, step.call) if step.function is not last else None
    return None


def _is_model(cls: Value) -> TypeGuard[ClassValue]:
    return isinstance(cls, ClassValue) and is_model(cls)


def _is_for_administrators(route: Route) -> bool:
    names = (dependency.name.rpartition(".")[2] for dependency in route.all_dependencies())
    return any(_ADMINISTRATORS & set(name_words(name)) for name in names)


def _is_request(content: Content) -> bool:
    """Whether a value is the request alone; what functions that act on nothing give of it doesn't count."""
    return not content.fields and all(piece.origin.kind == REQUEST for piece in content.pieces)


def _is_component(piece: Piece) -> bool:
    """Whether a piece begins a component of a path."""
    return piece.begins or piece.edge.endswith(("/", "\\"))


def _goes_up(piece: Piece) -> bool:
    """Whether a piece can be `..` in front of another component."""
    return bool(piece.uses & Use.PARENT) and _is_component(piece) and piece.behind.startswith("/")


def _is_exposed(piece: Piece, use: int) -> bool:
    """Whether a piece stands where it can do this harm."""
    if use == Use.PATH:
        return not piece.is_segment and _is_component(piece)
    if use == Use.PARENT:
        return _is_component(piece) and not piece.behind
    if use == Use.HOST:
        start = (piece.start or "").lower() if piece.start is not None else None
        if piece.begins:
            return not piece.is_segment
        return piece.edge.endswith("://") or start == "//"
    return True

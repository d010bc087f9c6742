"""What stands between a route and callers who may not use it, and which dependency gives it a session.

A guard verifies who calls: a dependency that is a security scheme, that a library is known to make, or that
raises 401 or 403; what stands around the handler, such as middleware; or the handler itself. What can't be
followed may be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Bound,
    Choice,
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    LambdaValue,
    Literal,
    Object,
    Partial,
    Unknown,
    is_none,
)
from fastapi_lint.application.library import Effect, auth, web
from fastapi_lint.application.security.exchanges import exchanges_credentials
from fastapi_lint.application.security.surroundings import Surroundings
from fastapi_lint.application.wiring.routes import dotted
from fastapi_lint.application.wiring.routing import Inclusion
from fastapi_lint.application.written import blocks, children
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Bodies, Body
    from fastapi_lint.application.evaluation.values import (
        Scope,
        Value,
    )
    from fastapi_lint.application.stated import Stated
    from fastapi_lint.application.wiring.dependencies import Dependency
    from fastapi_lint.application.wiring.routes import Route

REFUSALS = frozenset({401, 403})
_STRICT = {"auto_error": True, "optional": False, "session_required": True, "auto_verify": True}
"""Arguments of schemes and libraries' dependencies that let anybody in, and the values that keep them out."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What verifies callers, or may do so (not `is_certain`). `name` is dotted, and empty where unknown."""

    name: str
    is_certain: bool


class Guards:
    """Says by what routes are guarded."""

    def __init__(self, bodies: Bodies, stated: Stated) -> None:
        self._bodies = bodies
        self._stated = stated
        self._surroundings = Surroundings(bodies)
        self._known: dict[int, tuple[Value, bool | None]] = {}
        self._of: dict[int, tuple[Guard, ...]] = {}

    def of(self, route: Route) -> tuple[Guard, ...]:
        """The guards of a route, outermost first: those that verify, or else those that may."""
        known = self._of.get(id(route))
        if known is None:
            found = list(dict.fromkeys(self._all(route)))
            known = tuple([guard for guard in found if guard.is_certain] or found)
            self._of[id(route)] = known
        return known

    def is_public(self, route: Route) -> bool:
        """Whether a setting or a comment says that anybody may call a route."""
        return self._stated.is_public(route)

    def sessions_of(self, route: Route) -> tuple[str, ...]:
        """The dotted names of the dependencies that give a route database sessions or connections."""
        return tuple(
            dict.fromkeys(name for dependency in route.dependencies for name in self._sessions(dependency))
        )

    def verifies(self, callable_: Value) -> bool | None:
        """Whether a dependency refuses callers that it can't verify; None if that isn't known."""
        known = self._known.get(id(callable_))
        if known is None:
            self._known[id(callable_)] = (
                callable_,
                False,
            )  # while it is looked at: a dependency on itself adds nothing
            known = callable_, self._judged(callable_)
            self._known[id(callable_)] = known
        return known[1]

    def _sessions(self, dependency: Dependency) -> Iterator[str]:
        if session_kind(self._bodies.provided(dependency.callable)) is not None:
            yield dependency.name
            return
        for child in dependency.children:
            yield from self._sessions(child)

    def _all(self, route: Route) -> Iterator[Guard]:
        for name, is_certain in self._surroundings.of(route):
            yield Guard(name, is_certain)
        if _lists_unknown_dependencies(route):
            yield Guard("", is_certain=False)
        for dependency in route.dependencies:
            yield from self._among(dependency)
        yield from self._handler(route)

    def _handler(self, route: Route) -> Iterator[Guard]:
        """The handler, if it refuses callers itself and isn't there to look at their credentials.

        Only a library that demands them lets nobody through: what is written out may have its exceptions.
        """
        if route.handler is None or exchanges_credentials(route):
            return
        body = self._bodies.of(route.handler)
        if Effect.REFUSE not in body.effects:
            if route.kind == "websocket" and self._examines(body, set()):
                yield Guard(route.name, is_certain=False)
            return
        refusing = (call for call in body.calls.values() if Effect.REFUSE in call.effects)
        demanding = next((call.name for call in refusing if not call.bodies and call.name), "")
        if demanding or refuses(body):
            yield Guard(demanding or route.name, is_certain=bool(demanding))

    def _among(self, dependency: Dependency) -> Iterator[Guard]:
        """The outermost guards of a dependency's tree: what they depend on in turn is their affair."""
        verdict = self.verifies(dependency.callable)
        if verdict is not False:
            yield Guard(dependency.name, verdict is True)
        if not verdict:
            for child in dependency.children:
                yield from self._among(child)

    def _judged(self, value: Value) -> bool | None:
        if self._stated.authenticates(value):
            return True
        if isinstance(value, Partial):
            return self.verifies(value.function)
        if isinstance(value, (Annotated, Generic)):
            return self.verifies(value.base if isinstance(value, Annotated) else value.origin)
        if isinstance(value, Choice):
            verdicts = {self.verifies(option) for option in value.options}
            return verdicts.pop() if len(verdicts) == 1 else None
        if isinstance(value, External):
            return _external(value.name)
        if isinstance(value, ExternalMethod):
            return _member(value)
        if isinstance(value, Unknown):
            return True if _is_authenticating_member(value.of) else None
        if isinstance(value, LambdaValue):
            return None if _calls(value.definition.body) else False
        if isinstance(value, Object):
            inherited = self._inherited(value)
            if inherited is not False:
                return inherited
        followed = [self._followed(body) for body in self._run(value)]
        if isinstance(value, FunctionValue) and value.wraps is not None:
            followed.append(self.verifies(value.wraps))
        return _either(followed) if followed else self._unfollowed(value)

    def _unfollowed(self, value: Value) -> bool | None:
        """A class that has no `__init__` of its own does nothing; about anything else nothing is known."""
        cls = value.cls if isinstance(value, Object) else value
        if isinstance(cls, ClassValue):
            return False if cls.is_fully_known() else None
        if isinstance(value, Object) and isinstance(cls, External):
            found = library.class_model(cls.name)
            if _authenticates(cls.name):
                return _keeps_out(value)
            if found is not None and found.call is not None:
                return _keeps_out(value) if Effect.REFUSE in found.call.effects else False
            return None if found is None else False
        return None

    def _inherited(self, value: Object) -> bool | None:
        """Whether an object refuses by what its class has from a library: from a security scheme, say."""
        names = [value.cls.name] if isinstance(value.cls, External) else []
        if isinstance(value.cls, ClassValue):
            names = list(value.cls.external_bases())
        for name in names:
            lineage = library.lineage(name)
            is_scheme = web.SECURITY_BASE in lineage[1:] and self._is_inherited(value)
            if is_scheme or _authenticates(name):
                return _keeps_out(value)
        return False

    def _is_inherited(self, value: Object) -> bool:
        """Whether a scheme's own `__call__` runs: the project has none in its place, or one that calls it."""
        found = attributes.find(value.cls, "__call__") if isinstance(value.cls, ClassValue) else None
        if not isinstance(found, tuple):
            return True
        return any(
            call.name.endswith(".__call__") and not call.functions
            for body in self._run(value)
            for call in body.calls.values()
        )

    def _run(self, value: Value) -> list[Body]:
        """What runs when a callable of the project is called."""
        if isinstance(value, FunctionValue):
            return [self._bodies.called(value, None, _site(value, value.scope))]
        if isinstance(value, Bound) and isinstance(value.function, FunctionValue):
            return [self._bodies.called(value.function, value.receiver, _site(value, value.function.scope))]
        if isinstance(value, Object) and isinstance(value.cls, ClassValue):
            found = attributes.find(value.cls, "__call__")
            return self._run(Bound(found[1], value)) if isinstance(found, tuple) else []
        if isinstance(value, ClassValue):
            body = self._bodies.constructed(value, _site(value, value.scope))[1]
            return [body] if body is not None else []
        return []

    def _followed(self, body: Body) -> bool | None:
        if refuses(body):
            return True
        return None if self._examines(body, set()) else False

    def _examines(self, body: Body, seen: set[int]) -> bool:
        """Whether credentials are checked; what comes of it may be an exception that a handler answers."""
        if id(body) in seen:
            return False
        seen.add(id(body))
        return any(
            checks_credentials(call.name) or any(self._examines(inner, seen) for inner in call.bodies)
            for call in body.calls.values()
        )


def refuses(body: Body, seen: frozenset[int] = frozenset()) -> bool:
    """Whether what a function does can end in 401 or 403, and not only where it catches that itself."""
    if Effect.REFUSE not in body.effects or id(body) in seen:
        return False
    seen |= {id(body)}
    definition = body.function.definition
    spans = [span for statement in definition.body for span in _caught(statement)]
    if any(item.status in REFUSALS and not _lies_in(item.line, spans) for item in body.raised):
        return True
    return any(
        Effect.REFUSE in call.effects
        and not (call.node is not None and _lies_in(call.node.line, spans))
        and (not call.bodies or any(refuses(inner, seen) for inner in call.bodies))
        for call in body.calls.values()
    )


def _caught(statement: model.Statement) -> Iterator[tuple[int, int]]:
    """The first and last lines of blocks whose refusals don't leave the function."""
    if isinstance(statement, model.Try) and statement.body and any(map(_swallows, statement.handlers)):
        yield statement.body[0].line, statement.body[-1].end_line
    for block in blocks(statement):
        for inner in block:
            yield from _caught(inner)


def _swallows(handler: model.Handler) -> bool:
    """Whether an `except` catches every HTTPException, and raises nothing in its turn."""
    kinds = handler.type.items if isinstance(handler.type, model.Sequence) else (handler.type,)
    names = {kind if kind is None else (dotted(kind) or "").rpartition(".")[2] for kind in kinds}
    return not names.isdisjoint({None, "Exception", "BaseException", "HTTPException"}) and not any(
        map(_raises, handler.body)
    )


def _raises(statement: model.Statement) -> bool:
    return isinstance(statement, model.Raise) or any(
        _raises(inner) for block in blocks(statement) for inner in block
    )


def _lies_in(line: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= line <= last for first, last in spans)


def _site(callee: Value, scope: Scope) -> CallSite:
    return CallSite(callee, [], {}, None, Frame(scope), complete=False)


def _either(verdicts: list[bool | None]) -> bool | None:
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _keeps_out(value: Object) -> bool | None:
    """Whether a scheme refuses callers without credentials; None where only the running program decides."""
    for name, strict in _STRICT.items():
        given = value.attributes.get(name, value.keywords.get(name))
        if given is not None and not is_none(given):
            if not isinstance(given, Literal):
                return None
            if bool(given.value) is not strict:
                return False
    return True


def _authenticates(name: str) -> bool:
    """Whether instances of a library's class, or what a function makes, are known to verify callers."""
    return not auth.AUTHENTICATING_CLASSES.isdisjoint(library.lineage(name)) or _is_authenticating_member(
        name
    )


def _external(name: str) -> bool | None:
    """What is known of a library's function or class as a dependency."""
    if _authenticates(name):
        return True
    lineage = library.lineage(name)
    found = library.function_model(name)
    if found is not None:
        return Effect.REFUSE in found.effects
    is_harmless = lineage[0].startswith("builtins.") or library.class_model(name) is not None
    return False if is_harmless or lineage[0] in web.INJECTED else None


def _member(value: ExternalMethod) -> bool | None:
    if _is_authenticating_member(f"{value.owner}.{value.name}"):
        return _keeps_out(value.receiver) if isinstance(value.receiver, Object) else True
    found = library.method_model(value.owner, value.name)
    return None if found is None else Effect.REFUSE in found.effects


def _is_authenticating_member(dotted_name: str) -> bool:
    """Whether a library's function or method is, or makes, a dependency that verifies callers."""
    owner, _, name = library.canonical(dotted_name).rpartition(".")
    return any(f"{cls}.{name}" in auth.AUTHENTICATING_MEMBERS for cls in library.lineage(owner))


def checks_credentials(name: str) -> bool:
    """Whether a library's function of this name verifies a token or compares secrets."""
    dotted = library.canonical(name)
    owner, _, member = dotted.rpartition(".")
    token = auth.TOKENS.get(dotted) or library.entry(auth.TOKENS, owner, member)
    if token is not None:
        return token.kind == "verify"
    return dotted in auth.COMPARISONS or "verify" in {
        auth.PASSWORDS.get(dotted),
        library.entry(auth.PASSWORDS, owner, member),
    }


def _calls(expression: model.Expression) -> bool:
    return isinstance(expression, model.Call) or any(map(_calls, children(expression)))


def _lists_unknown_dependencies(route: Route) -> bool:
    """Whether a `dependencies=` argument on the way to the route can't be read."""
    given = [
        route.keywords.get("dependencies"),
        *(router.settings.get("dependencies") for router in route.routers),
    ]
    for outer, inner in zip(route.routers, route.routers[1:], strict=False):
        given += [
            entry.keywords.get("dependencies")
            for entry in outer.entries
            if isinstance(entry, Inclusion) and entry.child is inner
        ]
    return any(value is not None and not is_readable(value) for value in given)


def is_readable(value: Value) -> bool:
    """Whether it is known what a `dependencies=` argument lists."""
    if isinstance(value, Choice):
        return all(map(is_readable, value.options))
    return is_none(value) or (isinstance(value, Collection) and value.complete)

"""Writes that anybody may call although the writes beside them ask who calls.

A route is open only if everything between the client and its data is known and nothing of it looks at the
caller: no dependency, no middleware, no decorator, no class of routes, and not the handler itself. What can't
be read may be a guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Bound,
    Choice,
    ClassValue,
    Dictionary,
    External,
    FunctionValue,
    Generic,
    Union,
    options,
)
from fastapi_lint.application.library import Effect, web
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import is_decision, words
from fastapi_lint.application.security.exchanges import exchanges_credentials, token_kind
from fastapi_lint.application.security.guards import REFUSALS, Guard, checks_credentials
from fastapi_lint.application.wiring.dependencies import callable_name
from fastapi_lint.application.wiring.middleware import is_all_known, layers, middleware_of
from fastapi_lint.application.wiring.purpose import (
    is_about_itself,
    is_for_outside,
    sends_other_than_json,
)
from fastapi_lint.application.wiring.routes import number_of
from fastapi_lint.application.wiring.routing import APP, Mounting, Router
from fastapi_lint.application.written import dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, Raised
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import Dependency, Signature
    from fastapi_lint.application.wiring.routes import Route

_WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PUBLIC: Final = frozenset(
    split(
        "public anonymous guest guests open demo demos example examples contact feedback newsletter "
        "newsletters subscribe unsubscribe optout waitlist waitlists track tracker tracking telemetry "
        "analytics beacon pixel log logs report csp captcha sms verify verification confirm confirmation "
        "activate activation invite invitation invitations accept consent setup install installation "
        "onboarding bootstrap init initialize first device devices heartbeat ping event events ingest auth "
        "auths authentication authorize authorization session sessions token tokens account accounts "
        "graphql rpc jsonrpc mcp internal hook hooks mock test debug cart carts checkout survey surveys "
        "vote votes apply application applications booking bookings reset"
    )
)
"""Words of routes that strangers may well call, or other parties with means of their own."""
_CREDENTIALS: Final = frozenset(
    split(
        "token tokens secret secrets signature sig hmac password passwd passphrase otp pin code key keys "
        "apikey captcha nonce hash credential credentials ticket jwt assertion challenge proof cookie "
        "session sessionid"
    )
)
"""Words of inputs that may tell who calls, or that may only be known to those who may."""
_REFUSING: Final = frozenset(
    split("unauthorized unauthorised unauthenticated forbidden denied invalid credentials")
)
_HARMLESS_DECORATORS: Final = frozenset(split("api_route limit shared_limit exempt cache")) | {
    method.lower() for method in _WRITING | {"GET"}
}
_ABOUT_CALLERS: Final = frozenset(
    {
        "starlette.requests.Request",
        "starlette.requests.HTTPConnection",
        "starlette.websockets.WebSocket",
        "fastapi.security.SecurityScopes",
    }
)
_NO_WRAPPERS: Final = frozenset(split("TestClient AsyncClient ASGITransport Config Instrumentator Mangum"))
_HARMLESS_MIDDLEWARE: Final = ("starlette.middleware.", "fastapi.middleware.")
_NO_LIVE_ROLES: Final = frozenset({"test", "example", "script"})
_DEEPEST: Final = 6
_LEAST_NEAR, _LEAST_AROUND = 2, 5
_MOST: Final = 0.8


class OpenWrite(NamedTuple):
    """A write that nothing guards, and how many writes are guarded: of its router, or of the application.

    `example` is one of those, and `guard` the dotted name of what guards it; None and empty where too few are
    for the write to stand out.
    """

    route: Route
    guarded: int = 0
    is_near: bool = False
    example: Route | None = None
    guard: str = ""


class _Write(NamedTuple):
    """A write: what guards it, if anything; or else whether it surely is `is_open`."""

    route: Route
    guard: str
    is_open: bool


def open_writes(application: Application, *, every: bool) -> Iterator[OpenWrite]:
    """The writes that anybody may call although their siblings are guarded, each registration once.

    `every`: also those whose siblings aren't.
    """
    apps: dict[str, list[Route]] = {}
    for route in application.routes:
        if route.app is not None and _is_write(route):
            apps.setdefault(route.app, []).append(route)
    reported: set[tuple[str, object]] = set()
    for routes in apps.values():
        writes = [write for route in routes for write in _judged(application, route)]
        opened = {id(each.route) for each in writes if each.is_open}
        closed = {route.registered_at for route in routes if id(route) not in opened}
        for each in writes:
            place = each.route.registered_at
            if each.is_open and place not in closed | reported:
                found = _against(each, writes) or (OpenWrite(each.route) if every else None)
                if found is not None and not is_put_behind(application, each.route):
                    reported.add(place)
                    yield found


def _is_write(route: Route) -> bool:
    return bool(route.methods) and _WRITING.issuperset(route.methods)


def _judged(application: Application, route: Route) -> Iterator[_Write]:
    """A write, if it tells whether writes are guarded: not what is for everybody, nor what isn't known."""
    guards = application.guards.of(route)
    certain = next(
        (
            dependency.name
            for dependency in route.all_dependencies()
            if Guard(dependency.name, is_certain=True) in guards and looks_at_caller(application, dependency)
        ),
        "",
    )
    if certain:
        yield _Write(route, certain, is_open=False)
    elif not guards and not is_public_by_nature(route):
        yield _Write(route, "", is_open(application, route))


def looks_at_caller(application: Application, guard: Dependency) -> bool:
    """Whether a guard goes by who calls: one that refuses may as well ask whether a feature is on."""
    return application.stated.authenticates(guard.callable) or any(
        dependency.is_security
        or not isinstance(dependency.callable, (FunctionValue, Bound, ClassValue))
        or any(_tellers(application.dependencies.signature(dependency.callable)))
        for dependency in guard.flattened()
    )


def _against(write: _Write, writes: list[_Write]) -> OpenWrite | None:
    """A write held against those of its router, or else against those of the whole application."""
    near = [each for each in writes if each.route.routers[-1] is write.route.routers[-1]]
    for group, least, share in (
        (near, _LEAST_NEAR, 2 / 3),
        (writes, _LEAST_AROUND, _MOST),
    ):
        guarded = [each for each in group if each.guard]
        if len(guarded) >= least and len(guarded) >= share * len(group):
            closest = max(guarded, key=lambda each: _closeness(each, write.route))
            return OpenWrite(write.route, len(guarded), group is near, closest.route, closest.guard)
    return None


def _closeness(write: _Write, other: Route) -> tuple[bool, bool, int]:
    """How well a guarded write shows what another one lacks: a scheme alone says little."""
    pairs = zip(write.route.path.split("/"), other.path.split("/"), strict=False)
    return (
        write.route.decorator_file == other.decorator_file,
        not write.guard.startswith("fastapi.security."),
        sum(one == two for one, two in pairs),
    )


def is_open(application: Application, route: Route) -> bool:
    """Whether it is known that nothing on the way to a route, nor its handler, asks who calls."""
    if is_public_by_nature(route) or not is_bare(application, route):
        return False
    endpoint = route.registration.endpoint
    return (
        isinstance(endpoint, FunctionValue)
        and ignores_caller(application, endpoint)
        and all(is_blind(application, dependency) for dependency in route.all_dependencies())
        and _changes(application, route)
        and not sends_other_than_json(application, route)
    )


def is_bare(application: Application, route: Route) -> bool:
    """Whether it is known that nothing but its dependencies and its handler can ask who calls a route.

    Not where somebody says that all may call it, and not in tests, examples and scripts.
    """
    handler = route.handler
    if handler is None or route.is_uncertain or not route.dependencies_are_known:
        return False
    if application.guards.is_public(route) or _says_public(route):
        return False
    endpoint = route.registration.endpoint
    if not isinstance(endpoint, FunctionValue) or endpoint.wraps is not None or endpoint.owner is not None:
        return False
    return (
        not handler.module.roles & _NO_LIVE_ROLES
        and all(map(_is_harmless, handler.definition.decorators))
        and all(map(_is_plain, route.routers))
        and not any(_is_wrapped(prefix.origin) for prefix in route.prefixes)
        and all(lets_pass(application, router) for router in route.routers)
    )


def is_public_by_nature(route: Route) -> bool:
    """Whether strangers may well call a route: to log in, to leave a message, to be told of an event."""
    if exchanges_credentials(route) or is_about_itself(route) or is_for_outside(route):
        return True
    return is_public_name(route.path, route.name) or bool(_PUBLIC & {tag.lower() for tag in route.tags})


def is_public_name(path: str, name: str) -> bool:
    """Whether a path, or the dotted name of what serves it, says that strangers may well call it."""
    parts = {word for segment in path.split("/") for word in words(segment)}
    return bool(_PUBLIC & (parts | set(words(name.rpartition(".")[2]))))


def _says_public(route: Route) -> bool:
    """Whether `openapi_extra={"security": …}` says what a route demands; that may be nothing."""
    extra = route.keywords.get("openapi_extra")
    return extra is not None and not (isinstance(extra, Dictionary) and "security" not in extra.entries)


def _changes(application: Application, route: Route) -> bool:
    """Whether a write writes: a POST may as well be a search, or a computation."""
    if "POST" not in route.methods:
        return True
    assert route.handler is not None  # noqa: S101 - asked before
    return application.writes.at_times(application.body(route.handler)) is not None


def _is_harmless(decorator: model.Expression) -> bool:
    function = decorator.function if isinstance(decorator, model.Call) else decorator
    return dotted(function).rpartition(".")[2] in _HARMLESS_DECORATORS


def _is_plain(router: Router) -> bool:
    """Whether an application or a router is FastAPI's own, and so are its routes, with nothing unread."""
    spreads = router.call is not None and any(keyword.name is None for keyword in router.call.keywords)
    route_class = router.settings.get("route_class", router.attributes.get("route_class"))
    return isinstance(router.cls, External) and not spreads and route_class is None


def _is_wrapped(origin: object) -> bool:
    return isinstance(origin, Mounting) and not isinstance(origin.app, Router)


def is_put_behind(application: Application, route: Route) -> bool:
    """Whether the code makes something of an application that may be served in its place: `Door(app)`."""
    names = {router.local_name for router in route.routers if router.kind == APP} - {""}
    return any(
        _wraps(item, names)
        for module in application.modules.by_path.values()
        if "test" not in module.roles
        for statement in nested_statements(module.facts.body)
        for item in expressions(statement)
        if isinstance(item, model.Call)
    )


def _wraps(call: model.Call, names: set[str]) -> bool:
    made = dotted(call.function).rpartition(".")[2]
    given = (*call.arguments, *(keyword.value for keyword in call.keywords))
    return (
        made[:1].isupper()
        and made not in _NO_WRAPPERS
        and any(dotted(item).rpartition(".")[2] in names for item in given)
    )


def lets_pass(application: Application, router: Router) -> bool:
    """Whether no middleware of an application looks at who calls, as far as there is any."""
    if not is_all_known(router):
        return False
    given = [layer.value for layer in layers(router)]
    for value in given:
        if isinstance(value, External):
            name = library.canonical(value.name)
            if not name.startswith(_HARMLESS_MIDDLEWARE) or "authentication" in name:
                return False
        elif not isinstance(value, (FunctionValue, ClassValue)):
            return False
    for function, _ in middleware_of(router):
        names = [item.name for item in function.definition.parameters if item.name != "self"]
        if function.definition.name == "__call__" or not names:
            return False
        if _looks_at(function.definition, names[0]) or _asks(
            application.body(application.function_of(function))
        ):
            return False
    return all(
        not isinstance(value, ClassValue) or any(True for _ in middleware_of(router)) for value in given
    )


def ignores_request(application: Application, function: FunctionValue) -> bool:
    """Whether a function that Starlette calls with a request looks at nothing in it that tells who calls."""
    names = [item.name for item in function.definition.parameters if item.name != "self"]
    if not names or function.opaque_decorators or function.wraps is not None:
        return False
    return not _looks_at(function.definition, names[0]) and not _asks(
        application.body(application.function_of(function))
    )


def _looks_at(function: model.FunctionDefinition, request: str) -> bool:
    """Whether middleware reads who calls off its request, or hands that to others than the next."""
    for expression in _within(function):
        if isinstance(expression, model.Attribute):
            if dotted(expression.value) == request and expression.name in {
                *web.CREDENTIAL_ATTRIBUTES,
                "state",
                "scope",
                "client",
            }:
                return True
        elif isinstance(expression, model.Call) and "next" not in dotted(expression.function):
            given = [*expression.arguments, *(keyword.value for keyword in expression.keywords)]
            if any(isinstance(item, model.Name) and item.id == request for item in given):
                return True
    return False


def is_blind(application: Application, dependency: Dependency) -> bool:
    """Whether a dependency is the project's and nothing in it asks who calls."""
    value = dependency.callable
    if dependency.is_security or dependency.scopes or _is_telling(dependency.name.rpartition(".")[2]):
        return False
    if isinstance(value, ClassValue):
        signature = application.dependencies.signature(value)
        return signature.complete and not any(_tellers(signature))
    function = value.function if isinstance(value, Bound) else value
    return (
        isinstance(function, FunctionValue)
        and function.wraps is None
        and not function.opaque_decorators
        and ignores_caller(application, function)
    )


def ignores_caller(
    application: Application, function: FunctionValue, *, apart_from: frozenset[str] = frozenset()
) -> bool:
    """Whether a function that FastAPI calls takes nothing that could tell who calls, or doesn't use it.

    `apart_from` are parameters that are looked at elsewhere; with some, it may refuse because of them.
    """
    signature = application.dependencies.signature(function)
    if not signature.complete:
        return False
    used = {item.id for item in _within(function.definition) if isinstance(item, model.Name)}
    if any(name in used and name not in apart_from for name in _tellers(signature)):
        return False
    return not _asks(application.body(application.function_of(function)), may_refuse=bool(apart_from))


def _tellers(signature: Signature) -> Iterator[str]:
    """The parameters that may tell who calls: the request, a header, a token in the body."""
    for parameter in signature.parameters:
        marker = parameter.marker.name if parameter.marker is not None else ""
        if (
            parameter.kind in {"args", "kwargs"}
            or marker in {"Header", "Cookie"}
            or _is_telling(parameter.name)
            or (parameter.annotation is not None and _holds_teller(parameter.annotation))
        ):
            yield parameter.name


def _holds_teller(annotation: Value) -> bool:
    for option in options(annotation):
        if isinstance(option, External) and library.canonical(option.name) in _ABOUT_CALLERS:
            return True
        if isinstance(option, ClassValue) and (
            not _ABOUT_CALLERS.isdisjoint(map(library.canonical, option.external_bases()))
            or any(
                _is_telling(name)
                for owner in option.mro()
                if isinstance(owner, ClassValue)
                for name in owner.annotations
            )
        ):
            return True
        inner: Iterable[Value] = ()
        if isinstance(option, Generic):
            inner = option.arguments
        elif isinstance(option, Union):
            inner = option.members
        elif isinstance(option, Annotated):
            inner = (option.base,)
        if any(map(_holds_teller, inner)):
            return True
    return False


def _is_telling(name: str) -> bool:
    return not _CREDENTIALS.isdisjoint(words(name)) or is_decision(name) or "current" in words(name)


def _asks(
    body: Body, depth: int = _DEEPEST, seen: set[int] | None = None, *, may_refuse: bool = False
) -> bool:
    """Whether a function refuses, checks credentials, or gets at the caller some other way.

    `may_refuse`: refusing is no sign of that.
    """
    seen = set() if seen is None else seen
    if id(body) in seen:
        return False
    seen.add(id(body))
    if not may_refuse and (Effect.REFUSE in body.effects or any(map(_may_refuse, body.raised))):
        return True
    for call in body.calls.values():
        last = call.name.rpartition(".")[2]
        if (
            checks_credentials(call.name)
            or token_kind(call) in {"verify", "read"}
            or call.name.startswith("contextvars.")
            or is_decision(last)
            or "current" in words(last)
            or (not may_refuse and any(number in REFUSALS for number in _statuses(call.keywords.values())))
        ):
            return True
        if any(depth == 0 or _asks(inner, depth - 1, seen, may_refuse=may_refuse) for inner in call.bodies):
            return True
    return False


def _may_refuse(raised: Raised) -> bool:
    """Whether an exception answers 401 or 403, or may: its status isn't known, or its name says so."""
    name = callable_name(raised.exception).rpartition(".")[2]
    is_vague = raised.status is None and name == "HTTPException"
    return raised.status in REFUSALS or is_vague or is_decision(name) or bool(_REFUSING & set(words(name)))


def _statuses(given: Iterable[Value]) -> Iterator[int | None]:
    for value in given:
        for option in value.options if isinstance(value, Choice) else (value,):
            yield number_of(option)


def _within(function: model.FunctionDefinition) -> Iterator[model.Expression]:
    for statement in nested_statements(function.body):
        yield from expressions(statement)

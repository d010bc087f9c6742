"""Routers while they are being filled, and what calls of their methods leave in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.frames import CallSite
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    Bound,
    ClassValue,
    Closer,
    Collection,
    External,
    FunctionValue,
    Literal,
    Object,
    options,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )
    from fastapi_lint.application.modules import Module

APP, ROUTER = "fastapi.FastAPI", "fastapi.APIRouter"
REGISTERING = {"add_api_route", "add_api_websocket_route"}
VERBS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@dataclass(eq=False, slots=True)
class Registration:
    """A handler under a path of one router, with the arguments of the call that registered it.

    Where they aren't `complete`, a `**` spread may hold more of them.
    """

    path: Value
    methods: tuple[str, ...]
    endpoint: Value
    keywords: Mapping[str, Value]
    call: model.Call | None
    module: Module
    uncertain: bool
    unlikely: bool
    is_websocket: bool = False
    complete: bool = True
    conditions: frozenset[int] = frozenset()
    """The blocks that have to run for it to happen, by identity."""


@dataclass(eq=False, slots=True)
class Inclusion:
    """`include_router(child, …)`; `size` and `additions` are how many entries and additions the child had."""

    child: Value
    keywords: Mapping[str, Value]
    call: model.Call | None
    module: Module
    uncertain: bool
    unlikely: bool
    size: int = 0
    conditions: frozenset[int] = frozenset()
    additions: int = 0


@dataclass(eq=False, slots=True)
class Mounting:
    """`mount(path, app)`."""

    path: Value
    app: Value
    call: model.Call | None
    module: Module
    uncertain: bool
    unlikely: bool
    conditions: frozenset[int] = frozenset()


@dataclass(eq=False, slots=True)
class Addition:
    """Middleware, or a handler of an event, that a call adds; `event` is empty for middleware.

    `place` is the function that the call stands in, by identity, 0 for a module. `argument` is the one of the
    router's own construction that holds it (`on_startup`), empty where a method adds it.
    """

    value: Value
    event: str
    call: model.Call | None
    module: Module
    uncertain: bool
    place: int
    keywords: Mapping[str, Value] = field(default_factory=dict)
    argument: str = ""


@dataclass(eq=False, slots=True)
class View:
    """A function or an application under a path, by Starlette's `add_route` or its decorator `route`."""

    path: Value
    endpoint: Value
    call: model.Call
    module: Module
    uncertain: bool
    is_decorated: bool = False


@dataclass(eq=False, slots=True)
class Router(Object):
    """An application or a router. `settings` are the arguments that it was made with, by parameter name."""

    kind: str = ROUTER
    settings: dict[str, Value] = field(default_factory=dict)
    entries: list[Registration | Inclusion | Mounting] = field(default_factory=list)
    name: str = ""
    """`module:name` of the module-level name that it was first bound to; empty where it has none."""
    local_name: str = ""
    module: Module | None = None
    call: model.Call | None = None
    maker: str = ""
    """`module:function` of the function of the project that made it, where one did."""
    exception_handlers: list[tuple[Value, Value]] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    """What is served as Starlette does it: no dependency runs for these."""
    additions: list[Addition] = field(default_factory=list)
    """Middleware and handlers of events, in the order in which calls added them."""
    is_included: bool = False


def router_kind(cls: ClassValue) -> str | None:
    """Whether instances of a class of the project are applications or routers."""
    if cls.derives_from(APP):
        return APP
    return ROUTER if cls.derives_from(ROUTER) else None


def new_router(kind: str | None, cls: Value, site: CallSite) -> Router:
    """An application or router that nothing is registered on yet."""
    router = Router(cls, kind=kind or ROUTER, module=site.module, call=site.node)
    function = site.frame.function
    router.maker = f"{function.module.name}:{function.qualname}" if function is not None else ""
    return router


def construct(evaluator: Evaluator, kind: str, site: CallSite) -> Router:
    """`FastAPI(…)` or `APIRouter(…)`."""
    router = new_router(kind, External(kind), site)
    evaluator.routers.append(router)
    configure(evaluator, router, site)
    return router


def configure(evaluator: Evaluator, router: Router, site: CallSite) -> None:
    """Note what an application or router was constructed with."""
    router.settings.update(site.keywords)
    for event in ("startup", "shutdown"):
        given = router.settings.get(f"on_{event}")
        for handler in (evaluator.items_of(given) or []) if given is not None else []:
            _add(router, handler, event, site, argument=f"on_{event}")
    for route in _items(router.settings.get("routes")):
        if not isinstance(route, Object) or not isinstance(route.cls, External):
            continue
        if route.cls.name in {"fastapi.routing.APIRoute", "fastapi.APIRoute"}:
            inner = {**route.keywords}
            path = route.arguments[0] if route.arguments else inner.get("path", UNKNOWN)
            endpoint = route.arguments[1] if len(route.arguments) > 1 else inner.get("endpoint", UNKNOWN)
            register(evaluator, router, path, ("GET",), endpoint, inner, site)
        elif route.cls.name == "starlette.routing.Mount":
            path, app = [*route.arguments, UNKNOWN, UNKNOWN][:2]
            path, app = route.keywords.get("path", path), route.keywords.get("app", app)
            router.entries.append(_mounting(path, app, site))


def _items(value: Value | None) -> list[Value]:
    return value.items if isinstance(value, Collection) else []


def call_method(evaluator: Evaluator, router: Router, name: str, site: CallSite) -> Value:
    """A call of a method that FastAPI gives to applications and routers."""
    if site.frame.recorder is not None and name != "__init__":
        return UNKNOWN  # what a handler does when it runs changes no route
    if name == "__init__":
        configure(evaluator, router, site)
        return NONE
    if name in VERBS or name in {"api_route", "websocket"}:
        overridden = _overridden(router, "api_route") if name in VERBS else None
        if overridden is not None:  # FastAPI's `get` calls `self.api_route`
            keywords = {**site.keywords, "methods": Collection("list", [Literal(name.upper())])}
            return evaluator.call(
                CallSite(overridden, site.arguments, keywords, site.node, site.frame, site.complete)
            )
        return Closer(
            router, name, tuple(site.arguments), site.keywords, site.node, site.module, site.complete
        )
    if name in {"add_api_route", "add_api_websocket_route"}:
        path, endpoint = site.argument(0, "path"), site.argument(1, "endpoint")
        methods = ("WEBSOCKET",) if name != "add_api_route" else method_names(site.keywords.get("methods"))
        register(evaluator, router, path or UNKNOWN, methods, endpoint or UNKNOWN, site.keywords, site)
        return NONE
    if name == "add_route" and site.node is not None:
        path, endpoint = site.argument(0, "path"), site.argument(1, "route")
        uncertain = any(site.frame.doubts())
        router.views.append(View(path or UNKNOWN, endpoint or UNKNOWN, site.node, site.module, uncertain))
        return NONE
    if name == "include_router":
        include(router, site)
        evaluator.more_budget()
        return NONE
    if name == "mount":
        path, app = site.argument(0, "path"), site.argument(1, "app")
        for option in options(app or UNKNOWN):
            if not (isinstance(option, Literal) and option.value is None):
                router.entries.append(_mounting(path or UNKNOWN, option, site))
        return NONE
    if name == "add_middleware":
        middleware = site.argument(0, "middleware_class")
        _add(router, middleware or UNKNOWN, "", site)
        return NONE
    if name == "add_exception_handler":
        caught, handler = site.argument(0, "exc_class_or_status_code"), site.argument(1, "handler")
        router.exception_handlers.append((caught or UNKNOWN, handler or UNKNOWN))
        return NONE
    if name == "add_event_handler":
        event, handler = site.argument(0, "event_type"), site.argument(1, "func") or UNKNOWN
        if isinstance(event, Literal):
            _add(router, handler, str(event.value), site)
        return NONE
    if name in {"middleware", "exception_handler", "on_event", "route", "websocket_route"}:
        return Closer(router, name, tuple(site.arguments), site.keywords, site.node, site.module)
    return UNKNOWN


def _add(
    router: Router,
    value: Value,
    event: str,
    site: CallSite,
    call: model.Call | None = None,
    module: Module | None = None,
    argument: str = "",
) -> None:
    uncertain, unlikely = site.frame.doubts()
    place = id(site.frame.function.definition) if site.frame.function is not None else 0
    router.additions.append(
        Addition(
            value,
            event,
            call or site.node,
            module or site.module,
            uncertain or unlikely,
            place,
            site.keywords,
            argument,
        )
    )


def _mounting(path: Value, app: Value, site: CallSite) -> Mounting:
    return Mounting(path, app, site.node, site.module, *site.frame.doubts(), site.frame.conditions)


def include(router: Router, site: CallSite) -> None:
    """`router.include_router(child, …)`."""
    child = site.argument(0, "router") or UNKNOWN
    uncertain, unlikely = site.frame.doubts()
    is_choice = len(options(child)) > 1
    uncertain = uncertain or is_choice
    around = site.frame.conditions
    for option in options(child):
        size = additions = 0
        if isinstance(option, Router):
            option.is_included = True
            size, additions = len(option.entries), len(option.additions)
        router.entries.append(
            Inclusion(
                option,
                site.keywords,
                site.node,
                site.module,
                uncertain,
                unlikely,
                size,
                around | {id(option)} if is_choice else around,
                additions,
            )
        )


def method_names(value: Value | None) -> tuple[str, ...]:
    """The methods that a `methods=` argument lists, in upper case; GET where there is none."""
    if value is None or (isinstance(value, Literal) and value.value is None):
        return ("GET",)
    names = []
    for item in _items(value):
        inner = getattr(item, "value", None)
        inner = getattr(inner, "value", inner)
        if isinstance(inner, str):
            names.append(inner.upper())
    return tuple(dict.fromkeys(names))


def close(evaluator: Evaluator, closer: Closer, site: CallSite) -> Value:
    """Apply what `router.get("/")` returned to a handler, which is registered and returned."""
    endpoint = site.argument(0, "func") or UNKNOWN
    router = closer.router
    if not isinstance(router, Router) or site.frame.recorder is not None:
        return endpoint
    if closer.method == "exception_handler":
        router.exception_handlers.append((closer.arguments[0] if closer.arguments else UNKNOWN, endpoint))
    elif closer.method == "on_event":
        event = next((str(item.value) for item in closer.arguments if isinstance(item, Literal)), "event")
        _add(router, endpoint, event, site, closer.call, closer.module)
    elif closer.method == "middleware":
        _add(router, endpoint, "", site, closer.call, closer.module)
    elif closer.method == "route" and closer.call is not None:
        path = closer.keywords.get("path", closer.arguments[0] if closer.arguments else UNKNOWN)
        uncertain = any(site.frame.doubts())
        view = View(path, endpoint, closer.call, closer.module, uncertain, is_decorated=True)
        router.views.append(view)
    elif closer.method in VERBS or closer.method in {"api_route", "websocket"}:
        path = closer.keywords.get("path", closer.arguments[0] if closer.arguments else UNKNOWN)
        if closer.method == "websocket":
            methods: tuple[str, ...] = ("WEBSOCKET",)
        elif closer.method == "api_route":
            methods = method_names(closer.keywords.get("methods"))
        else:
            methods = (closer.method.upper(),)
        inner = site
        if closer.call is not None:
            inner = CallSite(closer, [], {}, closer.call, site.frame, closer.complete)
        overridden = _overridden(
            router, "add_api_websocket_route" if closer.method == "websocket" else "add_api_route"
        )
        if overridden is None:
            register(evaluator, router, path, methods, endpoint, closer.keywords, inner, closer.module)
            return endpoint
        keywords = {key: value for key, value in closer.keywords.items() if key != "path"}
        if closer.method != "websocket":
            keywords["methods"] = Collection("list", [Literal(method) for method in methods])
        evaluator.call(
            CallSite(overridden, [path, endpoint], keywords, inner.node, site.frame, inner.complete)
        )
    return endpoint


def _overridden(router: Router, name: str) -> Bound | None:
    """A method that a subclass in the project has in place of FastAPI's, which calls it too."""
    for item in router.cls.mro() if isinstance(router.cls, ClassValue) else ():
        if isinstance(item, ClassValue) and isinstance(item.scope.names.get(name), FunctionValue):
            return Bound(item.scope.names[name], router)
    return None


def register(
    evaluator: Evaluator,
    router: Router,
    path: Value,
    methods: tuple[str, ...],
    endpoint: Value,
    keywords: Mapping[str, Value],
    site: CallSite,
    module: Module | None = None,
) -> None:
    """Put a handler into a router."""
    is_websocket = methods == ("WEBSOCKET",)
    call, module = site.node, module or site.module
    for decorator, place in evaluator.decorating[
        :1
    ]:  # a project's own decorator may register the handler deep inside
        call, module = (decorator if isinstance(decorator, model.Call) else None), place
    entry = Registration(
        path,
        methods,
        endpoint,
        keywords,
        call,
        module,
        *site.frame.doubts(),
        is_websocket,
        site.complete,
        site.frame.conditions,
    )
    router.entries.append(entry)
    evaluator.more_budget()


def make_view(cls: ClassValue, routers: list[Router]) -> None:
    """Do what fastapi-utils' `cbv` does: routes of methods move into a router that is included at the end."""
    for router in routers:
        moved = [
            entry
            for entry in router.entries
            if isinstance(entry, Registration)
            and isinstance(entry.endpoint, FunctionValue)
            and entry.endpoint.owner is cls
        ]
        if moved:
            view = Router(External(ROUTER), kind=ROUTER, module=router.module, is_included=True)
            own = _items(router.settings.get("tags"))  # each route had its router's tags before it moved
            for entry in moved:
                entry.keywords = {
                    **entry.keywords,
                    "tags": Collection("list", [*own, *_items(entry.keywords.get("tags"))]),
                }
            view.entries += moved
            router.entries = [entry for entry in router.entries if entry not in moved]
            last = moved[-1]
            router.entries.append(
                Inclusion(view, {}, last.call, last.module, last.uncertain, last.unlikely, len(moved))
            )

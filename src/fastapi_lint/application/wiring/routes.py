"""Routes as they are served: routers flattened along includes and mounts, with all that they inherit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import (
    Choice,
    ClassValue,
    Collection,
    EnumMember,
    External,
    FunctionValue,
    LambdaValue,
    Literal,
    Object,
    Unknown,
    is_none,
    without_none,
)
from fastapi_lint.application.library import lineage, web
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.routing import APP, Inclusion, Mounting, Registration, Router
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )
    from fastapi_lint.application.functions import Function, Functions
    from fastapi_lint.application.wiring.dependencies import Dependencies, Dependency


@dataclass(eq=False, slots=True)
class Route:
    """One handler under one full path, as the application serves it.

    `app` is `module:name` of the outermost application, None where nothing serves the router. `methods` is
    empty for a websocket. `decorator_span` is the callee (`router.post`) of the call that registered the
    handler. `is_uncertain` marks what is registered under a condition that only the running program
    decides.
    """

    app: str | None
    kind: str
    path: str
    methods: tuple[str, ...]
    handler: Function | None
    file: str
    line: int
    name: str
    decorator_file: str
    decorator_line: int
    decorator_span: Span
    status_code: int | None
    status_is_known: bool
    declares_model: bool
    response_model: Value | None
    response_class: Value | None
    dependencies: tuple[Dependency, ...]
    tags: tuple[str, ...]
    operation_id: str | None
    include_in_schema: bool
    deprecated: bool
    is_uncertain: bool
    registration: Registration
    routers: tuple[Router, ...]
    keywords: Mapping[str, Value] = field(default_factory=dict)
    prefixes: tuple[Prefix, ...] = ()
    conditions: frozenset[int] = frozenset()
    """The blocks of code that have to run for it to be registered, by identity."""
    dependencies_are_known: bool = True
    """Whether every `dependencies=` on the way to it could be read."""

    @property
    def mounted_at(self) -> str:
        """The part of the path that mounts take away before the application that holds the route sees it."""
        last = max((at for at, item in enumerate(self.prefixes) if item.is_mount), default=-1)
        return _joined(self.prefixes[: last + 1])

    @property
    def path_inside(self) -> str:
        """The path as FastAPI compiles it: the whole one, but for what mounts take away."""
        return self.path[len(self.mounted_at) :]

    @property
    def registered_at(self) -> tuple[str, Span]:
        """The file and the callee of the call that registers it: one place for all paths that serve it."""
        return self.decorator_file, self.decorator_span

    @property
    def label(self) -> str:
        """How messages name the route: `POST /orders`."""
        return f"{'/'.join(self.methods) or 'WEBSOCKET'} {self.path}"

    def all_dependencies(self) -> Iterator[Dependency]:
        """Every dependency of the tree, depth first; what stands in several places comes several times."""
        for dependency in self.dependencies:
            yield from dependency.flattened()


@dataclass(frozen=True, slots=True)
class Prefix:
    """A part of a route's path, and what gives it: a router's own, an include's, or a mount's."""

    text: str
    origin: Router | Inclusion | Mounting

    @property
    def is_mount(self) -> bool:
        """Whether it is taken away before the inner application looks at the path."""
        return isinstance(self.origin, Mounting)


@dataclass(eq=False, slots=True)
class MountPoint:
    """Where another application answers everything below a path, as it stands among the routes.

    `path` has no slash at its end, and is empty for a mount at the root.
    """

    app: str | None
    path: str
    mounting: Mounting
    routers: tuple[Router, ...]
    prefixes: tuple[Prefix, ...]
    conditions: frozenset[int]

    @property
    def span(self) -> Span:
        """The callee (`app.mount`) of the call that mounts it."""
        return callee_span(self.mounting.call, 1)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the routers around a route add to it."""

    app: str | None
    prefixes: tuple[Prefix, ...] = ()
    tags: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    response_classes: tuple[Value, ...] = ()
    include_in_schema: bool = True
    deprecated: bool = False
    uncertain: bool = False
    routers: tuple[Router, ...] = ()
    knows_dependencies: bool = True
    conditions: frozenset[int] = frozenset()

    @property
    def prefix(self) -> str:
        """What stands before the path of a route."""
        return _joined(self.prefixes)


def _joined(prefixes: tuple[Prefix, ...]) -> str:
    """One text of several prefixes; what mounts add has no slash at its end."""
    text = ""
    for item in prefixes:
        text = (text + item.text).rstrip("/") if item.is_mount else text + item.text
    return text


class RouteTable:
    """Flattens the routers that evaluation filled."""

    def __init__(
        self, evaluator: Evaluator, dependencies: Dependencies, functions: Functions, *, live: bool
    ) -> None:
        self._evaluator = evaluator
        self._dependencies = dependencies
        self._functions = functions
        self._live = live
        self._served: set[int] = set()
        self.served: tuple[Route | MountPoint, ...] = ()
        """What `build` found, in the order in which requests are matched, with the mounts in their places."""

    def build(self) -> tuple[Route, ...]:
        """Every route of every application, then those of routers that nothing serves."""
        routers: list[Router] = self._evaluator.routers
        mounted = {
            id(entry.app)
            for router in routers
            for entry in router.entries
            if isinstance(entry, Mounting) and not entry.unlikely
        }
        routes: list[Route | MountPoint] = []
        seen: set[tuple[object, ...]] = set()
        applications = [router for router in routers if router.kind == APP]
        for is_mounted in (False, True):  # what is mounted where nobody can say is an application of its own
            for router in applications:
                if (id(router) in mounted) is is_mounted and id(router) not in self._served:
                    found = list(self._flatten(router, self._top(router), ()))
                    key = (id(router.call), *map(_identity, found))
                    if key not in seen:
                        seen.add(key)
                        routes += found
        for router in routers:
            if id(router) not in self._served and not router.is_included:
                routes += self._flatten(router, self._top(router, served=False), ())
        for router in routers:
            if id(router) not in self._served:
                routes += self._flatten(router, self._top(router, served=False), ())
        self.served = tuple(routes)
        return tuple(item for item in routes if isinstance(item, Route))

    def _top(self, router: Router, *, served: bool = True) -> _Context:
        app = (
            (
                router.name
                or router.maker
                or f"{router.module.name if router.module else ''}:{router.local_name}"
            )
            if served
            else None
        )
        return _Context(app)

    def _flatten(
        self, router: Router, context: _Context, active: tuple[int, ...], size: int | None = None
    ) -> Iterator[Route | MountPoint]:
        self._served.add(id(router))
        settings = router.settings
        prefix = (
            ""
            if router.kind == APP
            else self.path_text(settings.get("prefix"))
            if "prefix" in settings
            else ""
        )
        if prefix is None:
            return
        default_class = settings.get("default_response_class")
        inner = _Context(
            context.app,
            (*context.prefixes, Prefix(prefix, router)),
            (*context.tags, *self._tags(settings.get("tags"))),
            (*context.dependencies, *self._dependencies.of_list(settings.get("dependencies"))),
            (*context.response_classes, *([default_class] if default_class is not None else [])),
            context.include_in_schema and _flag(settings.get("include_in_schema"), default=True),
            context.deprecated or _flag(settings.get("deprecated"), default=False),
            context.uncertain,
            (*context.routers, router),
            context.knows_dependencies and self._dependencies.can_read(settings.get("dependencies")),
            context.conditions,
        )
        for entry in router.entries if size is None or self._live else router.entries[:size]:
            if isinstance(entry, Registration):
                route = self._route(entry, inner)
                if route is not None:
                    yield route
            elif isinstance(entry, Inclusion):
                yield from self._include(entry, inner, active)
            elif size is None or self._live:  # until routers were live, including one left its mounts out
                # A mount stands below the prefixes of includes, but not below its router's own.
                yield from self._mount(entry, replace(inner, prefixes=context.prefixes), active)

    def _include(
        self, entry: Inclusion, context: _Context, active: tuple[int, ...]
    ) -> Iterator[Route | MountPoint]:
        child = entry.child
        if not isinstance(child, Router) or id(child) in active:
            return
        prefix = self.path_text(entry.keywords.get("prefix")) if "prefix" in entry.keywords else ""
        if prefix is None:
            return
        default_class = entry.keywords.get("default_response_class")
        inner = _Context(
            None if entry.unlikely else context.app,
            (*context.prefixes, Prefix(prefix, entry)),
            (*context.tags, *self._tags(entry.keywords.get("tags"))),
            (*context.dependencies, *self._dependencies.of_list(entry.keywords.get("dependencies"))),
            (*context.response_classes, *([default_class] if default_class is not None else [])),
            context.include_in_schema and _flag(entry.keywords.get("include_in_schema"), default=True),
            context.deprecated or _flag(entry.keywords.get("deprecated"), default=False),
            context.uncertain or entry.uncertain,
            context.routers,
            context.knows_dependencies and self._dependencies.can_read(entry.keywords.get("dependencies")),
            context.conditions | entry.conditions,
        )
        yield from self._flatten(child, inner, (*active, id(child)), entry.size)

    def _mount(
        self, entry: Mounting, context: _Context, active: tuple[int, ...]
    ) -> Iterator[Route | MountPoint]:
        path = self.path_text(entry.path)
        app = mounted(entry)
        if path is None:
            return
        prefixes = (*context.prefixes, Prefix(path, entry))
        served_by = None if entry.unlikely else context.app
        top = _Context(
            served_by,
            prefixes,
            uncertain=context.uncertain or entry.uncertain,
            routers=context.routers,
            conditions=context.conditions | entry.conditions,
        )
        yield MountPoint(served_by, top.prefix, entry, context.routers, prefixes, top.conditions)
        if not isinstance(app, Router) or id(app) in active or (entry.unlikely and app.kind == APP):
            return
        yield from self._flatten(app, top, (*active, id(app)))

    def _route(self, entry: Registration, context: _Context) -> Route | None:
        path = self.path_text(entry.path)
        if path is None:
            return None
        endpoint = entry.endpoint.options[0] if isinstance(entry.endpoint, Choice) else entry.endpoint
        place = self.place(endpoint)
        if place is None:
            return None
        handler, file, line, name = place
        keywords = entry.keywords
        status, status_is_known = self.status_code(keywords.get("status_code"))
        classes = (
            *context.response_classes,
            *([keywords["response_class"]] if "response_class" in keywords else []),
        )
        declares, model = self._response_model(entry, endpoint)
        own = self._dependencies.of_list(keywords.get("dependencies"))
        parameters = self._dependencies.children_of(endpoint)
        operation_id = keywords.get("operation_id")
        call = entry.call
        first_line = call.line if call is not None else line
        return Route(
            app=None if entry.unlikely else context.app,
            kind="websocket" if entry.is_websocket else "http",
            path=context.prefix + path,
            methods=() if entry.is_websocket else entry.methods,
            handler=handler,
            file=file,
            line=line,
            name=name,
            decorator_file=entry.module.path,
            decorator_line=first_line,
            decorator_span=callee_span(call, line),
            status_code=status,
            status_is_known=status_is_known,
            declares_model=declares,
            response_model=model,
            response_class=classes[-1] if classes else None,
            dependencies=(*context.dependencies, *own, *parameters),
            tags=(*context.tags, *self._tags(keywords.get("tags"))),
            operation_id=str(operation_id.value)
            if isinstance(operation_id, Literal) and operation_id.value is not None
            else None,
            include_in_schema=context.include_in_schema
            and _flag(keywords.get("include_in_schema"), default=True),
            deprecated=context.deprecated or _flag(keywords.get("deprecated"), default=False),
            is_uncertain=context.uncertain or entry.uncertain,
            registration=entry,
            routers=context.routers,
            keywords=keywords,
            prefixes=context.prefixes,
            conditions=context.conditions | entry.conditions,
            dependencies_are_known=context.knows_dependencies
            and entry.complete
            and self._dependencies.can_read(keywords.get("dependencies")),
        )

    def place(self, endpoint: Value) -> tuple[Function | None, str, int, str] | None:
        """The function, file, line and dotted name of a handler; None where it is not one of the project."""
        inner = unwrapped(endpoint)
        if isinstance(inner, FunctionValue):
            return (
                self._functions.of(inner),
                inner.module.path,
                inner.definition.line,
                f"{inner.module.name}.{inner.qualname}",
            )
        if isinstance(inner, LambdaValue):
            return (
                None,
                inner.scope.module.path,
                inner.definition.line,
                f"{inner.scope.module.name}.{inner.qualname}",
            )
        if isinstance(inner, ClassValue):
            return None, inner.module.path, inner.definition.line, inner.name
        if isinstance(inner, Object) and isinstance(inner.cls, ClassValue):
            found = inner.cls.scope.names.get("__call__")
            if isinstance(found, FunctionValue):
                return self._functions.of(found), found.module.path, found.definition.line, inner.cls.name
        return None

    def _response_model(self, entry: Registration, endpoint: Value) -> tuple[bool, Value | None]:
        """Whether a model is declared at all, and which one applies (None where none does)."""
        given = entry.keywords.get("response_model")
        if given is not None and not isinstance(given, Unknown):
            return True, None if is_none(given) or self.is_response(given) else given
        inner = endpoint
        while isinstance(inner, FunctionValue) and inner.wraps is not None:
            inner = inner.wraps
        inner = unwrapped(inner)
        if not isinstance(inner, FunctionValue) or inner.definition.returns is None:
            return False, None
        annotation = self._evaluator.annotation(inner.definition.returns, inner.scope)
        if (
            annotation is None
            or is_none(annotation)
            or self.is_response(annotation)
            or inner.definition.is_generator
        ):
            return True, None
        return True, annotation

    def is_response(self, annotation: Value) -> bool:
        """Whether an annotation is Starlette's Response or a subclass."""
        if isinstance(annotation, ClassValue):
            return any(web.response_kind(lineage(name)) for name in annotation.external_bases())
        return isinstance(annotation, External) and bool(web.response_kind(lineage(annotation.name)))

    def status_code(self, value: Value | None) -> tuple[int | None, bool]:
        """A status code as a number (None: the default), and whether it is known."""
        if value is None or is_none(value):
            return None, True
        number = number_of(without_none(value))
        return number, number is not None

    def path_text(self, value: Value | None) -> str | None:
        """A path or prefix as text; None where it is not known."""
        if value is None:
            return None
        value = without_none(value)
        if isinstance(value, Literal):
            return str(value.value) if isinstance(value.value, str) else "" if value.value is None else None
        return self._evaluator.text_of(value)

    def _tags(self, value: Value | None) -> tuple[str, ...]:
        value = without_none(value) if value is not None else None
        if isinstance(value, Choice):
            value = value.options[0]
        if not isinstance(value, Collection):
            return ()
        tags = []
        for item in value.items:
            inner = item.value if isinstance(item, EnumMember) else item
            if isinstance(inner, Literal):
                tags.append(str(inner.value))
        return tuple(tags)


def _identity(item: Route | MountPoint) -> tuple[object, ...]:
    return (item.path, item.methods, item.line) if isinstance(item, Route) else (item.path,)


def mounted(entry: Mounting) -> Value:
    """What is mounted, without the ASGI middleware that is put around it."""
    app = entry.app
    for _ in range(6):
        if isinstance(app, Object) and not isinstance(app, Router):
            first = app.arguments[0] if app.arguments else None
            app = first or app.keywords.get("app") or app.keywords.get("other_asgi_app") or app
    return app


def number_of(value: Value) -> int | None:
    """The number that a status code's value stands for."""
    if isinstance(value, Literal) and isinstance(value.value, int):
        return value.value
    if isinstance(value, EnumMember):
        return number_of(value.value)
    if isinstance(value, External):
        return web.status_code(value.name)
    return None


def _flag(value: Value | None, *, default: bool) -> bool:
    if isinstance(value, Choice):
        return any(_flag(option, default=default) for option in value.options)
    return bool(value.value) if isinstance(value, Literal) and value.value is not None else default


def callee_span(call: model.Call | None, line: int) -> Span:
    """The place of what a call calls; the beginning of `line` where there is no call."""
    if call is None:
        return Span(line, 1, line, 1)
    end_column = (
        call.column + len(dotted(call.function) or "")
        if call.line == call.end_line or call.line
        else call.end_column
    )
    return Span(call.line, call.column, call.line, end_column)


def origin_of(prefix: Prefix) -> tuple[str, Span] | None:
    """The file and the callee (`APIRouter`, `app.include_router`) of the call that gives a prefix."""
    origin = prefix.origin
    if origin.call is None or origin.module is None:
        return None
    return origin.module.path, callee_span(origin.call, 1)


def dotted(expression: object) -> str | None:
    """`a.b.c` for attribute chains of a name, None for anything else."""
    if isinstance(expression, model.Name):
        return expression.id
    if isinstance(expression, model.Attribute):
        inner = dotted(expression.value)
        return None if inner is None else f"{inner}.{expression.name}"
    return None

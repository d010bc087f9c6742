"""What the settings say about the project's own names, and those of libraries that no table knows."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, External, FunctionValue, ModuleValue
from fastapi_lint.application.wiring.dependencies import callable_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.modules import Modules
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.config import Settings

SESSION, ASYNC_SESSION = "sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession"


def outside_sessions(settings: Settings) -> dict[str, str]:
    """What classes outside of the project stand for that are said to be sessions, by dotted name."""
    return {name: _session_class(name) for name in settings.session_types}


def _session_class(name: str, *, is_async: bool = False) -> str:
    return ASYNC_SESSION if is_async or "async" in name.rpartition(".")[2].lower() else SESSION


class Unmatched(NamedTuple):
    """A setting's value that nothing in the project answers to; `meant` is what may be, if any."""

    key: str
    written: str
    meant: str


class Stated:
    """Answers with the settings, once the project's modules have been run.

    A dotted name may be any that an import could use: what is only re-exported is found under its own name.
    """

    def __init__(self, settings: Settings, evaluator: Evaluator) -> None:
        self._settings = settings
        self._evaluator = evaluator
        self._public = [_split(pattern) for pattern in settings.public_routes]
        self._blocking = self._names(settings.blocking_calls)
        self._factories = self._names(settings.session_factories)
        self._guards = self._names(settings.auth_dependencies)
        for name in settings.session_types:
            cls = self._find(name)
            if isinstance(cls, ClassValue):
                cls.inherit(External(_session_class(name, is_async=_is_entered_asynchronously(cls))))

    def blocks(self, name: str) -> bool:
        """Whether a call of this name, as calls are named in bodies, is said to block."""
        return name in self._blocking

    def authenticates(self, callable_: Value) -> bool:
        """Whether a dependency is said to verify who calls; a closure goes by its factory as well."""
        if not self._guards:
            return False
        name = callable_name(callable_)
        return name in self._guards or name.partition(".<locals>.")[0] in self._guards

    def session_of(self, callee: Value) -> External | None:
        """The class of the sessions that calling something gives, if it is said to give any."""
        name = callable_name(callee) if self._factories else ""
        if name not in self._factories:
            return None
        is_async = isinstance(callee, FunctionValue) and callee.definition.is_async
        return External(_session_class(name, is_async=is_async))

    def is_public(self, route: Route) -> bool:
        """Whether anybody is said to be allowed to call a route: in the settings, or by a comment on it."""
        return self._is_marked(route) or all(
            any(method in {"", own} and fnmatchcase(route.path, path) for method, path in self._public)
            for own in _methods(route)
        )

    def unmatched(self, routes: Sequence[Route]) -> Iterator[Unmatched]:
        """Give what the settings name and the project hasn't. Other packages' names can't be looked up."""
        settings = self._settings
        for key, names in (
            ("session-types", settings.session_types),
            ("session-factories", settings.session_factories),
            ("auth-dependencies", settings.auth_dependencies),
            ("blocking-calls", settings.blocking_calls),
        ):
            for name in names:
                meant = self._meant(name)
                if meant is not None and self._find(name) is None:
                    yield Unmatched(key, name, meant)
        for pattern, (method, path) in zip(settings.public_routes, self._public, strict=True):
            if not any(
                method in {"", *_methods(route)} and fnmatchcase(route.path, path) for route in routes
            ):
                paths = [route.path for route in routes if method in {"", *_methods(route)}]
                close = get_close_matches(path, paths, n=1)
                yield Unmatched("public-routes", pattern, " ".join([method, *close]).strip() if close else "")

    def _meant(self, dotted: str) -> str | None:
        """The closest name that the project has, or none; None if no module of the project is named."""
        parts = dotted.split(".")
        for length in range(len(parts) - 1, 0, -1):
            start = ".".join(parts[:length])
            path = _path(self._evaluator.modules, start)
            module = self._evaluator.modules.by_path.get(path or "")
            if module is not None:
                names = list(self._evaluator.scope_of(module).names)
                close = get_close_matches(parts[length], names, n=1)
                found = ".".join((start, *close, *parts[length + 1 :]))
                return found if close and self._find(found) is not None else ""
        return None

    def _is_marked(self, route: Route) -> bool:
        lines = {route.registration.module.path: range(route.decorator_line, route.decorator_line + 1)}
        call = route.registration.call
        if call is not None:
            lines[route.registration.module.path] = range(call.line, call.end_line + 1)
        marked = self._evaluator.modules.by_path
        own = route.handler is not None and route.line in marked[route.handler.path].facts.public_lines
        return own or any(
            line in span for path, span in lines.items() for line in marked[path].facts.public_lines
        )

    def _names(self, written: Iterable[str]) -> frozenset[str]:
        return frozenset(name for each in written for name in self._spellings(each))

    def _spellings(self, dotted: str) -> Iterator[str]:
        yield dotted
        yield library.canonical(dotted)
        found = self._find(dotted)
        if found is not None:
            yield callable_name(found)

    def _find(self, dotted: str) -> Value | None:
        """What a dotted name stands for in the project; None where nothing does."""
        parts = dotted.split(".")
        for length in range(len(parts) - 1, 0, -1):
            path = _path(self._evaluator.modules, ".".join(parts[:length]))
            if path is None:
                continue
            value: Value | None = self._evaluator.at(path)
            for name in parts[length:]:
                value = self._member(value, name)
            if value is not None:
                return value
        return None

    def _member(self, value: Value | None, name: str) -> Value | None:
        if isinstance(value, ModuleValue):
            return self._evaluator.member(value.module, name)
        found = attributes.find(value, name) if isinstance(value, ClassValue) else None
        return found[1] if isinstance(found, tuple) else None


def _methods(route: Route) -> tuple[str, ...]:
    return route.methods or ("WEBSOCKET",)


def _path(modules: Modules, dotted: str) -> str | None:
    found = (modules.find(importer, dotted) for importer in modules.by_path.values())
    return next((path for path in found if path is not None), None)


def _is_entered_asynchronously(cls: ClassValue) -> bool:
    return isinstance(attributes.find(cls, "__aenter__"), tuple)


def _split(pattern: str) -> tuple[str, str]:
    method, _, path = pattern.rpartition(" ")
    return method, path

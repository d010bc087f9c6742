"""Follow what functions know of the caller, from parameters to conditions and refusals.

One pass over a function's statements, in order. Each name is traced to what it depends on (`callers.Trace`).
Each refusal (401 or 403, raised or returned) is looked at together with the conditions that lead to it. Calls
of the project are followed with the traces of their arguments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Literal,
    Object,
    options,
)
from fastapi_lint.application.library import web
from fastapi_lint.application.library.auth import AUTHENTICATING_CLASSES, AUTHENTICATING_MEMBERS
from fastapi_lint.application.security import callers
from fastapi_lint.application.security.callers import (
    CREDENTIAL_TRACE,
    INPUT_TRACE,
    NEUTRAL,
    OPTION_TRACE,
    REQUEST_TRACE,
    UNKNOWN_TRACE,
    USER_TRACE,
    Part,
    Source,
    Trace,
    met,
)
from fastapi_lint.application.security.checks import Summary
from fastapi_lint.application.security.flow import Flow
from fastapi_lint.application.security.possible import without_checks
from fastapi_lint.application.security.statuses import Statuses
from fastapi_lint.application.wiring.dependencies import callable_name, unwrapped

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import SignatureParameter

DEEPEST = 5
"""How many calls deep the caller is followed; eight found nothing more in real code, in twice the time."""


class Provenance:
    """Follows functions, each once for every combination of traces that it is given."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.statuses = Statuses(application.routes, application.bodies)
        self._known: dict[tuple[object, ...], tuple[Summary, int]] = {}
        """What following a function showed, and how many more calls deep that went."""
        self._cut_off: dict[tuple[object, ...], Summary] = {}
        """The same where it would have gone deeper, so that the answer holds for one depth alone."""
        self._provided: dict[int, tuple[Value, Trace]] = {}
        self._dependencies: dict[int, Value] | None = None
        self._without_checks: frozenset[int] | None = None
        self._in_paths: frozenset[str] | None = None
        self._depth = 0
        self._needed = 0
        """How many calls deep the function is followed that is being looked at."""

    def of_handler(self, function: Function) -> Summary:
        """Follow a function as FastAPI calls it for a route."""
        return self._injected(function, function.value, is_dependency=False)

    def of_dependency(self, function: Function) -> Summary:
        """Follow a function as FastAPI calls it for a dependency."""
        return self._injected(function, function.value, is_dependency=True)

    def can_check(self, function: Function) -> bool:
        """Whether following a function can find a check."""
        if self._without_checks is None:
            self._without_checks = without_checks(self.application, self.statuses)
        return id(function) not in self._without_checks

    def is_dependency(self, function: Function) -> bool:
        """Whether FastAPI calls the function as a dependency of some route."""
        return id(function.definition) in self.dependencies()

    def dependencies(self) -> dict[int, Value]:
        """Every function that FastAPI calls as a dependency, by the identity of its definition."""
        if self._dependencies is None:
            self._dependencies = {}
            for route in self.application.routes:
                for dependency in route.all_dependencies():
                    inner = unwrapped(dependency.callable)
                    if isinstance(inner, FunctionValue):
                        self._dependencies.setdefault(id(inner.definition), inner)
        return self._dependencies

    def _injected(self, function: Function, callable_: Value, *, is_dependency: bool) -> Summary:
        return self.follow(function, self.given(callable_, is_dependency=is_dependency))

    def given(self, callable_: Value, *, is_dependency: bool = False) -> dict[str, Trace]:
        """What FastAPI passes to a function."""
        signature = self.application.dependencies.signature(callable_)
        return {
            item.name: self._parameter(item, is_dependency=is_dependency) for item in signature.parameters
        }

    def _parameter(self, item: SignatureParameter, *, is_dependency: bool) -> Trace:
        marker = item.marker
        if marker is not None and marker.name in {"Depends", "Security"}:
            return self.provided(marker.callable if marker.callable is not None else item.annotation)
        names = _class_names(item.annotation)
        if any(library.is_subclass(name, "starlette.requests.HTTPConnection") for name in names):
            return REQUEST_TRACE
        if any(library.is_subclass(name, injected) for name in names for injected in web.INJECTED):
            return NEUTRAL
        if marker is not None and (
            marker.name in {"Header", "Cookie"} or (is_dependency and marker.name == "Query")
        ):
            alias = marker.keywords.get("alias")
            name = str(alias.value) if isinstance(alias, Literal) and alias.value else item.name
            return CREDENTIAL_TRACE if callers.is_credential(name) else OPTION_TRACE
        if not is_dependency or (marker is not None and marker.name not in {"Header", "Cookie", "Query"}):
            return INPUT_TRACE
        if marker is None and callers.words(item.name)[-1:] == ["token"]:
            return CREDENTIAL_TRACE
        return INPUT_TRACE if item.name in self._path_parameters() else OPTION_TRACE

    def _path_parameters(self) -> frozenset[str]:
        """The names of all parameters in paths of the project."""
        if self._in_paths is None:
            self._in_paths = frozenset(
                name for route in self.application.routes for name in re.findall(r"\{(\w+)", route.path)
            )
        return self._in_paths

    def provided(self, callable_: Value | None) -> Trace:
        """What a dependency gives: the user, a credential, something of both the caller and the input."""
        if callable_ is None:
            return UNKNOWN_TRACE
        known = self._provided.get(id(callable_))
        if known is None:
            self._provided[id(callable_)] = (
                callable_,
                UNKNOWN_TRACE,
            )  # guards against a dependency on itself
            known = (callable_, self._of_dependency(callable_))
            self._provided[id(callable_)] = known
        return known[1]

    def _of_dependency(self, callable_: Value) -> Trace:
        name = callable_name(callable_)
        if name in AUTHENTICATING_CLASSES or name in AUTHENTICATING_MEMBERS:
            return USER_TRACE
        owner, _, member = name.rpartition(".")
        if library.entry(dict.fromkeys(AUTHENTICATING_MEMBERS, True), owner, member):
            return USER_TRACE
        if isinstance(callable_, Object) and isinstance(callable_.cls, External):
            return (
                CREDENTIAL_TRACE
                if library.is_subclass(callable_.cls.name, web.SECURITY_BASE)
                else UNKNOWN_TRACE
            )
        if isinstance(callable_, ClassValue):
            return self._of_class(callable_)
        inner: Value | None = callable_
        if isinstance(callable_, Object) and isinstance(callable_.cls, ClassValue):
            found = attributes.find(callable_.cls, "__call__")
            if not isinstance(found, tuple):
                security = any(
                    library.is_subclass(base, web.SECURITY_BASE) for base in callable_.cls.external_bases()
                )
                return CREDENTIAL_TRACE if security else UNKNOWN_TRACE
            inner = Bound(found[1], callable_)
        function = unwrapped(inner) if inner is not None else None
        if not isinstance(function, FunctionValue) or inner is None:
            return UNKNOWN_TRACE
        given = self.given(inner, is_dependency=True)
        result = self.follow(self.application.function_of(function), given).result
        if not result.sources & Source.CALLER:
            return result
        if met(result).sources & Source.INPUT:
            finds_caller = callers.is_principal(function.definition.name) and not any(
                trace.sources & Source.INPUT for trace in given.values()
            )
            if finds_caller:
                return _found_by_request(result)
        if result.sources & Source.INPUT:
            return result
        part = result.part
        if part is Part.DATA and not result.fields:
            shown = any(trace.part is Part.CREDENTIAL or trace.part >= Part.STATE for trace in given.values())
            known = any(trace.part in {Part.USER, Part.DATA, Part.PRIVILEGE} for trace in given.values())
            if callers.is_principal(function.definition.name) or (shown and not known):
                part = Part.USER
        # whatever else was looked at to find who asks
        return Trace(part, Source.CALLER, result.fields)

    def _of_class(self, cls: ClassValue) -> Trace:
        return self.constructed(cls, self.given(cls, is_dependency=True))

    def constructed(self, cls: ClassValue, given: dict[str, Trace]) -> Trace:
        """An object of a class of the project that is made with these arguments."""
        fields = tuple(given.items())
        found = attributes.find(cls, "__init__")
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            function = self.application.function_of(found[1])
            fields = self.follow(function, given).receiver.fields
        bare = met(*(trace for _, trace in fields), *given.values())
        return Trace(Part.DATA if bare.sources & Source.CALLER else Part.NOTHING, bare.sources, fields)

    def follow(self, function: Function, given: dict[str, Trace]) -> Summary:
        """Follow a function whose parameters have these traces; those that aren't given depend on nothing."""
        if self._depth >= DEEPEST:
            self._needed = DEEPEST
            return Summary(function, met(*given.values()))
        key = (id(function.definition), frozenset(given.items()))
        known = self._known.get(key)
        if known is not None and self._depth + known[1] < DEEPEST:
            self._needed = max(self._needed, known[1] + 1)
            return known[0]
        cut_off = self._cut_off.get((key, self._depth))
        if cut_off is not None:
            self._needed = DEEPEST
            return cut_off
        around, self._needed = self._needed, 0
        self._depth += 1
        try:
            summary = Flow(self, function, given).run()
        finally:
            self._depth -= 1
        if self._depth + self._needed < DEEPEST:
            self._known[key] = summary, self._needed
        else:
            self._cut_off[key, self._depth] = summary
        self._needed = max(around, self._needed + 1)
        return summary


def _found_by_request(caller: Trace) -> Trace:
    """Who asks, found by a dependency that looks into the request's path or body on the way.

    Whatever it gives, another dependency can have from it.
    """
    fields = [
        (name, trace.of(Source.CALLER)) for name, trace in caller.fields if trace.sources & Source.CALLER
    ]
    return Trace(Part.USER, Source.CALLER, tuple(fields))


def _class_names(annotation: Value | None) -> list[str]:
    names: list[str] = []
    for option in options(annotation) if annotation is not None else ():
        if isinstance(option, ClassValue):
            names += option.external_bases()
        elif isinstance(option, External):
            names.append(option.name)
    return names

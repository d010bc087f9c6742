"""Routes that only demand a credential: a scheme takes it from the request, and nobody verifies it.

A scheme looks for a token, a key or a name with a password. What these are worth is for the dependency or the
handler to find out that is given them. A route is reported only if everything else around it is known, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Literal,
    Object,
)
from fastapi_lint.application.library import web
from fastapi_lint.application.security.callers import is_credential
from fastapi_lint.application.security.examining import use_of
from fastapi_lint.application.security.exchanges import exchanges_credentials
from fastapi_lint.application.security.openness import ignores_caller, is_bare, is_blind, is_put_behind
from fastapi_lint.application.wiring.dependencies import callable_name
from fastapi_lint.application.wiring.purpose import is_about_itself, is_for_outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import Dependency
    from fastapi_lint.application.wiring.routes import Route

_SCHEMES, _KEYS = "fastapi.security.", "fastapi.security.APIKey"
_FOR_DOCUMENTS: Final = frozenset({"fastapi_auth0.auth.OAuth2ImplicitBearer"})
"""Libraries' schemes that the documentation shows, and that look at nothing."""


class Unverified(NamedTuple):
    """A scheme whose credential nobody verifies, and the routes that rely on it, in their order.

    `by` is the dependency that is given the credential; None where the handlers are, or nobody is.
    """

    scheme: str
    routes: tuple[Route, ...]
    by: Function | None
    is_optional: bool


class _Demand(NamedTuple):
    scheme: Object
    by: Function | None
    key: tuple[str, int]


def unverified_schemes(application: Application) -> Iterator[Unverified]:
    """The schemes whose credential no function verifies, once for each that asks for them."""
    known = _Schemes(application)
    found: dict[tuple[object, ...], tuple[_Demand, list[Route]]] = {}
    verified: set[tuple[object, ...]] = set()
    for route in application.routes:
        if route.handler is None or not any(map(known.has_scheme, route.dependencies)):
            continue
        is_verified = known.may_verify(route)
        for demand in known.demands(route):
            key: tuple[object, ...] = (*demand.key, id(demand.scheme))
            if is_verified:
                verified.add(key)
            else:
                found.setdefault(key, (demand, []))[1].append(route)
    for key, (demand, routes) in found.items():
        if key[0] == "dependency" and key in verified:
            continue  # what other routes verify, these may rely on in a way that isn't seen
        if not is_put_behind(application, routes[0]):
            yield Unverified(
                callable_name(demand.scheme).rpartition(".")[2],
                tuple(routes),
                demand.by,
                _lets_in(demand.scheme),
            )


class _Schemes:
    """What dependencies do with the credentials of schemes, each callable looked at once."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._having: dict[int, bool] = {}
        self._giving: dict[int, bool | None] = {}

    def has_scheme(self, dependency: Dependency) -> bool:
        """Whether a dependency is a scheme, or needs one."""
        known = self._having.get(id(dependency.callable))
        if known is None:
            known = _scheme(dependency.callable) is not None or any(map(self.has_scheme, dependency.children))
            self._having[id(dependency.callable)] = known
        return known

    def demands(self, route: Route) -> Iterator[_Demand]:
        """The schemes of a route, each with the dependency that takes what it finds."""
        for top in route.dependencies:
            yield from self._demands(top, None, route)

    def _demands(self, dependency: Dependency, taker: Dependency | None, route: Route) -> Iterator[_Demand]:
        scheme = _scheme(dependency.callable)
        if scheme is not None:
            function = _function(taker.callable) if taker is not None else None
            if function is not None:
                by = self._application.function_of(function)
                yield _Demand(scheme, by, ("dependency", id(function.definition)))
            elif dependency.parameter:
                yield _Demand(scheme, None, ("handler", id(route.handler)))
            else:
                yield _Demand(scheme, None, ("list", 0))
        for child in dependency.children if self.has_scheme(dependency) else ():
            yield from self._demands(child, dependency, route)

    def may_verify(self, route: Route) -> bool:
        """Whether anything on the way to a route, or its handler, may verify what its schemes find."""
        endpoint = route.registration.endpoint
        return (
            not isinstance(endpoint, FunctionValue)
            or any(self._given(dependency) is None for dependency in route.dependencies)
            or exchanges_credentials(route)
            or is_about_itself(route)
            or is_for_outside(route)
            or not is_bare(self._application, route)
            or self._received(endpoint, route.dependencies) is None
        )

    def _given(self, dependency: Dependency) -> bool | None:
        """Whether a dependency gives a credential that nobody has verified; None where it may be verified."""
        key = id(dependency.callable)
        if key not in self._giving:
            self._giving[key] = self._judged(dependency)
        return self._giving[key]

    def _judged(self, dependency: Dependency) -> bool | None:
        if _scheme(dependency.callable) is not None:
            return True
        if not self.has_scheme(dependency):
            is_blind_all = all(is_blind(self._application, item) for item in dependency.flattened())
            return False if is_blind_all else None
        function = _function(dependency.callable)
        return None if function is None else self._received(function, dependency.children)

    def _received(self, function: FunctionValue, dependencies: Sequence[Dependency]) -> bool | None:
        """Whether a function gives back a credential that it was given; None if it may verify the caller."""
        carrying: set[str] = set()
        for dependency in dependencies:
            outcome = self._given(dependency)
            if outcome is None:
                return None
            if outcome:
                carrying.add(dependency.parameter)
        given = frozenset(item.parameter for item in dependencies if self.has_scheme(item)) - {""}
        if not ignores_caller(self._application, function, apart_from=given):
            return None
        use = use_of(self._application, self._application.function_of(function), carrying)
        return None if use.examines else use.gives_back


def _function(value: Value) -> FunctionValue | None:
    """The function of the project that runs for a dependency; None where that isn't known."""
    if isinstance(value, Object) and isinstance(value.cls, ClassValue):
        found = attributes.find(value.cls, "__call__")
        value = found[1] if isinstance(found, tuple) else value
    if isinstance(value, Bound):
        value = value.function
    if isinstance(value, FunctionValue) and value.wraps is None and not value.opaque_decorators:
        return value
    return None


def _scheme(value: Value) -> Object | None:
    """A scheme of FastAPI that verifies nothing by itself; a key that is no credential is none."""
    if not isinstance(value, Object):
        return None
    if isinstance(value.cls, ClassValue):
        if isinstance(attributes.find(value.cls, "__call__"), tuple) or not value.cls.is_fully_known():
            return None
        names = list(value.cls.external_bases())
    else:
        names = [value.cls.name] if isinstance(value.cls, External) else []
    for name in names:
        dotted = library.canonical(name)
        if dotted in _FOR_DOCUMENTS:
            return value
        if dotted.startswith(_SCHEMES) and web.SECURITY_BASE in library.lineage(dotted):
            return value if not dotted.startswith(_KEYS) or _is_for_credentials(value) else None
    return None


def _is_for_credentials(scheme: Object) -> bool:
    """Whether the header, cookie or query parameter of a key says by its name that it is one."""
    name = scheme.keywords.get("name")
    return isinstance(name, Literal) and is_credential(str(name.value))


def _lets_in(scheme: Object) -> bool:
    given = scheme.attributes.get("auto_error", scheme.keywords.get("auto_error"))
    is_shown = callable_name(scheme) in _FOR_DOCUMENTS
    return is_shown or (isinstance(given, Literal) and given.value is False)

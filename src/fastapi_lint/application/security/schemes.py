"""Routes that only demand a credential: a scheme takes it from the request, and nobody verifies it.

A scheme looks for a token, a key or a name with a password. What these are worth is for the dependency or the
handler to find out that is given them. A route is reported only if everything else around it is known, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
from fastapi_lint.application.wiring.purpose import is_about_itself, is_for_outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import Dependency
    from fastapi_lint.application.wiring.routes import Route

_SCHEMES, _KEYS = "fastapi.security.", "fastapi.security.APIKey"


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
    found: dict[tuple[object, ...], tuple[_Demand, list[Route]]] = {}
    verified: set[tuple[object, ...]] = set()
    for route in application.routes:
        demands = list(_demands(application, route))
        if not demands:
            continue
        is_verified = _is_verified(application, route)
        for demand in demands:
            key: tuple[object, ...] = (*demand.key, id(demand.scheme))
            if is_verified:
                verified.add(key)
            else:
                found.setdefault(key, (demand, []))[1].append(route)
    for key, (demand, routes) in found.items():
        if key[0] == "dependency" and key in verified:
            continue  # what other routes verify, these may rely on in a way that isn't seen
        if not is_put_behind(application, routes[0]):
            yield Unverified(_name(demand.scheme), tuple(routes), demand.by, _lets_in(demand.scheme))


def _demands(application: Application, route: Route) -> Iterator[_Demand]:
    """The schemes of a route, each with the dependency that takes what it finds."""
    if route.handler is None or not any(_scheme(item.callable) for item in route.all_dependencies()):
        return
    for top in route.dependencies:
        for dependency in top.flattened():
            scheme = _scheme(dependency.callable)
            if scheme is None:
                continue
            taker = next((item for item in top.flattened() if dependency in item.children), None)
            function = _function(taker.callable) if taker is not None else None
            if function is not None:
                by = application.function_of(function)
                yield _Demand(scheme, by, ("dependency", id(function.definition)))
            elif dependency.parameter:
                yield _Demand(scheme, None, ("handler", id(route.handler)))
            else:
                yield _Demand(scheme, None, ("list", 0))


def _is_verified(application: Application, route: Route) -> bool:
    """Whether anything on the way to a route, or its handler, may verify what its schemes find."""
    if exchanges_credentials(route) or is_about_itself(route) or is_for_outside(route):
        return True
    if not is_bare(application, route):
        return True
    endpoint = route.registration.endpoint
    return (
        not isinstance(endpoint, FunctionValue)
        or _received(application, endpoint, route.dependencies) is None
    )


def _given(application: Application, dependency: Dependency) -> bool | None:
    """Whether a dependency gives a credential that nobody has verified; None where it may be verified."""
    if _scheme(dependency.callable) is not None:
        return True
    if not any(_scheme(item.callable) for item in dependency.flattened()):
        return False if all(is_blind(application, item) for item in dependency.flattened()) else None
    function = _function(dependency.callable)
    return None if function is None else _received(application, function, dependency.children)


def _received(
    application: Application, function: FunctionValue, dependencies: Sequence[Dependency]
) -> bool | None:
    """Whether a function gives back a credential of its dependencies; None if it may verify the caller."""
    carrying: set[str] = set()
    for dependency in dependencies:
        outcome = _given(application, dependency)
        if outcome is None:
            return None
        if outcome:
            carrying.add(dependency.parameter)
    given = frozenset(
        dependency.parameter
        for dependency in dependencies
        if any(_scheme(item.callable) for item in dependency.flattened())
    ) - {""}
    if not ignores_caller(application, function, apart_from=given):
        return None
    use = use_of(application, application.function_of(function), carrying)
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
        if dotted.startswith(_SCHEMES) and web.SECURITY_BASE in library.lineage(dotted):
            return value if not dotted.startswith(_KEYS) or _is_for_credentials(value) else None
    return None


def _is_for_credentials(scheme: Object) -> bool:
    """Whether the header, cookie or query parameter of a key says by its name that it is one."""
    name = scheme.keywords.get("name")
    return isinstance(name, Literal) and is_credential(str(name.value))


def _lets_in(scheme: Object) -> bool:
    given = scheme.attributes.get("auto_error", scheme.keywords.get("auto_error"))
    return isinstance(given, Literal) and given.value is False


def _name(scheme: Object) -> str:
    cls = scheme.cls
    return (
        cls.qualname
        if isinstance(cls, ClassValue)
        else cls.name.rpartition(".")[2]
        if isinstance(cls, External)
        else ""
    )

"""One route in full: what serves it, what runs before its handler, and what that does, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.application.evaluation.values import ClassValue, FunctionValue, LambdaValue, Object
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.listing import listed
from fastapi_lint.application.wiring.outline import name_of
from fastapi_lint.application.wiring.routing import APP, Mounting, Router

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.bodies import Step
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import Dependency
    from fastapi_lint.application.wiring.listing import ListedRoute
    from fastapi_lint.application.wiring.routes import Prefix, Route
    from fastapi_lint.diagnostics import Diagnostic

    Show = Callable[[str], str]


class Link(msgspec.Struct, frozen=True):
    """What serves a route, outermost first: `what` it is, its name, and what it adds to the path.

    `place` is `file:line`, empty where it isn't known; so are the places of the others.
    """

    what: str
    name: str
    prefix: str
    place: str


class DependencyAccount(msgspec.Struct, frozen=True):
    """A dependency: the parameter that takes it, and what it is to the route.

    `verifies` says whether it refuses callers that it can't verify, None if that isn't known.
    """

    name: str
    parameter: str
    place: str
    verifies: bool | None
    children: tuple[DependencyAccount, ...]


class EffectAccount(msgspec.Struct, frozen=True):
    """Something that the handler does, and the calls that lead there: a name and a place each."""

    effect: str
    chain: tuple[tuple[str, str], ...]


class RouteAccount(msgspec.Struct, frozen=True):
    """What is known of one route. `effects` are those of its handler and of what this calls."""

    label: str
    route: ListedRoute
    declares_model: bool
    links: tuple[Link, ...]
    dependencies: tuple[DependencyAccount, ...]
    effects: tuple[EffectAccount, ...]


class Verdict(msgspec.Struct, frozen=True):
    """What a rule says about a route: `reports`, `silenced`, `known` (by the baseline), `off` or `silent`.

    `why` is the comment's reason, or why the rule is off; `diagnostics` are what it says.
    """

    code: str
    name: str
    says: str
    why: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


def account_of(route: Route, application: Application, show: Show) -> RouteAccount:
    """Put together what is known of a route; `show` turns paths of the project into those for readers."""
    effects = application.body(route.handler).effects if route.handler is not None else {}
    return RouteAccount(
        route.label,
        listed(route, application.guards, show),
        route.declares_model,
        tuple(_link(prefix, show) for prefix in route.prefixes),
        tuple(_dependency(item, application, show) for item in route.dependencies),
        tuple(
            EffectAccount(effect.value, tuple(_step(step, show) for step in chain))
            for effect, chain in effects.items()
        ),
    )


def _link(prefix: Prefix, show: Show) -> Link:
    origin = prefix.origin
    line = origin.call.line if origin.call is not None else None
    place = _place(origin.module.path if origin.module is not None else None, line, show)
    if isinstance(origin, Router):
        return Link("application" if origin.kind == APP else "router", name_of(origin), prefix.text, place)
    return Link("mount" if isinstance(origin, Mounting) else "include", "", prefix.text, place)


def _dependency(dependency: Dependency, application: Application, show: Show) -> DependencyAccount:
    return DependencyAccount(
        dependency.name,
        dependency.parameter,
        _place_of(dependency, show),
        application.guards.verifies(dependency.callable),
        tuple(_dependency(child, application, show) for child in dependency.children),
    )


def _place_of(dependency: Dependency, show: Show) -> str:
    value = unwrapped(dependency.callable)
    if isinstance(value, Object):
        value = value.cls
    if isinstance(value, (FunctionValue, ClassValue)):
        return _place(value.module.path, value.definition.line, show)
    if isinstance(value, LambdaValue):
        return _place(value.scope.module.path, value.definition.line, show)
    return ""


def _step(step: Step, show: Show) -> tuple[str, str]:
    return step.name, _place(step.path, step.line, show)


def _place(path: str | None, line: int | None, show: Show) -> str:
    return "" if path is None else show(path) if line is None else f"{show(path)}:{line}"

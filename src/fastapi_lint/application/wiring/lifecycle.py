"""What runs when an application starts and stops, what never does, and which middleware is outermost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import responses
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    FunctionValue,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.wiring.routing import APP, Inclusion, Mounting, Registration, Router
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routing import Addition

CORS: Final = ("starlette.middleware.cors.CORSMiddleware", "fastapi.middleware.cors.CORSMiddleware")
_ANSWERING: Final = {
    "AuthenticationMiddleware",
    "HTTPSRedirectMiddleware",
    "SlowAPIASGIMiddleware",
    "SlowAPIMiddleware",
    "TrustedHostMiddleware",
}
"""Middleware of libraries that may answer a request itself."""


def lifespan_of(router: Router) -> Value | None:
    """The lifespan that an application or router was made with; None where it has none."""
    given = router.settings.get("lifespan")
    return None if given is None or is_none(given) else given


def has_start_up(router: Router) -> bool:
    """Whether an application does something when it starts or stops, as far as that is known."""
    lifespan = lifespan_of(router)
    if lifespan is not None and not isinstance(lifespan, Unknown):
        return True
    return any(item.event for item in router.additions)


def runs_others(router: Router) -> bool:
    """Whether an application's lifespan may run that of another one, or can't be looked into."""
    lifespan = lifespan_of(router)
    if lifespan is None:
        return any(item.event and _mentions(item.value) for item in router.additions)
    return _mentions(lifespan)


def _mentions(value: Value) -> bool:
    if not isinstance(value, FunctionValue):
        return True
    inside = [item for node in nested_statements(value.definition.body) for item in expressions(node)]
    names = [
        item.name if isinstance(item, model.Attribute) else item.id
        for item in inside
        if isinstance(item, (model.Attribute, model.Name))
    ]
    return any("lifespan" in name or "startup" in name or "stack" in name for name in names)


def never_started(application: Application) -> Iterator[tuple[Mounting, Router]]:
    """The mounts of applications whose lifespan nobody runs, each with the application that is mounted."""
    for router in application.routers:
        if runs_others(router):
            continue
        for entry in router.entries:
            app = entry.app if isinstance(entry, Mounting) else None
            if not isinstance(entry, Mounting) or not isinstance(app, Router) or app.kind != APP:
                continue
            if not entry.unlikely and "test" not in entry.module.roles and has_start_up(app):
                yield entry, app


def added_too_late(application: Application) -> Iterator[tuple[Inclusion, Registration | Inclusion]]:
    """What is added to a router after the last time that it was included, and that inclusion."""
    inclusions: dict[int, list[Inclusion]] = {}
    for router in application.routers:
        for entry in router.entries:
            if isinstance(entry, Inclusion):
                inclusions.setdefault(id(entry.child), []).append(entry)
    for child in application.routers:
        found = inclusions.get(id(child), [])
        if not found or any(entry.uncertain or entry.unlikely for entry in found):
            continue
        last = max(found, key=lambda entry: entry.size)
        for late in child.entries[last.size :]:
            if isinstance(late, (Registration, Inclusion)) and late.call is not None:
                yield last, late


def inside_of_cors(application: Application) -> Iterator[tuple[Addition, Addition]]:
    """CORS middleware with what is added after it, by the same block of code, and answers by itself."""
    for router in application.routers:
        added = [item for item in router.additions if not item.event]
        for at, cors in enumerate(added):
            if not _is_cors(cors.value) or cors.uncertain:
                continue
            outer = next(
                (
                    item
                    for item in added[at + 1 :]
                    if not item.uncertain
                    and (item.place, item.module) == (cors.place, cors.module)
                    and _answers(application, item.value)
                ),
                None,
            )
            if outer is not None and not any(_is_cors(item.value) for item in added[at + 1 :]):
                yield cors, outer


def _is_cors(value: Value) -> bool:
    if isinstance(value, ClassValue):
        return value.derives_from(*CORS)
    return isinstance(value, External) and value.name in CORS


def _answers(application: Application, value: Value) -> bool:
    """Whether middleware sends a Response of its own in place of the one from further in."""
    if isinstance(value, External):
        return value.name.rpartition(".")[2] in _ANSWERING
    if isinstance(value, ClassValue):
        found = attributes.find(value, "dispatch")
        value = found[1] if isinstance(found, tuple) else value
    if not isinstance(value, FunctionValue):
        return False
    body = application.body(application.function_of(value))
    return any(
        isinstance(option, Object)
        and (option.arguments or option.keywords)
        and bool(responses.kind_of_class(option.cls))
        for statement in nested_statements(value.definition.body)
        if isinstance(statement, model.Return) and statement.value is not None
        for option in options(body.value(statement.value))
    )

"""What runs when an application starts and stops, what never does, and what does several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import FunctionValue, Unknown, is_none
from fastapi_lint.application.wiring.routing import APP, Inclusion, Mounting, Registration, Router
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routing import Addition

_DEEPEST: Final = 8
"""How many includes within includes are followed: a router that includes itself ends there."""


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


def repeated_handlers(application: Application) -> Iterator[tuple[Addition, Inclusion, int]]:
    """Handlers of events of routers that run more than once, with what includes their router, and how often.

    Including a router copies its handlers to the one that includes it, as far as both are there by then; and
    all routers without a lifespan of their own run what they have in the end.
    """
    for app in application.routers:
        if app.kind == APP and any(isinstance(entry, Inclusion) for entry in app.entries):
            runs: dict[int, list[tuple[Addition, Inclusion | None]]] = {}
            for router in _started(app, len(app.entries)):
                for item in _handlers(router, len(router.entries), len(router.additions)):
                    runs.setdefault(id(item[0]), []).append(item)
            for found in runs.values():
                inclusions = [entry for _, entry in found if entry is not None]
                if len(found) > 1 and inclusions:
                    yield found[0][0], inclusions[0], len(found)


def _inclusions(router: Router, size: int) -> Iterator[tuple[Inclusion, Router]]:
    """What a router with `size` entries includes; of several inclusions that nobody is sure of, the first."""
    uncertain: set[int] = set()
    for entry in router.entries[:size]:
        if isinstance(entry, Inclusion) and isinstance(entry.child, Router) and not entry.unlikely:
            if entry.uncertain and id(entry.child) in uncertain:
                continue
            if entry.uncertain:
                uncertain.add(id(entry.child))
            yield entry, entry.child


def _started(router: Router, size: int, depth: int = 0) -> Iterator[Router]:
    """The routers whose handlers run when one starts that had `size` entries, as often as they do."""
    if lifespan_of(router) is None:
        yield router
    for entry, child in _inclusions(router, size) if depth < _DEEPEST else ():
        yield from _started(child, entry.size, depth + 1)


def _handlers(
    router: Router, size: int, additions: int, by: Inclusion | None = None, depth: int = 0
) -> Iterator[tuple[Addition, Inclusion | None]]:
    """The handlers that a router has with so many entries and additions, and what copied them to it."""
    yield from ((item, by) for item in router.additions[:additions] if item.event)
    for entry, child in _inclusions(router, size) if depth < _DEEPEST else ():
        yield from _handlers(child, entry.size, entry.additions, entry, depth + 1)


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

"""Operation ids: which OpenAPI documents have one of them twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.wiring.routing import APP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.wiring.routes import Route


@dataclass(frozen=True, slots=True)
class Repeated:
    """An operation id that a route shares with an earlier one, or with itself under several methods."""

    operation_id: str
    route: Route
    earlier: Route


def repeated_operation_ids(routes: Iterable[Route]) -> Iterator[Repeated]:
    """Find written ids that one application's document has several times.

    A mounted application has a document of its own, and what isn't in the schema is in none.
    """
    first: dict[tuple[int, str], Route] = {}
    for route in routes:
        if route.kind != "http" or not route.include_in_schema or route.operation_id is None:
            continue
        applications = [router for router in route.routers if router.kind == APP]
        if not applications:
            continue
        key = (id(applications[-1]), route.operation_id)
        earlier = first.setdefault(key, route)
        if earlier is not route:
            if earlier.conditions <= route.conditions:
                yield Repeated(route.operation_id, route, earlier)
        elif len(route.methods) > 1:
            yield Repeated(route.operation_id, route, route)

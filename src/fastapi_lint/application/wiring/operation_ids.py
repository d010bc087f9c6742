"""Operation ids: which OpenAPI documents have one of them twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.wiring.routing import APP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.wiring.routes import Route


@dataclass(frozen=True, slots=True)
class Repeated:
    """An operation id that a route shares with an earlier one, or with itself under several methods.

    The id is empty where FastAPI makes it.
    """

    operation_id: str
    route: Route
    earlier: Route


def repeated_operation_ids(routes: Iterable[Route]) -> Iterator[Repeated]:
    """Find the ids that one application's document has several times.

    FastAPI gives all methods of a route one id, whoever chose it. A mounted application has a document of
    its own, and what isn't in the schema is in none.
    """
    first: dict[tuple[int, str], Route] = {}
    for route in routes:
        applications = [router for router in route.routers if router.kind == APP]
        if route.kind != "http" or not route.include_in_schema or not applications:
            continue
        url = applications[-1].settings.get("openapi_url")
        if url is not None and not (isinstance(url, Literal) and url.value):
            continue  # there is no document, or only the running program decides
        operation_id = route.operation_id or ""
        earlier = first.setdefault((id(applications[-1]), operation_id), route) if operation_id else route
        if earlier is not route:
            if earlier.conditions <= route.conditions:
                yield Repeated(operation_id, route, earlier)
        elif len(route.methods) > 1:
            yield Repeated(operation_id, route, route)

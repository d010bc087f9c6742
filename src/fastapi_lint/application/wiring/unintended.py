"""Parameters that FastAPI reads from the body of requests that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, FunctionValue, Object
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.parameters import Source

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

WITHOUT_BODY: Final = {"GET", "HEAD", "OPTIONS"}


def bodies_without_marker(application: Application) -> dict[int, dict[str, tuple[Route, Input]]]:
    """The parameters that become a body of GET and HEAD although nothing says so.

    By the definition (its identity) and the parameter's name, each with the first route that asks for it. A
    route that also has a method with a body is none of these.
    """
    found: dict[int, dict[str, tuple[Route, Input]]] = {}
    for route in application.routes:
        if route.kind != "http" or not route.methods or not WITHOUT_BODY.issuperset(route.methods):
            continue
        inputs = application.inputs(route)
        for item in inputs.of(Source.BODY, Source.FILE):
            definition = definition_of(item.owner)
            if definition is not None and not item.is_marked:
                found.setdefault(id(definition), {}).setdefault(item.name, (route, item))
    return found


def read_signatures(routes: tuple[Route, ...]) -> frozenset[int]:
    """The definitions, by identity, of the functions whose signatures FastAPI reads for some routes."""
    found = {id(route.handler.definition) for route in routes if route.handler is not None}
    for route in routes:
        found.update(id(definition_of(each.callable)) for each in route.all_dependencies())
    return frozenset(found)


def definition_of(owner: Value) -> object | None:
    """The function whose signature FastAPI reads for a callable; None for a class without `__init__`."""
    value = unwrapped(owner)
    if isinstance(value, FunctionValue):
        return value.definition
    name = "__init__" if isinstance(value, ClassValue) else "__call__"
    cls = value.cls if isinstance(value, Object) else value
    found = attributes.find(cls, name) if isinstance(cls, ClassValue) else None
    inner = found[1] if isinstance(found, tuple) else None
    return inner.definition if isinstance(inner, FunctionValue) else None

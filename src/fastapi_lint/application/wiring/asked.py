"""Every parameter that FastAPI fills, by the function that has it, each function looked at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import FunctionValue
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.parameters import inputs_of
from fastapi_lint.application.wiring.unintended import definition_of

if TYPE_CHECKING:
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route


@dataclass(frozen=True, slots=True)
class Asked:
    """A function whose signature FastAPI reads, for `route` and maybe others; `inputs` by parameter.

    Not `complete` where a decorator may have given it another signature.
    """

    route: Route
    inputs: dict[str, Input] = field(default_factory=dict)
    complete: bool = True

    @property
    def is_handler(self) -> bool:
        """Whether it serves the route, and is no dependency of it."""
        handler = self.route.handler
        owners = {id(definition_of(item.owner)) for item in self.inputs.values()}
        return handler is not None and id(handler.definition) in owners


def asked(application: Application) -> dict[int, Asked]:
    """The functions whose parameters FastAPI fills, by the identity of their definitions."""
    found: dict[int, Asked] = {}
    seen: set[int] = set()
    for route in application.routes:
        dependencies = (item.callable for item in route.all_dependencies())
        for callable_ in (route.registration.endpoint, *dependencies):
            if id(callable_) in seen:
                continue
            seen.add(id(callable_))
            definition = definition_of(callable_)
            if definition is None or id(definition) in found:
                continue
            inputs = inputs_of(callable_, application.dependencies, parse(route.path_inside).names)
            inner = unwrapped(callable_)
            is_plain = not (isinstance(inner, FunctionValue) and inner.opaque_decorators)
            found[id(definition)] = Asked(
                route, {item.parameter.name: item for item in inputs.all}, inputs.complete and is_plain
            )
    return found

"""Calls of FastAPI's API that the version which is used has deprecated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import External
from fastapi_lint.application.written import expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import SignatureParameter

ARGUMENTS: Final = {"regex": ((0, 100), "pattern="), "example": ((0, 103), "examples=")}
"""Arguments of `Query()` and its kin: since when they are deprecated, and what takes their place."""
RESPONSES: Final = {
    f"{module}.{name}"
    for module in ("fastapi.responses", "starlette.responses")
    for name in ("ORJSONResponse", "UJSONResponse")
}
RESPONSES_SINCE: Final = (0, 131)
"""From this FastAPI on, JSON is written by Pydantic, and these classes are deprecated."""


def arguments(application: Application) -> Iterator[tuple[str, model.Call, str, str]]:
    """Deprecated arguments of parameters' markers: the file, the call, the argument and its successor."""
    seen: set[int] = set()
    for route in application.routes:
        callables = [route.registration.endpoint, *(item.callable for item in route.all_dependencies())]
        for callable_ in callables:
            for parameter in application.dependencies.signature(callable_).parameters:
                if parameter.marker is None or id(parameter) in seen:
                    continue
                seen.add(id(parameter))
                for name, (since, successor) in ARGUMENTS.items():
                    if name in parameter.marker.keywords and application.target_fastapi >= since:
                        path = application.path_of(callable_)
                        call = _call(parameter, name)
                        if path is not None and call is not None:
                            yield path, call, name, successor


def _call(parameter: SignatureParameter, name: str) -> model.Call | None:
    """The call in a parameter's declaration that passes an argument of this name."""
    definition = parameter.definition
    if definition is None:
        return None
    for node in (definition.default, definition.annotation):
        for item in (node, *expressions(node)) if node is not None else ():
            if isinstance(item, model.Call) and any(keyword.name == name for keyword in item.keywords):
                return item
    return None


def is_deprecated_response(application: Application, value: object) -> bool:
    """Whether a response class is one that FastAPI has deprecated."""
    return (
        application.target_fastapi >= RESPONSES_SINCE
        and isinstance(value, External)
        and value.name in RESPONSES
    )

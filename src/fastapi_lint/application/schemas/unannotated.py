"""Parameters without an annotation of functions whose signatures FastAPI reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.wiring.parameters import Source

if TYPE_CHECKING:
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_FILLED: Final = {
    "request": "Request",
    "req": "Request",
    "response": "Response",
    "background_tasks": "BackgroundTasks",
    "websocket": "WebSocket",
    "ws": "WebSocket",
}
"""What parameters with these names are meant to be, which FastAPI tells by their annotations alone."""
_NOUNS: Final = {
    Source.PATH: "text of the path",
    Source.QUERY: "query value",
    Source.HEADER: "header",
    Source.COOKIE: "cookie",
    Source.BODY: "body",
    Source.FORM: "form field",
    Source.FILE: "upload",
    Source.DEPENDENCY: "dependency",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A parameter without annotation: the first route that asks for it, and what it takes, in words.

    `mistaken` is the class that its author must have meant, where its name says so.
    """

    route: Route
    source: str
    mistaken: str = ""


def unannotated(application: Application, function: Function) -> dict[str, Missing]:
    """The parameters of a function that have no annotation, by name.

    Those that a dependency fills count from the strict level on: nothing of the request gets in there.
    """
    asked = application.asked.get(id(function.definition))
    if asked is None or not asked.complete or "test" in function.module.roles:
        return {}
    found: dict[str, Missing] = {}
    for name, item in asked.inputs.items():
        definition = item.parameter.definition
        if definition is None or definition.annotation is not None or definition.kind in {"args", "kwargs"}:
            continue
        if name.startswith("_"):
            continue  # which says that the value isn't used
        is_receiver = name in {"self", "cls"} and definition is function.definition.parameters[0]
        if is_receiver or item.source not in _NOUNS:
            continue
        if item.source is Source.DEPENDENCY and application.settings.level == "default":
            continue
        is_query = item.source is Source.QUERY and not item.is_marked
        found[name] = Missing(asked.route, _NOUNS[item.source], _FILLED.get(name, "") if is_query else "")
    return found

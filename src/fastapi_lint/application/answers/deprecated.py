"""What of FastAPI's API the version in use has deprecated, or the next one takes away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    External,
    Generic,
    Literal,
    Object,
    Union,
)
from fastapi_lint.application.library import web
from fastapi_lint.application.library.model import words
from fastapi_lint.application.wiring.routes import callee_span
from fastapi_lint.application.wiring.routing import APP
from fastapi_lint.application.written import dotted, expressions, nested_statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.dependencies import SignatureParameter
    from fastapi_lint.application.wiring.routes import Route

_ARGUMENTS: Final = {"regex": ((0, 100), "pattern="), "example": ((0, 103), "examples=")}
"""Arguments of `Query()` and its kin: since when they are deprecated, and what takes their place."""
_EXTRA_SINCE, _EXTRA_UNTIL = (0, 100), (0, 155)
"""Arguments of other names went into the schema: deprecated since the first, an error from the second on."""
KNOWN_ARGUMENTS: Final = frozenset(
    words(
        "alias alias_priority allow_inf_nan convert_underscores decimal_places default default_factory "
        "deprecated description discriminator embed example examples fail_fast ge gt include_in_schema "
        "json_schema_extra le lt max_digits max_length media_type min_length multiple_of openapi_examples "
        "pattern regex serialization_alias strict title union_mode validate_default validation_alias"
    )
)
"""What `Query()` and its kin take by name."""
_APPLICATIONS: Final = {
    "openapi_prefix": ((0, 52), (0, 145)),
    "root_path": ((0, 146), None),
}
"""Arguments of `FastAPI()`: since when they are deprecated, and gone."""
_NAMES: Final = ("ORJSONResponse", "UJSONResponse")
_RESPONSES: Final = {
    f"{module}.{name}" for module in ("fastapi.responses", "starlette.responses") for name in _NAMES
}
_RESPONSES_SINCE: Final = (0, 131)
"""From this FastAPI on, JSON is written by Pydantic, and these classes are deprecated."""
_OLD_MODELS: Final = ("pydantic.v1.BaseModel", "pydantic.v1.main.BaseModel")
_OLD_MODELS_SINCE, _OLD_MODELS_UNTIL = (0, 127), (0, 128)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """What is used in a file, said as a whole message, and what to do instead."""

    path: str
    at: Span
    message: str
    instead: str


def deprecated(application: Application) -> Iterator[Deprecated]:
    """What the FastAPI version in use has deprecated; what several routes share comes several times."""
    yield from _arguments(application)
    yield from _of_applications(application)
    yield from _response_classes(application)
    if application.target_fastapi >= _OLD_MODELS_SINCE:
        for route in application.routes:
            yield from _old_models(application, route)


def _arguments(application: Application) -> Iterator[Deprecated]:
    seen: set[int] = set()
    for route in application.routes:
        callables = [route.registration.endpoint, *(item.callable for item in route.all_dependencies())]
        for callable_ in callables:
            path = application.path_of(callable_)
            for parameter in application.dependencies.signature(callable_).parameters:
                marker = parameter.marker
                if path is None or marker is None or id(parameter) in seen:
                    continue
                seen.add(id(parameter))
                if f"fastapi.{marker.name}" not in web.PARAMETER_FUNCTIONS:
                    continue
                for name in marker.keywords:
                    message, instead = _argument(application, name)
                    call = _call(parameter, name) if message else None
                    if call is not None:
                        yield Deprecated(path, callee_span(call, 1), message, instead)


def _argument(application: Application, name: str) -> tuple[str, str]:
    """What to say of an argument of `Query()` or its kin, and its successor; nothing of what is in order."""
    target = application.target_fastapi
    if name in _ARGUMENTS:
        since, successor = _ARGUMENTS[name]
        return (f"`{name}=` is deprecated", f"pass `{successor}`") if target >= since else ("", "")
    if target < _EXTRA_SINCE or name in KNOWN_ARGUMENTS:
        return "", ""
    refused = "which FastAPI 0.155 refuses" if target >= _EXTRA_UNTIL else "which is deprecated"
    return (
        f"`{name}=` is no argument of FastAPI's and goes into the schema, {refused}",
        "pass `json_schema_extra=`, or the argument that was meant",
    )


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


def _of_applications(application: Application) -> Iterator[Deprecated]:
    """Arguments of an application's construction, and Starlette's decorator for routes."""
    target = application.target_fastapi
    for router in application.routers:
        if router.kind != APP or router.module is None or router.call is None:
            continue
        at = callee_span(router.call, 1)
        for name, (since, until) in _APPLICATIONS.items():
            given = router.settings.get(name)
            if given is not None and target >= since and not (isinstance(given, Literal) and not given.value):
                is_gone = until is not None and target >= until
                what = "no argument any more, since FastAPI 0.145" if is_gone else "deprecated"
                yield Deprecated(
                    router.module.path,
                    at,
                    f"`{name}=` is {what}",
                    "tell the server: `--root-path`" if target >= (0, 146) else "pass `root_path=`",
                )
        for view in router.views:
            if not view.is_decorated:
                continue
            yield Deprecated(
                view.module.path,
                callee_span(view.call, 1),
                "the decorator `route` is deprecated, and gone with Starlette 1.0",
                "use `get`, `post` … with `include_in_schema=False`, or `add_route`",
            )


def _response_classes(application: Application) -> Iterator[Deprecated]:
    if application.target_fastapi < _RESPONSES_SINCE:
        return
    for router in application.routers:
        given = router.settings.get("default_response_class")
        if _is_deprecated_response(given) and router.module is not None and router.call is not None:
            yield _response_class(router.module.path, callee_span(router.call, 1))
    for route in application.routes:
        if route.registration.call is not None and _is_deprecated_response(
            route.keywords.get("response_class")
        ):
            yield _response_class(*route.registered_at)
    for route in application.routes:
        if route.handler is not None:
            for call in _made_responses(application, route.handler):
                yield _response_class(route.handler.path, callee_span(call, 1))


def _made_responses(application: Application, handler: Function) -> Iterator[model.Call]:
    """The calls of a handler that make a response of a deprecated class."""
    for statement in nested_statements(handler.definition.body):
        for call in expressions(statement):
            if isinstance(call, model.Call) and dotted(call.function).rpartition(".")[2] in _NAMES:
                made = application.body(handler).value(call)
                if isinstance(made, Object) and _is_deprecated_response(made.cls):
                    yield call


def _response_class(path: str, at: Span) -> Deprecated:
    return Deprecated(
        path,
        at,
        "this response class is deprecated: FastAPI writes JSON with Pydantic",
        "leave it out, and declare a response model",
    )


def _is_deprecated_response(value: object) -> bool:
    return isinstance(value, External) and value.name in _RESPONSES


def _old_models(application: Application, route: Route) -> Iterator[Deprecated]:
    """Models of `pydantic.v1` that a handler takes or declares to return."""
    signature = application.dependencies.signature(route.registration.endpoint)
    for annotation in (*(item.annotation for item in signature.parameters), route.response_model):
        for cls in _classes(annotation):
            if cls.derives_from(*_OLD_MODELS):
                is_gone = application.target_fastapi >= _OLD_MODELS_UNTIL
                line = cls.definition.line
                yield Deprecated(
                    cls.module.path,
                    Span(line, 1, line, 1),
                    f"`{cls.definition.name}` is a model of `pydantic.v1`, which "
                    f"{'FastAPI 0.128 refuses' if is_gone else 'is deprecated'}",
                    "derive it from Pydantic 2's `BaseModel`",
                )


def _classes(annotation: Value | None) -> Iterator[ClassValue]:
    """The classes of the project that an annotation names."""
    if isinstance(annotation, ClassValue):
        yield annotation
    elif isinstance(annotation, Annotated):
        yield from _classes(annotation.base)
    elif isinstance(annotation, (Generic, Union)):
        for item in annotation.arguments if isinstance(annotation, Generic) else annotation.members:
            yield from _classes(item)

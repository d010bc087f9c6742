"""What goes out over the wire: what handlers return, how it is written, and whether there may be a body."""

from __future__ import annotations

import sys
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import TUPLES
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    ClassValue,
    Collection,
    Dictionary,
    EnumMember,
    External,
    FunctionValue,
    Generic,
    Literal,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.library import web
from fastapi_lint.application.wiring.routes import number_of

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

JSON: Final = "json"
FIRST_WITH_BODY: Final = 200
OK: Final = 200
TEMPORARY_REDIRECT: Final = 307
BODYLESS: Final = {204, 304}
RESET_CONTENT: Final = 205
RESET_CONTENT_SINCE: Final = (0, 109, 1)
"""From this FastAPI on, 205 is a status without a body."""

_PLAIN_PACKAGES: Final = sys.stdlib_module_names | {
    "pydantic",
    "pydantic_core",
    "pydantic_settings",
    "sqlalchemy",
    "sqlmodel",
}
"""Packages that define no Response."""
_PLAIN_BUILTINS = "abs all any bool bytes divmod float hash int isinstance pow repr round sum"
_PLAIN_FUNCTIONS: Final = {
    *(f"builtins.{name}" for name in _PLAIN_BUILTINS.split()),
    "dataclasses.asdict",
    "datetime.datetime.now",
    "json.dumps",
    "json.loads",
    "os.listdir",
    "time.time",
    "uuid.uuid4",
}
_PLAIN_OWNERS: Final = ("builtins.str.", "builtins.int.", "builtins.float.", "builtins.bytes.")
"""Functions, and classes with methods, whose results are plain data."""


class Returned(Enum):
    """What a returned value is to FastAPI."""

    RESPONSE = "a Response, which is sent as it is"
    NOTHING = "None"
    DATA = "a value that a response model could describe"
    UNKNOWN = "can't be told"


def returned(value: Value) -> frozenset[Returned]:
    """Say what a returned value is; several things where that depends on the running program."""
    return frozenset(_returned(option) for option in options(value))


def data_of(value: Value) -> Value | None:
    """Give the first thing that a returned value may be and that is data; None where there is none."""
    return next((option for option in options(value) if _returned(option) is Returned.DATA), None)


def is_certain(data: Value) -> bool:
    """Whether data can't be None, as a library's row can."""
    return not isinstance(data, Unknown)


def _returned(value: Value) -> Returned:
    if is_none(value):
        return Returned.NOTHING
    if isinstance(value, (Literal, Collection, Dictionary, EnumMember)):
        return Returned.DATA
    if isinstance(value, Object):
        kind = kind_of_class(value.cls)
        if kind is None:
            return Returned.UNKNOWN
        return Returned.RESPONSE if kind else Returned.DATA
    if isinstance(value, Unknown) and (
        value.is_plain or value.of in _PLAIN_FUNCTIONS or value.of.startswith(_PLAIN_OWNERS)
    ):
        return Returned.DATA
    return Returned.UNKNOWN


def kind_of_class(cls: Value) -> str | None:
    """Say what instances of a class send, as `web.response_kind` does.

    An empty string for a class that is no Response, None where that can't be told.
    """
    if isinstance(cls, Generic):
        return kind_of_class(cls.origin)
    if isinstance(cls, External):
        return _kind_of_external(library.canonical(cls.name))
    if not isinstance(cls, ClassValue):
        return None
    kinds = [
        _kind_of_external(library.canonical(base))
        for base in cls.external_bases()
        if base != "builtins.object"
    ]
    kind = next((kind for kind in kinds if kind), "")
    if kind == "raw" and _says_json(cls):
        return JSON
    return kind or (None if None in kinds or not cls.is_fully_known() else "")


def _kind_of_external(name: str) -> str | None:
    kind = web.response_kind(library.lineage(name))
    if kind:
        return kind
    is_plain = name.partition(".")[0] in _PLAIN_PACKAGES or library.class_model(name) is not None
    return "" if is_plain and name not in {"builtins.object", "typing.Any"} else None


def _says_json(cls: ClassValue) -> bool:
    """Whether a subclass of the bare Response gives JSON as its media type."""
    found = attributes.find(cls, "media_type")
    media_type = found[1] if isinstance(found, tuple) else None
    return isinstance(media_type, Literal) and str(media_type.value).endswith(("/json", "+json"))


def sends_json(route: Route) -> bool | None:
    """Whether what a handler returns is written as JSON, by its own response class or an inherited one."""
    cls = route.response_class
    if isinstance(cls, Object) and cls.arguments:  # `Default(JSONResponse)`
        cls = cls.arguments[0]
    if cls is None or is_none(cls):
        return True
    kinds = {kind_of_class(option) for option in options(cls)}
    return None if None in kinds or "" in kinds else JSON in kinds


def has_contract(route: Route) -> bool:
    """Whether a route answers clients of the API with a body that the schema can describe.

    HEAD, OPTIONS and generators don't, nor what is left out of the schema, nor what a test serves.
    """
    handler = route.handler
    return (
        route.kind == "http"
        and route.include_in_schema
        and not set(route.methods) <= {"HEAD", "OPTIONS"}
        and not (handler and (handler.definition.is_generator or "test" in handler.module.roles))
    )


def answer(application: Application, route: Route) -> Value:
    """Give what FastAPI gets when it calls the endpoint, through the project's own decorators."""
    endpoint = route.registration.endpoint
    if isinstance(endpoint, FunctionValue) and endpoint.wraps is not None:
        return application.bodies.provided(endpoint)
    return application.body(route.handler).result if route.handler is not None else UNKNOWN


def streams(application: Application, route: Route) -> bool:
    """Whether the endpoint answers with a stream, at least on one way through it."""
    return any(
        isinstance(option, Object) and kind_of_class(option.cls) == "stream"
        for option in options(answer(application, route))
    )


def forbids_body(application: Application, status: int | None) -> bool:
    """Whether FastAPI sends no body with a status."""
    if status is None:
        return False
    if status == RESET_CONTENT:
        return application.target_fastapi >= RESET_CONTENT_SINCE
    return status < FIRST_WITH_BODY or status in BODYLESS


def is_injected(value: Value) -> bool:
    """Whether it is the Response that FastAPI passes to handlers, to set headers and the status on."""
    return (
        isinstance(value, Object)
        and isinstance(value.cls, External)
        and library.canonical(value.cls.name) == "starlette.responses.Response"
        and not (value.arguments or value.keywords or "<fresh>" in value.attributes)
    )


def sets_status(body: Body) -> bool:
    """Whether a function, or what it calls, sets the status of the Response that FastAPI passes in."""
    return any(
        is_injected(option) and isinstance(option, Object) and "status_code" in option.attributes
        for value in body.values
        for option in options(value)
    )


def makes_bodyless(application: Application, body: Body) -> bool:
    """Whether a Response with content, and with a status that forbids it, occurs in a function."""
    return any(
        type(option) is Object
        and (len(option.arguments) > 1 or "status_code" in option.keywords)
        and status_of_body(application, option) is not None
        for value in body.values
        for option in options(value)
    )


def status_of_body(application: Application, value: Value) -> int | None:
    """Give the status of a returned Response that has content although that status forbids it."""
    for option in options(value):
        if isinstance(option, Object) and _returned(option) is Returned.RESPONSE:
            status = _status_of(option)
            if forbids_body(application, status) and _has_content(option):
                return status
    return None


def _status_of(response: Object) -> int | None:
    """The status that a Response was made with; None if that isn't known, or it is given another later."""
    if "status_code" in response.attributes or _has_own_arguments(response.cls):
        return None
    given = response.keywords.get("status_code")
    if given is None and len(response.arguments) > 1:
        given = response.arguments[1]
    return number_of(given) if given is not None else None


def status_sent(value: Value, *, is_made: bool) -> tuple[int, bool] | None:
    """The status that a returned value sends whatever the route declares, and whether it was asked for.

    None where the value isn't a Response on every way, or its status can't be told. Without being asked, a
    redirect is sent with 307, everything else with 200. `is_made`: the value is made where it is returned,
    so that it isn't the Response that FastAPI passes to handlers.
    """
    found: set[tuple[int, bool]] = set()
    for option in options(value):
        if (
            not isinstance(option, Object)
            or _returned(option) is not Returned.RESPONSE
            or (is_injected(option) and not is_made)
        ):
            return None
        kind = kind_of_class(option.cls)
        is_given = "status_code" in option.keywords or len(option.arguments) > 1
        if "status_code" in option.attributes or _has_own_arguments(option.cls):
            return None
        status = _status_of(option) if is_given else TEMPORARY_REDIRECT if kind == "redirect" else OK
        if status is None:
            return None
        found.add((status, is_given))
    return found.pop() if len(found) == 1 else None


def status_of_pair(value: Value) -> int | None:
    """The second part of a returned `body, 404`, which FastAPI sends as a list of two."""
    if not isinstance(value, Collection) or value.kind != "tuple" or len(value.items) != len(("body", 404)):
        return None
    body, status = value.items
    number = None if isinstance(body, Literal) and isinstance(body.value, int) else number_of(status)
    is_number = isinstance(status, Literal) and isinstance(status.value, bool)
    return number if number in set(HTTPStatus) and not is_number else None


def promises_pair(route: Route) -> bool:
    """Whether a route declares that it answers with a tuple."""
    model = route.response_model
    origin = model.origin if isinstance(model, Generic) else model
    if isinstance(origin, External):
        return origin.name in TUPLES
    return isinstance(origin, ClassValue) and origin.derives_from("typing.NamedTuple", *TUPLES)


def _has_own_arguments(cls: Value) -> bool:
    return isinstance(cls, ClassValue) and isinstance(attributes.find(cls, "__init__"), tuple)


def _has_content(response: Object) -> bool:
    """Whether a Response is known to have a body. JSON always has one: None is written as `null`."""
    content = response.arguments[0] if response.arguments else response.keywords.get("content")
    if content is None or "body" in response.attributes:
        return False
    kind = kind_of_class(response.cls)
    is_text = kind in {"raw", "html", "text"}
    return kind == JSON or (is_text and isinstance(content, Literal) and bool(content.value))


_BUILT_IN: Final = {
    "str": "a string",
    "int": "a number",
    "float": "a number",
    "bool": "a truth value",
    "bytes": "bytes",
}


def described(value: Value) -> str:
    """Say what data is, in a few words for a message: ``a list of `Order` ``."""
    if isinstance(value, Dictionary):
        return "a dict"
    if isinstance(value, Collection):
        items = {
            described(item)
            for item in value.items
            if isinstance(item, Object) and isinstance(item.cls, ClassValue)
        }
        return f"a {value.kind} of {items.pop()}" if len(items) == 1 else f"a {value.kind}"
    if isinstance(value, EnumMember):
        return f"`{value.cls.definition.name}`"
    if isinstance(value, Object):
        name = _class_name(value.cls)
        return _BUILT_IN.get(name, f"`{name}`")
    return _BUILT_IN.get(type(value.value).__name__, "data") if isinstance(value, Literal) else "data"


def _class_name(cls: Value) -> str:
    if isinstance(cls, Generic):
        return _class_name(cls.origin)
    if isinstance(cls, ClassValue):
        return cls.definition.name
    return cls.name.rpartition(".")[2] if isinstance(cls, External) else "object"

"""What goes out: what handlers return, how it is written, which model is declared for it, and whether it may have a body."""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING

from fastapi_lint.application import attributes, library
from fastapi_lint.application.library import web
from fastapi_lint.application.routes import number_of
from fastapi_lint.application.values import (
    UNKNOWN,
    Annotated,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    EnumMember,
    External,
    FunctionValue,
    Generic,
    Literal,
    Object,
    Union,
    Unknown,
    Value,
    is_none,
    options,
)

if TYPE_CHECKING:
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.routes import Route

ANNOTATIONS_SINCE = (0, 89)
"""From this FastAPI on, a return annotation declares the response model."""
RESET_CONTENT_SINCE = (0, 109, 1)
"""From this FastAPI on, 205 counts as a status without a body."""

JSON = "json"
_PLAIN_PACKAGES = sys.stdlib_module_names | {"pydantic", "pydantic_core", "pydantic_settings", "sqlalchemy", "sqlmodel"}
"""Packages that define no Response."""
_PLAIN_FUNCTIONS = {
    f"builtins.{name}"
    for name in ("abs", "all", "any", "bool", "bytes", "divmod", "float", "hash", "int", "isinstance", "pow", "repr", "round", "sum")
} | {"json.loads", "json.dumps", "time.time", "uuid.uuid4", "dataclasses.asdict", "os.listdir", "datetime.datetime.now"}  # fmt: skip
_PLAIN_OWNERS = ("builtins.str.", "builtins.int.", "builtins.float.", "builtins.bytes.")
"""Functions, and methods of classes, whose results are plain data."""


class Returned(Enum):
    """What a returned value is to FastAPI."""

    RESPONSE = "a Response, which is sent as it is"
    NOTHING = "None"
    DATA = "a value that a response model could describe"
    UNKNOWN = "can't be told"


def returned(value: Value) -> frozenset[Returned]:
    """What a returned value is; several things where that depends on what happens in the running program."""
    return frozenset(_returned(option) for option in options(value))


def data_of(value: Value) -> Value | None:
    """Of the things that a returned value may be, the first that is data; None where none is known to be."""
    return next((option for option in options(value) if _returned(option) is Returned.DATA), None)


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
    """What instances of a class send (see `web.response_kind`), an empty string for a class that is no Response, or None where that isn't known."""
    if isinstance(cls, Generic):
        return kind_of_class(cls.origin)
    if isinstance(cls, External):
        name = library.canonical(cls.name)
        kind = web.response_kind(library.lineage(name))
        if kind:
            return kind
        is_plain = name.partition(".")[0] in _PLAIN_PACKAGES or library.class_model(name) is not None
        return "" if is_plain and name not in {"builtins.object", "typing.Any"} else None
    if not isinstance(cls, ClassValue):
        return None
    kinds = [kind_of_class(base) for base in cls.mro() if isinstance(base, External) and base.name != "builtins.object"]
    kind = next((kind for kind in kinds if kind), "")
    if kind == "raw" and _is_json(cls):
        return JSON
    if kind:
        return kind
    return None if None in kinds or not cls.is_fully_known() else ""


def _is_json(cls: ClassValue) -> bool:
    """Whether a subclass of the bare Response says that it writes JSON."""
    found = attributes.find(cls, "media_type")
    media_type = found[1] if isinstance(found, tuple) else None
    return isinstance(media_type, Literal) and str(media_type.value).endswith(("/json", "+json"))


def sends_json(route: Route) -> bool | None:
    """Whether what the handler returns is written as JSON, by the route's own response class or an inherited one; None if unknown."""
    cls = route.response_class
    if isinstance(cls, Object) and cls.arguments:  # `Default(JSONResponse)`
        cls = cls.arguments[0]
    if cls is None or is_none(cls):
        return True
    kinds = {kind_of_class(option) for option in options(cls)}
    if None in kinds or "" in kinds:
        return None
    return JSON in kinds


def declared_model(application: Application, route: Route) -> tuple[bool, Value | None]:
    """Whether a route declares a response model for the FastAPI that it runs on, and which; none is one, too: `response_model=None`."""
    if "response_model" not in route.keywords and application.target_fastapi < ANNOTATIONS_SINCE:
        return not route.registration.complete, None
    if not route.registration.complete and not route.declares_model:
        return True, UNKNOWN
    return route.declares_model, route.response_model


def forbids_body(application: Application, status: int | None) -> bool:
    """Whether FastAPI sends no body with a status."""
    if status is None:
        return False
    return status < 200 or status in {204, 304} or (status == 205 and application.target_fastapi >= RESET_CONTENT_SINCE)


def has_contract(route: Route) -> bool:
    """Whether a route answers clients of the API: HEAD and OPTIONS don't, nor what is left out of the schema, nor tests."""
    return (
        route.kind == "http"
        and route.include_in_schema
        and not set(route.methods) <= {"HEAD", "OPTIONS"}
        and not (route.handler is not None and (route.handler.definition.is_generator or "test" in route.handler.module.roles))
    )


def answer(application: Application, route: Route) -> Value:
    """What FastAPI gets when it calls the endpoint, through the project's own decorators."""
    endpoint = route.registration.endpoint
    if isinstance(endpoint, FunctionValue) and endpoint.wraps is not None:
        return application.bodies.provided(endpoint)
    return application.body(route.handler).result if route.handler is not None else UNKNOWN


def declares_body(application: Application, route: Route) -> bool:
    """Whether a model is declared for the route's own status, as the response model or in `responses=`."""
    declared, model = declared_model(application, route)
    if declared and model is not None and _is_model(model):
        return True
    others = route.keywords.get("responses")
    entry = others.entries.get(route.status_code) if isinstance(others, Dictionary) else None
    model = entry.entries.get("model") if isinstance(entry, Dictionary) else None
    return model is not None and _is_model(model)


def _is_model(annotation: Value) -> bool:
    """Whether FastAPI makes a response model of an annotation for certain: it may be a Response of an unknown library."""
    if isinstance(annotation, (Union, Generic, Annotated)):
        return True
    if isinstance(annotation, External) and annotation.name in {"typing.NoReturn", "typing.Never"}:
        return False
    return kind_of_class(annotation) == "" or (isinstance(annotation, External) and is_shapeless(annotation))


def is_injected(value: Value) -> bool:
    """Whether it is the Response that FastAPI passes to handlers, to set headers and the status on."""
    return (
        isinstance(value, Object)
        and isinstance(value.cls, External)
        and library.canonical(value.cls.name) == "starlette.responses.Response"
        and not (value.arguments or value.keywords)
    )


def is_certain(data: Value) -> bool:
    """Whether data can't be None, as a library's row can."""
    return not isinstance(data, Unknown)


def status_of_body(application: Application, value: Value) -> int | None:
    """The status of a Response that has content although that status forbids it; None where there is no such."""
    for option in options(value):
        if isinstance(option, Object) and _returned(option) is Returned.RESPONSE:
            status = _status_of_response(option)
            if forbids_body(application, status) and _has_content(option):
                return status
    return None


def _status_of_response(response: Object) -> int | None:
    """The status that a Response was made with; None if it has the default, or an unknown one, or is given another later."""
    if "status_code" in response.attributes or _has_own_arguments(response.cls):
        return None
    given = response.keywords.get("status_code")
    if given is None and len(response.arguments) > 1:
        given = response.arguments[1]
    return number_of(given) if given is not None else None


def _has_own_arguments(cls: Value) -> bool:
    return isinstance(cls, ClassValue) and isinstance(attributes.find(cls, "__init__"), tuple)


def _has_content(response: Object) -> bool:
    """Whether a Response is known to have a body. JSON always has one: None is written as `null`."""
    content = response.arguments[0] if response.arguments else response.keywords.get("content")
    kind = kind_of_class(response.cls)
    if content is None or "body" in response.attributes or kind not in {JSON, "raw", "html", "text"}:
        return False
    return kind == JSON or (isinstance(content, Literal) and bool(content.value))


def described(value: Value) -> str:
    """What data is, in a few words for a message: ``a list of `Order` ``."""
    if isinstance(value, Dictionary):
        return "a dict"
    if isinstance(value, Collection):
        items = {described(item) for item in value.items if isinstance(item, Object) and isinstance(item.cls, ClassValue)}
        return f"a {value.kind} of {items.pop()}" if len(items) == 1 else f"a {value.kind}"
    if isinstance(value, EnumMember):
        return f"`{value.cls.definition.name}`"
    if isinstance(value, Object):
        name = _class_name(value.cls)
        return _BUILT_IN.get(name, f"`{name}`")
    if isinstance(value, Literal):
        return _BUILT_IN.get(type(value.value).__name__, "a value")
    return "data"


_BUILT_IN = {"str": "a string", "int": "a number", "float": "a number", "bool": "a truth value", "bytes": "bytes"}


def _class_name(cls: Value) -> str:
    if isinstance(cls, Generic):
        return _class_name(cls.origin)
    if isinstance(cls, ClassValue):
        return cls.definition.name
    return cls.name.rpartition(".")[2] if isinstance(cls, External) else "object"


def annotation_for(value: Value) -> str | None:
    """The annotation that would declare what is returned, where it is one Pydantic model or a list of one."""
    names = {_annotation_for(option) for option in options(value) if not is_none(option)}
    name = names.pop() if len(names) == 1 else None
    return f"{name} | None" if name and any(map(is_none, options(value))) else name


def _annotation_for(value: Value) -> str | None:
    if isinstance(value, Collection) and value.kind == "list":
        items = {_annotation_for(item) for item in value.items}
        inner = items.pop() if len(items) == 1 else None
        return f"list[{inner}]" if inner else None
    if not isinstance(value, Object) or not isinstance(value.cls, ClassValue) or value.type_arguments:
        return None
    is_table = "table" in value.cls.keywords or value.cls.derives_from("sqlalchemy.orm.DeclarativeBase")
    return value.cls.definition.name if value.cls.derives_from("pydantic.BaseModel") and not is_table else None


_SHAPELESS = {"typing.Any", "builtins.object", "builtins.dict", "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset"} | {
    f"typing.{name}"
    for name in (
        "Dict", "List", "Tuple", "Set", "FrozenSet", "AbstractSet", "Mapping", "MutableMapping", "Sequence", "Iterable", "Collection",
        "DefaultDict", "OrderedDict",
    )
}  # fmt: skip
_MAPPINGS = {"builtins.dict", "typing.Dict", "typing.Mapping", "typing.MutableMapping", "typing.DefaultDict", "typing.OrderedDict"}


def is_shapeless(annotation: Value) -> bool:
    """Whether an annotation says nothing about what is inside: `Any`, `dict`, `list[Any]`, an optional of these."""
    if isinstance(annotation, Annotated):
        return is_shapeless(annotation.base)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        return all(is_shapeless(member) for member in members if not is_none(member)) and not all(map(is_none, members))
    if isinstance(annotation, External):
        return library.canonical(annotation.name) in _SHAPELESS
    if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
        name = library.canonical(annotation.origin.name)
        if name in _MAPPINGS:
            return len(annotation.arguments) == 2 and is_shapeless(annotation.arguments[1])
        return name in _SHAPELESS and all(map(is_shapeless, annotation.arguments))
    return False

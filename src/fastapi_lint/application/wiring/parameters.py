"""What FastAPI makes of the parameters of handlers and dependencies: where each takes its value from.

This is `fastapi.dependencies.utils.get_dependant` and `analyze_param` over linked values. A marker decides
(`Query()`, `Depends(…)`, in `Annotated` or as the default; of several the last one). Without one: types that
FastAPI fills itself are no input, a name that stands in the path is a path parameter, uploads are files,
models, dataclasses and containers are the body, all else is a query parameter. What can't be told is
`Source.UNKNOWN`, and names that can't be told are None.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS, SETS, TUPLES
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Choice,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Literal,
    Marker,
    Object,
    Union,
    is_none,
)
from fastapi_lint.application.library import web
from fastapi_lint.application.library.model import words
from fastapi_lint.application.wiring.dependencies import callable_name, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.wiring.dependencies import Dependencies, SignatureParameter
    from fastapi_lint.application.wiring.routes import Route

MODEL: Final = "pydantic.BaseModel"
ALIAS_CHOICES: Final = "pydantic.AliasChoices"
_UPLOAD: Final = "starlette.datastructures.UploadFile"
_DEPENDENCY_MARKERS: Final = {"Depends", "Security"}
_CONNECTIONS: Final = ("starlette.requests.HTTPConnection",)
_CONTAINERS: Final = (
    LISTS | SETS | TUPLES | DICTS | {"collections.deque", "typing.Deque", "typing.NamedTuple"}
)
_SEQUENCES: Final = LISTS | SETS | TUPLES | {"collections.deque", "typing.Deque"}
_NOT_SEQUENCES: Final = {"typing.Iterable", "typing.Collection", "typing.AbstractSet", "typing.Set"}
"""Abstract types of which FastAPI doesn't see that they are containers; what comes of them isn't modelled."""
_SCALAR_PACKAGES: Final = ("datetime.", "uuid.", "decimal.", "pathlib.", "ipaddress.", "enum.", "fractions.")
_PYDANTIC_SCALARS: Final = (
    "EmailStr NameEmail HttpUrl AnyUrl AnyHttpUrl SecretStr SecretBytes FilePath DirectoryPath NewPath "
    "PositiveInt NegativeInt NonNegativeInt NonPositiveInt PositiveFloat NonNegativeFloat StrictStr "
    "StrictInt StrictBool StrictFloat UUID1 UUID3 UUID4 UUID5 AwareDatetime NaiveDatetime PastDate "
    "FutureDate PastDatetime FutureDatetime Base64Str IPvAnyAddress ByteSize"
)
_SCALARS: Final = {
    *words(
        "builtins.str builtins.int builtins.float builtins.bool builtins.bytes builtins.complex typing.Any"
    ),
    *(f"pydantic.{name}" for name in words(_PYDANTIC_SCALARS)),
}


class Source(Enum):
    """Where the value of a parameter comes from."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    FORM = "form"
    FILE = "file"
    DEPENDENCY = "dependency"
    SPECIAL = "special"
    """FastAPI fills it itself: a Request, a Response, BackgroundTasks …"""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of `owner`, a handler or a dependency, as FastAPI sees it.

    `names` are those under which a client sends it, None where they can't be told; those of a model that is
    spread over path, query, headers or cookies are its fields'. `is_marked`: a marker says where it comes
    from. `is_required`: a request without it is refused; None where that can't be told.
    """

    owner: Value
    parameter: SignatureParameter
    source: Source
    names: frozenset[str] | None
    is_marked: bool
    is_required: bool | None

    @property
    def name(self) -> str:
        """The name behind which it stands in the signature."""
        return self.parameter.name


@dataclass(frozen=True, slots=True)
class Inputs:
    """All parameters of a route's handler and dependencies, the handler's first.

    Not `complete` where some callable's signature, or a list of dependencies, can't be known.
    """

    all: tuple[Input, ...]
    complete: bool

    def of(self, *sources: Source) -> Iterator[Input]:
        """Those that come from these sources."""
        return (item for item in self.all if item.source in sources)


def inputs_of_route(route: Route, dependencies: Dependencies, path_names: Iterable[str]) -> Inputs:
    """Analyse the handler of a route and the whole tree of its dependencies, each callable once."""
    names = frozenset(path_names)
    found: list[Input] = []
    complete = route.dependencies_are_known
    seen: set[int] = set()
    for callable_ in (
        route.registration.endpoint,
        *(dependency.callable for dependency in route.all_dependencies()),
    ):
        if id(callable_) not in seen:
            seen.add(id(callable_))
            inputs = inputs_of(callable_, dependencies, names)
            found += inputs.all
            complete = complete and inputs.complete
    return Inputs(tuple(found), complete)


def inputs_of(callable_: Value, dependencies: Dependencies, path_names: frozenset[str]) -> Inputs:
    """Analyse the parameters of one callable; `path_names` are the placeholders of the route's path."""
    if _takes_the_request_alone(callable_):
        return Inputs((), complete=True)
    signature = dependencies.signature(callable_)
    return Inputs(
        tuple(_analysed(callable_, parameter, path_names) for parameter in signature.parameters),
        signature.complete and not _has_another_signature(callable_),
    )


def _takes_the_request_alone(callable_: Value) -> bool:
    """Whether it is a security scheme, of FastAPI's own classes or one that inherits what it does."""
    cls = callable_.cls if isinstance(callable_, Object) else None
    if isinstance(cls, ClassValue):
        if isinstance(attributes.find(cls, "__call__"), tuple):
            return False
        return any(web.SECURITY_BASE in library.lineage(name) for name in cls.external_bases())
    return isinstance(cls, External) and web.SECURITY_BASE in library.lineage(cls.name)


def _has_another_signature(callable_: Value) -> bool:
    """Whether decorators from outside, or code that sets it, may have given a function another signature."""
    inner: Value | None = callable_
    while isinstance(inner, FunctionValue):
        if inner.opaque_decorators or "__signature__" in inner.attributes:
            return True
        inner = inner.wraps
    last = unwrapped(callable_)
    return isinstance(last, FunctionValue) and bool(
        last.opaque_decorators or "__signature__" in last.attributes
    )


def _analysed(owner: Value, parameter: SignatureParameter, path_names: frozenset[str]) -> Input:
    marker = parameter.marker
    name = parameter.name
    if marker is not None and marker.name == "Field":
        name = next(iter(_aliases(marker, name) or ()), name)  # a Pydantic model's signature has the alias
    kind = web.PARAMETER_FUNCTIONS.get(f"fastapi.{marker.name}") if marker is not None else None
    if marker is not None and marker.name in _DEPENDENCY_MARKERS:
        source = Source.DEPENDENCY
    elif is_special(parameter.annotation):
        source = Source.SPECIAL
    elif kind is not None:
        source = Source(kind)
    elif name in path_names:
        source = Source.PATH
    elif _is_upload(parameter.annotation):
        source = Source.FILE
    else:
        complex_ = is_complex(parameter.annotation)
        source = Source.UNKNOWN if complex_ is None else Source.BODY if complex_ else Source.QUERY
    return Input(
        owner,
        parameter,
        source,
        _names(parameter, name, source, marker if kind is not None else None),
        kind is not None,
        _is_required(parameter, marker, is_path=source is Source.PATH and kind is None),
    )


def _names(
    parameter: SignatureParameter, name: str, source: Source, marker: Marker | None
) -> frozenset[str] | None:
    """The names under which a client sends a parameter."""
    if source in {Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE}:
        cls = _without_none(parameter.annotation)
        if (
            marker is not None
            and isinstance(cls, ClassValue)
            and cls.derives_from(MODEL, "sqlmodel.SQLModel")
        ):
            return _names_of_fields(cls)
    if marker is None:
        return frozenset({name})
    found = _aliases(marker, name)
    if source is Source.HEADER and found == frozenset({name}):
        converts = marker.keywords.get("convert_underscores")
        keeps = isinstance(converts, Literal) and converts.value is False
        return frozenset({name if keeps else name.replace("_", "-")})
    return found


def _aliases(marker: Marker, name: str) -> frozenset[str] | None:
    """What `validation_alias=` or `alias=` says, or else the name."""
    for keyword in ("validation_alias", "alias"):
        given = marker.keywords.get(keyword)
        if given is None or is_none(given):
            continue
        if isinstance(given, Literal):
            return frozenset({str(given.value)})
        if isinstance(given, Object) and isinstance(given.cls, External):
            is_choices = library.canonical(given.cls.name) == ALIAS_CHOICES
            texts = [item.value for item in given.arguments if isinstance(item, Literal)]
            if is_choices and len(texts) == len(given.arguments):
                return frozenset(map(str, texts))
        return None
    return frozenset({name})


def _names_of_fields(cls: ClassValue) -> frozenset[str] | None:
    """The names of a model's fields, as clients send them; None where a configuration may rename them."""
    if not cls.is_fully_known() or attributes.find(cls, "model_config") is not None:
        return None
    names: set[str] = set()
    for owner in cls.mro():
        for field in owner.annotations if isinstance(owner, ClassValue) else ():
            default = owner.scope.names.get(field) if isinstance(owner, ClassValue) else None
            aliases = _aliases(default, field) if isinstance(default, Marker) else frozenset({field})
            if aliases is None:
                return None
            names |= aliases
    return frozenset(names)


def is_complex(annotation: Value | None) -> bool | None:
    """Whether values of a type can't be sent as one text, so that FastAPI takes them from the body.

    None where that can't be told.
    """
    if annotation is None or is_none(annotation):
        return False
    if isinstance(annotation, Annotated):
        return is_complex(annotation.base)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        verdicts = {is_complex(member) for member in members}
        if isinstance(annotation, Choice):
            return verdicts.pop() if len(verdicts) == 1 else None
        return True if True in verdicts else None if None in verdicts else False
    if isinstance(annotation, Generic):
        if isinstance(annotation.origin, External) and annotation.origin.name == "typing.Literal":
            return False
        return True if is_complex(annotation.origin) else None
    if isinstance(annotation, External):
        return _is_complex_external(library.canonical(annotation.name))
    return _is_complex_class(annotation) if isinstance(annotation, ClassValue) else None


def _is_complex_external(name: str) -> bool | None:
    if name in _NOT_SEQUENCES:
        return None
    if name in _CONTAINERS or library.is_subclass(name, MODEL) or name == "sqlmodel.SQLModel":
        return True
    return False if name in _SCALARS or name.startswith(_SCALAR_PACKAGES) else None


def _is_complex_class(cls: ClassValue) -> bool | None:
    if attributes.is_enum(cls):
        return False
    if cls.derives_from(MODEL, "pydantic.RootModel", "sqlmodel.SQLModel", "typing.TypedDict", *_CONTAINERS):
        return True
    if any(
        isinstance(item.cls if isinstance(item, Object) else item, External)
        and callable_name(item) in {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
        for item in cls.decorators
    ):
        return True
    bases = [name for name in cls.external_bases() if name != "builtins.object"]
    is_scalar = cls.is_fully_known() and any(_is_complex_external(name) is False for name in bases)
    return False if is_scalar else None


def is_special(annotation: Value | None) -> bool:
    """Whether FastAPI fills parameters of a type itself."""
    return any(name in web.INJECTED for name in _lineage(annotation))


def is_connection(annotation: Value | None) -> bool:
    """Whether it is the request or the websocket."""
    return any(name in _CONNECTIONS for name in _lineage(annotation))


def _lineage(annotation: Value | None) -> Iterator[str]:
    if isinstance(annotation, External):
        yield from library.lineage(annotation.name)
    elif isinstance(annotation, ClassValue):
        for name in annotation.external_bases():
            yield from library.lineage(name)


def _is_upload(annotation: Value | None) -> bool:
    """Whether it is an uploaded file, an optional one, or a list: of them, or of nothing in particular."""
    if isinstance(annotation, Annotated):
        return _is_upload(annotation.base)
    if isinstance(annotation, Union):
        return any(map(_is_upload, annotation.members))
    if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
        is_sequence = annotation.origin.name in _SEQUENCES
        return is_sequence and bool(annotation.arguments) and all(map(_is_upload, annotation.arguments))
    if isinstance(annotation, External) and annotation.name in _SEQUENCES - _NOT_SEQUENCES:
        return True  # all of no items are files
    if isinstance(annotation, ClassValue) and annotation.derives_from("typing.NamedTuple", *_SEQUENCES):
        return True
    return _UPLOAD in _lineage(annotation)


def _is_required(parameter: SignatureParameter, marker: Marker | None, *, is_path: bool) -> bool | None:
    if is_path or not parameter.has_default:
        return True
    if parameter.default is not marker or marker is None:
        return False
    if marker.default is None:
        return "default" not in marker.keywords and "default_factory" not in marker.keywords
    return False if isinstance(marker.default, Literal) else None  # it may be `...`


def _without_none(annotation: Value | None) -> Value | None:
    if isinstance(annotation, Union):
        members = [member for member in annotation.members if not is_none(member)]
        return members[0] if len(members) == 1 else annotation
    return annotation

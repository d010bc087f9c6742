"""What values of a declared type can still do harm with, and what a model's fields are declared as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS, SETS, TUPLES
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Choice,
    ClassValue,
    External,
    Generic,
    Marker,
    Object,
    TypeVariable,
    Union,
    is_none,
    options,
)
from fastapi_lint.application.library.model import words
from fastapi_lint.application.taint.contents import Use
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value

MODELS: Final = ("pydantic.BaseModel", "sqlmodel.SQLModel", "typing.TypedDict", "msgspec.Struct")
UPLOADS: Final = ("fastapi.UploadFile", "starlette.datastructures.UploadFile")
_STRUCTURE: Final = Use.TEXT | Use.FIELDS
_ANYTHING: Final = frozenset(
    words(
        "builtins.str builtins.bytes builtins.object typing.Any pydantic.StrictStr pydantic.Json typing.Text"
    )
)
_URLS: Final = frozenset(
    words("pydantic.HttpUrl pydantic.AnyUrl pydantic.AnyHttpUrl pydantic.AnyWebsocketUrl")
)
_PATHS: Final = frozenset(words("pathlib.Path pathlib.PurePath pathlib.PurePosixPath"))
_CONTAINERS: Final = frozenset(LISTS | SETS | TUPLES | DICTS)
_SECRETS: Final = frozenset(words("pydantic.SecretStr pydantic.SecretBytes"))
_CONSTRAINTS: Final = frozenset(words("pattern regex"))
_VALIDATORS: Final = ("AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator")
_FIELD_DECORATORS: Final = frozenset(words("field_validator validator"))
_MODEL_DECORATORS: Final = frozenset(words("model_validator root_validator"))


def uses_of(annotation: Value | None) -> int:
    """What a value of a type can do that a client fills; `Use.NOTHING` where that isn't known."""
    if annotation is None:
        return Use.TEXT
    if isinstance(annotation, Annotated):
        if any(map(restricts, annotation.metadata)):
            return Use.NOTHING
        return uses_of(annotation.base)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        return _all_of(members)
    if isinstance(annotation, Generic):
        origin = annotation.origin
        if isinstance(origin, External) and origin.name in _CONTAINERS:
            return _STRUCTURE if origin.name in DICTS else _all_of(annotation.arguments)
        return _STRUCTURE if isinstance(origin, ClassValue) and is_model(origin) else Use.NOTHING
    if isinstance(annotation, External):
        return _uses_of_external(library.canonical(annotation.name))
    if isinstance(annotation, ClassValue):
        return _STRUCTURE if is_model(annotation) else Use.NOTHING
    return Use.NOTHING


def _all_of(types: tuple[Value, ...]) -> int:
    uses = Use.NOTHING
    for each in types:
        if not is_none(each):
            uses |= uses_of(each)
    return uses


def _uses_of_external(name: str) -> int:
    if name in DICTS or name == "typing.Any":
        return _STRUCTURE
    if name in _ANYTHING or name in _CONTAINERS or name in UPLOADS:
        return Use.TEXT
    if name in _URLS:
        return Use.HOST
    if name in _PATHS:
        return Use.PATH | Use.PARENT
    if name == "pydantic.EmailStr":
        return Use.SQL
    return Use.NOTHING


def kept_by(value: Value) -> int:
    """What a value of which the application knows the class can do; all where it doesn't."""
    if isinstance(value, Object):
        if isinstance(value.cls, External) and not value.cls.name.startswith("fastapi.dependencies"):
            name = library.canonical(value.cls.name)
            return _SAFE_OBJECTS.get(name, Use.ALL)
        if isinstance(value.cls, ClassValue) and attributes.is_enum(value.cls):
            return Use.NOTHING
        return Use.ALL
    if isinstance(value, Choice):
        kept = Use.NOTHING
        for option in value.options:
            kept |= kept_by(option) if not is_none(option) else Use.NOTHING
        return kept
    return Use.ALL


_SAFE_OBJECTS: Final = dict.fromkeys(
    words(
        "builtins.int builtins.float builtins.bool builtins.complex uuid.UUID decimal.Decimal datetime.date "
        "datetime.datetime datetime.time datetime.timedelta ipaddress.IPv4Address ipaddress.IPv6Address"
    ),
    Use.NOTHING,
)


def restricts(metadata: Value) -> bool:
    """Whether something beside a type or in a `Field` restricts a text, or may: a pattern, a validator."""
    if isinstance(metadata, Marker):
        return bool(_CONSTRAINTS & metadata.keywords.keys())
    if isinstance(metadata, Object):
        name = metadata.cls.name if isinstance(metadata.cls, (External, ClassValue)) else ""
        if name.rpartition(".")[2] in _VALIDATORS or isinstance(metadata.cls, ClassValue):
            return True
        return bool(_CONSTRAINTS & metadata.keywords.keys())
    return False


def is_model(cls: ClassValue) -> bool:
    """Whether a class of the project has fields that a client can fill."""
    return cls.derives_from(*MODELS) or any(
        isinstance(item.cls if isinstance(item, Object) else item, External)
        and "dataclass" in str(getattr(item.cls if isinstance(item, Object) else item, "name", ""))
        for item in cls.decorators
    )


def classes_in(annotation: Value | None) -> Iterator[Value]:
    """The classes that a type is made of, those of what a container holds too; None is left out."""
    if annotation is None or is_none(annotation) or isinstance(annotation, TypeVariable):
        return
    if isinstance(annotation, Annotated):
        yield from classes_in(annotation.base)
    elif isinstance(annotation, (Union, Choice)):
        for member in annotation.members if isinstance(annotation, Union) else options(annotation):
            yield from classes_in(member)
    elif isinstance(annotation, Generic):
        if isinstance(annotation.origin, External) and annotation.origin.name in _CONTAINERS:
            for argument in annotation.arguments:
                yield from classes_in(argument)
        else:
            yield annotation.origin
    else:
        yield annotation


def field_names(cls: ClassValue) -> frozenset[str]:
    """The names of a model's fields, its own and inherited ones."""
    owners = [owner for owner in cls.mro() if isinstance(owner, ClassValue)]
    return frozenset(name for owner in owners for name in owner.annotations)


class Fields:
    """What the fields of models are declared as."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._known: dict[tuple[int, str], tuple[ClassValue, Value | None, int]] = {}

    def of(self, cls: ClassValue, name: str) -> tuple[Value | None, int] | None:
        """The type of a model's field and what its value can do; None where the model has no such field."""
        known = self._known.get((id(cls), name))
        if known is None:
            found = self._find(cls, name)
            if found is None:
                return None
            known = self._known[id(cls), name] = (cls, *found)
        return known[1:]

    def _find(self, cls: ClassValue, name: str) -> tuple[Value | None, int] | None:
        owners = [owner for owner in cls.mro() if isinstance(owner, ClassValue)]
        for owner in owners:
            if name in owner.annotations:
                annotation = self._evaluator.annotation(owner.annotations[name], owner.scope)
                default = owner.scope.names.get(name)
                is_checked = (default is not None and restricts(default)) or any(
                    _validates(each, name) for each in owners
                )
                return annotation, Use.NOTHING if is_checked else uses_of(annotation)
        return None


def _validates(cls: ClassValue, name: str) -> bool:
    """Whether a validator of a model looks at a field."""
    for statement in cls.definition.body:
        if not isinstance(statement, model.FunctionDefinition):
            continue
        for decorator in statement.decorators:
            call = decorator if isinstance(decorator, model.Call) else None
            function = call.function if call is not None else decorator
            written = (
                function.id
                if isinstance(function, model.Name)
                else function.name
                if isinstance(function, model.Attribute)
                else ""
            )
            if written in _FIELD_DECORATORS and call is not None:
                given = {item.value for item in call.arguments if isinstance(item, model.Constant)}
                if given & {name, "*"} or len(given) < len(call.arguments):
                    return True
            elif written in _MODEL_DECORATORS and _mentions(statement, name):
                return True
    return False


def _mentions(function: model.FunctionDefinition, name: str) -> bool:
    for statement in statements(function.body):
        for expression in expressions(statement):
            if isinstance(expression, model.Attribute) and expression.name == name:
                return True
            if isinstance(expression, model.Constant) and expression.value == name:
                return True
    return False

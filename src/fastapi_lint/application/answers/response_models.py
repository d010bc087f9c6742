"""Which response model a route declares, whether that has a shape, and which annotation would declare one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.answers.responses import kind_of_class
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    Annotated,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    External,
    Generic,
    Object,
    Union,
    is_none,
    options,
)
from fastapi_lint.application.written import dotted
from fastapi_lint.facts import model as facts

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

ANNOTATIONS_SINCE: Final = (0, 89)
"""From this FastAPI on, a return annotation declares the response model."""

STREAM_ANNOTATIONS: Final = (0, 134), (0, 140, 11)
"""From the first FastAPI until the second, `-> Iterable[X]` declares no model, whatever the function is."""
_STREAMS: Final = {
    f"{module}.{name}"
    for module in ("typing", "collections.abc")
    for name in ("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterable", "Iterator")
}


def is_declared(application: Application, route: Route) -> bool:
    """Whether a route says anything of its response model, `response_model=None` too; true where it may."""
    if "response_model" in route.keywords or not route.registration.complete:
        return True
    return route.declares_model and application.target_fastapi >= ANNOTATIONS_SINCE


def declared(application: Application, route: Route) -> Value | None:
    """Give the model that FastAPI makes a route's response from; None where it makes none."""
    if "response_model" in route.keywords:
        return route.response_model
    if not route.registration.complete:
        return UNKNOWN
    return route.response_model if application.target_fastapi >= ANNOTATIONS_SINCE else None


def means_a_stream(application: Application, annotation: Value | None) -> bool:
    """Whether FastAPI takes a return annotation for that of a generator, although the handler is none."""
    if not isinstance(annotation, Generic) or not isinstance(annotation.origin, External):
        return False
    first, mended = STREAM_ANNOTATIONS
    return first <= application.target_fastapi < mended and annotation.origin.name in _STREAMS


def declares_body(application: Application, route: Route) -> bool:
    """Whether a model is declared for the route's own status, as the response model or in `responses=`."""
    others = route.keywords.get("responses")
    entry = others.entries.get(route.status_code) if isinstance(others, Dictionary) else None
    models = [
        declared(application, route),
        entry.entries.get("model") if isinstance(entry, Dictionary) else None,
    ]
    return any(model is not None and _is_model(model) for model in models)


def _is_model(annotation: Value) -> bool:
    """Whether FastAPI makes a model of an annotation for certain: an unknown class may be a Response."""
    if isinstance(annotation, (Union, Generic, Annotated)):
        return True
    if isinstance(annotation, External) and annotation.name in {"typing.NoReturn", "typing.Never"}:
        return False
    return kind_of_class(annotation) == "" or (isinstance(annotation, External) and is_shapeless(annotation))


def annotation_for(value: Value) -> str | None:
    """Write the annotation that would declare what is returned: one Pydantic model, or a list of it."""
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
    is_table = "table" in value.cls.keywords
    return (
        value.cls.definition.name if value.cls.derives_from("pydantic.BaseModel") and not is_table else None
    )


_MAPPINGS: Final = {
    "builtins.dict",
    *(f"typing.{name}" for name in ("Dict", "Mapping", "MutableMapping", "DefaultDict", "OrderedDict")),
}
_COLLECTIONS: Final = {
    *(f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset")),
    *(f"typing.{name}" for name in ("List", "Tuple", "Set", "FrozenSet", "AbstractSet")),
    *(f"typing.{name}" for name in ("Sequence", "Iterable", "Collection")),
}
_LISTS: Final = {"builtins.list", "typing.List", "typing.Sequence"}
_WHOLE: Final = frozenset({"model_validator", "root_validator"})
"""Decorators of functions that get a model's data as a whole."""
_ANYTHING: Final = {"typing.Any", "builtins.object"}


def is_shapeless(annotation: Value) -> bool:
    """Whether an annotation says nothing of what is inside: `Any`, `dict`, `list[Any]`, optional or not."""
    if isinstance(annotation, Annotated):
        return is_shapeless(annotation.base)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        models = [member for member in members if not is_none(member)]
        return bool(models) and all(map(is_shapeless, models))
    if isinstance(annotation, External):
        return library.canonical(annotation.name) in _ANYTHING | _MAPPINGS | _COLLECTIONS
    if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
        name = library.canonical(annotation.origin.name)
        if name in _MAPPINGS:
            return is_shapeless(annotation.arguments[-1])
        return name in _COLLECTIONS and all(map(is_shapeless, annotation.arguments))
    return False


def item_of_list(application: Application, route: Route) -> Value | None:
    """Give the class of the items where a route declares that it answers with a list; None elsewhere."""
    model = declared(application, route)
    while isinstance(model, Annotated):
        model = model.base
    if isinstance(model, Union):
        members = [member for member in model.members if not is_none(member)]
        model = members[0] if len(members) == 1 else None
    if isinstance(model, Generic) and isinstance(model.origin, External) and len(model.arguments) == 1:
        return model.arguments[0] if library.canonical(model.origin.name) in _LISTS else None
    return None


def schema_class(annotation: Value | None) -> ClassValue | None:
    """The Pydantic model, optional or not, that reads fields off attributes; None for all else.

    That is no table, and no model with a validator that looks at the object as a whole.
    """
    while isinstance(annotation, Annotated):
        annotation = annotation.base
    if isinstance(annotation, Union):
        members = [member for member in annotation.members if not is_none(member)]
        return schema_class(members[0]) if len(members) == 1 else None
    if isinstance(annotation, Generic) or not isinstance(annotation, ClassValue):
        return None
    if (
        not annotation.derives_from("pydantic.BaseModel", "sqlmodel.SQLModel")
        or "table" in annotation.keywords
    ):
        return None
    if not annotation.is_fully_known() or any(map(_has_validator, annotation.mro())):
        return None
    return annotation


def _has_validator(cls: Value) -> bool:
    """Whether a model looks at its data as a whole, so that it may read something else."""
    return isinstance(cls, ClassValue) and any(
        isinstance(statement, facts.FunctionDefinition)
        and any(
            dotted(decorator.function if isinstance(decorator, facts.Call) else decorator).rpartition(".")[2]
            in _WHOLE
            for decorator in statement.decorators
        )
        for statement in cls.definition.body
    )

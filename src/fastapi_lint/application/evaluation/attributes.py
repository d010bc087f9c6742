"""What `value.name` is: attributes of modules, classes, objects and enumerations."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.budgets import MOST_OVERRIDES
from fastapi_lint.application.evaluation.frames import CallSite
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    Annotated,
    Bound,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    EnumMember,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    Literal,
    Marker,
    ModuleValue,
    Object,
    Package,
    Partial,
    Super,
    Unknown,
    Yielded,
    is_none,
    join,
)
from fastapi_lint.application.wiring.routing import Router
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )

ROUTER_DEFAULTS: dict[str, str | None] = {
    "openapi_url": "/openapi.json",
    "docs_url": "/docs",
    "redoc_url": "/redoc",
    "swagger_ui_oauth2_redirect_url": "/docs/oauth2-redirect",
    "prefix": "",
    "root_path": "",
}
"""What applications and routers have, and code makes paths of, where the constructor wasn't told."""
ENUM_BASES = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "http.HTTPStatus")


def attribute(evaluator: Evaluator, value: Value, name: str, frame: Frame) -> Value:
    """What `value.name` stands for."""
    if isinstance(value, Choice):
        return join(
            [attribute(evaluator, option, name, frame) for option in value.options if not is_none(option)]
        )
    if isinstance(value, ModuleValue):
        if name == "__path__" and value.module.path.endswith("__init__.py"):
            return Collection("list", [Package(value.module.package)])
        found = evaluator.member(value.module, name)
        return found if found is not None else Unknown(f"{value.module.name} has no {name}")
    if isinstance(value, Package):
        if name in {"__path__", "__name__"}:
            return (
                Collection("list", [value]) if name == "__path__" else Literal(value.path.replace("/", "."))
            )
        path = evaluator.modules.at(f"{value.path}/{name}")
        return evaluator.at(path) if path is not None else Unknown(f"{value.path} has no {name}")
    if isinstance(value, External):
        return evaluator.external(f"{value.name}.{name}")
    if isinstance(value, Object):
        return _of_object(evaluator, value, name, frame)
    if isinstance(value, ClassValue):
        return _of_class(evaluator, value, name, frame)
    return _of_other(evaluator, value, name, frame)


def _of_other(evaluator: Evaluator, value: Value, name: str, frame: Frame) -> Value:
    if isinstance(value, EnumMember):
        if name in {"value", "_value_"}:
            return value.value
        if name == "name":
            return Literal(value.name)
        return _of_class(evaluator, value.cls, name, frame, receiver=value)
    if isinstance(value, (Annotated, Generic)):
        return attribute(evaluator, value.base if isinstance(value, Annotated) else value.origin, name, frame)
    if isinstance(value, Super):
        return _of_super(evaluator, value, name, frame)
    if isinstance(value, (FunctionValue, Bound)):
        function = value.function if isinstance(value, Bound) else value
        if name in {"__name__", "__qualname__"} and isinstance(function, FunctionValue):
            return Literal(function.definition.name if name == "__name__" else function.qualname)
        if isinstance(function, FunctionValue) and name in function.attributes:
            return function.attributes[name]
        if name == "__wrapped__" and isinstance(function, FunctionValue) and function.wraps is not None:
            return function.wraps
        return UNKNOWN
    if isinstance(value, Partial) and name == "func":
        return value.function
    if isinstance(value, ExternalMethod):
        # `client.chat` of a large SDK is a function to be called, or what `client.chat.create` goes through.
        known = library.class_model(value.owner)
        if known is None or known.otherwise is None or value.name in known.methods or not known.members:
            return UNKNOWN
        inner = library.canonical(known.members)
        return _of_external_object(Object(External(inner)), inner, name)
    if isinstance(value, Marker) and name == "dependency":
        return value.callable or UNKNOWN
    if isinstance(value, Collection) and value.kind == "ModuleInfo" and name in {"name", "ispkg"}:
        return value.items[1 if name == "name" else 2]
    owner = _BUILTIN_OWNERS.get(type(value))
    if owner is not None:
        kind = value.kind if isinstance(value, Collection) else owner
        return ExternalMethod(value, f"builtins.{kind}", name)
    return UNKNOWN


_BUILTIN_OWNERS: dict[type[Value], str] = {
    Collection: "list",
    Dictionary: "dict",
    Literal: "str",
    Yielded: "generator",
}


def find(
    cls: ClassValue, name: str, after: ClassValue | None = None
) -> tuple[ClassValue, Value] | External | None:
    """Where a class gets `name` from: a class of the project and the value, or the external base that has it.

    With `after`, only what comes behind that class in the order of bases counts, as for `super()`.
    """
    lineage = cls.mro()
    if after is not None and after in lineage:
        lineage = lineage[lineage.index(after) + 1 :]
    external: External | None = None
    for item in lineage:
        if isinstance(item, ClassValue):
            found = item.scope.names.get(name)
            if found is not None:
                return item, found
        elif isinstance(item, External) and item.name not in _PLAIN_BASES and external is None:
            external = item
    return external


_PLAIN_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"}


def _of_class(
    evaluator: Evaluator, cls: ClassValue, name: str, frame: Frame, receiver: Value | None = None
) -> Value:
    found = find(cls, name)
    if isinstance(found, tuple):
        owner, value = found
        if (
            is_enum(owner)
            and name in owner.scope.names
            and not isinstance(value, (FunctionValue, ClassValue))
        ):
            return EnumMember(owner, name, value)
        return bind(evaluator, value, receiver, cls, frame)
    if name in {"__name__", "__qualname__"}:
        return Literal(cls.definition.name if name == "__name__" else cls.qualname)
    if name == "__dict__":
        return Dictionary({key: item for key, item in cls.scope.names.items() if key != "<class>"})
    if name == "__members__":
        return Dictionary({item.name: item for item in enum_members(cls) if isinstance(item, EnumMember)})
    field = annotated_field(evaluator, cls, name)
    if field is not None:
        return field
    if isinstance(found, External):
        model = library.class_model(found.name)
        if receiver is None and model is not None and name in model.attributes:
            held = External(library.canonical(model.attributes[name]))  # `Shelf.objects`: rows of this class
            return Object(held, type_arguments=(cls,))
        return ExternalMethod(receiver or cls, found.name, name)
    return UNKNOWN


def bind(evaluator: Evaluator, value: Value, receiver: Value | None, cls: ClassValue, frame: Frame) -> Value:
    """Give a class's value to whoever took it from `receiver` (None: from the class itself)."""
    if not isinstance(value, FunctionValue):
        return value
    if value.kind == "static":
        return value
    if value.kind == "class":
        return Bound(value, cls)
    if receiver is None:
        return value
    if value.kind == "property":
        return evaluator.call(CallSite(Bound(value, receiver), [], {}, None, frame))
    return Bound(value, receiver)


def annotated_field(evaluator: Evaluator, cls: ClassValue, name: str) -> Value | None:
    """An instance of what a class body's annotation says of a field; None if no class annotates it."""
    for item in cls.mro():
        if isinstance(item, ClassValue) and name in item.annotations:
            annotation = evaluator.annotation(item.annotations[name], item.scope)
            return evaluator.instance_of(annotation or UNKNOWN, cls.bindings)
    return None


def _of_object(evaluator: Evaluator, value: Object, name: str, frame: Frame) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__class__":
        return value.cls
    if isinstance(value.cls, ClassValue):
        found = find(value.cls, name)
        if isinstance(found, tuple):
            _, content = found
            if frame.recorder is None and isinstance(content, FunctionValue) and _is_stub(content):
                overrides = (
                    _overrides(evaluator, value.cls, name)
                    if value.is_declared or _is_abstract(value.cls)
                    else []
                )
                return join([bind(evaluator, content, value, value.cls, frame), *overrides])
            if isinstance(content, (FunctionValue, Literal, ClassValue, Collection, Dictionary)):
                return bind(evaluator, content, value, value.cls, frame)
            if isinstance(content, Marker) and isinstance(content.default, Literal):
                return content.default
            field = annotated_field(evaluator, value.cls, name)
            from fastapi_lint.application.evaluation import entities  # noqa: PLC0415 - entities look attributes up

            if field is None or isinstance(field, Unknown):
                return entities.unannotated(evaluator, value, name, content)
            return entities.related(evaluator, value, name, field)
        field = annotated_field(evaluator, value.cls, name)
        if field is not None:
            return field
        setting = _of_router(value, name) if isinstance(value, Router) else None
        if setting is not None:
            return setting
        if isinstance(found, External):
            return _of_external_object(value, found.name, name)
        return _of_fallback(evaluator, value, name, frame)
    if isinstance(value, Router):
        setting = _of_router(value, name)
        if setting is not None:
            return setting
    if isinstance(value.cls, External):
        return _of_external_object(value, value.cls.name, name)
    return UNKNOWN


def _is_stub(function: FunctionValue) -> bool:
    """Whether a method does nothing, so that it is there to be overridden."""
    return function.kind == "function" and all(
        isinstance(item, (model.Simple, model.Raise))
        or (isinstance(item, model.ExpressionStatement) and isinstance(item.value, model.Other))
        or (isinstance(item, model.Return) and item.value in (None, model.Constant(None)))
        for item in function.definition.body
    )


def _is_abstract(cls: ClassValue) -> bool:
    """Whether a class has abstract methods of its own, so that its objects are really those of subclasses."""
    return any(
        getattr(decorator, "id", getattr(decorator, "name", "")) == "abstractmethod"
        for value in cls.scope.names.values()
        if isinstance(value, FunctionValue)
        for decorator in value.definition.decorators
    )


def _overrides(evaluator: Evaluator, cls: ClassValue, name: str) -> list[Value]:
    """The methods with which the project's subclasses of a class override one of its own."""
    own = [(item, item.scope.names.get(name)) for item in evaluator.subclasses.get(id(cls), ())]
    found: list[Value] = [
        Bound(method, Object(item)) for item, method in own if isinstance(method, FunctionValue)
    ]
    return found[:MOST_OVERRIDES]


def _of_router(value: Router, name: str) -> Value | None:
    """What an application or router was made with, and what it has where it wasn't told."""
    if name in value.settings:
        return value.settings[name]
    if name in ROUTER_DEFAULTS:
        return Literal(ROUTER_DEFAULTS[name])
    if name in {"tags", "dependencies"}:
        return Collection("list", [])
    return value if name == "router" else None


def _of_fallback(evaluator: Evaluator, value: Object, name: str, frame: Frame) -> Value:
    """What a class's `__getattr__` gives."""
    found = (
        find(value.cls, "__getattr__")
        if isinstance(value.cls, ClassValue) and not name.startswith("__")
        else None
    )
    return (
        evaluator.call(CallSite(Bound(found[1], value), [Literal(name)], {}, None, frame))
        if isinstance(found, tuple)
        else UNKNOWN
    )


def _of_external_object(value: Object, owner: str, name: str) -> Value:
    known = library.class_model(owner)
    if known is not None and name in known.attributes:
        return Object(External(library.canonical(known.attributes[name])))
    if known is not None and name in known.depends:
        return Marker("Depends", ExternalMethod(value, owner, known.depends[name]))
    if known is not None and known.members and name not in known.methods and known.otherwise is None:
        return Object(External(library.canonical(known.members)))
    return ExternalMethod(value, owner, name)


def _of_super(evaluator: Evaluator, value: Super, name: str, frame: Frame) -> Value:
    receiver_class = value.receiver.cls if isinstance(value.receiver, Object) else value.receiver
    cls = receiver_class if isinstance(receiver_class, ClassValue) else value.cls
    found = find(cls, name, after=value.cls)
    if isinstance(found, tuple):
        return bind(evaluator, found[1], value.receiver, cls, frame)
    if isinstance(found, External):
        return ExternalMethod(value.receiver, found.name, name)
    return ExternalMethod(value.receiver, "builtins.object", name)


def set_attribute(value: Value, name: str, content: Value) -> None:
    """Note that `value.name = content` was executed."""
    if isinstance(value, Object):
        value.attributes[name] = content
    elif isinstance(value, ClassValue):
        value.scope.names[name] = content
    elif isinstance(value, FunctionValue):
        value.attributes[name] = content


def has_attribute(value: Value, name: str) -> bool | None:
    """Whether a value has an attribute, where that can be said."""
    if isinstance(value, Bound):
        return has_attribute(value.function, name)
    if isinstance(value, FunctionValue):
        return name in value.attributes or hasattr(has_attribute, name)
    if isinstance(value, Literal):
        return hasattr(value.value, name)
    if isinstance(value, (Collection, Dictionary)):
        return hasattr(getattr(builtins, value.kind if isinstance(value, Collection) else "dict"), name)
    cls = value.cls if isinstance(value, Object) else value
    if not isinstance(cls, ClassValue):
        return None
    if (isinstance(value, Object) and name in value.attributes) or isinstance(find(cls, name), tuple):
        return True
    is_open = isinstance(find(cls, name), External) or isinstance(find(cls, "__getattr__"), tuple)
    return None if is_open or not cls.is_fully_known() else False


def is_enum(cls: ClassValue) -> bool:
    """Whether a class of the project is an enumeration."""
    return cls.derives_from(*ENUM_BASES)


def enum_members(cls: ClassValue) -> list[Value]:
    """The members of an enumeration of the project, in order; nothing for other classes."""
    if not is_enum(cls):
        return []
    return [
        EnumMember(cls, name, value)
        for name, value in cls.scope.names.items()
        if not name.startswith(("_", "<")) and not isinstance(value, (FunctionValue, ClassValue))
    ]

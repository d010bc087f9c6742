"""What an annotation says about a value: instances of classes, items of collections, either of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    Annotated,
    Awaitable,
    Choice,
    ClassValue,
    Collection,
    Dictionary,
    External,
    Generic,
    Literal,
    Object,
    TypeVariable,
    Union,
    Yielded,
    join,
)

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


def _names(*groups: tuple[str, str]) -> frozenset[str]:
    return frozenset(f"{module}.{name}" for module, listed in groups for name in listed.split())


LISTS = _names(
    ("builtins", "list"),
    ("typing", "List Sequence Iterable Collection MutableSequence"),
    ("collections.abc", "Sequence Iterable Collection MutableSequence"),
)
SETS = _names(
    ("builtins", "set frozenset"), ("typing", "Set FrozenSet AbstractSet"), ("collections.abc", "Set")
)
TUPLES = _names(("builtins", "tuple"), ("typing", "Tuple"))
DICTS = _names(
    ("builtins", "dict"),
    ("typing", "Dict Mapping MutableMapping DefaultDict"),
    ("collections.abc", "Mapping MutableMapping"),
    ("collections", "defaultdict OrderedDict"),
)
GENERATORS = _names(
    (
        "typing",
        "Generator AsyncGenerator Iterator AsyncIterator AsyncIterable ContextManager AsyncContextManager",
    ),
    ("collections.abc", "Generator AsyncGenerator Iterator AsyncIterator AsyncIterable"),
    ("contextlib", "AbstractContextManager AbstractAsyncContextManager"),
)
AWAITABLES = _names(("typing", "Awaitable Coroutine"), ("collections.abc", "Awaitable Coroutine"))
TRANSPARENT = _names(("typing", "Final ClassVar Required NotRequired ReadOnly"), ("sqlalchemy.orm", "Mapped"))
SHAPELESS = {"typing.Any", "builtins.object"}


def instance_of(annotation: Value, bindings: dict[str, Value]) -> Value:
    """A value that satisfies an annotation; `bindings` say what type variables stand for."""
    if isinstance(annotation, Annotated):
        return instance_of(annotation.base, bindings)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        return join([instance_of(member, bindings) for member in members])
    if isinstance(annotation, Literal) and annotation.value is None:
        return NONE
    if isinstance(annotation, ClassValue):
        return Object(annotation, is_declared=True)
    if isinstance(annotation, External):
        if annotation.name in SHAPELESS or annotation.name in TRANSPARENT:  # a bare `Final` says no type
            return UNKNOWN
        if annotation.name in LISTS | SETS | TUPLES:
            return Collection("list", [], complete=False)
        if annotation.name in DICTS:
            return Dictionary({}, complete=False)
        if annotation.name == "builtins.None":
            return NONE
        return Object(annotation)
    if isinstance(annotation, TypeVariable):
        bound = bindings.get(annotation.name) or annotation.bound
        return UNKNOWN if bound is None or bound is annotation else instance_of(bound, bindings)
    if isinstance(annotation, Generic):
        return _generic(annotation, bindings)
    return UNKNOWN


def _generic(annotation: Generic, bindings: dict[str, Value]) -> Value:
    origin, arguments = annotation.origin, annotation.arguments
    if isinstance(origin, ClassValue):
        return Object(origin, type_arguments=tuple(substitute(item, bindings) for item in arguments))
    if not isinstance(origin, External):
        return UNKNOWN
    name = origin.name
    first = arguments[0] if arguments else UNKNOWN
    if name in LISTS or name in SETS:
        return Collection("set" if name in SETS else "list", [instance_of(first, bindings)], complete=False)
    if name in TUPLES:
        return Collection("tuple", [instance_of(item, bindings) for item in arguments], complete=False)
    if name in DICTS:
        return Dictionary({}, [instance_of(item, bindings) for item in arguments[1:2]], complete=False)
    if name in GENERATORS:
        return Yielded(instance_of(first, bindings))
    if name in AWAITABLES:
        return Awaitable(instance_of(arguments[-1] if arguments else UNKNOWN, bindings))
    if name in TRANSPARENT:
        return instance_of(first, bindings)
    if name in {"builtins.type", "typing.Type"}:
        return substitute(first, bindings)
    if name == "typing.Literal":
        return join(list(arguments))
    return Object(
        External(library.canonical(name)),
        type_arguments=tuple(substitute(item, bindings) for item in arguments),
    )


def substitute(annotation: Value, bindings: dict[str, Value]) -> Value:
    """An annotation with type variables replaced by what they stand for."""
    if isinstance(annotation, TypeVariable):
        return bindings.get(annotation.name, annotation)
    return annotation


def bind_type_parameters(cls: ClassValue, base: Value) -> None:
    """Note what a generic base's type variables stand for in this class: `class Items(Store[Item])`."""
    origin = base.origin if isinstance(base, Generic) else base
    if not isinstance(origin, ClassValue):
        return
    cls.bindings.update(origin.bindings)
    if isinstance(base, Generic):
        for variable, argument in zip(type_parameters(origin), base.arguments, strict=False):
            cls.bindings[variable] = argument


def type_parameters(cls: ClassValue) -> list[str]:
    """The names of a class's type variables, in order, as `Generic[…]` or its generic bases list them."""
    names: list[str] = list(cls.definition.type_parameters)
    for base in cls.bases:
        if isinstance(base, Generic):
            found = [item.name for item in base.arguments if isinstance(item, TypeVariable)]
            if isinstance(base.origin, External) and base.origin.name in {
                "typing.Generic",
                "typing.Protocol",
            }:
                return found
            names += [name for name in found if name not in names]
    return names

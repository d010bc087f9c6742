"""Lists, dicts and texts: operators, subscripts, iteration and the methods of the built-in types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes, entities
from fastapi_lint.application.evaluation.annotations import instance_of
from fastapi_lint.application.evaluation.values import (
    NONE,
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
    TypeVariable,
    Union,
    Value,
    is_none,
    join,
)

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import CallSite
    from fastapi_lint.application.evaluation.interpreter import Evaluator

TEXT = External("builtins.str")
LONGEST_TEMPLATE = 500


def operate(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`."""
    if (
        isinstance(left, Literal)
        and isinstance(right, Literal)
        and (operator != "%" or not isinstance(left.value, str))
    ):
        return _of_literals(operator, left.value, right.value)
    if operator == "|":
        if isinstance(left, Dictionary) and isinstance(right, Dictionary):
            entries = {**left.entries, **right.entries}
            return Dictionary(entries, left.others + right.others, left.complete and right.complete)
        if _is_type(left) and _is_type(right):
            return union([left, right])
    if operator == "*":
        many, count = (left, right) if isinstance(left, Collection) else (right, left)
        if isinstance(many, Collection) and isinstance(count, Literal) and isinstance(count.value, int):
            return Collection(many.kind, many.items * min(count.value, 1000), many.complete)
    if operator == "+":
        if isinstance(left, Collection) and isinstance(right, Collection):
            return Collection(left.kind, left.items + right.items, left.complete and right.complete)
        if isinstance(left, Collection) or isinstance(right, Collection):
            known = left if isinstance(left, Collection) else right
            return (
                Collection(known.kind, list(known.items), complete=False)
                if isinstance(known, Collection)
                else UNKNOWN
            )
        first, second = text_of_member(left), text_of_member(right)
        if isinstance(left, Literal):
            first = str(left.value)
        if isinstance(right, Literal):
            second = str(right.value)
        if first is not None and second is not None:
            return Literal(first + second)
        for option, other in ((left, right), (right, left)):
            if isinstance(option, Choice):
                results = [
                    operate("+", item, other) if option is left else operate("+", other, item)
                    for item in option.options
                ]
                return join(results)
    if operator == "%" and isinstance(left, Literal) and isinstance(left.value, str):
        return _formatted(left.value, right)
    if _is_text(left) and operator in {"+", "%"}:
        return Object(TEXT)
    return UNKNOWN


def _formatted(template: str, right: Value) -> Value:
    items = (
        right.items if isinstance(right, Collection) and right.kind == "tuple" and right.complete else [right]
    )
    plain = tuple(item.value for item in items if isinstance(item, Literal))
    if (
        isinstance(right, Dictionary)
        or len(plain) != len(items)
        or len(template) > LONGEST_TEMPLATE
        or "*" in template
    ):
        return Object(TEXT)
    try:
        return Literal(template % plain)
    except (TypeError, ValueError):
        return Object(TEXT)


def _is_text(value: Value) -> bool:
    return (isinstance(value, Literal) and isinstance(value.value, str)) or (
        isinstance(value, Object) and isinstance(value.cls, External) and value.cls.name == "builtins.str"
    )


def _of_literals(operator: str, left: object, right: object) -> Value:
    if isinstance(left, str) and isinstance(right, str) and operator == "+":
        return Literal(left + right)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if operator == "+":
            return Literal(left + right)
        if operator == "-":
            return Literal(left - right)
        if operator == "*" and abs(left) < 10**9 and abs(right) < 10**9:
            return Literal(left * right)
        if operator in {"/", "//"} and right:
            return Literal(left / right if operator == "/" else left // right)
    if operator == "|" and (left is None or right is None):
        return UNKNOWN
    return UNKNOWN


def _is_type(value: Value) -> bool:
    return isinstance(value, (ClassValue, External, Annotated, Generic, Union, TypeVariable)) or is_none(
        value
    )


def union(members: list[Value]) -> Value:
    """`A | B`, with the members of unions inside it taken out."""
    flat: list[Value] = []
    for member in members:
        flat += member.members if isinstance(member, Union) else [member]
    return Union(tuple(flat))


def text_of_member(value: Value) -> str | None:
    """The text of an enumeration's member that is itself a text, as `str()` and paths show it."""
    if isinstance(value, EnumMember) and isinstance(value.value, Literal):
        is_text = value.cls.derives_from("builtins.str", "enum.StrEnum")
        return str(value.value.value) if is_text or isinstance(value.value.value, str) else None
    return None


def key_of(value: Value) -> object | None:
    """What stands for a value that isn't a literal as a dict's key: functions and classes by identity."""
    if isinstance(value, EnumMember):
        return (id(value.cls), value.name)
    if isinstance(value, External):
        return (External, value.name)
    return value if isinstance(value, (FunctionValue, ClassValue)) else None


def value_of_key(key: object) -> Value:
    """The value that stands under a dict's key for itself; unknown where the key doesn't tell."""
    if isinstance(key, Value):
        return key
    if isinstance(key, (str, int, float)) or key is None:
        return Literal(key)
    if isinstance(key, tuple) and key[0] is External:
        return External(key[1])
    return UNKNOWN


def iterate(value: Value) -> Value:
    """One item of what isn't a list: what a class's `__iter__` or the tables say."""
    if isinstance(value, Dictionary):
        return (
            join([Literal(key) for key in value.entries if isinstance(key, (str, int))])
            if value.entries
            else UNKNOWN
        )
    if isinstance(value, ClassValue):
        return join(attributes.enum_members(value))
    if isinstance(value, Object) and isinstance(value.cls, External):
        model = library.class_model(value.cls.name)
        if model is not None and model.iterated is not None and value.type_arguments:
            row = instance_of(value.type_arguments[0], {})
            return entities.row_of(value) if isinstance(entities.row_of(value), Object) else row
        return entities.row_of(value)
    return UNKNOWN


def subscript(evaluator: Evaluator, value: Value, index: Value) -> Value:
    """`value[index]`, of a container or of a type."""
    if isinstance(value, Choice):
        return join([subscript(evaluator, option, index) for option in value.options if not is_none(option)])
    if isinstance(value, Collection):
        if isinstance(index, Literal) and isinstance(index.value, int) and _reaches(value, index.value):
            return value.items[index.value]
        return join(value.items) if value.items else UNKNOWN
    if isinstance(value, Dictionary):
        key = index.value if isinstance(index, Literal) else key_of(index)
        if key in value.entries:
            return value.entries[key]
        if isinstance(index, Literal) and not value.others:
            return UNKNOWN
        return join([*value.entries.values(), *value.others]) if value.entries or value.others else UNKNOWN
    if isinstance(value, External):
        return _subscript_external(value, index)
    if isinstance(value, ClassValue):
        if attributes.is_enum(value) and isinstance(index, Literal):
            return next(
                (
                    item
                    for item in attributes.enum_members(value)
                    if isinstance(item, EnumMember) and item.name == index.value
                ),
                UNKNOWN,
            )
        return Generic(value, _arguments(index))
    if isinstance(value, Generic):
        return Generic(value.origin, _arguments(index))
    if isinstance(value, Annotated):  # a generic alias: `Page[T] = Annotated[list[T], …]`
        return value
    if isinstance(value, Object) and isinstance(value.cls, External):
        model = library.class_model(value.cls.name)
        if model is not None and model.members:
            return Object(External(library.canonical(model.members)))
    return UNKNOWN


def _reaches(value: Collection, index: int) -> bool:
    return value.complete and -len(value.items) <= index < len(value.items)


def _arguments(index: Value) -> tuple[Value, ...]:
    return tuple(index.items) if isinstance(index, Collection) and index.kind == "tuple" else (index,)


def _subscript_external(value: External, index: Value) -> Value:
    arguments = _arguments(index)
    if value.name == "typing.Annotated":
        base, *metadata = arguments
        if isinstance(base, Annotated):
            return Annotated(base.base, (*base.metadata, *metadata))
        return Annotated(base, tuple(metadata))
    if value.name == "typing.Optional":
        return union([arguments[0], NONE])
    if value.name == "typing.Union":
        return union(list(arguments))
    return Generic(value, arguments)


def contains(container: Value, item: Value) -> bool | None:
    """Whether `item in container`, where all of both is known."""
    if not isinstance(item, Literal):
        return None
    if isinstance(container, Dictionary) and container.complete:
        return item.value in container.entries
    if isinstance(container, Collection) and container.complete:
        known = [other.value for other in container.items if isinstance(other, Literal)]
        return item.value in known if len(known) == len(container.items) else None
    if isinstance(container, Literal) and isinstance(container.value, str) and isinstance(item.value, str):
        return item.value in container.value
    return None


def call_method(evaluator: Evaluator, receiver: Value, name: str, site: CallSite) -> Value:
    """A method of a built-in container or text; these change the container that they are called on."""
    if isinstance(receiver, Collection):
        return _list_method(evaluator, receiver, name, site)
    if isinstance(receiver, Dictionary):
        return _dict_method(receiver, name, site)
    if isinstance(receiver, Literal) and isinstance(receiver.value, str):
        return _text_method(evaluator, receiver.value, name, site)
    return UNKNOWN


def _list_method(evaluator: Evaluator, receiver: Collection, name: str, site: CallSite) -> Value:
    first = site.argument(0, "object")
    if name in {"append", "add"} and first is not None:
        receiver.items.append(first)
    elif name == "insert" and (inserted := site.argument(1, "object")) is not None:
        position = site.arguments[0]
        at = (
            position.value
            if isinstance(position, Literal) and isinstance(position.value, int)
            else len(receiver.items)
        )
        receiver.items.insert(at, inserted)
    elif name in {"extend", "update"} and first is not None:
        items = evaluator.items_of(first)
        receiver.items += items or []
        receiver.complete = receiver.complete and items is not None
    elif name in {"copy", "union"}:
        return Collection(receiver.kind, list(receiver.items), receiver.complete)
    elif name in {"pop", "popleft"}:
        return join(receiver.items) if receiver.items else UNKNOWN
    elif name in {"remove", "clear", "discard"}:
        receiver.complete = False
    return NONE


def _dict_method(receiver: Dictionary, name: str, site: CallSite) -> Value:
    key, default = site.argument(0, "key"), site.argument(1, "default")
    if name in {"get", "pop", "setdefault"} and key is not None:
        known = key.value if isinstance(key, Literal) else key_of(key)
        if known in receiver.entries:
            return receiver.entries.pop(known) if name == "pop" else receiver.entries[known]
        fallback = default if default is not None else NONE
        if name == "setdefault" and isinstance(key, Literal):
            receiver.entries[known] = fallback
        if receiver.complete and not receiver.others and isinstance(key, Literal):
            return fallback
        return join(
            [*receiver.others, fallback, *([] if isinstance(key, Literal) else receiver.entries.values())]
        )
    if name == "items":
        pairs: list[Value] = [
            Collection("tuple", [value_of_key(entry), value]) for entry, value in receiver.entries.items()
        ]
        pairs += [Collection("tuple", [UNKNOWN, value]) for value in receiver.others]
        return Collection("list", pairs, receiver.complete and not receiver.others)
    if name == "values":
        return Collection("list", [*receiver.entries.values(), *receiver.others], receiver.complete)
    if name == "keys":
        keys = [value_of_key(entry) for entry in receiver.entries]
        return Collection("list", keys, receiver.complete and not receiver.others)
    if name == "update":
        if isinstance(key, Dictionary):
            receiver.entries.update(key.entries)
            receiver.complete = receiver.complete and key.complete
        elif key is not None:
            receiver.complete = False
        receiver.entries.update(site.keywords)
        return NONE
    if name == "copy":
        return Dictionary(dict(receiver.entries), list(receiver.others), receiver.complete)
    return UNKNOWN


_PURE_TEXT_METHODS = {
    "capitalize",
    "casefold",
    "endswith",
    "join",
    "lower",
    "lstrip",
    "removeprefix",
    "removesuffix",
    "replace",
    "rstrip",
    "split",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
}


def _text_method(evaluator: Evaluator, text: str, name: str, site: CallSite) -> Value:
    if name == "join":
        first = site.argument(0, "iterable")
        items = evaluator.items_of(first) if first is not None else None
        parts = [evaluator.text_of(item) for item in items] if items is not None else [None]
        return (
            Literal(text.join(part for part in parts if part is not None))
            if None not in parts
            else Object(TEXT)
        )
    if name == "format":
        values = [evaluator.text_of(item) for item in site.arguments]
        named = {key: evaluator.text_of(item) for key, item in site.keywords.items()}
        if None in values or None in named.values():
            return Object(TEXT)
        try:
            return Literal(text.format(*values, **named))
        except (IndexError, KeyError, ValueError, AttributeError):
            return Object(TEXT)
    if name in _PURE_TEXT_METHODS and not site.keywords:
        plain = [item.value for item in site.arguments if isinstance(item, Literal)]
        if len(plain) != len(site.arguments):
            return Object(TEXT)
        try:
            result = getattr(text, name)(*plain)
        except (TypeError, ValueError):
            return UNKNOWN
        if isinstance(result, list):
            return Collection("list", [Literal(item) for item in result])
        return Literal(result)
    return Object(TEXT)

"""What kind of thing a stored row is: a resource of its own, a link between others, a mere trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, Collection, External, Object, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.evaluation.values import Value

_TRACES = frozenset(
    split("log logs audit history trail trace activity telemetry visit view hit statistic metric")
)
_ENDINGS = frozenset(split("model orm db entity table document record row schema"))
_STAMPS = frozenset(
    split("id created updated created_at updated_at added_at user_id created_by model_config")
)


def class_of(meaning: CallMeaning) -> ClassValue | None:
    """The class whose rows a creating call makes: of an instance, a statement, or its receiver."""
    given: list[Value] = [*meaning.arguments, *meaning.keywords.values()]
    for value in given:
        for item in _flat(value):
            if isinstance(item, Object):
                if isinstance(item.cls, ClassValue) and "<fresh>" in item.attributes:
                    return item.cls
                if isinstance(item.cls, External) and library.class_model(item.cls.name) is not None:
                    named = next(
                        (argument for argument in item.arguments if isinstance(argument, ClassValue)), None
                    )
                    if named is not None:
                        return named
    for value in options(meaning.receiver) if meaning.receiver is not None else ():
        if isinstance(value, Object) and isinstance(value.cls, ClassValue) and "<fresh>" in value.attributes:
            return value.cls
        if isinstance(value, ClassValue):
            return value
    return next((value for value in given if isinstance(value, ClassValue)), None)


def _flat(value: Value) -> Iterator[Value]:
    for option in options(value):
        if isinstance(option, Collection):
            yield from option.items
        else:
            yield option


def name_words(entity: ClassValue) -> list[str]:
    """The words of an entity's name in lower case, without such endings as `Model` and `DB`."""
    parts = words(entity.definition.name)
    while len(parts) > 1 and parts[-1] in _ENDINGS:
        parts.pop()
    return parts


def is_trace(entity: ClassValue) -> bool:
    """Whether rows of an entity are traces of what happened, by its name: `AuditLog`, `LoginHistory`."""
    parts = name_words(entity)
    return parts[-1] in _TRACES or parts[0] in _TRACES


def is_link(entity: ClassValue) -> bool:
    """Whether rows of an entity connect others: they hold foreign keys and nothing that is theirs alone."""
    own_columns = dict(columns(entity))
    foreign = {name for name, value in own_columns.items() if value is not None and _is_foreign(value)}
    keys = {
        name
        for name, value in own_columns.items()
        if value is not None and _has_keyword(value, "primary_key")
    }
    if len(keys) > 1 and keys <= foreign:
        return True
    own = {name for name in own_columns if name not in foreign | keys and name not in _STAMPS}
    return len(foreign) > 1 and not own


def columns(entity: ClassValue) -> Iterator[tuple[str, model.Expression | None]]:
    """Give the columns with what they are set to; None for a mere annotation (`seats: Mapped[int]`)."""
    for cls in reversed(entity.mro()):
        if isinstance(cls, ClassValue):
            for statement in cls.definition.body:
                if isinstance(statement, model.Assignment):
                    name, value = _last(statement.targets[0]), statement.value
                    if not name.startswith("__") and (value is None or not _is_relationship(value)):
                        yield name, value


def _is_relationship(value: model.Expression) -> bool:
    return isinstance(value, model.Call) and _last(value.function).lower() in {"relationship", "backref"}


def _has_keyword(value: model.Expression, name: str) -> bool:
    return any(
        keyword.name == name and (not isinstance(keyword.value, model.Constant) or bool(keyword.value.value))
        for call in (value, *expressions(value))
        if isinstance(call, model.Call)
        for keyword in call.keywords
    )


def _is_foreign(value: model.Expression) -> bool:
    return _has_keyword(value, "foreign_key") or any(
        isinstance(item, model.Call) and _last(item.function) in {"ForeignKey", "ForeignKeyField"}
        for item in (value, *expressions(value))
    )


def _last(node: model.Expression) -> str:
    if isinstance(node, model.Attribute):
        return node.name
    return node.id if isinstance(node, model.Name) else ""

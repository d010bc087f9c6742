"""Where fields that a client names are written into an entity: `Model(**body)`, `setattr` in a loop …."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.database.expiring import is_column
from fastapi_lint.application.evaluation.entities import is_entity
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Dictionary,
    ExternalMethod,
    Object,
    options,
)
from fastapi_lint.application.library.model import words
from fastapi_lint.application.security.callers import words as name_words
from fastapi_lint.application.taint.contents import NOTHING, Use
from fastapi_lint.application.taint.types import classes_in, field_names, is_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.taint.contents import Content, Piece

_ALWAYS: Final = words(
    "is_admin admin is_administrator is_superuser superuser is_super_admin is_staff hashed_password "
    "password_hash owner_id"
)
"""Columns that only the application should set, whatever the entity is."""
_OF_USERS: Final = words(
    "role roles role_id user_role permissions scopes is_verified email_verified verified is_approved"
)
"""The same of entities that are users."""
_USERS: Final = frozenset(words("user users account member employee person profile customer operator"))
_VALIDATING: Final = frozenset(words("model_validate parse_obj from_orm"))


def writes_fields(meaning: CallMeaning, body: Body) -> bool:
    """Whether a call can write all fields of a value into an entity: `spread` gives something for it."""
    node = meaning.node
    if node is None:
        return False
    is_spread = bool(node.arguments) or any(item.name is None for item in node.keywords)
    return is_spread and any(True for _ in spread(meaning, body, [NOTHING] * len(node.arguments), {}))


def spread(
    meaning: CallMeaning, body: Body, arguments: list[Content], keywords: dict[str, Content]
) -> Iterator[tuple[ClassValue, Content, frozenset[str]]]:
    """Give the entity that a call writes fields of a value into, the value, and what it sets otherwise."""
    node = meaning.node
    if node is None:
        return
    overridden = frozenset(name for name in keywords if name)
    if isinstance(meaning.callee, ClassValue) and is_entity(meaning.callee):
        yield meaning.callee, keywords.get("", NOTHING), overridden
    elif meaning.name == "builtins.setattr" and len(arguments) > 1:
        for entity in _entities_of(body.value(node.arguments[0])):
            yield entity, arguments[1], frozenset()
    elif isinstance(meaning.callee, ExternalMethod):
        method, receiver = meaning.callee.name, meaning.callee.receiver
        first = arguments[0] if arguments else NOTHING
        if method in _VALIDATING and isinstance(receiver, ClassValue) and is_entity(receiver):
            yield receiver, first, _updated(meaning)
        elif method == "sqlmodel_update":
            for entity in _entities_of(receiver):
                yield entity, first, _updated(meaning)
        elif method == "values" and isinstance(receiver, Object):
            for cls in (*receiver.type_arguments, *receiver.arguments):
                if isinstance(cls, ClassValue) and is_entity(cls):
                    yield cls, keywords.get("", first), overridden


def _entities_of(value: Value) -> Iterator[ClassValue]:
    for option in options(value):
        if isinstance(option, Object) and isinstance(option.cls, ClassValue) and is_entity(option.cls):
            yield option.cls


def _updated(meaning: CallMeaning) -> frozenset[str]:
    """The keys of `update={…}`."""
    given = meaning.keywords.get("update")
    return frozenset(map(str, given.entries)) if isinstance(given, Dictionary) else frozenset()


def settable(piece: Piece, entity: ClassValue, overridden: frozenset[str]) -> list[str]:
    """The columns of an entity that a client can set by a value although only the application should."""
    if not piece.uses & Use.FIELDS:
        return []
    names = list(_ALWAYS)
    if _USERS & set(name_words(entity.definition.name)):
        names += _OF_USERS
    columns = [name for name in names if name not in overridden and is_column(entity, name)]
    models = [cls for cls in classes_in(piece.origin.type) if isinstance(cls, ClassValue) and is_model(cls)]
    if not models:
        return columns
    sent = frozenset[str]().union(*map(field_names, models))
    return [name for name in columns if name in sent]

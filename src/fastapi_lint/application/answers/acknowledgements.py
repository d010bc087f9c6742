"""Answers that tell a client nothing beyond the status: no value, a bare flag, a sentence saying "done"."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.answers import failures, responses
from fastapi_lint.application.answers.ways import ways
from fastapi_lint.application.evaluation.values import (
    Annotated,
    ClassValue,
    EnumMember,
    External,
    Generic,
    Literal,
    Object,
    Union,
    is_none,
    options,
)
from fastapi_lint.application.library.auth import AUTHENTICATING_DECORATORS
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import assigned_values, expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value

_KEYS = frozenset(
    split(
        "ok success succeeded successful status result response deleted removed is_deleted message msg "
        "detail details info acknowledged status_code"
    )
)
_COUNTS = frozenset(
    split("count counts total number num len length amount n rowcount affected rows size sum")
)
_DEEPEST = 6
_ERROR = 400

Said = tuple[object, ...]
"""What an answer says, for comparison: an answer that differs from way to way does tell something."""
NOTHING: Said = ("nothing",)
_REFUSES: Said = ("error",)


class Answer(Enum):
    """What a handler's answers come to."""

    NOTHING = "nothing"
    ACKNOWLEDGEMENT = "a bare acknowledgement"


def answer_of(body: Body) -> Answer | None:
    """What all answers of a handler come to; None where one of them tells something, or may do so."""
    said = _said_by(body, _DEEPEST)
    if said is None or said == _REFUSES:
        return None
    return Answer.NOTHING if said == NOTHING else Answer.ACKNOWLEDGEMENT


def _said_by(body: Body, depth: int, *, truly: bool = False) -> Said | None:
    """What a function says on every way through it, None where that differs or isn't known.

    With `truly` only those ways count on which it returns something true.
    """
    definition = body.function.definition
    value = body.function.value
    decorators = {library.canonical(name.removeprefix("result of ")) for name in value.opaque_decorators}
    is_changed = value.wraps is not None or not decorators <= AUTHENTICATING_DECORATORS
    if definition.is_generator or is_changed or depth == 0:
        return None
    found = {
        NOTHING if way.returned is None else _said(body, way.returned, depth)
        for way in ways(definition.body, body.decided)
        if not (truly and _is_false(way.returned))
    }
    found.discard(_REFUSES)
    if len(found) > 1:
        return None
    return found.pop() if found else _REFUSES


def _is_false(node: model.Expression | None) -> bool:
    return node is None or (isinstance(node, model.Constant) and not node.value)


def _said(body: Body, node: model.Expression, depth: int, *, truly: bool = False) -> Said | None:
    """What an expression says if it is the answer; None if it tells something or isn't known.

    With `truly` it is known to be true.
    """
    if truly and isinstance(node, model.Comparison):
        return ("flag",)
    if isinstance(node, model.Constant):
        return NOTHING if node.value is None else ("flag",) if node.value is True else None
    if isinstance(node, model.Mapping):
        return _said_by_entries(
            body, [(_text(key), value) for key, value in zip(node.keys, node.values, strict=True)]
        )
    if isinstance(node, model.Await):
        return _said(body, node.value, depth, truly=truly)
    if isinstance(node, model.Conditional):
        found = {_said(body, node.body, depth), _said(body, node.orelse, depth)}
        return found.pop() if len(found) == 1 else None
    if isinstance(node, model.Name):
        given = _bindings(body, node)
        truly = truly or node.id in _refused_when_false(body.function.definition.body)
        found = {_said(body, value, depth, truly=truly) for value in given} if given else {None}
        return found.pop() if len(found) == 1 else None
    if isinstance(node, model.Call):
        return _said_by_call(body, node, depth, truly=truly)
    return None


def _refused_when_false(body: tuple[model.Statement, ...]) -> set[str]:
    """Names that a function tests, at its top level, and raises an error where they are false."""
    found = set()
    for statement, following in zip(body, (*body[1:], None), strict=True):
        if not isinstance(statement, model.If):
            continue
        test = statement.test
        name: model.Expression
        otherwise: model.Statement | None
        if isinstance(test, model.Unary) and test.operator == "not":
            name, otherwise = test.operand, statement.body[-1]
        elif statement.orelse:
            name, otherwise = test, statement.orelse[-1]
        else:
            returns = isinstance(statement.body[-1], model.Return)
            name, otherwise = test, following if returns else None
        if isinstance(name, model.Name) and isinstance(otherwise, model.Raise):
            found.add(name.id)
    return found


def _bindings(body: Body, node: model.Name) -> list[model.Expression]:
    """The expressions that a local name gets its values from, where plain assignments give them."""
    definition = body.function.definition
    if any(parameter.name == node.id for parameter in definition.parameters):
        return []
    return assigned_values(definition.body).get(node.id, [])


def _text(key: model.Expression | None) -> object:
    return key.value if isinstance(key, model.Constant) else None


def _said_by_entries(body: Body, entries: list[tuple[object, model.Expression]]) -> Said | None:
    if not entries:
        return ("empty",)
    said: list[object] = []
    for key, value in entries:
        words_said = _flag_or_text(body, value)
        if key not in _KEYS or words_said is None:
            return None
        said.append((key, words_said))
    return tuple(said)


def _flag_or_text(body: Body, node: model.Expression) -> object:
    """What a flag or a text says, as far as it is written in the code; None for all else."""
    if isinstance(node, model.Constant):
        is_status = isinstance(node.value, int) and 200 <= node.value < 300  # noqa: PLR2004 - a status in the body
        return node.value if isinstance(node.value, (bool, str)) or is_status else None
    if isinstance(node, model.Template):
        return _sentence(node.parts)
    if isinstance(node, model.Binary) and node.operator in {"+", "%"}:
        left = _flag_or_text(body, node.left)
        return _sentence((node.left, node.right)) if isinstance(left, str) else None
    if isinstance(node, model.Name):
        given = _bindings(body, node)
        found = {_flag_or_text(body, value) for value in given}
        if given:
            return found.pop() if len(found) == 1 else None
    if (
        isinstance(node, model.Call)
        and isinstance(node.function, model.Attribute)
        and node.function.name == "format"
    ):
        return _sentence((node.function.value, *node.arguments, *(item.value for item in node.keywords)))
    known = {
        option.value
        if isinstance(option, Literal)
        else option.name
        if isinstance(option, EnumMember)
        else None
        for option in options(body.value(node))
    }
    said = known.pop() if len(known) == 1 else None
    return said if isinstance(said, (bool, str)) else None


def _sentence(parts: tuple[model.Expression, ...]) -> str | None:
    """The constant words of a sentence; None where it tells a number, or what only a call knows."""
    said = []
    for part in parts:
        if isinstance(part, model.Constant):
            said.append(str(part.value))
            continue
        for item in (part, *expressions(part)):
            name = (
                item.id
                if isinstance(item, model.Name)
                else item.name
                if isinstance(item, model.Attribute)
                else ""
            )
            if isinstance(item, (model.Call, model.Comprehension, model.Conditional)) or _COUNTS & set(
                words(name)
            ):
                return None
        said.append("{}")
    return "".join(said)


def _said_by_call(body: Body, node: model.Call, depth: int, *, truly: bool) -> Said | None:
    meaning = body.call(node)
    if meaning is None:
        return None
    callee = meaning.callee
    if isinstance(callee, Generic):
        callee = callee.origin
    if meaning.name == "builtins.dict" and not node.arguments:
        return _said_by_entries(body, [(keyword.name, keyword.value) for keyword in node.keywords])
    is_class = isinstance(callee, ClassValue) or (isinstance(callee, External) and not meaning.bodies)
    if is_class and responses.kind_of_class(callee):
        return _said_by_response(body, node, meaning, depth)
    if isinstance(callee, ClassValue):
        return _said_by_model(body, node, callee)
    if not meaning.bodies:
        return None
    found = {
        _said_by_stub(inner) if _is_stub(inner) else _said_by(inner, depth - 1, truly=truly)
        for inner in meaning.bodies
    }
    return found.pop() if len(found) == 1 else None


def _said_by_response(body: Body, node: model.Call, meaning: CallMeaning, depth: int) -> Said | None:
    response = Object(meaning.callee, arguments=meaning.arguments, keywords=meaning.keywords)
    status = failures.status_of(response)
    if status is None and ("status_code" in meaning.keywords or len(node.arguments) > 1):
        return None
    if status is not None and status >= _ERROR:
        return _REFUSES
    if status not in {None, 200} or any(keyword.name in {"background", None} for keyword in node.keywords):
        return None
    kind = responses.kind_of_class(meaning.callee)
    given = [*node.arguments[:1], *(keyword.value for keyword in node.keywords if keyword.name == "content")]
    if not given:
        return NOTHING if kind in {responses.JSON, "raw"} and isinstance(meaning.callee, External) else None
    return _said(body, given[0], depth) if kind == responses.JSON else None


def _said_by_model(body: Body, node: model.Call, cls: ClassValue) -> Said | None:
    if not is_acknowledgement(cls) or node.arguments:
        return None
    if any(keyword.name is None for keyword in node.keywords):
        return None
    if not node.keywords:
        return (cls.name,)
    return _said_by_entries(body, [(keyword.name, keyword.value) for keyword in node.keywords])


def is_acknowledgement(cls: ClassValue) -> bool:
    """Whether a model has fields for an acknowledgement alone."""
    fields = set(_fields(cls))
    return bool(fields) and fields <= _KEYS and cls.is_fully_known() and not _has_strange_base(cls)


def _fields(cls: ClassValue) -> Iterator[str]:
    for item in cls.mro():
        if isinstance(item, ClassValue):
            yield from (name for name in item.annotations if name != "model_config")


def _has_strange_base(cls: ClassValue) -> bool:
    plain = ("pydantic.", "sqlmodel.SQLModel", "typing.", "builtins.", "abc.")
    return any(not library.canonical(name).startswith(plain) for name in cls.external_bases())


def _is_stub(body: Body) -> bool:
    """Whether it is the declaration of a method that others implement."""
    return not any(isinstance(item, model.Return) for item in body.function.definition.body) and all(
        isinstance(statement, model.Simple)
        or (isinstance(statement, model.ExpressionStatement) and isinstance(statement.value, model.Other))
        for statement in body.function.definition.body
    )


def _said_by_stub(body: Body) -> Said | None:
    returns = body.function.definition.returns
    return NOTHING if isinstance(returns, model.Constant) and returns.value is None else None


def promises_data(annotation: Value | None) -> bool:
    """Whether a declared model, or one that can't be told, has room for more than an acknowledgement."""
    if annotation is None or is_none(annotation):
        return False
    if isinstance(annotation, Annotated):
        return promises_data(annotation.base)
    if isinstance(annotation, Union):
        return any(map(promises_data, annotation.members))
    if isinstance(annotation, ClassValue):
        return not is_acknowledgement(annotation)
    if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
        return library.canonical(annotation.origin.name) not in _OPEN
    return not (isinstance(annotation, External) and library.canonical(annotation.name) in _OPEN)


_OPEN = frozenset(
    split(
        "builtins.dict builtins.bool builtins.object builtins.str typing.Any typing.Dict typing.Mapping "
        "typing.MutableMapping typing.Literal"
    )
)

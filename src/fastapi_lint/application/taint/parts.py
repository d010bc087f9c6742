"""What a part of a value carries: an attribute of a model, an entry of a dict, a header of the request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.annotations import DICTS
from fastapi_lint.application.evaluation.values import ClassValue, External, Generic
from fastapi_lint.application.library.model import words
from fastapi_lint.application.schemas.secrets import is_text
from fastapi_lint.application.taint import secrets, transforms
from fastapi_lint.application.taint.contents import NOTHING, Content, Use, either
from fastapi_lint.application.taint.types import UPLOADS, classes_in

if TYPE_CHECKING:
    from fastapi_lint.application.taint.contents import Origin, Piece
    from fastapi_lint.application.taint.types import Fields

REQUEST: Final = "request"
"""The kind of origin of the request itself."""
_OF_REQUEST: Final = {
    "query_params": "query",
    "path_params": "path",
    "headers": "header",
    "cookies": "cookie",
}
_READING: Final = {"json": "body", "form": "form", "body": "body"}
_OF_URL: Final = {"netloc": Use.TEXT, "hostname": Use.TEXT, "host": Use.TEXT, "path": Use.TEXT & ~Use.HOST}
_OF_UPLOAD: Final = frozenset({"filename", "content_type"})
_OF_ERROR: Final = frozenset(words("args message msg orig reason strerror"))
_TEXTS: Final = frozenset({"builtins.str", "builtins.bytes"})


def attribute(owner: Content, name: str, fields: Fields) -> Content:
    """What `owner.name` carries."""
    known = owner.field(name)
    if known is not None:
        return known
    if owner.is_path:
        if name in transforms.SEGMENT_ATTRIBUTES:
            return transforms.segment(owner)
        return owner if name in {"parent", "parents"} else NOTHING
    found = [piece for each in owner.pieces for piece in _attribute_of(each, name, fields)]
    return Content(tuple(found)) if found else NOTHING


def _attribute_of(piece: Piece, name: str, fields: Fields) -> list[Piece]:
    origin = piece.origin
    if origin.kind == REQUEST:
        kind = _OF_REQUEST.get(name)
        if kind is None:
            return []
        inner = replace(origin, kind=kind, name="", within=None)
        if piece.uses == Use.LOG:
            return [replace(piece, origin=inner)] if kind in {"header", "cookie"} else []
        return [replace(piece, origin=inner, uses=Use.TEXT)]
    if origin.kind == "exception":
        return [piece] if name in _OF_ERROR else []
    if piece.uses == Use.LOG:
        return _secret_of(piece, name, fields)
    found: list[Piece] = []
    for cls in classes_in(origin.type):
        if isinstance(cls, ClassValue):
            declared = fields.of(cls, name)
            if declared is not None and declared[1] & piece.uses:
                inner = replace(origin, name=f"{origin.name}.{name}", within=origin, type=declared[0])
                found.append(replace(piece, origin=inner, uses=piece.uses & declared[1]))
        elif name in _OF_UPLOAD and isinstance(cls, External) and library.canonical(cls.name) in UPLOADS:
            inner = replace(origin, kind="file", name=f"{origin.name}.{name}", within=origin, type=None)
            found.append(replace(piece, origin=inner, uses=Use.TEXT))
    if not found and name in _OF_URL and piece.begins:
        found.append(replace(piece, uses=piece.uses & _OF_URL[name]))
    return found


def _secret_of(piece: Piece, name: str, fields: Fields) -> list[Piece]:
    """What an attribute of something is that is secret, or has a secret field."""
    origin = piece.origin
    if origin.kind == "credential":
        inner = replace(origin, name=f"{origin.name}.{name}", within=origin, type=None)
        return [replace(piece, origin=inner)] if name in secrets.SCHEME_PARTS else []
    found: list[Piece] = []
    for cls in classes_in(origin.type):
        declared = fields.of(cls, name) if isinstance(cls, ClassValue) else None
        if declared is None:
            continue
        inner = replace(origin, name=f"{origin.name}.{name}", within=origin, type=declared[0])
        models = [each for each in classes_in(declared[0]) if isinstance(each, ClassValue)]
        is_own = secrets.is_secret(name) and is_text(declared[0], {})
        if is_own or any(secrets.secret_field(each, fields) for each in models):
            found.append(replace(piece, origin=inner))
    return found


def without_request(content: Content) -> Content:
    """The same without the request itself, of which functions get whatever they like."""
    pieces = tuple(piece for piece in content.pieces if piece.origin.kind != REQUEST)
    return replace(content, pieces=pieces) if len(pieces) < len(content.pieces) else content


def element(content: Content) -> Content:
    """What comes of going through a value: of a secret in a model, only whole models of a list are one."""
    if not any(piece.uses == Use.LOG for piece in content.pieces):
        return content
    pieces = [
        piece for piece in content.pieces if piece.uses != Use.LOG or isinstance(piece.origin.type, Generic)
    ]
    return replace(content, pieces=tuple(pieces))


def names(content: Content) -> Content:
    """What the keys of a value carry, if it is a dict: those of secrets are no secrets."""
    kept = [piece for piece in content.pieces if piece.uses != Use.LOG or not _has_names(piece.origin)]
    fields = [
        item
        for item in content.fields
        if item[0].startswith("[") or not all(piece.uses == Use.LOG for piece in item[1].flat())
    ]
    if len(kept) == len(content.pieces) and len(fields) == len(content.fields):
        return content
    return replace(content, pieces=tuple(kept), fields=tuple(fields))


def _has_names(origin: Origin) -> bool:
    """Whether a secret is in a dict, and isn't a text or a list."""
    if isinstance(origin.type, Generic):
        return isinstance(origin.type.origin, External) and origin.type.origin.name in DICTS
    return not origin.name or any(isinstance(cls, ClassValue) for cls in classes_in(origin.type))


def entry(owner: Content, key: str | None, *, is_slice: bool) -> Content:
    """What `owner[key]` carries, None for a key that isn't known."""
    if key is not None:
        known = owner.field(key)
        if known is not None:
            return known
    if is_slice:  # a part of a secret tells which one it is, and no more
        return replace(owner.anywhere().only(Use.ALL & ~Use.LOG), is_path=False)
    found: list[Piece] = []
    for piece in owner.pieces:
        origin = piece.origin
        if origin.kind == REQUEST:
            continue
        if piece.uses == Use.LOG and not (key is not None and secrets.is_secret(key)):
            continue
        if _is_text(origin) and not piece.steps[-1:] and origin.name:
            found.append(replace(piece, start=None, edge=""))
        elif key is None:
            found.append(piece)
        else:
            name = f'{origin.name}["{key}"]' if origin.name else key
            found.append(
                replace(
                    piece,
                    origin=replace(origin, name=name, within=origin if origin.name else None, type=None),
                )
            )
    return either(Content(tuple(found)), *(content for _, content in owner.fields if key is None))


def text(content: Content) -> Content:
    """What the text of a value carries: of an exception, what it says instead of itself."""
    if not content.pieces:
        return replace(content, is_path=False) if content.is_path else content
    pieces = [
        replace(piece, origin=replace(piece.origin, kind="failure"))
        if piece.origin.kind == "exception"
        else piece
        for piece in content.pieces
    ]
    return Content(tuple(pieces), content.fields)


def method(owner: Content, name: str) -> Content:
    """What calling a method carries that gives the same again, in another form."""
    pieces: list[Piece] = []
    for piece in owner.pieces:
        origin: Origin = piece.origin
        if origin.kind == REQUEST:
            if piece.uses != Use.LOG and name in _READING:
                inner = replace(
                    origin, kind=_READING[name], name="" if name == "form" else "the body", within=None
                )
                pieces.append(replace(piece, origin=inner))
        else:
            pieces.append(piece)
    return Content(tuple(pieces), owner.fields, owner.is_path)


def _is_text(origin: Origin) -> bool:
    return isinstance(origin.type, External) and library.canonical(origin.type.name) in _TEXTS

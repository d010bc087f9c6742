"""Calls that do what a text says: send to a URL, open a path, run SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    ExternalMethod,
    Object,
    options,
)
from fastapi_lint.application.library.model import words
from fastapi_lint.application.security.statuses import status_of_response
from fastapi_lint.application.taint.contents import Use
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value

OPENING: Final = {
    **dict.fromkeys(
        words(
            "builtins.open aiofiles.open anyio.open_file gzip.open bz2.open lzma.open codecs.open "
            "tarfile.open zipfile.ZipFile os.remove os.unlink os.rmdir os.listdir os.scandir os.walk "
            "os.removedirs starlette.responses.FileResponse"
        ),
        (0,),
    ),
    **dict.fromkeys(
        words(
            "os.rename os.replace os.renames shutil.copy shutil.copy2 shutil.copyfile shutil.copytree "
            "shutil.move"
        ),
        (0, 1),
    ),
}
"""Functions that open, move or remove files, by the positions of the paths."""
TREES: Final = {**dict.fromkeys(words("shutil.rmtree shutil.move shutil.copytree"), (0,))}
"""Those for which `..` alone is enough to get at what is beside a directory."""
PATH_KEYWORDS: Final = frozenset(words("file filename path name src dst source target"))
_OF_RESPONSE: Final = frozenset({"path"})
"""That of a `FileResponse`, whose `filename` is what browsers call the file."""
PATH_METHODS: Final = frozenset(
    words("read_text read_bytes write_text write_bytes open unlink rmdir iterdir rglob rename")
)
REQUESTS: Final = {
    "httpx.Request": 1,
    "requests.Request": 1,
    "urllib.request.Request": 0,
    "httpx.Client.build_request": 1,
    "httpx.AsyncClient.build_request": 1,
    "websockets.connect": 0,
}
"""What makes a request that tables don't list, by the position of its URL."""
HTTP_EXCEPTION: Final = "starlette.exceptions.HTTPException"
_URL: Final = frozenset({"url"})
_STATEMENT: Final = frozenset(words("statement sql query text"))


@dataclass(frozen=True, slots=True)
class Sink:
    """An argument that a call does something with.

    `kind` is what it does: `path`, `redirect`, `request` or `sql`. `use` is the bit of `Use` that makes it
    harmful.
    """

    kind: str
    use: int
    argument: model.Expression


def sinks_of(meaning: CallMeaning) -> tuple[Sink, ...]:
    """The arguments of a call with which it does what they say."""
    node = meaning.node
    if (
        node is None
        or not meaning.name
        or meaning.functions
        or isinstance(meaning.callee, (ClassValue, Bound))
    ):
        return ()
    name = library.canonical(meaning.name)
    if name in OPENING or name in TREES:
        paths = _OF_RESPONSE if name == "starlette.responses.FileResponse" else PATH_KEYWORDS
        opened = _given(node, OPENING.get(name, ()), paths)
        trees = _given(node, TREES[name], PATH_KEYWORDS) if name in TREES else ()
        return (
            *(Sink("path", Use.PATH, item) for item in dict.fromkeys((*opened, *trees))),
            *(Sink("path", Use.PARENT, item) for item in trees),
        )
    if name == "starlette.responses.RedirectResponse":
        return tuple(Sink("redirect", Use.HOST, item) for item in _given(node, (0,), _URL))
    if name in REQUESTS:
        return tuple(Sink("request", Use.HOST, item) for item in _given(node, (REQUESTS[name],), _URL))
    called = _model_of(meaning)
    if called is None:
        return ()
    if called.takes == "url":
        return tuple(Sink("request", Use.HOST, item) for item in _given(node, (called.argument,), _URL))
    if called.takes in {"sql", "statement"}:
        return tuple(Sink("sql", Use.SQL, item) for item in _given(node, (called.argument,), _STATEMENT))
    return ()


def can_carry(sink: Sink, body: Body) -> bool:
    """Whether texts can be in what a call is given: in a statement that isn't built from texts none are."""
    return sink.kind != "sql" or not all(map(_is_built, options(body.value(sink.argument))))


def _is_built(statement: Value) -> bool:
    if not isinstance(statement, Object) or not isinstance(statement.cls, External):
        return False
    found = library.class_model(statement.cls.name)
    return found is not None and bool(found.statement) and statement.cls.name != "sqlalchemy.TextClause"


def told_by(meaning: CallMeaning) -> tuple[model.Expression, ...]:
    """The arguments of a call that a client reads: of an HTTP exception's detail, a response's content."""
    node = meaning.node
    if node is None or not meaning.name:
        return ()
    if isinstance(meaning.callee, ClassValue):
        names = tuple(meaning.callee.external_bases())
        if not any(library.is_subclass(name, HTTP_EXCEPTION) for name in names):
            return ()
        return (*node.arguments, *(item.value for item in node.keywords if item.name != "headers"))
    if library.is_subclass(meaning.name, HTTP_EXCEPTION):
        return _given(node, (1,), frozenset({"detail"}))
    if library.is_subclass(meaning.name, "starlette.responses.Response"):
        return _given(node, (0,), frozenset({"content"}))
    return ()


def is_server_error(meaning: CallMeaning) -> bool:
    """Whether an HTTP exception or a response has a status from 500 on."""
    status = status_of(meaning.result) or status_of_response(meaning.result)
    return status is not None and status >= 500  # noqa: PLR2004 - where the server's own errors begin


def path_method(meaning: CallMeaning | None, node: model.Call) -> str:
    """The method of a path that a call may be, if it opens, moves or removes the file."""
    function = node.function
    if not isinstance(function, model.Attribute) or (meaning is not None and meaning.functions):
        return ""
    return function.name if function.name in PATH_METHODS else ""


def _model_of(meaning: CallMeaning) -> library.CallModel | None:
    if isinstance(meaning.callee, ExternalMethod):
        return library.method_model(meaning.callee.owner, meaning.callee.name)
    found = library.function_model(meaning.name)
    if found is None:
        known = library.class_model(meaning.name)
        found = known.constructor if known is not None else None
    return found


def _given(
    node: model.Call, positions: tuple[int, ...], keywords: frozenset[str]
) -> tuple[model.Expression, ...]:
    """The arguments at these positions, or under one of these names."""
    found = [node.arguments[position] for position in positions if position < len(node.arguments)]
    return (*found, *(item.value for item in node.keywords if item.name in keywords))

"""Answers whose body says that something failed, though their status says that it went well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import failures, responses
from fastapi_lint.application.evaluation.values import ClassValue, Literal, Object, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import blocks
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_ERRORS = frozenset(split("error exception error_message err"))
_FLAGS = frozenset(split("success is_success successful succeeded ok is_ok status result"))
_FAILED = ("error", "failed", "failure", "fail")
_EXPLAINING = _ERRORS | frozenset(split("message msg detail reason errors"))
_ASKING = frozenset(
    split(
        "check test try validate verify probe ping health healthz healthcheck heartbeat live liveness ready "
        "readiness status diagnose diagnostics connection connectivity debug can is has exists available"
    )
)
"""Words of routes whose very answer is whether something works."""
_PROTOCOLS = frozenset(split("jsonrpc id_token response_type type"))
"""Keys of messages of protocols that carry errors in the body."""
_FIRST_ERROR = 300


def error_returns(application: Application, route: Route) -> Iterator[tuple[model.Expression, Span]]:
    """The returned expressions of a route's handler that say that it failed, while 2xx is sent, in order."""
    handler = route.handler
    if handler is None or not responses.has_contract(route) or not route.status_is_known:
        return
    if route.status_code is not None and route.status_code >= _FIRST_ERROR:
        return
    named = {word for part in route.path.split("/") for word in words(part)} | set(words(handler.name))
    body = application.body(handler)
    if named & _ASKING or responses.sets_status(body):
        return
    for statement, caught in _returns(handler.definition.body, frozenset()):
        if statement.value is not None and _says_error(body, statement.value, caught):
            yield (
                statement.value,
                Span(statement.line, statement.column, statement.end_line, statement.end_column),
            )


def _returns(
    block: Iterable[model.Statement], caught: frozenset[str]
) -> Iterator[tuple[model.Return, frozenset[str]]]:
    """The return statements of a block, with the names of the exceptions that are being handled there."""
    for statement in block:
        if isinstance(statement, model.Return):
            yield statement, caught
        elif isinstance(statement, model.Try):
            yield from _returns((*statement.body, *statement.orelse, *statement.finalbody), caught)
            for handler in statement.handlers:
                yield from _returns(handler.body, caught | {handler.name or ""})
        else:
            for inner in blocks(statement):
                yield from _returns(inner, caught)


def _says_error(body: Body, node: model.Expression, caught: frozenset[str]) -> bool:
    entries = _entries(body, node)
    if not entries or _PROTOCOLS & entries.keys():
        return False
    explains = bool(_EXPLAINING & entries.keys())
    return any(
        (key in _ERRORS and _is_error_text(body, value, caught))
        or (key in _FLAGS and _is_failed(body, value, explains=explains))
        for key, value in entries.items()
    )


def _entries(body: Body, node: model.Expression) -> dict[str, model.Expression]:
    """What is written as the fields of a dict, of a model, or of a JSONResponse that is sent with 2xx."""
    if isinstance(node, model.Mapping):
        pairs = zip(node.keys, node.values, strict=True)
        return {
            key.value: value
            for key, value in pairs
            if isinstance(key, model.Constant) and isinstance(key.value, str)
        }
    meaning = body.call(node) if isinstance(node, model.Call) else None
    if meaning is None or not isinstance(node, model.Call):
        return {}
    if meaning.name == "builtins.dict" or (
        isinstance(meaning.callee, ClassValue) and meaning.callee.derives_from("pydantic.BaseModel")
    ):
        return {item.name: item.value for item in node.keywords if item.name is not None}
    if responses.kind_of_class(meaning.callee) == responses.JSON:
        response = Object(meaning.callee, arguments=meaning.arguments, keywords=meaning.keywords)
        status = failures.status_of(response)
        is_given = len(node.arguments) > 1 or "status_code" in meaning.keywords
        if is_given and (status is None or status >= _FIRST_ERROR):
            return {}
        content = next(
            (item.value for item in node.keywords if item.name == "content"),
            node.arguments[0] if node.arguments else None,
        )
        return _entries(body, content) if isinstance(content, (model.Mapping, model.Call)) else {}
    return {}


def _is_failed(body: Body, node: model.Expression, *, explains: bool) -> bool:
    """Whether it is a flag that says no. A word, which may be the state of what is read, needs a message."""
    known = [option.value for option in options(body.value(node)) if isinstance(option, Literal)]
    return (
        isinstance(node, model.Constant)
        and bool(known)
        and all(value is False or (explains and value in _FAILED) for value in known)
    )


def _is_error_text(body: Body, node: model.Expression, caught: frozenset[str]) -> bool:
    """Whether it is a text that is written out, or one that is made of an exception that was caught."""
    if isinstance(node, model.Constant):
        return isinstance(node.value, str) and bool(node.value)
    if isinstance(node, model.Template):
        return True
    if isinstance(node, model.Name):
        return node.id in caught - {""}
    if isinstance(node, model.Call) and caught:
        meaning = body.call(node)
        return meaning is not None and meaning.name in {
            "builtins.str",
            "builtins.repr",
            "traceback.format_exc",
        }
    return False

"""Uploads that are read as a whole, although nothing on the way says how large they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import External, FunctionValue, Literal, Object, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.dependencies import callable_name, unwrapped
from fastapi_lint.application.wiring.middleware import functions_of, layers
from fastapi_lint.application.written import dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_UPLOAD: Final = "starlette.datastructures.UploadFile"
_BOUNDING: Final = frozenset(
    split("size sizes length max maximum limit limits limited quota bounded toolarge mb mib megabytes kb")
)
"""Words of what is said or asked about how much may come."""
_LONGEST: Final = 60
_NO_LIVE_ROLES: Final = frozenset({"test", "example", "script"})


class WholeUpload(NamedTuple):
    """A call that reads all of an upload, in a function that a route runs."""

    route: Route
    function: Function
    call: model.Call


def whole_uploads(application: Application) -> Iterator[WholeUpload]:
    """The calls that read an upload as a whole, where nothing known bounds it; each once."""
    bounded: dict[int, bool] = {}
    for path in application.modules.by_path:
        for function in application.functions_in(path):
            if function.module.roles & _NO_LIVE_ROLES:
                continue
            body = application.body(function)
            for call in body.calls.values():
                if call.node is None or not _reads_all(body, call, call.node):
                    continue
                way = application.way_to(function)
                if way is None or way.route.kind != "http":
                    continue
                if id(function) not in bounded:
                    bounded[id(function)] = _is_bounded(way.route, way.functions)
                if not bounded[id(function)]:
                    yield WholeUpload(way.route, function, call.node)


def _reads_all(body: Body, call: CallMeaning, node: model.Call) -> bool:
    """Whether it is `upload.read()` or `upload.file.read()`, with no size or with -1."""
    function = node.function
    if not isinstance(function, model.Attribute) or function.name != "read":
        return False
    read = function.value
    if isinstance(read, model.Attribute) and read.name == "file":
        read = read.value
    if not any(_is_upload(option) for option in options(body.value(read))):
        return False
    given = [*call.arguments, *call.keywords.values()]
    return not given or (isinstance(given[0], Literal) and given[0].value in (-1, None))


def _is_upload(value: Value) -> bool:
    return (
        isinstance(value, Object)
        and isinstance(value.cls, External)
        and library.is_subclass(value.cls.name, _UPLOAD)
    )


def _is_bounded(route: Route, functions: Iterable[Function]) -> bool:
    """Whether anything on the way to a read, or around the route, speaks of sizes."""
    definitions = [function.definition for function in functions]
    for dependency in route.all_dependencies():
        inner = unwrapped(dependency.callable)
        definitions += [inner.definition] if isinstance(inner, FunctionValue) else []
    for router in route.routers:
        for layer in layers(router):
            if _BOUNDING & set(words(callable_name(layer.value).rpartition(".")[2])):
                return True
            definitions += [function.definition for function, _ in functions_of(layer.value, layer.keywords)]
    return any(map(_speaks_of_sizes, definitions))


def _is_length(expression: model.Expression) -> bool:
    return isinstance(expression, model.Call) and dotted(expression.function) == "len"


def _speaks_of_sizes(definition: model.FunctionDefinition) -> bool:
    for statement in nested_statements(definition.body):
        for item in expressions(statement):
            text = ""
            if isinstance(item, model.Attribute):
                text = item.name
            elif isinstance(item, model.Name):
                text = item.id
            elif (
                isinstance(item, model.Constant)
                and isinstance(item.value, str)
                and len(item.value) < _LONGEST
            ):
                text = item.value
            elif isinstance(item, model.Comparison) and any(map(_is_length, (item.left, *item.others))):
                return True
            if text and _BOUNDING & set(words(text)):
                return True
    return False

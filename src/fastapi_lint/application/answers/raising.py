"""Exceptions: which values are HTTP exceptions, and which exceptions leave a block of code.

What a call raises is followed through the project. A raise that depends on how the function is called is
left out, and so are errors that it didn't expect either, and what happens inside of a context manager that
may turn exceptions into others.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    Collection,
    External,
    FunctionValue,
    Object,
    Yielded,
    options,
)
from fastapi_lint.application.written import assigned_values, blocks, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.evaluation.values import Value

HTTP_EXCEPTION: Final = "starlette.exceptions.HTTPException"
WEBSOCKET_EXCEPTION: Final = "starlette.exceptions.WebSocketException"
_BUILTINS: Final = "builtins."
BROAD: Final = frozenset({"builtins.Exception", "builtins.BaseException"})
_DEEPEST: Final = 3
"""How many calls deep exceptions are followed."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """An exception that leaves a block of code.

    `node` is the `raise`, or the call behind which it is raised; `names` are the functions from that call
    down to the `raise`, which stands on a line (from 1) of the file `path`.
    """

    exception: Value
    status: int | None
    node: model.Raise | model.Call
    names: tuple[str, ...]
    path: str
    line: int
    is_certain: bool = True
    """Whether what is raised there is this exception, and not one of several."""


def lineage(value: Value) -> tuple[str, ...]:
    """The canonical names of the classes of an exception, or of an exception class, nearest first."""
    cls = value.cls if isinstance(value, Object) else value
    if isinstance(cls, External):
        return _lineage_outside(cls.name)
    if not isinstance(cls, ClassValue):
        return ()
    names: list[str] = []
    for item in cls.mro():
        if isinstance(item, ClassValue):
            names.append(item.name)
        elif isinstance(item, External):
            names += _lineage_outside(item.name)
    return tuple(dict.fromkeys(names))


def _lineage_outside(name: str) -> tuple[str, ...]:
    """The same for a class outside of the project."""
    own = getattr(builtins, name.removeprefix(_BUILTINS), None) if name.startswith(_BUILTINS) else None
    if isinstance(own, type) and issubclass(own, BaseException):
        return tuple(f"{_BUILTINS}{cls.__name__}" for cls in own.__mro__)
    return library.lineage(name)


def is_http_exception(value: Value) -> bool:
    """Whether a value is an HTTPException that FastAPI answers with."""
    return isinstance(value, Object) and HTTP_EXCEPTION in lineage(value)


def caught_classes(handler: model.Handler, body: Body) -> tuple[Value, ...] | None:
    """The classes that an `except` names; none for a bare one, None where one of them isn't known."""
    if handler.type is None:
        return ()
    value = body.value(handler.type)
    found: list[Value] = []
    for option in options(value):
        found += option.items if isinstance(option, Collection) else [option]
    return tuple(found) if all(isinstance(item, (ClassValue, External)) for item in found) else None


def is_broad(handler: model.Handler, body: Body) -> bool:
    """Whether an `except` catches every exception."""
    classes = caught_classes(handler, body)
    return classes is not None and (
        not classes or any(isinstance(item, External) and item.name in BROAD for item in classes)
    )


def catches(handler: model.Handler, body: Body, exception: Value) -> bool:
    """Whether an `except` catches an HTTP exception, or may do so."""
    classes = caught_classes(handler, body)
    if classes is None or not classes:
        return True
    names = {*lineage(exception), *BROAD}
    return any(name in names for item in classes for name in lineage(item)[:1])


class Raising:
    """Finds the exceptions of one kind, HTTP exceptions if nothing else is said, that leave blocks of code.

    `deepest` is how many calls deep they are followed. With `trusts_callers` a function is taken to be called
    with arguments that suit it, so that what it raises because of these alone is left out. `follows` says
    what to look into of what is called.
    """

    def __init__(
        self,
        is_wanted: Callable[[Value], bool] = is_http_exception,
        *,
        deepest: int = _DEEPEST,
        trusts_callers: bool = False,
        follows: Callable[[Value], bool] = lambda _: True,
    ) -> None:
        self._is_wanted = is_wanted
        self._follows = follows
        self._deepest = deepest
        self._trusts_callers = trusts_callers
        self._known: dict[int, tuple[Body, tuple[Leaving, ...]]] = {}
        self._active: list[int] = []

    def leaving(self, block: Iterable[model.Statement], body: Body) -> Iterator[Leaving]:
        """The exceptions that leave some statements of a function, in order."""
        for statement in block:
            yield from self._of_statement(statement, body)

    def of(self, body: Body) -> tuple[Leaving, ...]:
        """Those that leave a function, without what a flag among its arguments asks for."""
        known = self._known.get(id(body))
        if known is None:
            definition = body.function.definition
            if definition.is_generator or id(body) in self._active or len(self._active) >= self._deepest:
                return ()
            self._active.append(id(body))
            found = tuple(self.leaving(definition.body, body))
            self._active.pop()
            known = body, found
            if not self._active:  # what is cut off further down is not the whole answer
                self._known[id(body)] = known
        return known[1]

    def _of_statement(self, node: model.Statement, body: Body) -> Iterator[Leaving]:
        if isinstance(node, (model.FunctionDefinition, model.ClassDefinition)):
            return
        if isinstance(node, model.Try):
            yield from self._of_try(node, body)
            return
        if isinstance(node, model.With) and any(_may_translate(item, body) for item in node.items):
            return
        yield from self._of_calls(node, body)
        if isinstance(node, model.Raise) and node.exception is not None:
            raised = options(body.value(node.exception))
            for option in raised:
                exception = Object(option) if isinstance(option, (ClassValue, External)) else option
                if self._is_wanted(exception):
                    yield Leaving(
                        exception,
                        status_of(exception),
                        node,
                        (),
                        body.function.path,
                        node.line,
                        len(raised) == 1,
                    )
        if isinstance(node, model.If) and self._active and self._depends_on_caller(node.test, body):
            yield from self.leaving(node.orelse, body)
            return
        for block in blocks(node):
            yield from self.leaving(block, body)

    def _depends_on_caller(self, test: model.Expression, body: Body) -> bool:
        return _asks_argument(test, body) or (self._trusts_callers and _is_about_arguments(test, body))

    def _of_try(self, node: model.Try, body: Body) -> Iterator[Leaving]:
        for item in self.leaving(node.body, body):
            handler = next((each for each in node.handlers if catches(each, body, item.exception)), None)
            if handler is None or raises_again(handler):
                yield item
        for handler in node.handlers:
            if not self._active or not is_broad(handler, body):
                yield from self.leaving(handler.body, body)
        yield from self.leaving(node.orelse, body)
        yield from self.leaving(node.finalbody, body)

    def _of_calls(self, node: model.Statement, body: Body) -> Iterator[Leaving]:
        found = expressions(node)
        awaited = {id(item.value) for item in found if isinstance(item, model.Await)}
        for item in found:
            meaning = body.call(item) if isinstance(item, model.Call) else None
            if meaning is None or not isinstance(item, model.Call):
                continue
            if not all(
                isinstance(option, (FunctionValue, Bound, ClassValue, Object))
                for option in options(meaning.callee)
            ):
                continue  # what a library is handed runs elsewhere, or later
            if not all(map(self._follows, options(meaning.callee))):
                continue
            for inner in meaning.bodies:
                if inner.function.is_async and id(item) not in awaited:
                    continue
                for leaving in self.of(inner):
                    yield replace(leaving, node=item, names=(inner.function.qualname, *leaving.names))


def raises_again(handler: model.Handler) -> bool:
    """Whether an `except` raises what it caught, on some way at least."""
    return any(
        statement.exception is None
        or (
            handler.name is not None
            and isinstance(statement.exception, model.Name)
            and statement.exception.id == handler.name
        )
        for statement in statements(handler.body)
        if isinstance(statement, model.Raise)
    )


def _may_translate(item: model.WithItem, body: Body) -> bool:
    """Whether a context manager may turn exceptions into others, or end them."""
    for value in options(body.value(item.context)):
        if isinstance(value, Yielded) and isinstance(value.function, FunctionValue):
            inner = value.function.definition.body
            if any(
                isinstance(statement, model.Try) and statement.handlers for statement in statements(inner)
            ):
                return True
        elif isinstance(value, Object) and isinstance(value.cls, ClassValue):
            if any(isinstance(attributes.find(value.cls, name), tuple) for name in ("__exit__", "__aexit__")):
                return True
        elif isinstance(value, Object) and isinstance(value.cls, External):
            if value.cls.name == "contextlib.suppress":
                return True
        else:
            meaning = body.call(item.context)
            if meaning is None or meaning.name in {"", "contextlib.suppress"}:
                return True
    return False


def _asks_argument(test: model.Expression, body: Body) -> bool:
    """Whether a condition asks how the function is called: for a flag, or which of several words."""
    parameters = body.function.definition.parameters
    flags = {
        item.name
        for item in parameters
        if isinstance(item.default, model.Constant) and isinstance(item.default.value, bool)
    }
    names = {item.name for item in parameters}
    every = (test, *expressions(test))
    return any(isinstance(item, model.Name) and item.id in flags for item in every) or any(
        isinstance(item, model.Comparison) and _compares_word(item, names) for item in every
    )


def _is_about_arguments(test: model.Expression, body: Body) -> bool:
    """Whether a condition asks for an argument that needn't be given, or for nothing but arguments."""
    definition = body.function.definition
    parameters = {item.name: item for item in definition.parameters}
    optional = {
        name
        for name, item in parameters.items()
        if isinstance(item.default, model.Constant) and item.default.value is None
    }
    every = (test, *expressions(test))
    names = {item.id for item in every if isinstance(item, model.Name)}
    return bool(names & optional) or (
        bool(names & parameters.keys())
        and not names & {"self", "cls", *assigned_values(definition.body)}
        and not any(isinstance(item, (model.Call, model.Await)) for item in every)
    )


def _compares_word(node: model.Comparison, names: set[str]) -> bool:
    sides = (node.left, *node.others)
    has_word = any(isinstance(side, model.Constant) and isinstance(side.value, str) for side in sides)
    return has_word and any(
        isinstance(item, model.Name) and item.id in names
        for side in sides
        for item in (side, *expressions(side))
    )


def gives_exception(value: Value) -> bool:
    """Whether a function's result may be an HTTP exception."""
    return any(is_http_exception(option) or _is_of_websockets(option) for option in options(value))


def returned_exception(value: Value, *, is_made: bool) -> Value | None:
    """The exception that is returned; `is_made`: the value comes from a call where it is returned.

    A name may have been asked what it is, so that all that it may be has to be an exception.
    """
    found = [option for option in options(value) if gives_exception(option)]
    return found[0] if found and (is_made or len(found) == len(options(value))) else None


def _is_of_websockets(value: Value) -> bool:
    return isinstance(value, Object) and WEBSOCKET_EXCEPTION in lineage(value)

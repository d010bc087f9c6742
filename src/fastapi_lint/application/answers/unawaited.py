"""Coroutines that nobody awaits: asynchronous calls whose result is dropped or taken for data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import (
    Bound,
    External,
    ExternalMethod,
    FunctionValue,
    options,
)
from fastapi_lint.application.written import children, dotted, expressions, nested_statements, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value

_PACKAGES: Final = frozenset({"sqlalchemy", "sqlmodel", "httpx", "aiohttp", "starlette", "fastapi"})
"""Libraries of whose asynchronous methods each has to be awaited where it is called."""
_OF_COROUTINES: Final = frozenset({"close", "send", "throw", "cr_await", "cr_code", "cr_frame", "cr_running"})
_PLAIN: Final = frozenset({"staticmethod", "classmethod", "abstractmethod", "override", "overload"})
_ASKING: Final = frozenset({"hasattr", "isinstance", "iscoroutinefunction", "iscoroutine", "isawaitable"})
_TAKING_DATA: Final = frozenset(
    f"builtins.{name}"
    for name in ("len", "list", "dict", "str", "int", "float", "bool", "sorted", "sum", "tuple")
)


@dataclass(frozen=True, slots=True)
class Unawaited:
    """A call that gives a coroutine, and what is done with that.

    `use` completes a message: the coroutine `is dropped`, `is taken for data`.
    """

    call: model.Call
    name: str
    use: str
    needs_parentheses: bool
    is_inside_await: bool = False
    """Whether an `await` waits for what is made of the coroutine: `await session.execute(q).all()`."""


def unawaited(body: Body, *, is_handler: bool) -> Iterator[Unawaited]:
    """The coroutines of a function that are dropped, or taken for what awaiting them would give.

    What `is_handler` returns is taken for data too, since FastAPI awaits the handler and no more.
    """
    # Looking through all that is written takes long, and nearly always a call is awaited where it stands.
    left = {key for key, meaning in body.calls.items() if meaning.is_coroutine and not meaning.is_awaited}
    if not left:
        return
    found = [
        item
        for statement in statements(body.function.definition.body)
        if not isinstance(statement, (model.FunctionDefinition, model.ClassDefinition))
        for child in children(statement)
        if id(child) in left or not left.isdisjoint(map(id, expressions(child)))
        for item in _in(child, _use_in(statement, child, body, is_handler=is_handler), body)
    ]
    doubtful = set(_doubtful(body)) if found else set()
    yield from (item for item in found if dotted(item.call.function).split(".")[0] not in doubtful)


def _doubtful(body: Body) -> Iterator[str]:
    """The names of which nobody can say what they are: the function asks, or depends on its callers."""
    definition = body.function.definition
    if not definition.is_async:
        yield from (
            item.name for item in definition.parameters if item.annotation is None and item.name != "self"
        )
    for statement in statements(definition.body):
        for item in expressions(statement):
            if isinstance(item, model.Call) and dotted(item.function).rpartition(".")[2] in _ASKING:
                yield from (each.id for each in item.arguments if isinstance(each, model.Name))


_KEPT: Final = ""
"""What is done with a value may be right for a coroutine."""
_DATA: Final = "is taken for data"


def _use_in(statement: model.Statement, child: model.Expression, body: Body, *, is_handler: bool) -> str:
    """What a statement does with the value of an expression that stands directly in it."""
    if isinstance(statement, model.ExpressionStatement):
        return "is dropped"
    if isinstance(statement, model.Return):
        return "is returned as the body" if is_handler else _KEPT
    if isinstance(statement, (model.If, model.While)):
        return _DATA
    if isinstance(statement, model.For) and child is statement.iterable and not statement.is_async:
        return _DATA
    if isinstance(statement, model.Assignment) and child is statement.value and len(statement.targets) == 1:
        target = statement.targets[0]
        if not _may_be_coroutine(child, body):
            return _KEPT
        if isinstance(target, model.Name):
            return _use_of_name(target.id, body)
        return _DATA if isinstance(target, model.Sequence) else _KEPT
    return _KEPT


def _in(
    node: model.Expression, use: str, body: Body, *, needs_parentheses: bool = False
) -> Iterator[Unawaited]:
    """The coroutines in an expression, of whose own value `use` is made."""
    if isinstance(node, model.Call):
        name = _coroutine(node, body)
        if name and use:
            yield Unawaited(node, name, use, needs_parentheses)
        meaning = body.call(node)
        takes_data = meaning is not None and meaning.name in _TAKING_DATA
        yield from _in(node.function, _KEPT, body)
        for given in (*node.arguments, *(item.value for item in node.keywords)):
            yield from _in(given, _DATA if takes_data else _KEPT, body)
    elif isinstance(node, model.Attribute):
        is_own = node.name in _OF_COROUTINES or node.name.startswith("__")
        yield from _in(
            node.value, _KEPT if is_own else f"is asked for `.{node.name}`", body, needs_parentheses=True
        )
    elif isinstance(node, model.Subscript):
        yield from _in(node.value, "is asked for an item", body, needs_parentheses=True)
        yield from _in(node.index, _KEPT, body)
    elif isinstance(node, model.Conditional):
        yield from _in(node.test, _DATA, body)
        yield from _in(node.body, use, body)
        yield from _in(node.orelse, use, body)
    elif isinstance(node, model.Boolean):
        for value in node.values:
            yield from _in(value, use, body)
    elif isinstance(node, (model.Unary, model.Comparison, model.Template, model.Binary)):
        for child in children(node):
            yield from _in(child, _DATA, body, needs_parentheses=True)
    elif isinstance(node, model.Mapping) and use.startswith("is returned"):
        for child in children(node):
            yield from _in(child, use, body)
    elif isinstance(node, model.Await):
        yield from (replace(item, is_inside_await=True) for item in _in(node.value, _KEPT, body))
    elif not isinstance(node, model.Lambda):
        for child in children(node):
            yield from _in(child, _KEPT, body)


def _may_be_coroutine(node: model.Expression, body: Body) -> bool:
    if isinstance(node, model.Conditional):
        return _may_be_coroutine(node.body, body) or _may_be_coroutine(node.orelse, body)
    if isinstance(node, model.Boolean):
        return any(_may_be_coroutine(value, body) for value in node.values)
    return isinstance(node, model.Call) and bool(_coroutine(node, body))


def _use_of_name(name: str, body: Body) -> str:
    """What a function does with a value that it binds to a name: nothing but taking it for data, or more."""
    definition = body.function.definition
    found = ""
    bound = 0
    for statement in nested_statements(definition.body):
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            if any(_mentions(child, name) for child in _all_of(statement)):
                return _KEPT
            continue
        if isinstance(statement, model.Scope) and name in statement.names:
            return _KEPT
        for child in children(statement):
            if isinstance(statement, (model.Assignment, model.For)) and _binds(statement, child, name):
                bound += 1
                continue
            use = _DATA if isinstance(statement, (model.If, model.While)) else _KEPT
            if isinstance(statement, model.For) and child is statement.iterable and not statement.is_async:
                use = _DATA
            for each in _uses(child, name, use):
                if each == _KEPT:
                    return _KEPT
                found = each
    if bound != 1:
        return _KEPT
    return found or "is never used"


def _binds(statement: model.Assignment | model.For, child: model.Expression, name: str) -> bool:
    targets = statement.targets if isinstance(statement, model.Assignment) else (statement.target,)
    return any(child is target for target in targets) and isinstance(child, model.Name) and child.id == name


def _uses(node: model.Expression, name: str, use: str) -> Iterator[str]:
    """What is done with a name in an expression; `use` is what is done with that."""
    if isinstance(node, model.Name):
        if node.id == name:
            yield use
    elif isinstance(node, model.Attribute):
        is_own = node.name in _OF_COROUTINES or node.name.startswith("__")
        yield from _uses(node.value, name, _KEPT if is_own else f"is asked for `.{node.name}` later")
    elif isinstance(node, model.Subscript):
        yield from _uses(node.value, name, "is asked for an item later")
        yield from _uses(node.index, name, _KEPT)
    elif isinstance(node, model.Unary) or (isinstance(node, model.Boolean) and use == _DATA):
        for child in children(node):
            yield from _uses(child, name, _DATA)
    elif isinstance(node, model.Lambda):
        if _mentions(node, name) or _mentions(node.body, name):
            yield _KEPT
    else:
        for child in children(node):
            yield from _uses(child, name, _KEPT)


def _mentions(node: model.Expression, name: str) -> bool:
    if isinstance(node, model.Name):
        return node.id == name
    inner = [*children(node), *([node.body] if isinstance(node, model.Lambda) else [])]
    return any(_mentions(child, name) for child in inner)


def _all_of(statement: model.FunctionDefinition | model.ClassDefinition) -> Iterator[model.Expression]:
    for inner in nested_statements(statement.body):
        yield from children(inner)


def _coroutine(node: model.Call, body: Body) -> str:
    """The name of the asynchronous function that a call runs, for certain; empty for all others."""
    meaning = body.call(node)
    if meaning is None or not meaning.is_coroutine:
        return ""
    callees = options(body.value(node.function))
    if not all(_is_asynchronous(item, meaning) for item in callees):
        return ""
    if meaning.functions:
        return meaning.functions[0].qualname.replace(".<locals>", "")
    return ".".join(meaning.name.split(".")[-2:])


def _is_asynchronous(callee: Value, meaning: CallMeaning) -> bool:
    function = callee.function if isinstance(callee, Bound) else callee
    if isinstance(function, FunctionValue):
        definition = function.definition
        is_plain = not function.opaque_decorators and function.wraps is None
        return (
            definition.is_async
            and not definition.is_generator
            and is_plain
            and all(_last_name(item) in _PLAIN for item in definition.decorators)
        )
    if isinstance(function, (External, ExternalMethod)):
        return library.canonical(meaning.name).partition(".")[0] in _PACKAGES
    return False


def _last_name(decorator: model.Expression) -> str:
    if isinstance(decorator, model.Attribute):
        return decorator.name
    return decorator.id if isinstance(decorator, model.Name) else ""

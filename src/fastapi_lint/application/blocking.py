"""Which calls hold up the event loop when asynchronous code makes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import written
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import ClassValue, FunctionValue, Literal, Object, options
from fastapi_lint.application.library import Effect
from fastapi_lint.application.wiring.middleware import middleware_of
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import CallMeaning, Chain
    from fastapi_lint.application.evaluation.frames import CallSite
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.wiring.routing import Router

CONSUMERS: Final = frozenset(
    {"all", "any", "dict", "enumerate", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
"""Built-in functions that run through the generator that they are given."""
_SECOND_LOOPS: Final = frozenset(
    {
        "asyncio.run",
        "anyio.run",
        "asyncio.AbstractEventLoop.run_until_complete",
        "asyncio.AbstractEventLoop.run_forever",
        "asyncio.Runner.run",
    }
)


@dataclass(frozen=True, slots=True)
class Blocking:
    """A call that holds up its thread.

    `chain` are the calls behind it, down to the one that waits; `is_lazy` says that it only waits once its
    result is entered or run through.
    """

    chain: Chain
    burns: bool
    is_second_loop: bool
    is_lazy: bool


def waits(name: str, site: CallSite) -> bool:
    """Whether a call of an outside function that may wait does so, with the arguments that it is given."""
    if name == "time.sleep":
        return not (site.arguments and _is_zero(site.arguments[0]))
    if name in {"fcntl.flock", "fcntl.lockf"} and site.node is not None:
        return not any(_mentions(argument, "LOCK_NB") for argument in site.node.arguments)
    if name in _SECOND_LOOPS and site.frame.function is not None:
        return not _asks_for_a_loop(site.frame.function.definition)
    return True


@cache
def _asks_for_a_loop(function: model.FunctionDefinition) -> bool:
    """Whether a function looks for a running event loop: it starts a second one only where there is none."""
    return any(
        _mentions(expression, name)
        for statement in written.statements(function.body)
        for expression in written.children(statement)
        for name in ("get_running_loop", "is_running")
    )


def _mentions(expression: model.Expression, name: str) -> bool:
    """Whether a name or an attribute of that name occurs in an expression."""
    return any(
        (isinstance(part, model.Name) and part.id == name)
        or (isinstance(part, model.Attribute) and part.name == name)
        for part in (expression, *written.expressions(expression))
    )


def of_call(meaning: CallMeaning) -> Blocking | None:
    """How a call blocks; None if it doesn't.

    An asynchronous function that it runs has to answer for itself.
    """
    effect = next((effect for effect in (Effect.BLOCK, Effect.CPU) if effect in meaning.effects), None)
    if effect is None or meaning.is_coroutine or any(function.is_async for function in meaning.functions):
        return None
    return Blocking(
        meaning.effects[effect],
        effect is Effect.CPU,
        meaning.name in _SECOND_LOOPS,
        any(function.definition.is_generator for function in meaning.functions),
    )


def _is_zero(value: Value) -> bool:
    return isinstance(value, Literal) and value.value == 0


def happens_once(body: Iterable[model.Statement], line: int) -> bool:
    """Whether what stands on a line (from 1) of a module runs once a process: what it gives is kept.

    Either the function around it has a cache, or it stands behind the question whether an attribute, a global
    name or an entry is already there, which the function then sets, or behind a search in a list of such.
    """
    function = _function_at(body, line)
    if function is None:
        return False
    kept = set(_kept(function))
    for statement in written.statements(function.body):
        if isinstance(statement, model.If) and statement.line <= line:
            asked = {name for name in _names_in(statement.test) if name in kept}
            inside = statement.body and statement.body[0].line <= line <= statement.body[-1].end_line
            leaves = statement.body and isinstance(statement.body[-1], model.Return)
            if asked and bool(inside) != leaves:
                return True
    return _is_added_to_list(function, line)


def _is_added_to_list(function: model.FunctionDefinition, line: int) -> bool:
    """Whether a line stands between a loop that returns what is in an outer list and an addition to that."""
    own = {parameter.name for parameter in function.parameters} | written.assigned_values(
        function.body
    ).keys()
    blocks = [function.body]
    blocks += [block for item in written.statements(function.body) for block in written.blocks(item)]
    for block in blocks:
        searched = {
            item.iterable.id
            for item in block
            if isinstance(item, model.For)
            and item.end_line < line
            and isinstance(item.iterable, model.Name)
            and any(isinstance(inner, model.Return) for inner in written.statements(item.body))
        } - own
        added = {
            item.value.function.value.id
            for item in block
            if isinstance(item, model.ExpressionStatement)
            and item.end_line > line
            and isinstance(item.value, model.Call)
            and isinstance(item.value.function, model.Attribute)
            and item.value.function.name in {"append", "add"}
            and isinstance(item.value.function.value, model.Name)
        }
        if searched & added:
            return True
    return False


def _function_at(body: Iterable[model.Statement], line: int) -> model.FunctionDefinition | None:
    """The innermost function around a line."""
    for statement in body:
        if not statement.line <= line <= statement.end_line:
            continue
        inner = _function_at(getattr(statement, "body", ()), line)
        if inner is not None:
            return inner
        for block in written.blocks(statement):
            inner = inner or _function_at(block, line)
        return inner or (statement if isinstance(statement, model.FunctionDefinition) else None)
    return None


def _kept(function: model.FunctionDefinition) -> Iterator[str]:
    """What a function sets that outlives it: attributes, global names, entries of such."""
    everywhere = {
        name
        for statement in written.statements(function.body)
        if isinstance(statement, model.Scope)
        for name in statement.names
    }
    for statement in written.statements(function.body):
        if isinstance(statement, model.Assignment) and statement.value is not None:
            for target in statement.targets:
                outer = target.value if isinstance(target, model.Subscript) else target
                name = written.dotted(outer)
                if name and ("." in name or outer is not target or name in everywhere):
                    yield name


def _names_in(expression: model.Expression) -> Iterator[str]:
    for part in (expression, *written.expressions(expression)):
        name = written.dotted(part)
        if name:
            yield name


def outside_of_routes(
    routers: Iterable[Router], dependencies: Iterable[Value]
) -> Iterator[tuple[FunctionValue, Object | None]]:
    """What else runs for requests, with the object that it is a method of.

    Middleware, exception handlers, and dependencies that are objects.
    """
    for dependency in dependencies:
        if isinstance(dependency, Object) and isinstance(dependency.cls, ClassValue):
            found = attributes.find(dependency.cls, "__call__")
            if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
                yield found[1], dependency
    for router in routers:
        yield from middleware_of(router)
        for _, handler in router.exception_handlers:
            for option in options(handler):
                if isinstance(option, FunctionValue):
                    yield option, None

"""Where an `except` that catches everything keeps an HTTP exception from the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import failures, raising
from fastapi_lint.application.answers.ways import ways
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.evaluation.values import (
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Object,
    Unknown,
    options,
)
from fastapi_lint.application.written import blocks, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.raising import Leaving, Raising
    from fastapi_lint.application.bodies import Body, CallMeaning

FIRST_OF_CLIENTS: Final = 400
FIRST_OF_SERVERS: Final = 500
_ASKING: Final = frozenset({"builtins.isinstance", "builtins.type", "builtins.getattr", "builtins.hasattr"})
_PLAIN_ERRORS: Final = frozenset(
    f"builtins.{name}"
    for name in (
        "Exception",
        "BaseException",
        "RuntimeError",
        "ValueError",
        "TypeError",
        "KeyError",
        "OSError",
    )
)


@dataclass(frozen=True, slots=True)
class Swallowed:
    """An `except` that takes HTTP exceptions away, and what the client gets in their place.

    Of `leaving` the function's own come first. `becomes` is a status of 500 or more; 200 where the function
    returns as if all were well; 0 where it goes on behind the `try`.
    """

    handler: model.Handler
    leaving: tuple[Leaving, ...]
    becomes: int


def swallowed(body: Body, found: Raising, *, is_handler: bool) -> Iterator[Swallowed]:
    """Each `except` of a function that answers HTTP exceptions of its `try` with something else.

    Only what handlers return, and plain errors that they raise, go straight to the client.
    """
    if body.function.definition.is_generator:
        return
    for node, in_loop in _tries(body.function.definition.body, in_loop=False):
        for position, handler in enumerate(node.handlers):
            if not raising.is_broad(handler, body):
                continue
            becomes = _outcome(handler, body, is_handler=is_handler)
            if becomes is None or (becomes == 0 and in_loop):
                continue
            is_told = becomes >= FIRST_OF_SERVERS
            caught = tuple(
                item
                for item in found.leaving(node.body, body)
                if item.status is not None
                and FIRST_OF_CLIENTS <= item.status < FIRST_OF_SERVERS
                and (is_told or isinstance(item.node, model.Raise) or _returns_failure(handler, body))
                and not any(
                    raising.catches(earlier, body, item.exception) for earlier in node.handlers[:position]
                )
            )
            if caught:
                places: dict[tuple[str, int], Leaving] = {}
                for item in caught:
                    places.setdefault((item.path, item.line), item)
                nearest = sorted(places.values(), key=lambda item: len(item.names))
                yield Swallowed(handler, tuple(nearest), becomes)


def _tries(block: tuple[model.Statement, ...], *, in_loop: bool) -> Iterator[tuple[model.Try, bool]]:
    for statement in block:
        if isinstance(statement, model.Try):
            yield statement, in_loop
        is_loop = isinstance(statement, (model.For, model.While))
        for inner in blocks(statement):
            yield from _tries(inner, in_loop=in_loop or is_loop)


def _outcome(handler: model.Handler, body: Body, *, is_handler: bool) -> int | None:
    """What becomes of an exception that is caught; None where it is raised again, or that can't be told."""
    if raising.raises_again(handler) or looks_at_exception(handler, body):
        return None
    raised = [item for item in statements(handler.body) if isinstance(item, model.Raise)]
    ends = _ends(handler, body)
    if raised:
        statuses = {_status_raised(item, body, knows_plain=is_handler) for item in raised}
        if ends or not all(status is not None and status >= FIRST_OF_SERVERS for status in statuses):
            return None
        return max(status for status in statuses if status is not None)
    if not ends or not is_handler:
        return None
    if any(way is None for way in ends):
        return None if any(way is not None for way in ends) else _behind(handler)
    found = {_status_returned(way, body) for way in ends if way is not None}
    return found.pop() if len(found) == 1 else None


def _behind(handler: model.Handler) -> int | None:
    """What becomes of an exception behind whose `except` the function goes on: `return` is an answer too."""
    is_return = any(isinstance(item, model.Return) for item in statements(handler.body))
    return None if is_return else 0


def _ends(handler: model.Handler, body: Body) -> list[model.Expression | None]:
    """What the ways through an `except` return, without those that end in a call that never comes back."""
    if any(
        isinstance(item, model.ExpressionStatement) and _never_returns(item.value, body)
        for item in handler.body
    ):
        return []
    return [way.returned for way in ways(handler.body, body.decided)]


def _never_returns(node: model.Expression, body: Body) -> bool:
    call = node.value if isinstance(node, model.Await) else node
    meaning = body.call(call)
    return (
        meaning is not None
        and bool(meaning.bodies)
        and all(
            not inner.function.definition.is_generator
            and not ways(inner.function.definition.body, inner.decided)
            for inner in meaning.bodies
        )
    )


def _status_raised(node: model.Raise, body: Body, *, knows_plain: bool = True) -> int | None:
    """The status of what is raised, where it is known; that of a plain error is 500."""
    found = set()
    for option in options(body.value(node.exception)):
        exception = Object(option) if isinstance(option, (ClassValue, External)) else option
        if raising.is_http_exception(exception):
            found.add(status_of(exception))
        else:
            names = raising.lineage(exception)
            is_plain = knows_plain and bool(names) and names[0] in _PLAIN_ERRORS
            found.add(FIRST_OF_SERVERS if is_plain else None)
    return found.pop() if len(found) == 1 else None


def _status_returned(node: model.Expression, body: Body) -> int | None:
    """The status with which a returned value is sent, where it is known: 200 for plain data."""
    from fastapi_lint.application.answers import responses  # noqa: PLC0415

    value = body.value(node)
    kinds = responses.returned(value)
    if kinds <= {responses.Returned.DATA, responses.Returned.NOTHING}:
        return responses.OK
    if kinds == {responses.Returned.RESPONSE}:
        sent = responses.status_sent(value, is_made=isinstance(node, model.Call))
        if sent is not None and (sent[0] == responses.OK or sent[0] >= FIRST_OF_SERVERS):
            return sent[0]
    return None


def _returns_failure(handler: model.Handler, body: Body) -> bool:
    returned = [
        item.value for item in statements(handler.body) if isinstance(item, model.Return) and item.value
    ]
    return bool(returned) and all(failures.is_failure(body, item) for item in returned)


def looks_at_exception(handler: model.Handler, body: Body) -> bool:
    """Whether what an `except` does may depend on the exception that it caught."""
    if handler.name is None:
        return False
    for statement in statements(handler.body):
        if isinstance(statement, model.Match) and _is(statement.subject, handler.name):
            return True
        kept = statement.value if isinstance(statement, model.Assignment) else None
        if kept is not None and _is(kept, handler.name):
            return True
        is_alone = isinstance(statement, model.ExpressionStatement)
        inside = _in_exception(statement, body)
        for item in expressions(statement):
            if isinstance(item, model.Attribute) and _is(item.value, handler.name):
                if item.name in {"status_code", "__class__"}:
                    return True
            elif isinstance(item, model.Call) and any(_is(each, handler.name) for each in _given(item)):
                meaning = body.call(item)
                if meaning is None or (
                    id(item) not in inside and _may_judge(meaning, item, is_alone=is_alone)
                ):
                    return True
    return False


def _in_exception(statement: model.Statement, body: Body) -> set[int]:
    """The expressions inside the arguments of an HTTP exception of a known status that is raised."""
    if not isinstance(statement, model.Raise) or statement.exception is None:
        return set()
    if _status_raised(statement, body) is None:
        return set()
    return {id(item) for item in (statement.exception, *expressions(statement.exception))}


def _may_judge(meaning: CallMeaning, call: model.Call, *, is_alone: bool) -> bool:
    """Whether a call that is given the exception may say, or do, something that depends on its class."""
    if meaning.name in _ASKING:
        return True
    callees = options(meaning.callee)
    if any(isinstance(item, (FunctionValue, Bound, ClassValue)) for item in callees):
        return not is_alone or any(inner.raised for inner in meaning.bodies)
    return any(isinstance(item, Unknown) for item in callees) and isinstance(call.function, model.Name)


def _given(call: model.Call) -> list[model.Expression]:
    return [*call.arguments, *(item.value for item in call.keywords)]


def _is(node: model.Expression, name: str) -> bool:
    return isinstance(node, model.Name) and node.id == name


def ends_at_yield(body: Body) -> Iterator[model.Handler]:
    """Each `except` of a dependency that ends what is raised while it waits at its `yield`."""
    definition = body.function.definition
    block = tuple(statements(definition.body))
    for node in block:
        if not isinstance(node, model.Try) or not _yields(node.body):
            continue
        if any(isinstance(item, model.Raise) and item.line > node.end_line for item in block):
            continue  # it may raise what it has kept
        for handler in node.handlers:
            if not _catches_http(handler, body):
                continue
            is_raising = any(isinstance(item, model.Raise) for item in statements(handler.body))
            if not is_raising and _ends(handler, body) and not _is_handed_on(handler, body):
                yield handler
            break


def _yields(block: tuple[model.Statement, ...]) -> bool:
    return any(isinstance(item, model.Yield) for node in statements(block) for item in expressions(node))


def _catches_http(handler: model.Handler, body: Body) -> bool:
    classes = raising.caught_classes(handler, body)
    return raising.is_broad(handler, body) or any(
        raising.HTTP_EXCEPTION in raising.lineage(item)[:2] for item in classes or ()
    )


def _is_handed_on(handler: model.Handler, body: Body) -> bool:
    """Whether what was caught is given to a function that may raise it."""
    for statement in statements(handler.body):
        for item in expressions(statement):
            if isinstance(item, model.Call) and handler.name is not None:
                meaning = body.call(item)
                is_given = any(_is(each, handler.name) for each in _given(item))
                if is_given and (meaning is None or _may_judge(meaning, item, is_alone=True)):
                    return True
    return False

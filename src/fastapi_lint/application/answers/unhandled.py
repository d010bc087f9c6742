"""HTTP exceptions that nothing handles: those of middleware, which stands outside of all handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import raising
from fastapi_lint.application.evaluation.values import Dictionary, External, FunctionValue, Literal, options
from fastapi_lint.application.wiring.middleware import middleware_of
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.raising import Leaving
    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routing import Router


def raised_in_middleware(application: Application) -> Iterator[tuple[Function, Leaving]]:
    """The HTTP exceptions that leave middleware, where nothing around it knows what they are."""
    seen: set[int] = set()
    for router in application.routers:
        functions = [application.function_of(value) for value, _ in middleware_of(router)]
        if any(_answers_http_exceptions(application.body(function)) for function in functions):
            continue
        if any(map(_tells_errors_apart, _last_handlers(router))):
            continue
        for function in functions:
            if id(function) in seen or "test" in function.module.roles:
                continue
            seen.add(id(function))
            body = application.body(function)
            for leaving in application.raising.leaving(function.definition.body, body):
                yield function, leaving


def _answers_http_exceptions(body: Body) -> bool:
    """Whether middleware has an `except` that is about HTTP exceptions, of other middleware too."""
    return any(
        raising.HTTP_EXCEPTION in raising.lineage(item)
        for statement in statements(body.function.definition.body)
        if isinstance(statement, model.Try)
        for handler in statement.handlers
        for item in raising.caught_classes(handler, body) or ()
    )


def _last_handlers(router: Router) -> Iterator[FunctionValue]:
    """The handlers of what no other handler is for: of `Exception`, or of the status 500."""
    for key, handler in router.exception_handlers:
        is_last = (isinstance(key, External) and key.name in raising.BROAD) or (
            isinstance(key, Literal) and key.value == 500  # noqa: PLR2004 - the status of the server's errors
        )
        for option in options(handler) if is_last else ():
            if isinstance(option, FunctionValue):
                yield option
    given = router.settings.get("exception_handlers")
    if isinstance(given, Dictionary):
        for handler in (*given.entries.values(), *given.others):
            if isinstance(handler, FunctionValue):
                yield handler


def _tells_errors_apart(handler: FunctionValue) -> bool:
    """Whether a handler of all errors asks what it is given, so that it may answer with the right status."""
    return any(
        (isinstance(item, model.Attribute) and item.name == "status_code")
        or (isinstance(item, model.Name) and item.id in {"isinstance", "getattr", "hasattr"})
        for statement in statements(handler.definition.body)
        for item in expressions(statement)
    )

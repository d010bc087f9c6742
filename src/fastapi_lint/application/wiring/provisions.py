"""What an application provides for all of its requests: rate limits, request ids, headers, HTTPS.

Whether it does is seen by words: nobody limits rates or names requests without using one of them somewhere.
So the answer "nothing does" is good, and the answer "something may" is no more than that.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

import msgspec

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, External, FunctionValue, Object, options
from fastapi_lint.application.library import auth
from fastapi_lint.application.library.model import words
from fastapi_lint.application.wiring.middleware import is_all_known, layers
from fastapi_lint.application.wiring.purpose import client_routes_by_app
from fastapi_lint.application.written import statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routing import Router


class Provision(Enum):
    """Something that is provided for every request."""

    SECURITY_HEADERS = "security headers"
    HTTPS = "HTTPS"
    REQUEST_ID = "request ids"
    RATE_LIMIT = "rate limits"


_WORDS: Final = {
    Provision.SECURITY_HEADERS: (
        rb"strict.transport.security|\bhsts|x.frame.options|content.type.options|content.security.policy|"
        rb"referrer.policy|security.?headers"
    ),
    Provision.HTTPS: (
        rb"https.?redirect|strict.transport.security|\bhsts|force.?https|require.?https|"
        rb"ssl.?(key|cert|context)|certfile|forwarded.?proto|proxy.?headers"
    ),
    Provision.REQUEST_ID: rb"request.?id\b|correlation.?id|trace.?id|trace.?parent|span.?id",
    Provision.RATE_LIMIT: rb"rate.?limit|throttl|too.?many.?requests",
}
"""The words by which code that provides something is known."""
_PACKAGES: Final = {
    Provision.SECURITY_HEADERS: words("secure Secweb flask_talisman guard shield"),
    Provision.HTTPS: words("Secweb guard"),
    Provision.REQUEST_ID: words(
        "asgi_correlation_id asgi_request_id ddtrace elasticapm logfire newrelic opentelemetry "
        "starlette_context"
    ),
    Provision.RATE_LIMIT: words(
        "aiolimiter asgi_ratelimit fastapi_limiter guard limits pyrate_limiter ratelimit slowapi throttled"
    ),
}
"""Packages that are there to provide it."""
_ASIDE: Final = frozenset({"test", "example"})


def may_provide(modules: Iterable[Module]) -> frozenset[Provision]:
    """What some code of the project may provide, by what it imports and the words in it."""
    waiting = {item: re.compile(pattern, re.IGNORECASE) for item, pattern in _WORDS.items()}
    for module in modules:
        if not waiting or module.roles & _ASIDE:
            continue
        imported = {name.partition(".")[0] for name in _imports(module)}
        text = msgspec.json.encode(module.facts.body)
        for item, pattern in list(waiting.items()):
            if not imported.isdisjoint(_PACKAGES[item]) or pattern.search(text):
                del waiting[item]
    return frozenset(Provision) - frozenset(waiting)


def _imports(module: Module) -> Iterator[str]:
    for statement in statements(module.facts.body):
        if isinstance(statement, model.Import):
            yield from (item.name for item in statement.names)
        elif isinstance(statement, model.ImportFrom) and not statement.level:
            yield statement.module


def lacking(application: Application, provision: Provision) -> Iterator[Router]:
    """The applications that serve an API, and for which nothing provides this as far as the code says."""
    if provision in application.provisions:
        return
    for routes in client_routes_by_app(application):
        app = routes[0].routers[0]
        if app.module is None or app.call is None or app.module.roles & _ASIDE:
            continue
        known = is_all_known(app) and all(
            _is_known(option) for layer in layers(app) for option in options(layer.value)
        )
        if known and isinstance(app.cls, External):
            yield app


def _is_known(middleware: Value) -> bool:
    """Whether middleware is the project's own, whose words are read, or does something else."""
    if isinstance(middleware, FunctionValue):
        return True
    if isinstance(middleware, ClassValue):
        return middleware.is_fully_known() and all(map(_is_harmless, middleware.external_bases()))
    cls = middleware.cls if isinstance(middleware, Object) else middleware
    return isinstance(cls, External) and _is_harmless(cls.name)


def _is_harmless(name: str) -> bool:
    package = library.canonical(name).partition(".")[0]
    own = {"fastapi", "starlette", "builtins", "typing", "abc"}
    return package in own or package in auth.HARMLESS_MIDDLEWARE_PACKAGES

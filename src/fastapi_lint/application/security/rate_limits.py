"""Routes where passwords and codes can be guessed, and whether anything counts the tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, External, FunctionValue, Unknown, options
from fastapi_lint.application.library import auth
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.security.exchanges import exchanges_credentials
from fastapi_lint.application.wiring.dependencies import callable_name, unwrapped
from fastapi_lint.application.wiring.middleware import is_all_known, layers
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.written import dotted
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.application.wiring.routing import Router

_FORM: Final = "fastapi.security.OAuth2PasswordRequestForm"
_GUESSED: Final = frozenset(split("password passwd pwd passphrase passcode otp totp pin"))
_SENT: Final = frozenset(split("forgot forgotten otp magic signup register registration"))
"""Words of routes that send something to whoever is named, or store them."""
_NAMED: Final = frozenset(split("email mail username phone"))
_ACCOUNTS: Final = frozenset(split("auth auths account accounts user users"))
_LIMITING: Final = frozenset(
    split(
        "limit limits limiter limited ratelimit rate rates throttle throttled throttling attempt attempts "
        "lockout locked captcha recaptcha hcaptcha turnstile bruteforce brute abuse cooldown quota "
        "slowapi backoff"
    )
)
_OWN: Final = ("starlette.", "fastapi.")
_LIMITING_PACKAGES: Final = frozenset(
    split("slowapi fastapi_limiter limits pyrate_limiter ratelimit asgi_ratelimit")
)
_DEEPEST: Final = 3
_NO_LIVE_ROLES: Final = frozenset({"test", "example", "script"})


def unlimited_exchanges(application: Application) -> Iterator[Route]:
    """The routes that take credentials from anybody, as often as they like; each registration once."""
    seen: set[tuple[str, object]] = set()
    for route in application.routes:
        place = route.decorator_file, route.decorator_span
        if place in seen or route.handler is None or route.handler.module.roles & _NO_LIVE_ROLES:
            continue
        if _can_be_guessed(application, route) and not _may_be_limited(application, route):
            seen.add(place)
            yield route


def _can_be_guessed(application: Application, route: Route) -> bool:
    if "POST" not in route.methods or not exchanges_credentials(route):
        return False
    if any(guard.is_certain for guard in application.guards.of(route)):
        return False
    if any(
        isinstance(each.callable, External) and library.is_subclass(each.callable.name, _FORM)
        for each in route.all_dependencies()
    ):
        return True
    asked = set(_asked(application, route))
    if "token" in asked:
        return False  # which nobody guesses
    literals = [part for part in route.path.split("/") if part and "{" not in part]
    told = {word for part in literals[-1:] for word in words(part)}
    is_of_users = len(literals) == 1 or any(_ACCOUNTS & set(words(part)) for part in literals)
    return bool(_GUESSED & asked) or bool(told & _SENT and (_NAMED & asked or is_of_users))


def _asked(application: Application, route: Route) -> Iterator[str]:
    """The words in the names of what a request is to hold."""
    inputs = application.inputs(route)
    for item in inputs.of(Source.BODY, Source.FORM, Source.QUERY):
        yield from words(item.name)
        annotation = item.parameter.annotation
        for option in options(annotation) if annotation is not None else ():
            for owner in option.mro() if isinstance(option, ClassValue) else ():
                for field in owner.annotations if isinstance(owner, ClassValue) else ():
                    yield from words(field)


def _may_be_limited(application: Application, route: Route) -> bool:
    """Whether something on the way to a handler, or in it, counts tries by its name, or can't be known."""
    if route.is_uncertain or not route.dependencies_are_known or not all(map(_is_passed, route.routers)):
        return True
    assert route.handler is not None  # noqa: S101 - asked before
    names = [_name(item) for item in route.handler.definition.decorators]
    names += [callable_name(each.callable) for each in route.all_dependencies()]
    names += route.handler.value.opaque_decorators
    if any(map(_limits, names)):
        return True
    functions = [route.handler]
    functions += [
        application.function_of(inner)
        for each in route.all_dependencies()
        if isinstance(inner := unwrapped(each.callable), FunctionValue)
    ]
    return any(_counts(application.body(function), _DEEPEST, set()) for function in functions)


def _is_passed(router: Router) -> bool:
    """Whether all middleware of an application is known, and none of it limits anything."""
    if not is_all_known(router):
        return False
    for layer in layers(router):
        middleware = layer.value
        name = library.canonical(callable_name(middleware))
        is_foreign = isinstance(middleware, External) and not (
            name.startswith(_OWN) or name.partition(".")[0] in auth.HARMLESS_MIDDLEWARE_PACKAGES - {"slowapi"}
        )
        if isinstance(middleware, Unknown) or is_foreign or _limits(name):
            return False
    return True


def _limits(name: str) -> bool:
    parts = name.split(".")
    return parts[0] in _LIMITING_PACKAGES or bool(_LIMITING & set(words(parts[-1])))


def _name(decorator: model.Expression) -> str:
    return dotted(decorator.function if isinstance(decorator, model.Call) else decorator)


def _counts(body: Body, depth: int, seen: set[int]) -> bool:
    """Whether a function calls something that limits, by its name."""
    if id(body) in seen:
        return False
    seen.add(id(body))
    return any(
        _limits(call.name)
        or (call.node is not None and _limits(_name(call.node)))
        or (depth > 0 and any(_counts(inner, depth - 1, seen) for inner in call.bodies))
        for call in body.calls.values()
    )

"""Messages that a handler sends while its client waits: mails, texts, chat messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.library.clients import SENDING
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.matching import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.wiring.routes import Route

_DEEPEST: Final = 5
_PURPOSE: Final = frozenset(
    {"test", "send", "resend", "mail", "email", "notify", "notification", "notifications", "message", "sms"}
)
"""Words of routes that are there to send something, so that their clients wait for just that."""


def sent_inline(body: Body) -> Iterator[tuple[CallMeaning, tuple[str, ...]]]:
    """The calls of a handler that send a message, each with the names of the calls down to the library's."""
    for meaning in body.calls.values():
        chain = _chain(meaning, {id(body)}, 0)
        if chain and meaning.node is not None:
            yield meaning, chain


def _chain(meaning: CallMeaning, seen: set[int], depth: int) -> tuple[str, ...]:
    if meaning.is_coroutine and not meaning.is_awaited:
        return ()  # a task, or what is handed to one
    name = library.canonical(meaning.name)
    if name in SENDING:
        return (name,)
    if depth > _DEEPEST:
        return ()
    for inner in meaning.bodies:
        if id(inner) not in seen:
            seen.add(id(inner))
            for each in inner.calls.values():
                chain = _chain(each, seen, depth + 1)
                if chain:
                    return (inner.function.qualname, *chain)
    return ()


def is_about_sending(route: Route) -> bool:
    """Whether a route is there to send a message, so that its answer is how that went."""
    literals = [segment for segment in route.path.split("/") if segment and not PLACEHOLDER.search(segment)]
    name = words(route.name.rpartition(".")[2])
    if "test" in name or name[:1] == ["send"]:
        return True
    return bool(literals) and (bool(_PURPOSE & set(words(literals[-1]))) or literals[-1].startswith("test"))

"""What handlers write whenever they answer: stored rows and documents that come, change or go."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.answers import resources
from fastapi_lint.application.answers.creation import Creations, written_name
from fastapi_lint.application.answers.ways import Occurs
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.creation import Creation
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.wiring.routes import Route

_VERBS = {Effect.DELETE: "deletes", Effect.WRITE: "changes", Effect.CREATE: "creates"}
_ASIDE = frozenset(
    split(
        "audit audited log logs logger logging track tracker tracking telemetry metric metrics statistics "
        "analytics cache cached caches memo ensure lock unlock throttle heartbeat touch publish notify event "
        "events emit history usage"
    )
)
"""Words in the names of functions that note something beside what the request is about."""
_BROWSED = frozenset(
    split(
        "oauth oauth2 oidc saml sso authorize authorise auth authentication callback callbacks cb login "
        "logout signin signout signup logon logoff verify verification confirm confirmation activate "
        "activation unsubscribe subscribe optout invitation invite magic token tokens webhook webhooks hook "
        "hooks redirect shortlink"
    )
)
"""Words of routes that a browser is sent to, by a link in a mail or by another site: it can only GET."""
_CHANGING = frozenset(
    split(
        "add approve archive assign cancel clear create delete disable enable generate import insert join "
        "leave mark move populate process publish purge register reject remove reset restart restore save "
        "set start stop store sync synchronize toggle trigger update upload upsert"
    )
)
_STAMPS = frozenset(
    split("last seen accessed access viewed views view used read opened hits hit visits visit count counter")
)


class Writes(Creations):
    """Tells what functions write on every way through them that ends without an error."""

    effects: ClassVar[frozenset[Effect]] = frozenset(_VERBS)

    def at_times(self, body: Body) -> Creation | None:
        """What a handler writes on some way that answers, perhaps not on all."""
        return self._first(body, frozenset({Occurs.ALWAYS, Occurs.SOMETIMES}))

    def counts(self, body: Body, meaning: CallMeaning) -> bool:
        """All counts but traces of what happened, and stamps on what was looked at."""
        if set(words(body.function.name)) & _ASIDE:
            return False
        entity = resources.class_of(meaning)
        return not (entity is not None and resources.is_trace(entity)) and not _only_stamps(body)


def is_aside(found: Creation) -> bool:
    """Whether one of the calls on the way only notes something beside what the request is about."""
    return any(set(words(name.replace(".", "_"))) & _ASIDE for name in found.chain[1:])


def is_browsed(route: Route) -> bool:
    """Whether a browser is sent to a route, as in an exchange of credentials, so that it can't be a POST."""
    parts = {word for part in route.path.split("/") for word in words(part)}
    return bool(_BROWSED & (parts | set(words(route.handler.name) if route.handler is not None else ())))


def says_so(route: Route) -> bool:
    """Whether a handler's name, or the end of its path, says that it changes something."""
    if route.handler is None:
        return False
    last = next((part for part in reversed(route.path.split("/")) if part and not part.startswith("{")), "")
    return any(parts[:1] and parts[0] in _CHANGING for parts in (words(route.handler.name), words(last)))


def verb(found: Creation) -> str:
    """What the last call does to rows: `creates`, `changes` or `deletes`."""
    meaning = found.bodies[-1].call(found.call)
    effects = meaning.effects if meaning is not None else {}
    return next((name for effect, name in _VERBS.items() if effect in effects), "changes")


def _only_stamps(body: Body) -> bool:
    """Whether all that a function assigns to attributes, or sets in an UPDATE, are stamps and counters."""
    names = list(_changed(body.function.definition))
    return bool(names) and all(set(words(name)) & _STAMPS for name in names)


def _changed(definition: model.FunctionDefinition) -> Iterator[str]:
    for statement in statements(definition.body):
        if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            continue
        targets: tuple[model.Expression, ...] = ()
        if isinstance(statement, model.Assignment):
            targets = statement.targets
        elif isinstance(statement, model.AugmentedAssignment):
            targets = (statement.target,)
        yield from (target.name for target in targets if isinstance(target, model.Attribute))
        for item in expressions(statement):
            if isinstance(item, model.Call) and written_name(item).rpartition(".")[2] == "values":
                yield from (keyword.name for keyword in item.keywords if keyword.name is not None)

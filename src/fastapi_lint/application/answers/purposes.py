"""What a route is for, as far as its status goes: whether it answers 200, and whether it makes something.

That a row is inserted says little: logging in stores a session, and paying an order a payment. So a route has
to say that it makes something, by its handler's name or its path. All others are taken for actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.answers import failures, handovers, resources, responses
from fastapi_lint.application.answers.ways import ways
from fastapi_lint.application.evaluation.values import Dictionary, External, Object, Unknown, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words

if TYPE_CHECKING:
    from fastapi_lint.application.answers.creation import Creation
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

OK = 200

_MAKING = frozenset(split("create add new insert register place post make submit"))
_ACTIONS = frozenset(
    split(
        "accept acknowledge activate analyze answer apply approve archive ask assign authenticate block "
        "bulk buy calculate call cancel check claim clear clone close collect compare complete confirm "
        "convert copy deactivate decline deploy disable download duplicate emit enable enqueue estimate "
        "evaluate execute export extract favorite finish flag follow forgot fork generate hide import "
        "ingest instantiate invoke join launch leave like link load lock log login logout mark match "
        "merge migrate move notify open parse pause pay pin ping poll predict preview process publish "
        "query read rebuild recalculate refresh regenerate reject release reload reopen replay reset "
        "resend restart restore resume retry return revert revoke rollback rotate run save scan "
        "schedule search select send set share sign simulate solve split star start stop store "
        "subscribe summarize switch sync synchronize tag test toggle train transfer transform translate "
        "trigger unblock unfollow unlike unlink unlock unpin unsubscribe update upgrade upload upsert "
        "validate verify view vote watch withdraw"
    )
)
_EXCHANGES = frozenset(
    split(
        "login logout logon signin signout signup authenticate otp mfa totp password passwd forgot "
        "oauth oauth2 saml sso oidc"
    )
)
_FRONTS = frozenset(split("api http rest endpoint handle do async route admin"))
"""Words that names of handlers may begin with, and that say nothing of what the handler does."""
_EVENTS = frozenset(split("webhook webhooks hook hooks callback callbacks"))


def answers_200_to(application: Application, route: Route, method: str) -> bool:
    """Whether a route takes this one method and answers it with 200 and JSON, as far as it is declared."""
    return (
        route.methods == (method,)
        and responses.has_contract(route)
        and route.registration.complete
        and route.status_is_known
        and route.status_code in {None, OK}
        and responses.sends_json(route) is True
        and not (route.handler and responses.sets_status(application.body(route.handler)))
    )


def documents(route: Route, *statuses: int) -> bool:
    """Whether `responses=` documents one of these statuses, which something else then sends."""
    documented = route.keywords.get("responses")
    if not isinstance(documented, Dictionary):
        return documented is not None
    return any(str(key) == str(status) for key in documented.entries for status in statuses)


def sends_200(application: Application, route: Route) -> bool:
    """Whether what the handler returns leaves the status at 200: data, or a JSON Response without another."""
    if route.handler is None:
        return False
    body = application.body(route.handler)
    found = [
        body.value(way.returned)
        for way in ways(route.handler.definition.body, body.decided)
        if way.returned is not None
    ]
    found.append(responses.answer(application, route))
    return all(_leaves_200(option) for value in found for option in options(value))


def _leaves_200(value: Value) -> bool:
    if isinstance(value, Unknown):
        return "esponse" not in value.of.rpartition(".")[2]
    if not isinstance(value, Object):
        return True
    kind = responses.kind_of_class(value.cls)
    if not kind:
        return not (isinstance(value.cls, External) and "esponse" in value.cls.name.rpartition(".")[2])
    status = failures.status_of(value)
    if "status_code" in value.keywords or len(value.arguments) > 1:
        if status is None:
            return False
        if status >= 400:  # noqa: PLR2004 - an error answers another request than the one that creates
            return True
    return kind in {responses.JSON, "raw"} and status in {None, OK} and "status_code" not in value.attributes


def creates(route: Route, creation: Creation) -> bool:
    """Whether a route is there to make what it makes."""
    if route.handler is None or documents(route, 201, 202) or handovers.hands_over(creation):
        return False
    name = words(route.handler.name)
    while len(name) > 1 and name[0] in _FRONTS:
        name = name[1:]
    segments = [words(part) for part in route.path.split("/") if part and not part.startswith("{")]
    entity = resources.name_words(creation.entity) if creation.entity is not None else []
    last = segments[-1] if segments else []
    around = {word for part in (name, *segments) for word in part}
    if around & _EVENTS and not set(entity) & {"webhook", "hook", "callback"}:
        return False
    if set(name) & _EXCHANGES or set(last) & _EXCHANGES or "bulk" in around or "batch" in around:
        return False
    names_entity = bool(entity) and _singular(last)[-len(entity) :] == entity[-len(last) :] and bool(last)
    if last[:1] and last[0] in _ACTIONS and not names_entity:
        return False
    if name[:1] and name[0] in _MAKING:
        return True
    if last[:1] and last[0] in _MAKING:
        return True
    return names_entity and (name[:1] in (["save"], ["upload"]) or not (name and name[0] in _ACTIONS))


def _singular(parts: list[str]) -> list[str]:
    if not parts:
        return parts
    last = parts[-1]
    if last.endswith("ies"):
        last = last[:-3] + "y"
    elif last.endswith(("ses", "xes", "ches", "shes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith("ss"):
        last = last[:-1]
    return [*parts[:-1], last]

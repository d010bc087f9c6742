"""The checklist: what is asked of a FastAPI code base, item by item. Rules name the items that they see to.

It imports nothing that rules need, so that `fastapi-lint rules --checklist` answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.rules.pages import RuleInfo


@dataclass(frozen=True)
class Item:
    """One thing that is asked.

    Attributes:
        number: The chapter and the place in it: `3.1`.
        asks: What is asked, as a phrase.
        unchecked: For an item that no rule can see to: why not.
    """

    number: str
    asks: str
    unchecked: str = ""

    @property
    def chapter(self) -> str:
        """The title of the chapter that it stands in."""
        return CHAPTERS[self.number.partition(".")[0]]


CHAPTERS = {
    "1": "Routes and HTTP",
    "2": "Validation and schemas",
    "3": "Authentication, authorisation, security",
    "4": "Database",
    "5": "Errors and logging",
    "6": "Async and performance",
    "7": "Application wiring",
    "8": "Documentation",
    "9": "Structure and tests",
}
"""The chapters' titles, by the digit that begins their items, and the codes of their rules."""

ITEMS = (
    Item("1.1", "methods mean what HTTP says: GET reads and never writes"),
    Item("1.2", "paths name resources: plural nouns, no verbs, `/{resource}/{id}/{sub}`"),
    Item("1.3", "paths have a version: `/api/v1`"),
    Item("1.4", "201 for a POST that creates, 204 for a DELETE, 200 for reads and updates"),
    Item("1.5", "204 has no body"),
    Item("1.6", "201 comes with `Location`"),
    Item("1.7", "500 is never answered on purpose; 4xx codes say what is wrong"),
    Item("1.8", "routes live in routers by resource, and routers are included"),
    Item("1.9", "one form of response throughout: bare data, or one envelope"),
    Item("1.10", "lists come in pages, with sensible limits"),
    Item("1.11", "paths resolve: no shadowed, duplicate or malformed route; path parameters arrive"),
    Item("2.1", "every route declares what it answers"),
    Item("2.2", "Pydantic validates all input: body, query, path"),
    Item("2.3", "separate models to create, to update and to answer"),
    Item("2.4", "database models are no API schemas"),
    Item("2.5", "fields have constraints; validators are written as current Pydantic has them"),
    Item("2.6", "not given differs from null: PATCH changes only what was sent"),
    Item("2.7", "sensitive fields are in no response"),
    Item("2.8", "every parameter and every return has a type"),
    Item("3.1", "authentication is a dependency of a route, router or app, and no check in a handler"),
    Item("3.2", "what should be protected is"),
    Item("3.3", "every request's token is verified: signature, algorithm, expiry"),
    Item("3.4", "access tokens live short (15 to 30 minutes), and are refreshed"),
    Item("3.5", "no secrets in code: keys, passwords, addresses with credentials, defaults of settings"),
    Item("3.6", "passwords are stored as hashes made for passwords"),
    Item("3.7", "users are kept apart: what belongs to one is looked up with its owner"),
    Item("3.8", "no injection: SQL with parameters, checked paths, addresses and redirects"),
    Item("3.9", "CORS names its origins"),
    Item("3.10", "requests are limited in rate, at least where credentials are exchanged"),
    Item("3.11", "security headers are set, and HTTPS is enforced"),
    Item("3.12", "nothing sensitive in logs and error messages; no stack trace leaves"),
    Item("4.1", "the session comes as a dependency, and is closed after the request"),
    Item("4.2", "no N+1 queries: eager loading, or joins"),
    Item("4.3", "writes that belong together are one transaction, rolled back on an error"),
    Item("4.4", "one pooled engine a process"),
    Item("4.5", "indexes on foreign keys, and on what is often filtered by"),
    Item("4.6", "migrations by Alembic, and no `create_all`"),
    Item("4.7", "queries and business logic stand in services or repositories"),
    Item("4.8", "soft deletes where a model has them"),
    Item("4.9", "a missing row is a 404, a violated constraint a 409"),
    Item("5.1", "exceptions of one's own, each with a registered handler"),
    Item("5.2", "errors are raised with the right status: neither returned nor swallowed"),
    Item("5.3", "one form of error, with a code"),
    Item("5.4", "401 comes with `WWW-Authenticate`"),
    Item("5.5", "structured logs with context, and no `print`"),
    Item("6.1", "no blocking calls in `async def`; async drivers"),
    Item("6.2", "coroutines are awaited; concurrent tasks share no session"),
    Item("6.3", "awaits that don't need each other run together"),
    Item("6.4", "slow work on the side goes to the background or a queue; clients are reused"),
    Item(
        "6.5",
        "what rarely changes is cached",
        "how often data changes, and how old an answer may be, stands in no code",
    ),
    Item("7.1", "middleware for request ids, times and a log of requests"),
    Item("7.2", "the lifespan is set up rightly, and nothing silently never runs"),
    Item("7.3", "one settings class reads the environment"),
    Item("7.4", "current FastAPI: no deprecated calls"),
    Item("8.1", "every route has a summary or a docstring, and tags"),
    Item("8.2", "error responses are documented"),
    Item("8.3", "fields have descriptions and examples"),
    Item("8.4", "operation ids are unique, and nothing is declared twice"),
    Item("9.1", "routers, services and data access are layers, and imports point inwards"),
    Item("9.2", "every route has a test"),
)
"""The items, in their order."""


def seen_to(rules: Iterable[RuleInfo]) -> dict[Item, list[RuleInfo]]:
    """Each item, in order, with those of the rules that name it."""
    known = list(rules)
    return {item: [rule for rule in known if item.number in rule.checklist] for item in ITEMS}

"""What the segments of paths say: verbs that a method says already, and collections in the singular.

Only words that can hardly be meant otherwise count. What is an action and has no noun (`login`, `search`,
`cancel`, `refresh`) is no verb here, and a noun counts as singular only where the placeholder behind it, or
the model of the list that is answered, has the same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers.response_models import item_of_list
from fastapi_lint.application.evaluation.values import ClassValue
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.matching import PLACEHOLDER, parse
from fastapi_lint.application.wiring.routes import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route
    from fastapi_lint.diagnostics import Span

_VERBS: Final = frozenset(split("get fetch retrieve create add insert modify delete remove destroy"))
"""Verbs that are no nouns."""
_NOUNS_TOO: Final = {
    "list": frozenset({"GET"}),
    "read": frozenset({"GET"}),
    "update": frozenset({"PUT", "PATCH", "POST"}),
    "edit": frozenset({"PUT", "PATCH", "POST"}),
}
"""Verbs that are nouns or participles as well, with the methods beside which they are verbs."""
_MANY: Final = frozenset(split("batch bulk many multiple selected"))
"""Words that make of a verb an action on several resources at once, which no method says."""
_NO_VERBS: Final = frozenset({("add", "on"), ("add", "ons"), ("add", "in"), ("add", "ins"), ("read", "only")})
_KEYS: Final = frozenset(
    split("id ids uuid guid uid pk key name slug code number no ref oid hash handle identifier")
)
"""Words that a placeholder adds to the name of what it identifies: `order_id`."""
_SHAPES: Final = frozenset(
    split(
        "base db detail details dto entity full info item model orm out public read response schema summary"
    )
)
"""Words that classes of answers add to the name of what they describe: `OrderRead`."""
_VERSION: Final = re.compile(
    r"v\.?\d+([._-]\d+)*((alpha|beta|rc)\d*)?|\d{4}-\d\d(-\d\d)?|\{(api_?)?version(:\w+)?\}"
    r"|v\{\w+(:\w+)?\}"
)
_WITHOUT_PLURAL: Final = frozenset(
    split(
        "access advice audio auth authentication authorization billing cache cargo catering children "
        "clothing content criteria data debris email engineering equipment evidence feedback feet fish "
        "furniture gear geese hardware health help history homework housing info information infrastructure "
        "inventory kit knowledge knowhow logging luggage mail marketing media men merchandise metadata mice "
        "money monitoring music newsletter oauth offspring payroll people personnel police progress "
        "publishing research security series sheep shipping software spam species sso staff stock storage "
        "stuff support teeth telemetry tracking traffic training transport usage video weather women work"
    )
)
"""Words that have no plural, or are one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a path between slashes; `path` is the whole path that it ends.

    It is written in the call at `span` of `file`: the route's own registration (`is_own`), or that of a
    router, an include or a mount.
    """

    text: str
    path: str
    file: str
    span: Span
    is_own: bool

    @property
    def is_placeholder(self) -> bool:
        """Whether it is a placeholder and nothing else."""
        return PLACEHOLDER.fullmatch(self.text) is not None

    @property
    def is_literal(self) -> bool:
        """Whether there is no placeholder in it."""
        return "{" not in self.text


def segments(application: Application, route: Route) -> Iterator[Segment]:
    """Give the segments of a route's path in order, without those that nothing in the project writes."""
    path = ""
    for prefix in route.prefixes:
        place = origin_of(prefix)
        for text in filter(None, prefix.text.split("/")):
            path += f"/{text}"
            if place is not None:
                yield Segment(text, path, *place, is_own=False)
    own = application.table.path_text(route.registration.path) or ""
    for text in filter(None, own.split("/")):
        path += f"/{text}"
        yield Segment(text, path, route.decorator_file, route.decorator_span, is_own=True)


def verb(segment: Segment, methods: tuple[str, ...]) -> str | None:
    """Give the verb that a segment is or begins with, where a request's method says as much."""
    parts = tuple(words(segment.text)) if segment.is_literal else ()
    if not parts or parts[:2] in _NO_VERBS or _MANY & set(parts):
        return None
    first = parts[0]
    return first if first in _VERBS or not _NOUNS_TOO.get(first, frozenset()).isdisjoint(methods) else None


def singular_collections(application: Application, route: Route) -> Iterator[tuple[Segment, str]]:
    """Give the segments of a path that name a collection in the singular, each with its plural."""
    found = list(segments(application, route))
    selects = False
    for segment, following in zip_longest(found, found[1:]):
        if not segment.is_literal or is_version(segment.text):
            selects = False
            continue
        if not is_singular(segment.text):
            selects = selects or segment.text.endswith("s")  # `/orders/customer/{customer_id}` is a filter
            continue
        is_collection = (
            _lists(application, route, segment)
            if following is None
            else following.is_placeholder and not selects and _identifies(following.text, segment.text)
        )
        if is_collection:
            yield segment, plural(segment.text)


def is_version(segment: str) -> bool:
    """Whether a segment says which version of an API it is: `v1`, `v2.1`, `2024-05-01`, `{version}`."""
    return _VERSION.fullmatch(segment.lower()) is not None


def _identifies(placeholder: str, noun: str) -> bool:
    """Whether a placeholder is the key of what the segment before it is named after."""
    name = words(parse(placeholder).placeholders[0].name)
    whole = len(name)
    while len(name) > 1 and name[-1] in _KEYS:
        name.pop()
    return len(name) < whole and name == words(noun)


def _lists(application: Application, route: Route, segment: Segment) -> bool:
    """Whether a route answers GET with a list of what its last segment names."""
    item = item_of_list(application, route) if route.methods == ("GET",) else None
    if not isinstance(item, ClassValue):
        return False
    name = words(item.definition.name)
    while len(name) > 1 and name[-1] in _SHAPES:
        name.pop()
    return name == words(segment.text)


def is_singular(noun: str) -> bool:
    """Whether a noun is one that has a plural, and isn't that."""
    parts = words(noun)
    last = parts[-1] if parts else ""
    if len(last) < 3 or last in _WITHOUT_PLURAL or not last.isalpha():  # noqa: PLR2004 - abbreviations
        return False
    return not last.endswith("s") or last.endswith("ss")


def plural(noun: str) -> str:
    """Give the plural of a noun, spelt as most are."""
    if noun.endswith("y") and noun[-2:-1] not in {*"aeiou"}:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"

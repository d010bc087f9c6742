"""Who sends a request: what a value tells about the caller, and what names of attributes and headers say.

A value is traced to what it depends on. What depends on the caller alone (a credential, the current user, a
role) could be decided in a dependency; what depends on the path, the body or a resource as well could not.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from typing import Final, NamedTuple


class Source:
    """What a value depends on: bits of a number, since an `IntFlag` joins them ten times as slowly."""

    NOTHING: Final = 0
    """Constants, settings, sessions of the database."""
    CALLER: Final = 1
    """Who sends the request: a credential, the current user."""
    INPUT: Final = 2
    """What is asked for: the path, the query, the body."""
    UNKNOWN: Final = 4
    OPTION: Final = 8
    """The rest of the request: headers, the query of a dependency, the URL."""


class Part(IntEnum):
    """What a value is to the caller; where two values meet, the greater one counts."""

    NOTHING = 0
    DATA = 1
    """Something else about the caller: an id, a count, a stored row."""
    USER = 2
    """The user, the claims of a token: whoever the request comes from, or None."""
    CREDENTIAL = 3
    """A token, a key or a cookie as it was sent, and what is decided by it."""
    PRIVILEGE = 4
    """A role, a permission, a flag, and what is decided by it."""
    STATE = 5
    """`request.state`."""
    SESSION = 6
    """`request.session`."""
    COOKIES = 7
    HEADERS = 8
    REQUEST = 9


class Trace(NamedTuple):
    """Where a value comes from; `fields` are the attributes of an object that the project's code set."""

    part: Part = Part.NOTHING
    sources: int = Source.NOTHING
    fields: tuple[tuple[str, Trace], ...] = ()

    @property
    def is_caller(self) -> bool:
        """Whether it depends on the caller, and on nothing else that the request brings."""
        return self.sources == Source.CALLER

    @property
    def carries_caller(self) -> bool:
        """Whether who gets it can tell the caller: it depends on them, or it is the request."""
        return (
            bool(self.sources & Source.CALLER)
            or self.part >= Part.STATE
            or any(field.carries_caller for _, field in self.fields)
        )

    def field(self, name: str) -> Trace | None:
        """The attribute of that name, if the project's code set it."""
        return next((trace for field, trace in self.fields if field == name), None)

    def with_field(self, name: str, value: Trace) -> Trace:
        """The same object after `object.name = value`."""
        rest = tuple(item for item in self.fields if item[0] != name)
        return Trace(self.part, self.sources, (*rest, (name, value)))

    def under(self, conditions: Trace) -> Trace:
        """What a value is that is only bound where conditions hold."""
        if not conditions.sources:
            return self
        decided = conditions.part if self.part is Part.NOTHING else self.part
        return Trace(decided, self.sources | conditions.sources, self.fields)

    def as_part(self, part: Part) -> Trace:
        """The same value, as something else of the caller."""
        return Trace(part, self.sources, self.fields)

    def of(self, sources: int) -> Trace:
        """The same value, depending on these sources alone."""
        return Trace(self.part, sources, self.fields)


NEUTRAL = Trace()
UNKNOWN_TRACE = Trace(Part.NOTHING, Source.UNKNOWN)
INPUT_TRACE = Trace(Part.NOTHING, Source.INPUT)
OPTION_TRACE = Trace(Part.NOTHING, Source.OPTION)
USER_TRACE = Trace(Part.USER, Source.CALLER)
CREDENTIAL_TRACE = Trace(Part.CREDENTIAL, Source.CALLER)
PRIVILEGE_TRACE = Trace(Part.PRIVILEGE, Source.CALLER)
REQUEST_TRACE = Trace(Part.REQUEST)


def met(*traces: Trace) -> Trace:
    """What depends on all of these."""
    part, sources = Part.NOTHING, 0
    for trace in traces:
        if trace is NEUTRAL:
            continue
        own, given, fields = trace
        if part < own < _CARRIERS:
            part = own
        sources |= given
        for _, field in fields:
            sources |= field.sources
    return _bare(part, sources) if part or sources else NEUTRAL


_CARRIERS: Final = Part.STATE
"""From here on parts hold others."""


@cache
def _bare(part: Part, sources: int) -> Trace:
    """A trace without fields: there are few different ones, of which each is asked for many times."""
    return Trace(part, sources)


def either(left: Trace, right: Trace) -> Trace:
    """What is one of two, depending on the way that a function took."""
    if left is right or left == right:
        return left
    names = dict.fromkeys(name for name, _ in (*left.fields, *right.fields))
    fields = tuple(
        (name, either(left.field(name) or NEUTRAL, right.field(name) or NEUTRAL)) for name in names
    )
    return Trace(max(left.part, right.part), left.sources | right.sources, fields)


def _all(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PRIVILEGES = _all(
    "role roles permission permissions perm perms scope scopes privilege privileges admin superuser "
    "superadmin sysadmin staff superusers admins authenticated authorized authorised anonymous "
    "moderator acl grants entitlements access"
)
_NO_PRIVILEGES = _all("token key secret url at on date time count last number total")
_FLAGS = _all("active inactive disabled enabled verified banned blocked suspended locked approved activated")
_IDENTITIES = _all(
    "id uid uuid pk user_id userid account_id email username login name sub subject preferred_username"
)
_DECISIONS = _PRIVILEGES | _all(
    "allowed authorize authorise authorization authorisation permitted can may owner member auth"
)
_CREDENTIALS = _all(
    "authorization auth token secret password passwd credential credentials jwt bearer session "
    "sessionid sid apikey key user username login"
)
_NO_CREDENTIALS = _all(
    "agent csrf xsrf csrftoken idempotency cache sort partition public signature webhook content "
    "range page next cursor"
)
_OF_CREDENTIALS = frozenset({"credentials", "scheme", "bytes", "hex"})
_PRINCIPALS = _all("user principal identity auth account claims token member subject caller actor")
_CHECKERS = _all(
    "check require requires ensure verify validate assert authorize authorise authenticate enforce "
    "guard protect must restrict deny"
)


def words(name: str) -> list[str]:
    """The words of an identifier or a header, in lower case."""
    return re.findall(r"[a-z]+|[0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).lower())


@cache
def is_privilege(name: str) -> bool:
    """Whether an attribute of a user says what they may do: `role`, `is_active`, `has_permission`."""
    parts = words(name)
    if not parts or any(word in _NO_PRIVILEGES for word in parts):
        return False
    return any(word in _PRIVILEGES for word in parts) or parts[-1] in _FLAGS or parts[0] == "can"


def is_identity(name: str) -> bool:
    """Whether an attribute of a user tells them from other users."""
    return name.lower() in _IDENTITIES


@cache
def is_decision(name: str) -> bool:
    """Whether a function says by its name that it decides what somebody may do."""
    parts = words(name)
    return any(word in _DECISIONS for word in parts) or is_privilege(name)


@cache
def is_checker(name: str) -> bool:
    """Whether a function says by its name that it checks and does nothing else."""
    return any(word in _CHECKERS for word in words(name)[:1])


@cache
def is_credential(name: str) -> bool:
    """Whether a header or a cookie of that name says who sends the request."""
    parts = words(name)
    return any(word in _CREDENTIALS for word in parts) and not any(word in _NO_CREDENTIALS for word in parts)


@cache
def is_principal(name: str) -> bool:
    """Whether an attribute of `request.state` holds who sends the request, as middleware leaves it there."""
    return any(word in _PRINCIPALS for word in words(name))


def attribute(trace: Trace, name: str) -> Trace:
    """What an attribute of a value, or an entry under a constant key, is."""
    found = trace.field(name)
    if found is not None and (found.sources or found.part or not is_privilege(name)):
        return found
    if trace.part is Part.REQUEST:
        return _of_request(name)
    if trace.part is Part.STATE:
        known = PRIVILEGE_TRACE if is_privilege(name) else USER_TRACE
        return known if is_principal(name) or is_privilege(name) else UNKNOWN_TRACE
    if trace.part is Part.SESSION:
        says = is_privilege(name), is_principal(name) or is_credential(name) or is_identity(name)
        return (
            PRIVILEGE_TRACE if says[0] else CREDENTIAL_TRACE if says[1] else Trace(Part.DATA, Source.CALLER)
        )
    if trace.part in {Part.HEADERS, Part.COOKIES}:
        return CREDENTIAL_TRACE if is_credential(name) else OPTION_TRACE
    bare = _bare(trace.part, trace.sources)  # other attributes say nothing of this one
    if not bare.sources & Source.CALLER or bare.part is Part.PRIVILEGE:
        return bare
    if bare.part is Part.CREDENTIAL and (is_credential(name) or name in _OF_CREDENTIALS):
        return bare
    if is_privilege(name):
        return bare.as_part(Part.PRIVILEGE)
    return bare.as_part(Part.USER if bare.part is not Part.DATA and is_identity(name) else Part.DATA)


def _of_request(name: str) -> Trace:
    if name in {"user", "auth"}:
        return PRIVILEGE_TRACE if name == "auth" else USER_TRACE
    if name in {"app", "scope", "receive", "send", "_send"}:
        return NEUTRAL if name == "app" else UNKNOWN_TRACE
    carrier = {
        "headers": Part.HEADERS,
        "cookies": Part.COOKIES,
        "session": Part.SESSION,
        "state": Part.STATE,
    }.get(name)
    if carrier is not None:
        return Trace(carrier)
    return INPUT_TRACE if name in {"path_params", "json", "form", "body", "stream"} else OPTION_TRACE

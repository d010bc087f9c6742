"""Which fields hold a secret, by their names and types."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.annotations import DICTS, LISTS, SETS, TUPLES
from fastapi_lint.application.evaluation.values import Annotated, Choice, External, Generic, Union, Unknown
from fastapi_lint.application.schemas.fields import resolved
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.evaluation.values import Value

CHOSEN: Final = "chosen"
"""A secret that somebody chose, such as a password, or what is kept to verify it."""
MADE: Final = "made"
"""A secret that a program made, and shows whoever it made it for."""
_PASSWORDS: Final = {"password", "passwd", "pwd", "passphrase"}
_HASHABLE: Final = _PASSWORDS | {"pw", "pass", "token", "key", "secret", "apikey"}
_HASHED: Final = {"hashed", "encrypted", "salted", "digested"}
_HASH: Final = {"hash", "digest", "hashed", "salt"}
_NOT_A_PASSWORD: Final = {
    "allow", "change", "check", "expired", "for", "forgot", "forgotten", "has", "have", "is", "lost", "must",
    "need", "needs", "no", "requested", "require", "required", "requires", "reset", "set", "show", "use",
    "uses", "with", "without",
}  # fmt: skip
"""Words before "password" with which a name is about one, or about a page where one is asked for."""
_SECRETS: Final = (
    "secret", "secret key", "secret access key", "private key", "api secret", "api key", "apikey",
    "client secret", "signing key", "encryption key", "webhook secret", "shared secret", "consumer secret",
    "app secret", "jwt secret", "totp secret", "otp secret", "mfa secret", "reset token", "recovery codes",
    "backup codes",
)  # fmt: skip
_ENDS_IN_SECRET: Final = tuple(f" {name}" for name in _SECRETS)
_PUBLIC: Final = {"public", "publishable", "masked", "redacted", "obfuscated", "censored", "hint"}
_TEXTS: Final = {"builtins.str", "builtins.bytes"}
_CONTAINERS: Final = LISTS | SETS | TUPLES


@functools.lru_cache(maxsize=4096)
def kind_of(name: str) -> str | None:
    """What kind of secret bears a name, `CHOSEN` or `MADE`; None for names of anything else."""
    words = words_of(name)
    if not words or not _PUBLIC.isdisjoint(words):
        return None
    joined = " ".join(words)
    is_password = words[-1] in _PASSWORDS and _NOT_A_PASSWORD.isdisjoint(words[:-1])
    is_hash = (words[-1] in _HASH and not _HASHABLE.isdisjoint(words[:-1])) or (
        not _HASHED.isdisjoint(words[:-1]) and words[-1] in _HASHABLE
    )
    if is_password or is_hash or joined == "salt":
        return CHOSEN
    return MADE if joined in _SECRETS or joined.endswith(_ENDS_IN_SECRET) else None


def is_text(annotation: Value | None, bindings: Mapping[str, Value]) -> bool:
    """Whether a value of a type can be a text, or holds texts. Pydantic's SecretStr goes out masked."""
    if annotation is None:
        return False
    annotation = resolved(annotation, bindings)
    if isinstance(annotation, Annotated):
        return is_text(annotation.base, bindings)
    if isinstance(annotation, (Union, Choice)):
        members = annotation.members if isinstance(annotation, Union) else annotation.options
        return any(is_text(member, bindings) for member in members)
    if isinstance(annotation, External):
        return library.canonical(annotation.name) in _TEXTS
    if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
        name = library.canonical(annotation.origin.name)
        inner = annotation.arguments[-1:] if name in DICTS else annotation.arguments
        is_container = name in _CONTAINERS | DICTS or name == "sqlalchemy.orm.Mapped"
        return is_container and any(is_text(item, bindings) for item in inner)
    return isinstance(annotation, Unknown) and annotation.of in {"pydantic.constr", "pydantic.conbytes"}

"""What a name and the text of a literal say about being secret, whatever the program does with them.

Nothing here keeps or gives back a text: a literal's value never leaves the question that was asked about it.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import Final

SHORTEST: Final = 8
"""Characters below which a text that nothing but a name makes a secret is none."""

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOUNS: Final = frozenset(
    {
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "secret",
        "token",
        "apikey",
        "secretkey",
        "authtoken",
    }
)
_KEYS: Final = frozenset(
    {
        "access", "account", "admin", "api", "app", "auth", "cookie", "encryption", "fernet", "hmac", "jwt",
        "master", "private", "secret", "service", "session", "shared", "signature", "signing", "webhook",
    }
)  # fmt: skip
_AFTERWARDS: Final = frozenset(
    {
        "b", "base", "bytes", "default", "dev", "fallback", "hex", "local", "new", "old", "plain", "primary",
        "prod", "production", "raw", "secondary", "str", "string", "text", "v", "value",
    }
)  # fmt: skip
_OTHERWISE: Final = frozenset(
    {
        "amplitude", "analytics", "banned", "bos", "breached", "cls", "common", "continuation", "cursor",
        "dummy", "encrypted", "eos", "example", "fake", "forbidden", "hashed", "invalid", "leaked", "mask",
        "masked", "missing", "mixpanel", "mock", "next", "no", "pad", "page", "posthog", "public",
        "publishable", "sample", "sep", "sort", "special", "stop", "test", "testing", "unk",
        "unusable", "weak",
    }
)  # fmt: skip
_SIGNING: Final = re.compile(
    r"secret key|(?:jwt|session|cookie|app|application|token|auth) secret(?: key)?"
    r"|(?:signing|encryption|jwt|session|hmac) (?:key|secret)|secretkey"
)
_PLURALS: Final = {"keys": "key", "secrets": "secret", "passwords": "password", "tokens": "token"}


def words_of(text: str) -> list[str]:
    """The lower-case words of an identifier in any style, or of any text; digits are words of their own."""
    return [word.lower() for word in _WORDS.findall(text)]


def names_secret(name: str) -> bool:
    """Whether what bears this name is a password, a key or a token, and not something about one."""
    words = words_of(name)
    while words and (words[-1] in _AFTERWARDS or words[-1].isdigit()):
        words.pop()
    if not words or not _OTHERWISE.isdisjoint(words):
        return False
    return words[-1] in _NOUNS or (words[-1] == "key" and len(words) > 1 and words[-2] in _KEYS)


def names_secrets(name: str) -> bool:
    """Whether a collection with this name holds secrets: `API_KEYS`."""
    words = words_of(name)
    return (
        bool(words) and words[-1] in _PLURALS and names_secret(" ".join([*words[:-1], _PLURALS[words[-1]]]))
    )


_STRONG: Final = frozenset(
    {
        "apikey",
        "credential",
        "credentials",
        "passcode",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "pwd",
    }
    | {"secret", "secrets", "secretkey"}
)
_CREDENTIALS: Final = (
    _NOUNS
    | _PLURALS.keys()
    | {"auth", "authorization", "key", "nonce", "pepper", "pin", "salt", "signature", "signer"}
)
_SAYS_NOTHING: Final = (
    _NOUNS
    | _KEYS
    | _PLURALS.keys()
    | {
        "authorization",
        "basic",
        "bearer",
        "csrf",
        "header",
        "key",
        "id",
        "name",
        "oauth",
        "refresh",
        "reset",
        "type",
        "url",
        "user",
        "username",
        "x",
    }
)


@functools.lru_cache(maxsize=8192)
def is_about_secret(name: str) -> bool:
    """Whether what bears this name may be a secret: broader than `names_secret`, for hiding."""
    words = words_of(name)
    while words and (words[-1] in _AFTERWARDS or words[-1].isdigit()):
        words.pop()
    return bool(words) and (words[-1] in _CREDENTIALS or not _STRONG.isdisjoint(words))


_PLAIN: Final = re.compile(r"[\w\s./:-]*\Z", re.ASCII)
_ROUTE_PATH: Final = re.compile(r"(?:/(?:[a-z]{1,20}(?:[-_][a-z]{1,20})*|v\d|\{[a-z_]+(?::[a-z]+)?\}))+/?\Z")


def only_names_secrets(text: str) -> bool:
    """Whether a text beside a secret's name is none: the name again, a path of words, or nothing."""
    if _ROUTE_PATH.match(text):
        return True
    return _PLAIN.match(text) is not None and all(word in _SAYS_NOTHING for word in words_of(text))


def names_signing_key(name: str) -> bool:
    """Whether what bears this name signs or encrypts what clients hold: tokens, cookies."""
    return names_secret(name) and _SIGNING.search(" ".join(words_of(name))) is not None


_ENVIRONMENT: Final = frozenset(
    {
        "debug", "dev", "develop", "development", "env", "environment", "local", "localhost", "prod",
        "production", "stage", "staging", "test", "testing", "tests",
    }
)  # fmt: skip


def names_environment(name: str) -> bool:
    """Whether a condition with this name tells production from development."""
    return not _ENVIRONMENT.isdisjoint(words_of(name))


_TEMPLATE: Final = re.compile(
    r"\$\{|\{\{|\{%|%\(|^\$[A-Z_]+$|^<.*>$|^\[.*\]$|^\{\w*\}$|^(?:op|vault|aws-?sm|gcp-?sm|ssm|secret|env|file)://"
    r"|^\{cipher\}|^ENC[\[(]|^vault:|^!",
    re.IGNORECASE,
)
_STAND_INS: Final = frozenset(
    {
        "change", "changed", "changeit", "changeme", "changethis", "dummy", "empty", "example", "fake",
        "fill", "here", "insert", "masked", "missing", "mock", "na", "nil", "none", "null", "placeholder",
        "redacted", "replace", "replaceme", "sample", "todo", "undefined", "unset", "xxx", "your", "yours",
    }
)  # fmt: skip
_AROUND: Final = frozenset(
    {
        "a", "access", "an", "and", "anthropic", "api", "apikey", "auth", "be", "before", "bit", "char",
        "character", "client", "credential", "db", "default", "deploying", "deployment", "goes", "google",
        "in", "it", "jwt", "key", "long", "make", "me", "must", "my", "needed", "not", "of", "only", "openai",
        "or", "own", "password", "please", "prod", "production", "random", "real", "s", "secret", "secure",
        "session", "set", "should", "sk", "some", "something", "string", "strong", "super", "that", "the",
        "this", "to", "token", "use", "using", "value", "very", "with", "yet",
    }
)  # fmt: skip
_SEQUENCES: Final = ("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop")
_MASK: Final = re.compile(r"(.)\1{5,}")


def is_placeholder(text: str) -> bool:
    """Whether a text as a whole says that a value belongs in its place, or that there is none."""
    text = text.strip()
    if _TEMPLATE.search(text) or "EXAMPLE" in text or len(set(text.lower())) <= 2:  # noqa: PLR2004 - `xxxx`, `-*-*`
        return True
    if text.isdecimal() or _MASK.search(text) is not None:
        return True
    if any(text.lower() in sequence for sequence in _SEQUENCES):
        return True
    words = [word for word in words_of(text) if not word.isdigit()]
    return not _STAND_INS.isdisjoint(words) and all(word in _STAND_INS or word in _AROUND for word in words)


_HASH: Final = re.compile(r"\$[\w-]+\$|\{\w+\}\S|pbkdf2[:_]|scrypt:|sha\d+[:$]", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"[a-z][\w+.-]*:(?://|[a-z])|[./~]|arn:|[A-Z]:\\|@", re.IGNORECASE)
_PATTERN: Final = re.compile(r"[\^*+?]\)|\(\?|\[[^\]]+-[^\]]+\]|\\[dswDSWb]|%[ds]|\{\w*\}")
_SPECIAL: Final = re.compile(r"[^\w\s./:-]")
_SHORT_PIECES: Final = 3.0
_TWO_CLASSES_SUFFICE: Final = 16


def looks_random(text: str) -> bool:
    """Whether a text is long and tangled enough to be a password or key that somebody means to keep secret.

    Words, identifiers, paths, addresses, patterns and hashes aren't.
    """
    if len(text) < SHORTEST or any(character.isspace() for character in text) or not text.isascii():
        return False
    if _HASH.match(text) or _REFERENCE.match(text) or _PATTERN.search(text) or is_placeholder(text):
        return False
    pieces = _WORDS.findall(text)
    letters = sum(len(piece) for piece in pieces)
    if not pieces or letters / len(pieces) >= _SHORT_PIECES or len(set(text)) * 2 < min(len(text), 24):
        return False
    kinds = [any(map(test, text)) for test in (str.islower, str.isupper, str.isdigit)]
    classes = sum(kinds) + (_SPECIAL.search(text) is not None)
    needed = 2 if len(text) >= _TWO_CLASSES_SUFFICE else 3
    return classes >= needed and _is_tangled(text) and not _is_consecutive(text)


def _is_consecutive(text: str) -> bool:
    """Whether most characters follow on the one before, as in an alphabet."""
    steps = sum(ord(right) - ord(left) in {0, 1} for left, right in itertools.pairwise(text))
    return steps * 2 > len(text)


def _is_tangled(text: str) -> bool:
    """Whether letters, digits and cases alternate as no version, no name and no list of words does."""
    parts = [part for part in re.split(r"[-_./:]", text) if part]
    return any(len(_WORDS.findall(part)) > 2 and len(part) >= 6 for part in parts)  # noqa: PLR2004


def is_readable_key(text: str, name: str) -> bool:
    """Whether words are a key: no placeholder, no reference and no repetition of the key's `name`."""
    if any(character.isspace() for character in text) or _REFERENCE.match(text) or _PATTERN.search(text):
        return False
    if text.isidentifier() and names_secret(text):
        return False  # the name of a variable or a field that holds the key
    words = {word for word in words_of(text) if not word.isdigit()}
    return bool(words - set(words_of(name)) - {"secret", "key"}) and not is_placeholder(text)


_TOKEN: Final = re.compile(
    r"""
    (?<![A-Za-z0-9])
    (?:
        (?:sk|rk)_(?:live|test)_(?P<stripe>[A-Za-z0-9]{20,})
      | sk-(?P<model>[A-Za-z0-9_-]{20,})
      | (?:ghp|gho|ghs|ghu|ghr)_(?P<github>[A-Za-z0-9]{30,})
      | (?:github_pat_|glpat-|hf_|npm_|pypi-|dop_v1_|shpat_|SG\.|ya29\.|xox[abeprs]-)
        (?P<other>[A-Za-z0-9._-]{16,})
      | (?:AKIA|ASIA)(?P<amazon>[A-Z0-9]{16})(?![A-Za-z0-9])
      | AIza(?P<google>[A-Za-z0-9_-]{35})
      | eyJ[A-Za-z0-9_-]{10,}\.(?P<signed>eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,})
    )
    """,
    re.VERBOSE,
)
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s*(?:[A-Za-z-]+:[^\n]*\s+)*[A-Za-z0-9+/=]{16,}"
)
_PUBLISHABLE: Final = re.compile(r"pk_(?:live|test)_|phc_|pk\.|pub_|[a-z]+_pub_")


def is_provider_token(text: str) -> bool:
    """Whether a text holds a token in the form that a provider gives its tokens, or a private key."""
    if _PRIVATE_KEY.search(text):
        return True
    found = _TOKEN.search(text)
    if found is None or is_placeholder(text):
        return False
    body = next(part for part in found.groups() if part)
    return found["amazon"] is not None or any(map(looks_random, (body, *re.split(r"[-_.]", body))))


def is_publishable(text: str) -> bool:
    """Whether a key is one of those that providers mean to be seen, in browsers and applications."""
    return _PUBLISHABLE.match(text) is not None


_URL: Final = re.compile(
    r"""(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<user>[^/\s:@{}<>$%'"]*):(?P<password>[^/\s@{}<>'"]+)@(?P<host>[^/\s:?'"]*)""",
    re.IGNORECASE,
)
_EVERYBODYS: Final = frozenset(
    {
        "admin", "demo", "dev", "example", "guest", "local", "minioadmin", "mongo", "mysql", "pass", "passwd",
        "password", "pgpassword", "pgpass", "postgres", "postgresql", "pw", "pwd", "root", "sa", "secret",
        "test", "user", "username", "hunter",
    }
)  # fmt: skip
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "host.docker.internal", "host", "hostname"})


def is_url_with_password(text: str) -> bool:
    """Whether a text is a URL with a user's password that not everybody's local service has."""
    found = _URL.match(text.strip())
    if found is None or any(character.isspace() for character in text.strip()):
        return False
    password, user = found["password"], found["user"]
    if password.lower() == user.lower() or password.startswith(("$", "%", "*")) or is_placeholder(password):
        return False
    if all(word in _EVERYBODYS or word.isdigit() for word in words_of(password)):
        return False
    return found["host"] not in _LOCAL_HOSTS or looks_random(password)


_ANY_PASSWORD: Final = re.compile(r"://[^/\s:@{}]*:[^/\s@{}]+@")
_BESIDE_LETTERS: Final = re.compile(r"[A-Z\d]|[^\w\s./:-]")  # nothing without these looks random
_PIECES: Final = re.compile(r"[^\s\"'`=:,;&?@()<>\[\]{}]{8,}")


def has_secret_shape(text: str) -> bool:
    """Whether anything in a text looks like a secret, whatever it is called: for hiding it."""
    if len(text) < SHORTEST:
        return False
    if _HINTS.search(text) is not None and (_ANY_PASSWORD.search(text) or is_provider_token(text)):
        return True
    if _BESIDE_LETTERS.search(text) is None:
        return False
    return any(looks_random(piece) for piece in _PIECES.findall(text)) or looks_random(text)


_EQUALITY: Final = re.compile("[!=]=")


def is_compared(source: str, names: re.Pattern[str]) -> bool:
    """Whether one of these names stands before `==` or `!=` on some line of a module's text."""
    return any(
        names.search(source, source.rfind("\n", 0, found.start()) + 1, found.start()) is not None
        for found in _EQUALITY.finditer(source)
    )


_HINTS: Final = re.compile(
    r"://[^/\s:@{}'\"]*:[^/\s@{}'\"]+@|PRIVATE KEY-----"
    r"|sk-|sk_(?:live|test)_|rk_(?:live|test)_|gh[opsur]_|github_pat_|glpat-|hf_|npm_|pypi-|dop_v1_|shpat_|SG\.|ya29|xox[abeprs]-"
    r"|AKIA|ASIA|AIza|eyJ"
)
_JOINED: Final = re.compile(r"""["']\s+["']""")
_QUOTED: Final = re.compile(
    r"""["'](?:Bearer |Basic |Token )?(?P<text>(?=[^\s'"]*[\d%!@#$&*])[^\s'"]{8,})["']""", re.IGNORECASE
)
_NAMES: Final = re.compile(r"passw|passphrase|passcode|pwd|secret|token|key|authorization", re.IGNORECASE)
_FAR: Final = 200
_BEFORE: Final = 24
_BEHIND: Final = 240
_SIGNING_LITERAL: Final = re.compile(
    r"""(?:secret_?key|(?:jwt|session|cookie|app|application|token|auth)_?secret"""
    r"""|(?:signing|encryption|jwt|session|hmac)_?key)"""
    r"""[^\n'"]{0,80}["'(=][^\n'"]{0,60}["'][^\s'"]{8,}["']"""
)


def may_hold_secret(source: str) -> bool:
    """Whether a module's text can hold a literal that its shape or a name beside it makes a secret.

    This is for leaving most modules alone: it looks at characters, not at what Python makes of them.
    """
    if _HINTS.search(source) is not None:
        joined = _JOINED.sub("", source).replace("\\n", "\n")
        if any(
            is_provider_token(joined[hint.start() : hint.start() + 400]) for hint in _HINTS.finditer(joined)
        ):
            return True
        if "://" in source and any(map(is_url_with_password, _ADDRESS.findall(source))):
            return True
    if _may_hold_signing_key(source):
        return True
    return any(
        looks_random(found["text"]) and _NAMES.search(source, max(0, found.start() - _FAR), found.start())
        for found in _QUOTED.finditer(source)
    )


def _may_hold_signing_key(source: str) -> bool:
    """Whether a literal stands behind the name of a signing key, looked for where such a name can be."""
    lowered = source.lower()
    for word in ("secret", "key"):
        at = lowered.find(word)
        while at >= 0:
            if _SIGNING_LITERAL.search(lowered, max(0, at - _BEFORE), at + _BEHIND) is not None:
                return True
            at = lowered.find(word, at + 1)
    return False


_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s'\"]*@[^\s'\"]*", re.IGNORECASE)

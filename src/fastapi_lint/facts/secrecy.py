"""Decide which literals facts may keep. Facts can be cached, so what may be a secret is never among them."""

from __future__ import annotations

import re

LONGEST_KEPT = 300
"""Paths, names and SQL that linking compares are shorter than this; prose and blobs are not."""

_SHAPE = re.compile(
    r"""
    ://[^/\s:@{}]*:[^/\s@{}]+@                                   # a URL with a user's password
    | -----BEGIN
    | \b(?:(?:sk|pk|rk|ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|hf)[-_]|AKIA|ASIA|AIza|ya29|eyJ)
      [-_A-Za-z0-9]{12,}                                         # a token of a well-known provider
    """,
    re.VERBOSE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SQL = re.compile(
    r"""(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*
    (?:select|insert|update|delete|with|merge|replace|truncate|create|alter|drop)\b(?!\s*[.:,!?])""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SQL_WORDS = re.compile(
    r"\b(?:select|insert|update|delete|with|merge|replace|truncate|create|alter|drop|from|set"
    r"|on\s+conflict|on\s+duplicate)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9+/=_\-.~!@#$%^&*]{8,}\Z")
_SEPARATORS = re.compile(r"[-_./:]")
_TANGLED = re.compile(r"[0-9][A-Za-z]+[0-9]|[A-Z][a-z]?[0-9][a-z]|[a-z][A-Z][a-z][A-Z]{2}")
_SHORTEST_SECRET = 12
_DIGITS_IN_NAMES = 5  # one in so many characters, at most
_LONGEST_WORDS = 40
_LONGEST_NUMBERED = 24


def keeps(text: str) -> bool:
    """Whether facts may hold this literal: it is short, and nothing about its shape says secret.

    Names, dotted paths, URL paths, headers and prose pass; passwords in URLs, provider tokens and
    single words that mix letters and digits as no name does are kept out. A word that a person chose as
    a password looks like a name and passes; rules that look for those read the source again and do not
    need facts.
    """
    if len(text) > LONGEST_KEPT:
        return False
    if _SHAPE.search(text) or (not text.isascii() and _SURROGATE.search(text)):
        return False  # (a lone surrogate is no text that a cache can hold)
    return len(text) < _SHORTEST_SECRET or not _WORD.match(text) or text.startswith("/") or _is_namelike(text)


def outline(text: str) -> str:
    """The SQL words of a text that facts don't hold, with dots for what is between; empty if it is no SQL.

    They say what running it does, and nothing that could be a secret is among them.
    """
    if not _SQL.match(text):
        return ""
    found: list[str] = []
    end = 0
    for word in _SQL_WORDS.finditer(text):
        if text[end : word.start()].strip():
            found.append("…")
        found.append(" ".join(word[0].lower().split()))
        end = word.end()
    return " ".join([*found, "…"])


def _is_namelike(text: str) -> bool:
    """Whether a single word reads like an identifier, a path or a header: words, joined by separators."""
    digits = sum(character.isdigit() for character in text)
    if digits * 5 > len(text):
        return False
    pieces = re.split(r"[-_./:]", text)
    return all(
        len(piece) <= (40 if piece.isalpha() else 24) and not re.search(r"[0-9][A-Za-z]+[0-9]", piece)
        for piece in pieces
    ) and (not re.search(r"[A-Z][a-z]?[0-9][a-z]|[a-z][A-Z][a-z][A-Z]{2}", text))

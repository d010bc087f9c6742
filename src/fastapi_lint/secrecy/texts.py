"""Where a module's text may hold secrets, told from its characters alone, whatever rules are asked.

What is found is hidden wherever source is shown, and left out of fingerprints. So it is generous: a literal
too many costs a reader nothing, one too few can't be taken back. It also holds for code that no parser takes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final

from fastapi_lint.diagnostics import Span
from fastapi_lint.secrecy.shapes import SHORTEST, has_secret_shape, is_about_secret, only_names_secrets

_TOKEN: Final = re.compile(
    r'''
    (?P<text>[A-Za-z]{0,2}(?:
        """[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)
      | \'\'\'[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:\'\'\'|\Z)
      | "[^"\\\n]*(?:\\.[^"\\\n]*)*"?
      | '[^'\\\n]*(?:\\.[^'\\\n]*)*'?
    ))
    | (?P<comment>\#[^\n]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<end>[\n;]) | (?P<comma>,)
    | (?P<compares>[=!]=) | (?P<binds>:?=|:)
    ''',
    re.VERBOSE | re.DOTALL,
)
_QUOTES: Final = re.compile(r"""[A-Za-z]{0,2}(\"\"\"|'''|"|')(?P<inside>.*?)\1?\Z""", re.DOTALL)
_PAIR: Final = re.compile(
    r"""(?P<name>[\w-]+)["']?[ \t]*[:=]{1,2}[ \t]*(?:(?P<quote>["'])(?P<quoted>[^\n"']+)(?P=quote)"""
    r"""|(?P<bare>[^\s"'<>{}()\[\],]*[\d!@#$%^&*+/_-][^\s"'<>{}()\[\],]*))"""
)
_WORD: Final = re.compile(r"[^\s\"'`<>()\[\]{},;]{8,}")
_LABEL: Final = re.compile(r"[\w.-]{2,60}\Z")
TAKES_KEYS: Final = frozenset(
    {
        "Fernet", "JWTStrategy", "JwtAccessBearer", "JwtRefreshBearer", "LoginManager", "MultiFernet",
        "Serializer", "SessionMiddleware", "Signer", "TimedSerializer", "TimestampSigner",
        "URLSafeSerializer",
        "URLSafeTimedSerializer", "compare_digest", "decode", "encode", "new",
    }
)  # fmt: skip
"""The last names of calls that are given keys or compare credentials."""
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_OF_TOKENS: Final = re.compile(r"(?:[HREP]S\d{3}|EdDSA|sha\d+|utf-?8|ascii|latin-1|strict|ignore|replace)?\Z")


def secrets_in(text: str) -> list[Span]:
    """Give the places in a module's text that may hold a secret, in no particular order."""
    scan = _Scan(text)
    scan.run()
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))] if scan.hidden else []

    def place(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return [Span(*place(start), *place(end)) for start, end in dict.fromkeys(scan.hidden)]


@dataclass(slots=True)
class _Literal:
    """One text, or several that Python joins: the parts' offsets, and what stands between the quotes."""

    parts: list[tuple[int, int]]
    inside: str


@dataclass(slots=True)
class _Scan:
    """Goes once through a text; `hidden` are pairs of offsets.

    A literal is hidden if its shape says so, or if a name says so that stands before it in the statement with
    no comma of the same level between, or a call around it that takes keys. Names that such a call or a
    comparison with a credential is given are remembered: what is assigned to them is hidden too.
    """

    text: str
    hidden: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0
    beside: int | None = None  # the depth of the name that makes the next literals secret
    taking: int | None = None  # the depth of the call that takes keys
    owner: str = ""  # what the statement assigns to
    last_name: str = ""
    names: list[str] = field(default_factory=list)  # of the statement
    compares: bool = False
    compared: list[_Literal] = field(default_factory=list)  # literals on the left of a comparison
    literal: _Literal | None = None
    previous: str = ""  # the kind of the token before
    is_label: bool = False  # that token was a text that is a secret's name
    owned: dict[str, list[_Literal]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def run(self) -> None:
        for token in _TOKEN.finditer(self.text):
            kind = token.lastgroup or ""
            if kind == "text":
                self._join(token.start(), token.end())
                continue
            if kind == "end" and token[0] == "\n" and self.depth:
                continue
            if kind == "comment":
                self._search(token.start(), token[0])
                continue
            if self.literal is not None:
                self._finish(kind)
            if kind == "name":
                self._name(token)
            elif kind == "open":
                if self.previous == "name" and self.last_name in TAKES_KEYS and self.taking is None:
                    self.taking = self.depth
                self.depth += 1
            elif kind == "close":
                self.depth = max(0, self.depth - 1)
                self.taking = None if self.taking is not None and self.depth <= self.taking else self.taking
                self.beside = min(self.beside, self.depth) if self.beside is not None else None
            elif kind == "comma":
                if self.beside is not None and self.depth <= self.beside and not self.is_label:
                    self.beside = None
            elif kind == "end":
                self._end()
            elif kind == "compares":
                self.compares = True
            elif self.depth == 0 and not self.owner:
                self.owner = self.last_name
            self.previous, self.is_label = kind, False
        if self.literal is not None:
            self._finish("end")
        self._end()
        for name in self.used & self.owned.keys():
            for literal in self.owned[name]:
                self._hide(literal)

    def _join(self, start: int, end: int) -> None:
        found = _QUOTES.match(self.text, start, end)
        inside = found["inside"] if found is not None else self.text[start:end]
        if self.literal is None:
            self.literal = _Literal([(start, end)], inside)
        else:
            self.literal.parts.append((start, end))
            self.literal.inside += inside

    def _finish(self, following: str) -> None:
        """Judge the literal that ends before a token of the kind `following`."""
        literal = self.literal
        assert literal is not None  # noqa: S101 - the caller has looked
        self.literal = None
        text = literal.inside
        is_secret = has_secret_shape(text.replace("\\n", "\n"))
        if not is_secret and not only_names_secrets(text):
            is_key = following == "binds" and self.depth > 0
            is_secret = (self.beside is not None and not is_key) or (
                self.taking is not None and not is_key and not _OF_TOKENS.match(text)
            )
        if is_secret:
            self._hide(literal)
        else:
            for start, end in literal.parts if len(text) >= SHORTEST else ():
                self._search(start, self.text[start:end])
            if self.owner:
                self.owned.setdefault(self.owner, []).append(literal)
            if following == "compares" or self.compares:
                self.compared.append(literal)
        self.previous = "text"
        self.is_label = not is_secret and _LABEL.match(text) is not None and is_about_secret(text)
        if self.is_label:
            self._beside()

    def _name(self, token: re.Match[str]) -> None:
        before = self.last_name if self.previous == "name" else ""
        self.last_name = token[0]
        behind = self.text[token.end() : token.end() + 1]
        if behind == "." or before in {"def", "class", "import", "from", "async"}:
            return
        self.names.append(token[0])
        if self.taking is not None and behind not in {"(", "="}:
            self.used.add(token[0])
        if is_about_secret(token[0]):
            self._beside()

    def _beside(self) -> None:
        if self.beside is None or self.depth < self.beside:
            self.beside = self.depth
        for literal in self.compared:
            self._hide(literal)
        self.compared.clear()

    def _end(self) -> None:
        """A statement, or a line of it that opens a block, is over."""
        if self.compares and self.beside is not None:
            self.used.update(self.names)
        self.beside = self.taking = None
        self.owner = self.last_name = ""
        self.compares = False
        self.names.clear()
        self.compared.clear()

    def _hide(self, literal: _Literal) -> None:
        self.hidden += (part for part in literal.parts if not only_names_secrets(literal.inside))

    def _search(self, start: int, code: str) -> None:
        """Look for secrets inside of a comment or of a longer text."""
        for pair in _PAIR.finditer(code):
            if is_about_secret(pair["name"]):
                group = "quoted" if pair["quoted"] else "bare"
                if not only_names_secrets(pair[group]):
                    self.hidden.append((start + pair.start(group), start + pair.end(group)))
        for word in _WORD.finditer(code):
            if has_secret_shape(word[0]):
                self.hidden.append((start + word.start(), start + word.end()))

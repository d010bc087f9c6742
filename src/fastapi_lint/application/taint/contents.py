"""What a value carries of something that must not go everywhere, and what of its harm is left.

A text may be made of several pieces. What matters for each is where it comes from, what it can still do (a
number has no `../`), and what stands before it: `https://api.example.com/` in front of what a client sent
leaves no choice of the host.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.facts import model


class Use:
    """What a piece can still do harm with: bits of a number."""

    NOTHING: Final = 0
    PATH: Final = 1
    """It can leave a directory: it may hold `/` and `..`."""
    PARENT: Final = 2
    """It can be `..` at least."""
    HOST: Final = 4
    """It can name a scheme and a host."""
    SQL: Final = 8
    """It can hold quotes, commas and words."""
    LOG: Final = 16
    """It is secret."""
    DETAIL: Final = 32
    """It tells what went wrong inside."""
    COMPLAINT: Final = 64
    """It tells what went wrong, maybe with what the client sent, and maybe in words for the client."""
    FIELDS: Final = 128
    """It has fields whose names and values a client chooses."""
    TEXT: Final = PATH | PARENT | HOST | SQL
    """What any text of a client can do."""
    ALL: Final = TEXT | LOG | DETAIL | COMPLAINT | FIELDS


Key = tuple[str, str]
MOST_PIECES: Final = 6
MOST_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a piece comes from. `kind` is the name of a `Source`, `secret` or `exception`.

    `name` is what messages call it: `item.url`. `within` is what it is a part of.
    """

    kind: str
    name: str
    path: str = field(compare=False)
    line: int = field(compare=False)
    within: Origin | None = field(default=None, compare=False)
    type: Value | None = None
    """The declared type, where there is one: `Value`s compare by identity."""
    place: tuple[str, int] | None = None
    """What tells exceptions of one name apart."""

    @property
    def key(self) -> Key:
        """What is equal for the same input that several functions of a request take."""
        return self.kind, self.name

    def lineage(self) -> Iterator[Key]:
        """The keys of this one, and of what it is a part of."""
        origin: Origin | None = self
        while origin is not None:
            yield origin.key
            origin = origin.within

    @property
    def described(self) -> str:
        """What messages say it is: query parameter `next`."""
        words = {
            "path": "path parameter",
            "query": "query parameter",
            "header": "header",
            "cookie": "cookie",
            "form": "form field",
            "file": "upload's",
        }.get(self.kind, "")
        return f"{words} `{self.name}`".lstrip()


@dataclass(frozen=True, slots=True)
class Step:
    """One place on the way of a piece: what it is called there, and the file and line.

    `call` is the call with which it is handed on, `function` where that stands.
    """

    name: str
    path: str
    line: int
    call: model.Call | None = field(default=None, compare=False)
    function: Function | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value that comes from one origin.

    `start` is the text before it, from the value's beginning; None where that isn't known. `edge` is the
    known text right before it. `is_segment`: it holds no slash. `behind` is the text right behind it, `?`
    where that isn't known.
    """

    origin: Origin
    uses: int = Use.TEXT
    start: str | None = ""
    edge: str = ""
    is_segment: bool = False
    behind: str = ""
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def begins(self) -> bool:
        """Whether nothing stands before it."""
        return self.start == ""

    def after(self, start: str | None, edge: str) -> Piece:
        """The same piece in a longer text."""
        joined = start + self.start if start is not None and self.start is not None else None
        return replace(self, start=joined, edge=edge + self.edge if self.start is not None else self.edge)

    def before(self, text: str) -> Piece:
        """The same piece where this text comes behind the whole."""
        return self if self.behind or not text else replace(self, behind=text)

    def passed(self, step: Step) -> Piece | None:
        """The same piece at the next place on its way; None where that has become too long to be sure."""
        if self.steps and self.steps[-1].name == step.name:
            return self
        return replace(self, steps=(*self.steps, step)) if len(self.steps) < MOST_STEPS else None


@dataclass(frozen=True, slots=True)
class Content:
    """What a value carries. `is_path`: it is a `pathlib.Path`.

    `fields` are the parts that are known by name; those of a tuple are `[0]`, `[1]` …
    """

    pieces: tuple[Piece, ...] = ()
    fields: tuple[tuple[str, Content], ...] = ()
    is_path: bool = False

    def __bool__(self) -> bool:
        """Whether it carries anything."""
        return bool(self.pieces or self.fields)

    @property
    def is_tuple(self) -> bool:
        """Whether its parts are known by their positions."""
        return any(name.startswith("[") for name, _ in self.fields)

    def field(self, name: str) -> Content | None:
        """The part of that name, if it is known."""
        return next((content for field, content in self.fields if field == name), None)

    def with_field(self, name: str, content: Content) -> Content:
        """The same after `value.name = …`."""
        rest = tuple(item for item in self.fields if item[0] != name)
        return replace(self, fields=(*rest, (name, content)))

    def only(self, uses: int) -> Content:
        """What is left where a value can do no more than this."""
        pieces = tuple(
            piece if piece.uses & uses == piece.uses else replace(piece, uses=piece.uses & uses)
            for piece in self.pieces
            if piece.uses & uses
        )
        return Content(pieces, (), self.is_path) if pieces else NOTHING

    def of(self, origins: frozenset[Key]) -> Content:
        """What of it comes from these origins."""
        pieces = tuple(piece for piece in self.pieces if piece.origin.key in origins)
        fields = [(name, content.of(origins)) for name, content in self.fields]
        return Content(pieces, tuple(item for item in fields if item[1]), self.is_path)

    def anywhere(self) -> Content:
        """The same pieces where it isn't known what stands before them."""
        pieces = tuple(replace(piece, start=None, edge="") for piece in self.flat())
        return Content(pieces) if pieces else NOTHING

    def flat(self) -> tuple[Piece, ...]:
        """Its pieces and those of its fields."""
        found = dict.fromkeys(self.pieces)
        for _, content in self.fields:
            found.update(dict.fromkeys(content.flat()))
        return tuple(found)[:MOST_PIECES]

    def passed(self, step: Step) -> Content:
        """The same at the next place on its way."""
        if not self:
            return self
        pieces = [piece.passed(step) for piece in self.pieces]
        fields = [(name, content.passed(step)) for name, content in self.fields]
        kept = tuple([piece for piece in pieces if piece is not None])
        return Content(kept, tuple([item for item in fields if item[1]]), self.is_path)


NOTHING: Final = Content()


def either(*contents: Content) -> Content:
    """What a value carries that is one of these, or made of all of them."""
    known = [content for content in contents if content]
    if len(known) < 2:  # noqa: PLR2004 - nothing to join
        return known[0] if known else NOTHING
    pieces = dict.fromkeys(piece for content in known for piece in content.pieces)
    names = dict.fromkeys(name for content in known for name, _ in content.fields)
    fields = tuple((name, either(*(content.field(name) or NOTHING for content in known))) for name in names)
    return Content(tuple(pieces)[:MOST_PIECES], fields, any(content.is_path for content in known))


def joined(parts: Iterable[str | Content | None]) -> Content:
    """What a text carries that is made of these parts: known text, contents, and what isn't known (None)."""
    start: str | None = ""
    edge = ""
    pieces: list[Piece] = []
    for part in parts:
        if part == "":
            continue
        behind = part if isinstance(part, str) else "?"
        pieces = [piece.before(behind) for piece in pieces]
        if isinstance(part, str):
            start = None if start is None else start + part
            edge += part
            continue
        if part is not None:
            pieces += [piece.after(start, edge) for piece in part.flat()]
        start, edge = None, ""
    return Content(tuple(pieces)[:MOST_PIECES]) if pieces else NOTHING


def below(directory: str | Content | None, name: Content) -> Content:
    """What `directory / name` carries. A name that begins with a slash replaces the directory."""
    before = directory.rstrip("/") + "/" if isinstance(directory, str) else None
    pieces = [piece.after(before, "/") for piece in name.flat()]
    if isinstance(directory, Content):
        pieces = [*(piece.before("/") for piece in directory.flat()), *pieces]
    return Content(tuple(pieces)[:MOST_PIECES], is_path=True) if pieces else NOTHING

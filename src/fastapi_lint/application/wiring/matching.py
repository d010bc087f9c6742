"""Path patterns as Starlette compiles them, and which requests they match.

`{name}` and `{name:converter}` are placeholders, all else in a path is literal, braces included. Whether one
pattern matches everything that another does is decided exactly, by running both as automata; what they
disagree about is given as an example. Line breaks, which no client sends, are left out of account.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PLACEHOLDER: Final = re.compile("{([a-zA-Z_][a-zA-Z0-9_]*)(:[a-zA-Z_][a-zA-Z0-9_]*)?}")
"""Starlette's own expression for placeholders."""
CONVERTERS: Final = frozenset({"str", "path", "int", "float", "uuid"})
"""The converters that Starlette has; projects can register more."""
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_DIGITS: Final = frozenset("0123456789")
_UUID_GROUPS: Final = (8, 4, 4, 4, 12)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{name:converter}`; the converter is `str` where none is written."""

    name: str
    converter: str = "str"


@dataclass(frozen=True)
class PathPattern:
    """A path as it is registered: literal texts and placeholders, in order."""

    text: str
    parts: tuple[str | Placeholder, ...]

    @functools.cached_property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The placeholders, in order."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))

    @property
    def names(self) -> frozenset[str]:
        """The names of the placeholders."""
        return frozenset(placeholder.name for placeholder in self.placeholders)

    @property
    def literals(self) -> tuple[str, ...]:
        """The texts between the placeholders."""
        return tuple(part for part in self.parts if isinstance(part, str))

    @functools.cached_property
    def start(self) -> str:
        """The literal text before the first placeholder."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names that stand more than once, which Starlette refuses."""
        names = [placeholder.name for placeholder in self.placeholders]
        return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))

    @property
    def is_comparable(self) -> bool:
        """Whether it is known what the pattern matches: anything but the project's own converters."""
        return self.text.startswith("/") and all(item.converter in CONVERTERS for item in self.placeholders)


@functools.lru_cache(maxsize=4096)
def parse(path: str) -> PathPattern:
    """Read a path as Starlette does."""
    parts: list[str | Placeholder] = []
    position = 0
    for match in PLACEHOLDER.finditer(path):
        if match.start() > position:
            parts.append(path[position : match.start()])
        parts.append(Placeholder(match[1], (match[2] or ":str")[1:]))
        position = match.end()
    if position < len(path):
        parts.append(path[position:])
    return PathPattern(path, tuple(parts))


def covers(earlier: PathPattern, later: PathPattern) -> bool:
    """Whether `earlier` matches every path that `later` matches. Both have to be comparable."""
    if not later.start.startswith(earlier.start):
        return False
    if _crosses_slashes(earlier):
        end = earlier.parts[-1]
        if earlier.parts[1:] == (end,) and isinstance(end, Placeholder):
            return True  # all that begins like it, as of a mount
        if isinstance(end, str) and not (isinstance(later.parts[-1], str) and later.parts[-1].endswith(end)):
            return False
        return reaching([earlier], later) is None
    if _crosses_slashes(later):
        return False
    # No placeholder matches a slash, so that it can be told segment by segment.
    segments = _segments(earlier), _segments(later)
    return len(segments[0]) == len(segments[1]) and all(map(_segment_covers, *segments))


def _crosses_slashes(pattern: PathPattern) -> bool:
    return any(placeholder.converter == "path" for placeholder in pattern.placeholders)


@functools.lru_cache(maxsize=4096)
def _segments(pattern: PathPattern) -> tuple[str, ...]:
    """The texts between slashes, placeholders without their names."""
    bare = "".join(part if isinstance(part, str) else f"{{_:{part.converter}}}" for part in pattern.parts)
    return tuple(bare.split("/"))


@functools.lru_cache(maxsize=4096)
def _segment_covers(earlier: str, later: str) -> bool:
    if earlier == later:
        return True
    if "{_:" not in earlier:
        return False
    if earlier == "{_:str}":
        return bool(later)
    return reaching([parse(earlier)], parse(later)) is None


def reaching(earlier: Sequence[PathPattern], later: PathPattern) -> str | None:
    """An example of a path that `later` matches and none of the earlier patterns does; None without one."""
    automata = [_automaton(pattern) for pattern in (later, *earlier)]
    characters = _characters([later, *earlier])
    start = tuple(automaton.closure({0}) for automaton in automata)
    pending: list[tuple[tuple[frozenset[int], ...], str]] = [(start, "")]
    seen = {start}
    while pending:
        following: list[tuple[tuple[frozenset[int], ...], str]] = []
        for states, text in pending:
            accepts = [automaton.end in inside for automaton, inside in zip(automata, states, strict=True)]
            if accepts[0] and not any(accepts[1:]):
                return text
            for character in characters:
                after = tuple(
                    automaton.step(inside, character)
                    for automaton, inside in zip(automata, states, strict=True)
                )
                if after[0] and after not in seen:
                    seen.add(after)
                    following.append((after, text + character))
        pending = following
    return None


@dataclass(frozen=True, slots=True)
class _Automaton:
    """States from 0 to `end`, each with the characters (None: without any) that lead to others."""

    edges: tuple[tuple[tuple[_Characters | None, int], ...], ...]
    end: int

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        found = set(states)
        pending = list(found)
        while pending:
            for characters, target in self.edges[pending.pop()]:
                if characters is None and target not in found:
                    found.add(target)
                    pending.append(target)
        return frozenset(found)

    def step(self, states: frozenset[int], character: str) -> frozenset[int]:
        return self.closure(
            target
            for state in states
            for characters, target in self.edges[state]
            if characters is not None and characters.admit(character)
        )


@dataclass(frozen=True, slots=True)
class _Characters:
    """A set of characters; `but` turns it around."""

    members: frozenset[str]
    but: bool = False

    def admit(self, character: str) -> bool:
        return (character in self.members) is not self.but


_ANY: Final = _Characters(frozenset(), but=True)
_IN_SEGMENT: Final = _Characters(frozenset("/"), but=True)
_DIGIT: Final = _Characters(_DIGITS)
_HEX: Final = _Characters(_HEXADECIMAL)


@functools.lru_cache(maxsize=4096)
def _automaton(pattern: PathPattern) -> _Automaton:
    edges: list[list[tuple[_Characters | None, int]]] = [[]]

    def go(characters: _Characters | None) -> None:
        edges[-1].append((characters, len(edges)))
        edges.append([])

    def repeat(characters: _Characters) -> None:
        """One or more of these."""
        go(characters)
        edges[-1].append((characters, len(edges) - 1))

    for part in pattern.parts:
        if isinstance(part, str):
            for character in part:
                go(_Characters(frozenset(character)))
        elif part.converter == "path":
            go(None)
            edges[-1].append((_ANY, len(edges) - 1))
        elif part.converter == "int":
            repeat(_DIGIT)
        elif part.converter == "float":
            repeat(_DIGIT)
            whole = len(edges) - 1
            go(_Characters(frozenset(".")))
            repeat(_DIGIT)
            go(None)
            edges[whole].append((None, len(edges) - 1))
        elif part.converter == "uuid":
            for group, length in enumerate(_UUID_GROUPS):
                if group:
                    before = len(edges) - 1
                    go(_Characters(frozenset("-")))
                    edges[before].append((None, len(edges) - 1))
                for _ in range(length):
                    go(_HEX)
        else:
            repeat(_IN_SEGMENT)
    return _Automaton(tuple(map(tuple, edges)), len(edges) - 1)


def _characters(patterns: Sequence[PathPattern]) -> list[str]:
    """Characters that stand for all: those that some pattern names, and one of each other kind."""
    named = {character for pattern in patterns for text in pattern.literals for character in text}
    named |= {"/", ".", "-"}
    return [*sorted(named), *_one_of_each(named)]


def _one_of_each(named: set[str]) -> Iterator[str]:
    for kind in ("0123456789", "abcdefABCDEF", "xyzuvwghijklmnopqrstXYZ_~!"):
        yield from next(([character] for character in kind if character not in named), [])

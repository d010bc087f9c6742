"""Know diagnostics again that were there before, although their code has moved.

What is known is matched with what is found, the most alike first, and so that as much as can be is known:
each of what is known stands for one of what is found. So a fault stays known when it is moved into another
file or class and when its function or its file is renamed, while a copy of it is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.fingerprints import Mark


class Recognised(NamedTuple):
    """What came of it.

    Attributes:
        old: The indices, in order, of what was found that was known.
        new: Those of the rest.
        missed: What was known and was not found, sorted.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    missed: tuple[Mark, ...]


def recognise(
    known: Sequence[Mark],
    found: Sequence[Mark],
    *,
    is_seen: Callable[[str], bool],
    is_gone: Callable[[str], bool],
) -> Recognised:
    """Match what is known with what is found.

    `is_seen` says of a path whether everything in that file was looked for: of any other file nobody knows
    what has left it. `is_gone` says whether there is no such file any more.
    """
    left = Counter(known)
    old = []
    waiting: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, mark in enumerate(found):
        if left[mark]:
            left[mark] -= 1
            old.append(index)
        else:
            waiting[mark.rule, mark.code].append(index)
    missed = []
    rest: defaultdict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for mark in left.elements():
        if (mark.rule, mark.code) in waiting:
            is_out = is_gone(mark.path)
            entry = _Entry(mark, has_left=is_out or is_seen(mark.path), is_gone=is_out)
            rest[mark.rule, mark.code].append(entry)
        else:
            missed.append(mark)
    for group, entries in rest.items():
        indices = waiting[group]
        pairs = _pairs(entries, [found[index] for index in indices])
        old += (indices[place] for place in pairs)
        taken = set(pairs.values())
        missed += (entry.mark for number, entry in enumerate(entries) if number not in taken)
    new = frozenset(range(len(found))).difference(old)
    return Recognised(tuple(sorted(old)), tuple(sorted(new)), tuple(sorted(missed)))


class _Entry(NamedTuple):
    """What is known, and what can have become of it."""

    mark: Mark
    has_left: bool
    """Whether it can be in another file now."""
    is_gone: bool
    """Whether its file isn't there any more."""

    def likeness(self, found: Mark) -> int | None:
        """How little it differs from what has the same code, 0 the least; None: it is something else."""
        mark = self.mark
        if self.has_left and mark.symbol == found.symbol:
            return 0
        if mark.path == found.path:  # its function has another name, or is in another class
            return 1
        if self.has_left and _last(mark.symbol) == _last(found.symbol):  # moved in or out of a class
            return 2
        return 3 if self.is_gone else None


def _last(symbol: str) -> str:
    return symbol.rpartition(".")[2]


def _pairs(entries: Sequence[_Entry], found: Sequence[Mark]) -> dict[int, int]:
    """Match as many as can be: by the place of what is found, the place of its entry."""
    fitting: list[list[int]] = []
    for mark in found:
        ranked = [(entry.likeness(mark), place) for place, entry in enumerate(entries)]
        fitting.append([place for _, place in sorted((rank, at) for rank, at in ranked if rank is not None)])
    pairs: dict[int, int] = {}
    taken: dict[int, int] = {}
    for start in sorted(range(len(found)), key=lambda place: len(fitting[place])):
        # A chain of entries that change hands, until one is free.
        came_from: dict[int, int] = {}
        queue = [start]
        for place in queue:
            free = None
            for entry in fitting[place]:
                if entry not in came_from:
                    came_from[entry] = place
                    if entry not in taken:
                        free = entry
                        break
                    queue.append(taken[entry])
            if free is not None:
                while True:
                    holder = came_from[free]
                    before = pairs.get(holder)
                    pairs[holder], taken[free] = free, holder
                    if before is None:
                        break
                    free = before
                break
    return pairs

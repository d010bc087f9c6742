"""Which files are as they were: their contents' digests, known without reading what hasn't changed since."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    import os

    from fastapi_lint.engine.cache.place import Place

KIND: Final = "files"
_JUST_NOW: Final = 2 * 10**9
"""Nanoseconds: no file system keeps times more coarsely, so a younger file can change unnoticed."""


def digest_of(data: bytes) -> bytes:
    """What stands for the content of a file."""
    return hashlib.blake2b(data, digest_size=16).digest()


class State(msgspec.Struct, frozen=True, array_like=True):
    """How a file looked from outside, times in nanoseconds, and the digest of what it held then."""

    size: int
    modified: int
    changed: int
    digest: bytes


_decoder: Final = msgspec.msgpack.Decoder(dict[str, State])


class States:
    """The digests of a project's files, by their paths relative to its root."""

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self._known: dict[str, State] = {}
        self._seen: dict[str, State] = {}
        self._started = time.time_ns()
        data = place.read(place.name(KIND, "known")) if place is not None else None
        if data is not None:
            try:
                self._known = _decoder.decode(data)
            except msgspec.DecodeError:
                return

    def digest(self, path: str, status: os.stat_result) -> bytes | None:
        """The digest of a file that looks as it did when it was read; None if it has to be read again."""
        known = self._known.get(path)
        if known is None or (known.size, known.modified, known.changed) != _outside(status):
            return None
        self._seen[path] = known
        return known.digest

    def add(self, path: str, status: os.stat_result, digest: bytes) -> None:
        """Remember a file; `status` was asked for before it was read."""
        size, modified, changed = _outside(status)
        if max(modified, changed) + _JUST_NOW < self._started:
            self._seen[path] = State(size, modified, changed, digest)

    def save(self) -> None:
        """Write the states of the files that were asked about, if any of them is new."""
        if self._place is not None and self._seen != self._known:
            self._place.write(self._place.name(KIND, "known"), msgspec.msgpack.encode(self._seen))


def _outside(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns

"""The facts of files that were read before, by what the files hold."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from fastapi_lint.engine.file_facts import File
from fastapi_lint.facts.model import ModuleFacts  # noqa: TC001 - the struct names it
from fastapi_lint.source import reading

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi_lint.engine.cache.place import Place

KIND: Final = "facts"
_MOST_PACKS: Final = 8


class Record(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a file: facts without their path, or the message, line and column of what is wrong."""

    facts: ModuleFacts | None
    problem: tuple[str, int, int] | None


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Record)
_packs: Final = msgspec.msgpack.Decoder(dict[bytes, msgspec.Raw])


class Facts:
    """Packs of facts. A run adds a pack of what was new to it; when there are many, one replaces them.

    Without a place nothing is known and nothing kept.
    """

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self._names = place.names(KIND) if place is not None else []
        self._known: dict[bytes, msgspec.Raw] = {}
        self._new: dict[bytes, msgspec.Raw] = {}
        self._used: set[bytes] = set()
        for name in self._names:
            data = place.read(name) if place is not None else None
            if data is not None:
                with contextlib.suppress(msgspec.DecodeError):
                    self._known.update(_packs.decode(data))

    def file(self, digest: bytes, path: Path, relative: str, data: str | bytes) -> File | None:
        """The file at `path` that holds `data`, which has this digest; None if it has to be read."""
        found = self._known.get(digest)
        return restored(found, path, relative, data) if found is not None else None

    def add(self, digest: bytes, file: File) -> None:
        """Keep what is known of a file that holds what has this digest."""
        self._used.add(digest)
        if self._place is not None and digest not in self._known:
            data = encoded(file)
            if data is not None:
                self._new[digest] = msgspec.Raw(data)

    def save(self) -> None:
        """Write what is new."""
        if self._place is None or not self._new:
            return
        merges = len(self._names) >= _MOST_PACKS
        kept = self._used & self._known.keys() if merges else set()
        packed = {**{digest: self._known[digest] for digest in kept}, **self._new}
        self._place.write(self._place.name(KIND, secrets.token_hex(8)), _encoder.encode(packed))
        for old in self._names if merges else ():
            self._place.remove(old)
        self._place.prune()


def encoded(file: File) -> bytes | None:
    """What is kept of a file, as bytes; None where it is nested too deeply for that."""
    facts = msgspec.structs.replace(file.facts, path="") if file.facts is not None else None
    problem = file.problem
    record = Record(facts, (problem.message, problem.line, problem.column) if problem is not None else None)
    try:
        return _encoder.encode(record)
    except RecursionError:
        return None


def restored(kept: msgspec.Raw, path: Path, relative: str, data: str | bytes) -> File | None:
    """The file at `path` that holds `data`, of which this was kept; None where that can't be."""
    try:
        record = _decoder.decode(kept)
    except (msgspec.DecodeError, RecursionError):
        return None
    source = reading.decode(path, data) if isinstance(data, bytes) else reading.Source(path, data, "utf-8")
    if isinstance(source, reading.Unreadable):
        return File("", None, source)
    facts = msgspec.structs.replace(record.facts, path=relative) if record.facts is not None else None
    problem = reading.Unreadable(path, *record.problem) if record.problem is not None else None
    return File(source.text, facts, problem)

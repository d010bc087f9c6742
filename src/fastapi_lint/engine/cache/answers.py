"""What earlier runs said of a project, as long as nothing that they could have looked at has changed."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from fastapi_lint.diagnostics import Diagnostic, Span  # noqa: TC001 - the structs name them
from fastapi_lint.source import reading
from fastapi_lint.source.manifests import manifests

if TYPE_CHECKING:
    from collections.abc import Collection

    from fastapi_lint.config import Config
    from fastapi_lint.engine.cache.place import Place

KIND: Final = "answers"


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What is said of files of one project; paths are relative to its root.

    `reasons` are what comments say that silence, one for each of `silenced`; `secrets` is where there are
    secrets, by path, whether or not anything is to be said about them. `lines` are counted by path; `routes`
    are pairs of the files of each route's handler and of its decorator. `entangled` are the files of which
    less would be said if only they were asked about. `unmatched` are settings that name what isn't there:
    the key, the name, and what is to be said about it.
    """

    diagnostics: list[Diagnostic]
    silenced: list[Diagnostic]
    reasons: list[str]
    secrets: dict[str, list[Span]]
    lines: dict[str, int]
    routes: list[tuple[str, str]]
    entangled: set[str]
    unmatched: list[tuple[str, str, str]]
    failures: list[str]

    def about(self, asked: Collection[str]) -> Answer:
        """What of it is about some of the files."""
        silenced = [pair for pair in zip(self.silenced, self.reasons, strict=True) if pair[0].path in asked]
        return msgspec.structs.replace(
            self,
            diagnostics=[diagnostic for diagnostic in self.diagnostics if diagnostic.path in asked],
            silenced=[diagnostic for diagnostic, _ in silenced],
            reasons=[reason for _, reason in silenced],
            lines={path: count for path, count in self.lines.items() if path in asked},
            entangled=self.entangled.intersection(asked),
        )

    def joined(self, other: Answer) -> Answer:
        """What it and one about other files say together."""
        return msgspec.structs.replace(
            self,
            diagnostics=self.diagnostics + other.diagnostics,
            silenced=self.silenced + other.silenced,
            reasons=self.reasons + other.reasons,
            secrets={
                path: list(dict.fromkeys([*self.secrets.get(path, ()), *other.secrets.get(path, ())]))
                for path in self.secrets.keys() | other.secrets.keys()
            },
            lines={**self.lines, **other.lines},
            entangled=self.entangled | other.entangled,
        )


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """An answer, and the digests of all files of the project that it was given for."""

    digests: dict[str, bytes]
    answer: Answer


_decoder: Final = msgspec.msgpack.Decoder(_Kept)


class Contents(Protocol):
    """What identifies the files of a project; `is_given`: not all of it is kept anywhere."""

    @property
    def place(self) -> Place | None:
        """Where the cache is."""

    @property
    def names(self) -> list[str]:
        """The paths of all files."""

    @property
    def digests(self) -> dict[str, bytes]:
        """What stands for the content of each file."""

    @property
    def is_given(self) -> bool:
        """Whether some file's content is no state to come back to."""


class Answers:
    """The answers for a project under one configuration."""

    def __init__(self, sources: Contents, config: Config) -> None:
        self._sources = sources
        self._config = config

    def get(self, asked: Collection[str]) -> Answer | None:
        """What is said of these files, if that is known."""
        kept = self._kept
        if kept is None or kept.digests != self._sources.digests:
            return None
        answer = kept.answer
        if len(asked) == len(answer.lines) and answer.lines.keys() == set(asked):
            return answer
        if not answer.lines.keys() >= set(asked) or not answer.entangled.isdisjoint(asked):
            return None
        return answer.about(asked)

    def add(self, answer: Answer, asked: Collection[str]) -> None:
        """Keep what was found out about these files, and what is known of others."""
        if self._sources.place is None or self._sources.is_given:
            return
        kept = self._kept
        if kept is not None and kept.digests == self._sources.digests:
            others = kept.answer.about(kept.answer.lines.keys() - set(asked))
            answer = answer.joined(others)
        data = msgspec.msgpack.encode(_Kept(self._sources.digests, answer))
        self._sources.place.write(self._name, data)
        self._sources.place.prune()

    @functools.cached_property
    def _kept(self) -> _Kept | None:
        data = self._sources.place.read(self._name) if self._sources.place is not None else None
        if data is None:
            return None
        try:
            return _decoder.decode(data)
        except msgspec.DecodeError:
            return None

    @functools.cached_property
    def _name(self) -> str:
        """Differs where the same files would be answered differently, or aren't the same files."""
        place = self._sources.place
        digest = hashlib.blake2b(digest_size=8)
        digest.update(_portable(self._config))
        for manifest in manifests(self._config.root):
            data = reading.load(manifest)
            digest.update(f"\n{manifest.name}\n".encode())
            digest.update(data if isinstance(data, bytes) else data.message.encode())
        digest.update("\n".join(self._sources.names).encode(errors="surrogatepass"))
        return place.name(KIND, digest.hexdigest()) if place is not None else ""


def _portable(config: Config) -> bytes:
    """A configuration without the place of the project on this machine."""
    src = tuple(Path(config.relative(directory)) for directory in config.src)
    return msgspec.json.encode(
        msgspec.structs.replace(config, root=Path(), file=None, src=src, baseline=None),
        enc_hook=str,
        order="sorted",
    )

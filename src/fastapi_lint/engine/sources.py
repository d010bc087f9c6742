"""The files of one project as they stand: what identifies their contents, and what these say."""

from __future__ import annotations

import functools
import os
import warnings
from typing import TYPE_CHECKING

from fastapi_lint.engine.cache.states import States, digest_of
from fastapi_lint.engine.limits import READING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.workers import share, workers_for
from fastapi_lint.source import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fastapi_lint.engine.cache.place import Place
    from fastapi_lint.engine.file_facts import File
    from fastapi_lint.engine.requests import Watch


class Sources:
    """The files of a project, by their paths relative to its root.

    `given` are texts that take the place of what files hold; `unreadable` are places that couldn't be listed.
    """

    def __init__(
        self,
        paths: Mapping[str, Path],
        given: Mapping[str, str | bytes],
        unreadable: Mapping[str, reading.Unreadable],
        place: Place | None,
        watch: Watch,
    ) -> None:
        self._paths = paths
        self._given = given
        self._unreadable = unreadable
        self.place = place
        self._watch = watch
        self._states = States(place)
        self._digests: dict[str, bytes] | None = None

    @property
    def names(self) -> list[str]:
        """The paths of all files, and of places that couldn't be listed."""
        return sorted({*self._paths, *self._unreadable})

    @property
    def is_given(self) -> bool:
        """Whether some file doesn't hold what is taken for its content."""
        return bool(self._given)

    @property
    def digests(self) -> dict[str, bytes]:
        """What stands for the content of each file: of what was read, or else of what looks unchanged."""
        if self._digests is None:
            with self._watch.phase("reading"):
                self._digests = {path: self._digest(path, file) for path, file in self._paths.items()}
                self._finish(self._digests)
        return self._digests

    def _digest(self, path: str, file: Path) -> bytes:
        if path not in self._given:
            status = _status(file)
            known = self._states.digest(path, status) if status is not None else None
            if known is not None:
                return known
        return self._load(path, file)[1]

    def _load(self, path: str, file: Path) -> tuple[str | bytes | reading.Unreadable, bytes]:
        """What a file holds, and what stands for that."""
        given = self._given.get(path)
        if given is not None:
            return given, digest_of(
                given if isinstance(given, bytes) else given.encode(errors="surrogatepass")
            )
        status = _status(file)
        data = reading.load(file)
        if isinstance(data, reading.Unreadable):
            return data, _of_problem(data)
        digest = digest_of(data)
        if status is not None:
            self._states.add(path, status, digest)
        return data, digest

    def _finish(self, digests: dict[str, bytes]) -> None:
        digests.update((path, _of_problem(problem)) for path, problem in self._unreadable.items())
        self._states.save()

    @functools.cached_property
    def files(self) -> dict[str, File]:
        """Read every file; those whose facts are in the cache only for their text."""
        # What is known of files without reading them needs no facts.
        from fastapi_lint.engine.cache.facts import Facts  # noqa: PLC0415
        from fastapi_lint.engine.file_facts import File  # noqa: PLC0415

        with (
            self._watch.phase("reading"),
            warnings.catch_warnings(),
            deep_recursion(READING_DEPTH),
            no_collection(),
        ):
            warnings.simplefilter("ignore")  # of the code that is read, not of this one
            facts = Facts(self.place)
            files: dict[str, File] = {}
            digests: dict[str, bytes] = {}
            new: list[tuple[str, str | bytes]] = []
            for path, file in self._paths.items():
                data, digests[path] = self._load(path, file)
                if isinstance(data, reading.Unreadable):
                    files[path] = File("", None, data)
                else:
                    known = facts.file(digests[path], file, path, data)
                    if known is None:
                        new.append((path, data))
                    else:
                        files[path] = known
            for path, read in self._extracted(new):
                files[path] = read
                facts.add(digests[path], read)
            facts.save()
            self._finish(digests)
            self._digests = digests
        return files

    def _extracted(self, new: list[tuple[str, str | bytes]]) -> Iterator[tuple[str, File]]:
        """Read facts, in several processes if there is much to read."""
        from fastapi_lint.engine.cache.facts import encoded, restored  # noqa: PLC0415 - as above
        from fastapi_lint.engine.file_facts import read_file  # noqa: PLC0415

        new.sort(key=lambda item: -len(item[1]))
        workers = workers_for(self._watch.jobs, sum(len(data) for _, data in new))
        if workers == 1:
            for done, (path, data) in enumerate(new):
                self._watch.progress("reading", done, len(new))
                yield path, read_file(self._paths[path], path, data)
            return

        def extract(number: int) -> bytes:
            path, data = new[number]
            return encoded(read_file(self._paths[path], path, data)) or b"\xc0"

        shared = share(len(new), extract, workers, warn=self._watch.warn)
        for done, (number, raw) in enumerate(shared):
            self._watch.progress("reading", done, len(new))
            path, data = new[number]
            file = self._paths[path]
            yield path, restored(raw, file, path, data) or read_file(file, path, data)

    def text(self, path: str) -> str | None:
        """The text of one file, without reading the others; None if it isn't one of these or has no text."""
        file = self._paths.get(path)
        if file is None:
            return None
        if "files" in self.__dict__:
            return self.files[path].text
        given = self._given.get(path)
        if isinstance(given, str):
            return given
        source = reading.read(file) if given is None else reading.decode(file, given)
        return source.text if isinstance(source, reading.Source) else None


def _status(file: Path) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - for every file, in every run
    except (OSError, ValueError):
        return None


def _of_problem(problem: reading.Unreadable) -> bytes:
    return digest_of(f"\0{problem.message}".encode())

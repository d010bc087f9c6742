"""The directory of a project's cache: files are written whole or not at all, and believed only if whole."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from fastapi_lint.engine.cache import stamp
from fastapi_lint.source.reading import reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME: Final = ".fastapi_lint_cache"

_MAGIC: Final = b"fastapi-lint cache 1\n"
_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This directory is the cache of fastapi-lint; see https://bford.info/cachedir/.\n"
)
_IGNORED: Final = "# Made by fastapi-lint.\n*\n"
_UNFINISHED: Final = ".unfinished-"
_OURS: Final = re.compile(
    r"\.unfinished-[0-9a-f]{16}|(?P<kind>answers|facts|files)-(?P<version>[0-9a-f]{12})-\w+"
)
"""What files are called that were written here. Nothing else is ever removed."""
_AN_HOUR: Final = 3600
_OTHER_VERSIONS: Final = 2
"""The files of how many other versions are left alone: environments can take turns."""
_MOST_OF_A_KIND: Final = 16


def directory_for(root: Path, chosen: Path | None) -> Path:
    """The directory for the project at `root`; `chosen` holds those of several projects."""
    if chosen is None:
        return root / NAME
    digest = hashlib.blake2b(os.fsencode(root), digest_size=4).hexdigest()
    return chosen / f"{root.name}-{digest}"


class Place:
    """One project's cache. `warn` is told, once, why nothing can be written.

    Names say what a file holds: `kind-version-rest`. A file is a line that says what it is, a checksum, and
    then the data.
    """

    def __init__(self, directory: Path, warn: Callable[[str], None]) -> None:
        self.directory = directory
        self._warn = warn
        self._is_readable = self._is_writable = True

    def make(self) -> None:
        """Make the directory, and tell git and programs that back up to leave it out."""
        if self.directory.is_symlink():  # a repository could lead us anywhere
            self._is_readable = False
            self._give_up("it is a link")
            return
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            for name, text in ((".gitignore", _IGNORED), ("CACHEDIR.TAG", _TAG)):
                with suppress(FileExistsError), (self.directory / name).open("x", encoding="utf-8") as file:
                    file.write(text)
        except OSError as error:
            self._give_up(reason(error))

    def read(self, name: str) -> bytes | None:
        """The data of one file; None if there is no such file, or not all of it."""
        if not self._is_readable:
            return None
        try:
            content = (self.directory / name).read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + 4
        if not content.startswith(_MAGIC) or len(content) < start:
            return None
        data = content[start:]
        return data if zlib.crc32(data).to_bytes(4, "big") == content[len(_MAGIC) : start] else None

    def write(self, name: str, data: bytes) -> None:
        """Put a file in its place at once, so that no other run ever sees half of it."""
        if not self._is_writable:
            return
        # Not durable, on purpose: what a loss of power leaves behind has the wrong checksum.
        unfinished = self.directory / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            with unfinished.open("xb") as stream:
                stream.write(_MAGIC + zlib.crc32(data).to_bytes(4, "big"))
                stream.write(data)
            unfinished.replace(self.directory / name)
        except OSError as error:
            self._give_up(reason(error))
            self._remove(unfinished.name)

    def names(self, kind: str) -> list[str]:
        """The files of one kind that this version wrote, the oldest first."""
        prefix = f"{kind}-{stamp.version()}-"
        return [name for _, name in sorted(self._dated()) if name.startswith(prefix)]

    def name(self, kind: str, rest: str) -> str:
        """What a file of this version is called."""
        return f"{kind}-{stamp.version()}-{rest}"

    def remove(self, name: str) -> None:
        """Remove one file, which another run may have done already."""
        if self._is_writable:
            self._remove(name)

    def prune(self) -> None:
        """Remove what no run will ask for again: of older versions, of kills, of configurations long ago."""
        if not self._is_writable:
            return
        versions: dict[str, list[str]] = {}
        kinds: dict[str, list[str]] = {}
        for modified, name in sorted(self._dated(), reverse=True):
            found = _OURS.fullmatch(name)
            if found is None:
                continue
            if found["version"] is None:
                if modified < (time.time() - _AN_HOUR) * 10**9:
                    self._remove(name)
            elif found["version"] == stamp.version():
                kinds.setdefault(found["kind"], []).append(name)
            else:
                versions.setdefault(found["version"], []).append(name)
        for names in list(versions.values())[_OTHER_VERSIONS:]:
            for name in names:
                self._remove(name)
        for names in kinds.values():
            for name in names[_MOST_OF_A_KIND:]:
                self._remove(name)

    def _remove(self, name: str) -> None:
        try:
            (self.directory / name).unlink(missing_ok=True)
        except OSError:
            return  # Windows keeps what another run reads; the next one removes it

    def _dated(self) -> list[tuple[int, str]]:
        try:
            with os.scandir(self.directory) as listing:
                return [(entry.stat().st_mtime_ns, entry.name) for entry in listing if "-" in entry.name]
        except OSError:
            return []

    def _give_up(self, why: str) -> None:
        self._is_writable = False
        self._warn(f"the cache can't be written to {self.directory.name}: {why}")


def clean(directory: Path) -> bool:
    """Remove a cache with all that is in it; say whether there was one. Raises OSError.

    A directory that holds something else is left alone, whatever its name.
    """
    if not (directory / "CACHEDIR.TAG").is_file():
        return False
    shutil.rmtree(directory)
    return True

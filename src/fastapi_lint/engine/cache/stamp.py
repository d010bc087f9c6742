"""What made the data in a cache: the tool, LibCST, the Python that ran it, and files that were changed."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(__file__).parents[2]


@functools.lru_cache(maxsize=1)
def version() -> str:
    """A short text that differs where the same files could give other facts or other answers.

    In a checkout the tool's own files take part by size and time of change: its version stays the same
    while somebody works on it.
    """
    digest = hashlib.blake2b(f"{__version__} {sys.version}".encode(), digest_size=6)
    parser = find_spec("libcst")
    if parser is not None and parser.origin is not None:  # sooner than asking what is installed
        with suppress(OSError):
            digest.update(Path(parser.origin).with_name("_version.py").read_bytes())
    if not (_PACKAGE / "pages").is_dir():  # what is installed ships the pages of the rules inside
        for directory in (_PACKAGE, _PACKAGE.parents[1] / "rules"):
            for name, size, modified in sorted(_files(str(directory))):
                digest.update(f"{name} {size} {modified}\n".encode())
    return digest.hexdigest()


def _files(directory: str) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(directory) as listing:
            for entry in listing:
                if entry.is_dir():
                    yield from _files(entry.path)
                elif entry.name.endswith((".py", ".md")):
                    status = entry.stat()
                    yield entry.path, status.st_size, status.st_mtime_ns
    except OSError:
        return

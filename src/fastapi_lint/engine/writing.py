"""Write source files that the linter changed. Nothing else here writes a file of the project's code."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from fastapi_lint.source import reading

if TYPE_CHECKING:
    from pathlib import Path


class NotWritten(Exception):  # noqa: N818 - the file is left as it was
    """A file could not be written: one sentence. Files before it have been."""


class NotEncodable(NotWritten):
    """The new text has letters that the file's encoding hasn't."""


def replace_text(file: Path, name: str, before: str, after: str) -> None:
    """Put the text `after` in the place of `before`: whole or not at all, in the file's own encoding.

    `name` is what messages call it. Its mode stays; of a link, what it leads to is written. Raises
    NotWritten, also where the file holds anything but `before` by now.
    """
    source = reading.read(file)
    if isinstance(source, reading.Unreadable) or source.text != before:
        raise NotWritten(f"{name} has changed while it was linted: it is left as it is")
    try:
        data = after.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise NotEncodable(f"{name} can't be written: {error}") from error
    target = file.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with target.open("r+b"):
            pass  # replacing it would take no right to write into it, only into its directory
        with part.open("xb") as stream:
            stream.write(data)
        part.chmod(target.stat().st_mode)
        part.replace(target)
    except OSError as error:
        if not isinstance(error, FileExistsError):  # (which is then not ours)
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise NotWritten(f"{name} can't be written: {reading.reason(error)}") from error

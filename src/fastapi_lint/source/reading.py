"""Read files as Python does: encoding cookies, byte order marks; a value where a file can't be read."""

from __future__ import annotations

import codecs
import itertools
import re
import stat
from pathlib import Path  # noqa: TC003 - msgspec reads the annotations of its structs
from typing import Final

import msgspec

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_FIRST_LINES: Final = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)([^\r\n]*)")
_COOKIE: Final = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_NO_CODE: Final = re.compile(rb"[ \t\f]*(?:#|\Z)")


class Source(msgspec.Struct, frozen=True):
    """The text of a file, with its line ends as they are and without a byte order mark.

    `text.encode(encoding)` gives the file's bytes again.
    """

    path: Path
    text: str
    encoding: str


class Unreadable(msgspec.Struct, frozen=True):
    """A file that gives no text. `line` and `column` count from 1 and say where the trouble is."""

    path: Path
    message: str
    line: int = 1
    column: int = 1


def read(path: Path) -> Source | Unreadable:
    """Read the text of the file at `path`. Whatever stands there, or doesn't, nothing is raised."""
    data = load(path)
    return data if isinstance(data, Unreadable) else decode(path, data)


def load(path: Path) -> bytes | Unreadable:
    """Read the bytes of the file at `path`. Nothing is raised here either."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Unreadable(path, "is a directory")
        if not stat.S_ISREG(mode):  # a pipe that nobody writes to would block for ever
            return Unreadable(path, "is not a regular file")
        return path.read_bytes()
    except OSError as error:
        return Unreadable(path, f"can't be read: {reason(error)}")
    except ValueError:
        return Unreadable(path, "can't be read: its name contains a null byte")


def decode(path: Path, data: bytes) -> Source | Unreadable:
    """Turn bytes into text as their byte order mark or encoding cookie (PEP 263) says, else as UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Unreadable(path, "is UTF-16, which Python doesn't read")
    if b"\0" in data:
        line, column = _end(data[: data.index(b"\0")].decode(errors="replace"))
        return Unreadable(path, "contains a null byte", line, column)
    declared, line, column = _cookie(data)
    encoding = declared or "utf-8"
    if data.startswith(codecs.BOM_UTF8):
        if _name(encoding) not in {"utf-8", "utf-8-sig"}:
            message = f"declares the encoding `{encoding}`, but starts with the byte order mark of UTF-8"
            return Unreadable(path, message, line, column)
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
        text.encode()  # some codecs make lone surrogates, which no parser takes
    except UnicodeDecodeError as error:
        line, column = _end(_decoded_before(error))
        byte = error.object[error.start]
        name = _name(encoding).removesuffix("-sig")
        return Unreadable(path, f"byte 0x{byte:02x} can't be decoded as {name}", line, column)
    except (LookupError, UnicodeError):
        return Unreadable(
            path, f"declares the encoding `{encoding}`, which Python doesn't read", line, column
        )
    return Source(path, text, encoding)


def split_lines(text: str) -> list[str]:
    """Split text into lines as Python counts them, without their ends: form feeds don't end a line."""
    return _LINE_END.split(text)


def split_lines_with_ends(text: str) -> list[str]:
    """Split text into the same lines, each with its end."""
    return [text[start:end] for start, end in itertools.pairwise([*line_starts(text), len(text)])]


def line_starts(text: str) -> list[int]:
    """Give the offsets, in characters from 0, at which the lines of a text start."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


def reason(error: OSError) -> str:
    """Say in lower case why the operating system refused something."""
    return (error.strerror or str(error)).lower()


def _cookie(data: bytes) -> tuple[str, int, int]:
    """Give the encoding that the first or second line declares, or "", with its line and column."""
    lines = _FIRST_LINES.match(data.removeprefix(codecs.BOM_UTF8))
    for number, line in enumerate(lines.groups() if lines else (), 1):
        cookie = _COOKIE.match(line)
        if cookie:
            return cookie[1].decode("ascii"), number, cookie.start(1) + 1
        if not _NO_CODE.match(line):
            break
    return "", 1, 1


def _name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding


def _decoded_before(error: UnicodeDecodeError) -> str:
    start = error.object[: error.start]
    try:
        return start.decode(error.encoding, errors="replace")
    except UnicodeError:  # `idna` and its like replace nothing; what they decode is ASCII
        return start.decode("ascii", errors="replace")


def _end(text: str) -> tuple[int, int]:
    """Give the line and column of what follows `text` at the beginning of a file."""
    lines = split_lines(text)
    return len(lines), len(lines[-1]) + 1

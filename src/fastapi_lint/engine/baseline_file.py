"""The file that says which diagnostics are known: TOML, sorted, an entry a line, to be read in a review.

An entry has no line number, and of the code only a hash. Paths are relative to the file's own directory.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fastapi_lint.config import ConfigurationError
from fastapi_lint.fingerprints import Mark
from fastapi_lint.source.reading import reason

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_VERSION: Final = 1
_HEAD: Final = """\
# What fastapi-lint knows and doesn't report: `fastapi-lint baseline update` removes what is fixed.
# `code` is a hash of the line.
"""


def entries(file: Path) -> list[Mark]:
    """Read a baseline; an entry that counts several times is there as often. Raises ConfigurationError."""
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"the baseline {file} is not there: `fastapi-lint baseline create` writes it"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"the baseline {file} can't be read: {reason(error)}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"the baseline {file} is not valid TOML: {error}") from None
    if document.get("version") != _VERSION:
        raise ConfigurationError(
            f"the baseline {file} is of version {document.get('version')}, and this program reads {_VERSION}"
        )
    return [mark for entry in _listed(document.get("known", []), file) for mark in _marks(entry, file)]


def _listed(value: Any, file: Path) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed(file)
    return value


def _marks(entry: Any, file: Path) -> list[Mark]:
    if not isinstance(entry, dict):
        raise _malformed(file)
    parts = [entry.get(part) for part in Mark._fields]
    count = entry.get("count", 1)
    if not all(isinstance(part, str) for part in parts) or not isinstance(count, int):
        raise _malformed(file)
    return [Mark(*map(str, parts))] * count


def _malformed(file: Path) -> ConfigurationError:
    parts = ", ".join(f"`{part}`" for part in Mark._fields)
    return ConfigurationError(
        f"the baseline {file} holds an entry that isn't one: each has {parts} and at times `count`"
    )


def text(marks: Iterable[Mark]) -> str:
    """What the file of these entries holds."""
    lines = []
    for mark, count in sorted(Counter(marks).items()):
        parts = [f"{name} = {_string(value)}" for name, value in zip(Mark._fields, mark, strict=True)]
        if count > 1:
            parts.append(f"count = {count}")
        lines.append(f"    {{ {', '.join(parts)} }},\n")
    known = f"[\n{''.join(lines)}]" if lines else "[]"
    return f"{_HEAD}version = {_VERSION}\nknown = {known}\n"


def _string(value: str) -> str:
    """A text as TOML has it, which is as JSON has it but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""Find the configuration of a project and read it: `fastapi-lint.toml`, or a table of pyproject.toml."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fastapi_lint.config.judging import Written, no_options, text
from fastapi_lint.config.keys import EXTEND, KEYS
from fastapi_lint.config.model import Config
from fastapi_lint.config.wording import ConfigurationError, kind, suggestion

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.config.judging import OptionsOf

OWN_FILE: Final = "fastapi-lint.toml"
PROJECT_FILE: Final = "pyproject.toml"
BASELINE: Final = "fastapi-lint-baseline.toml"
"""The baseline of a project that names no other, if it is there."""

TABLE: Final = "[tool.fastapi-lint]"

_FILES: Final = (OWN_FILE, PROJECT_FILE)


def marks_project(directory: Path) -> bool:
    """Say whether a directory is the root of a project: it holds a configuration or a repository."""
    return _configured(directory) is not None or os.path.lexists(directory / ".git")


def _configured(directory: Path) -> Path | None:
    """The file in a directory that configures a project; the tool's own goes before pyproject.toml."""
    return next((directory / name for name in _FILES if os.path.isfile(directory / name)), None)  # noqa: PTH113 - never raises


def find_root(start: Path) -> Path:
    """Give the directory of the project that `start`, a file or a directory, belongs to.

    That is the closest one upwards with a fastapi-lint.toml or a pyproject.toml, else the closest one with a
    `.git`. Where nothing marks a project: of a file the working directory, if the file is below it; else the
    directory, or the closest one around it that is no package.
    """
    directory = Path(os.path.abspath(start))  # noqa: PTH100 - `resolve` would follow links out of the project
    is_file = not directory.is_dir()
    if is_file:
        directory = directory.parent
    upwards = (directory, *directory.parents)
    with_file = (place for place in upwards if _configured(place))
    with_git = (place for place in upwards if os.path.lexists(place / ".git"))
    above_packages = (place for place in upwards if not os.path.isfile(place / "__init__.py"))  # noqa: PTH113
    marked = next(with_file, None) or next(with_git, None)
    if marked is None and is_file and Path.cwd() in upwards:
        return Path.cwd()
    return marked or next(above_packages, directory)


def load(start: Path, rules: Mapping[str, str], options: OptionsOf = no_options) -> Config:
    """Read the configuration of the project that `start`, a file or a directory, belongs to.

    `rules` are the known rules, name by code; `options` gives those of one rule, by key. Raises
    ConfigurationError.
    """
    root = find_root(start)
    file = _configured(root)
    return _with_baseline(Config(root=root)) if file is None else read(file, rules, options)


def read(
    file: Path, rules: Mapping[str, str], options: OptionsOf = no_options, root: Path | None = None
) -> Config:
    """Read the configuration in `file`, for the project at `root`, by default the file's directory.

    `rules` are the known rules, name by code; `options` gives those of one rule, by key. Raises
    ConfigurationError where the file can't be read or says what means nothing.
    """
    file = Path(os.path.abspath(file))  # noqa: PTH100 - as above
    values = _values(file, rules, options, root or file.parent, ())
    return _with_baseline(Config(root=root or file.parent, file=file, **values))


def _with_baseline(config: Config) -> Config:
    baseline = config.root / BASELINE
    if config.baseline is not None or not os.path.isfile(baseline):  # noqa: PTH113 - never raises
        return config
    return msgspec.structs.replace(config, baseline=baseline)


def _values(
    file: Path, rules: Mapping[str, str], options: OptionsOf, directory: Path, extending: tuple[Path, ...]
) -> dict[str, Any]:
    """The fields of `Config` that a file, or one that it extends, sets."""
    place, table = _table(file)

    def written(key: str, value: object) -> Written:
        return Written(f"`{key}` in {place}", value, directory, rules, options)

    values: dict[str, Any] = {}
    if EXTEND in table:
        extended = written(EXTEND, table.pop(EXTEND))
        base = Path(os.path.normpath(file.parent / text(extended)))
        if base in (file, *extending):
            raise extended.error(f"names `{extended.value}`, which extends this file in turn")
        if not os.path.isfile(base):  # noqa: PTH113 - never raises
            raise extended.error(f"names `{extended.value}`, which is not a file")
        values = _values(base, rules, options, base.parent, (*extending, file))
    for key, value in table.items():
        if key not in KEYS:
            meant = suggestion(key, KEYS, "`fastapi-lint check --show-settings` shows all keys")
            raise ConfigurationError(f"unknown key `{key}` in {place}{meant}")
        values[KEYS[key].field or key.replace("-", "_")] = KEYS[key].judge(written(key, value))
    return values


def _table(file: Path) -> tuple[str, dict[str, Any]]:
    """What a file says about this tool, and how to call the place: all of it, but of a pyproject.toml."""
    shown = _shown(file)
    document = _parse(file, shown)
    if file.name != PROJECT_FILE:
        return shown, document
    tools = document.get("tool", {})
    if not isinstance(tools, dict):
        raise ConfigurationError(f"`tool` in {shown} must be a table, not {kind(tools)}")
    table = tools.get("fastapi-lint", {})
    if not isinstance(table, dict):
        raise ConfigurationError(f"`tool.fastapi-lint` in {shown} must be a table, not {kind(table)}")
    return f"{TABLE} of {shown}", table


def _parse(file: Path, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{shown} can't be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{shown} is not UTF-8, as TOML must be: byte {error.start} can't be decoded"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{shown} is not valid TOML: {_as_clause(str(error))}") from None
    except RecursionError:
        raise ConfigurationError(f"{shown} nests its values too deeply to be read") from None


def _as_clause(sentence: str) -> str:
    """Make a parser's own sentence, several lines of it at times, fit after a colon."""
    joined = " ".join(sentence.split()).rstrip(".")
    return joined[:1].lower() + joined[1:]


def _shown(file: Path) -> str:
    """Name a file as the user would: relative to the working directory where it lies below it."""
    try:
        return file.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return file.as_posix()

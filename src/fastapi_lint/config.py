"""Configuration: the `[tool.fastapi-lint]` table of the closest pyproject.toml, as one frozen value."""

from __future__ import annotations

import difflib
import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec
from pathspec import GitIgnoreSpec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Level = Literal["default", "strict", "pedantic"]
Version = tuple[int, ...]

LEVELS: Final[tuple[Level, ...]] = ("default", "strict", "pedantic")
FILE_NAME: Final = "pyproject.toml"
TABLE: Final = "[tool.fastapi-lint]"
_HOW_RULES_ARE_NAMED: Final = "a rule is named by its code, the beginning of its code or its name"


class ConfigurationError(Exception):
    """The configuration can't be used: one sentence that names the place and what would be right."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for.

    Selectors are codes (`FAL301`) or prefixes of codes (`FAL3`): names of rules are resolved on loading.
    """

    root: Path
    """The project's directory, absolute: patterns, source roots and the roles of files are relative to it."""

    file: Path | None = None
    """The file that the values come from; None where nothing is configured."""

    level: Level = "default"
    """Which rules run where `select` doesn't say, and how much those rules say that can be stricter."""

    select: tuple[str, ...] | None = None
    """The rules that run, whatever their level; None: those of `level`."""

    extend_select: tuple[str, ...] = ()
    """Rules that run besides those, whatever their level."""

    ignore: tuple[str, ...] = ()
    """Rules that don't run. Where selectors disagree about a rule the longest decides, of equals this one."""

    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pairs of a pattern, as in a .gitignore, and the rules that say nothing in the files it matches."""

    exclude: tuple[str, ...] | None = None
    """Patterns, as in a .gitignore, of what isn't linted; None: those of `source.discovery.EXCLUDED`."""

    extend_exclude: tuple[str, ...] = ()
    """Patterns besides those. `!pattern` takes back what an earlier pattern excludes."""

    src: tuple[Path, ...] = ()
    """Directories, absolute, that imports are resolved from; none: found by looking at the project."""

    target_fastapi: Version | None = None
    """The oldest FastAPI that the project runs on; None: what its dependencies say, else the newest."""

    target_pydantic: Version | None = None
    """The oldest Pydantic that the project runs on; None: what its dependencies say, else the newest."""

    def enables(self, code: str, level: Level) -> bool:
        """Say whether the rule with this code and this level of its own runs at all."""
        if self.select is None:
            chosen = 0 if LEVELS.index(level) <= LEVELS.index(self.level) else -1
        else:
            chosen = _longest(self.select, code)
        return max(chosen, _longest(self.extend_select, code)) > _longest(self.ignore, code)

    def ignores(self, code: str, path: Path) -> bool:
        """Say whether `per-file-ignores` silences the rule with this code in the file at an absolute path."""
        return any(
            code.startswith(selectors) and _compile(pattern).match_file(self.relative(path))
            for pattern, selectors in self.per_file_ignores
        )

    def relative(self, path: Path) -> str:
        """Give an absolute path relative to the root, with `/`; of a file outside the root only its name."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.name

    def replace(
        self,
        rules: Mapping[str, str],
        *,
        level: str | None = None,
        select: Iterable[str] | None = None,
        extend_select: Iterable[str] | None = None,
        ignore: Iterable[str] | None = None,
        extend_exclude: Iterable[str] | None = None,
    ) -> Config:
        """Lay the command line's options over this configuration; None is an option that wasn't given.

        `select` takes the place of everything that the file says about selection. `extend_select` and
        `ignore` come after it, so that each undoes what the file says about the same rules.
        `rules` are the known ones, name by code. Raises ConfigurationError, which names the option, for an
        unknown rule, an unknown level or a malformed pattern.
        """
        config = self

        def given(option: str, value: Iterable[str]) -> _Setting:
            return _Setting(f"`--{option}`", list(value), self.root, rules)

        if level is not None:
            setting = _Setting("`--level`", level, self.root, rules)
            config = msgspec.structs.replace(config, level=_level(setting))
        if select is not None:
            chosen = _selectors(given("select", select))
            config = msgspec.structs.replace(config, select=chosen, extend_select=(), ignore=())
        if extend_select is not None:
            added = _selectors(given("extend-select", extend_select))
            config = msgspec.structs.replace(
                config,
                extend_select=config.extend_select + added,
                ignore=_without(config.ignore, added),
            )
        if ignore is not None:
            dropped = _selectors(given("ignore", ignore))
            config = msgspec.structs.replace(
                config,
                select=None if config.select is None else _without(config.select, dropped),
                extend_select=_without(config.extend_select, dropped),
                ignore=config.ignore + dropped,
            )
        if extend_exclude is not None:
            patterns = _patterns(given("extend-exclude", extend_exclude))
            config = msgspec.structs.replace(config, extend_exclude=config.extend_exclude + patterns)
        return config


def find_root(start: Path) -> Path:
    """Give the directory of the project that `start`, a file or a directory, belongs to.

    That is the closest one upwards with a pyproject.toml, else the closest one with a `.git`. Where nothing
    marks a project: of a file the working directory, if the file is below it; else the directory, or the
    closest one around it that is no package.
    """
    directory = Path(os.path.abspath(start))  # noqa: PTH100 - `resolve` would follow links out of the project
    is_file = not directory.is_dir()
    if is_file:
        directory = directory.parent
    upwards = (directory, *directory.parents)
    with_file = (place for place in upwards if os.path.isfile(place / FILE_NAME))  # noqa: PTH113 - never raises
    with_git = (place for place in upwards if os.path.lexists(place / ".git"))
    above_packages = (place for place in upwards if not os.path.isfile(place / "__init__.py"))  # noqa: PTH113
    marked = next(with_file, None) or next(with_git, None)
    if marked is None and is_file and Path.cwd() in upwards:
        return Path.cwd()
    return marked or next(above_packages, directory)


def load(start: Path, rules: Mapping[str, str]) -> Config:
    """Read the configuration of the project that `start`, a file or a directory, belongs to.

    `rules` are the known rules, name by code. Raises ConfigurationError.
    """
    root = find_root(start)
    file = root / FILE_NAME
    return read(file, rules) if os.path.isfile(file) else Config(root=root)  # noqa: PTH113 - never raises


def read(file: Path, rules: Mapping[str, str]) -> Config:
    """Read the configuration in `file`, whose directory becomes the root.

    `rules` are the known rules, name by code. Raises ConfigurationError where the file can't be read or says
    what means nothing.
    """
    file = Path(os.path.abspath(file))  # noqa: PTH100 - as above
    shown = _shown(file)
    document = _parse(file, shown)
    tools = document.get("tool", {})
    if not isinstance(tools, dict):
        raise ConfigurationError(f"`tool` in {shown} must be a table, not {_kind(tools)}")
    table = tools.get("fastapi-lint", {})
    if not isinstance(table, dict):
        raise ConfigurationError(f"`tool.fastapi-lint` in {shown} must be a table, not {_kind(table)}")
    values = {}
    for key, value in table.items():
        if key not in _KEYS:
            suggestion = _suggestion(key, _KEYS, f"the keys are {_listed(_KEYS)}")
            raise ConfigurationError(f"unknown key `{key}` in {TABLE} of {shown}{suggestion}")
        parse = _KEYS[key]
        values[key.replace("-", "_")] = parse(
            _Setting(f"`{key}` in {TABLE} of {shown}", value, file.parent, rules)
        )
    return Config(root=file.parent, file=file, **values)


@lru_cache(maxsize=256)
def _compile(pattern: str) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines([pattern])


class _Setting(NamedTuple):
    """A value as the user wrote it, and what is needed to judge it."""

    label: str
    value: object
    root: Path
    rules: Mapping[str, str]

    def error(self, text: str) -> ConfigurationError:
        return ConfigurationError(f"{self.label} {text}")


def _strings(setting: _Setting) -> tuple[str, ...]:
    value = setting.value
    if isinstance(value, str):
        raise setting.error(f'must be a list of strings, not a string: did you mean `["{value}"]`?')
    if not isinstance(value, list):
        raise setting.error(f"must be a list of strings, not {_kind(value)}")
    for item in value:
        if not isinstance(item, str):
            raise setting.error(f"must be a list of strings, but holds {_kind(item)}")
    return tuple(value)


def _selectors(setting: _Setting) -> tuple[str, ...]:
    codes = {name: code for code, name in setting.rules.items()}
    result = []
    for written in _strings(setting):
        selector = codes.get(written.lower(), written.upper())
        if not (
            re.fullmatch(r"FAL\d{0,3}", selector, re.ASCII)
            and any(code.startswith(selector) for code in setting.rules)
        ):
            suggestion = _suggestion(written, [*codes, *setting.rules], _HOW_RULES_ARE_NAMED)
            raise setting.error(f"names the unknown rule `{written}`{suggestion}")
        result.append(selector)
    return tuple(result)


def _patterns(setting: _Setting) -> tuple[str, ...]:
    patterns = _strings(setting)
    for pattern in patterns:
        _check_pattern(setting, pattern)
    return patterns


def _check_pattern(setting: _Setting, pattern: str) -> None:
    try:
        _compile(pattern)
    except ValueError:
        message = f"holds the malformed pattern `{pattern}`, which must be written as in a .gitignore"
        raise setting.error(message) from None


def _ignores_by_pattern(setting: _Setting) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(setting.value, dict):
        example = '`"tests/**" = ["FAL101"]`'
        raise setting.error(
            f"must be a table of patterns and rules such as {example}, not {_kind(setting.value)}"
        )
    result = []
    for pattern, selectors in setting.value.items():
        _check_pattern(setting, pattern)
        if pattern.startswith("!"):
            raise setting.error(
                f"can't hold the negated pattern `{pattern}`: name the files that the rules say nothing about"
            )
        inner = setting._replace(label=f"`{pattern}` of {setting.label}", value=selectors)
        result.append((pattern, _selectors(inner)))
    return tuple(result)


def _level(setting: _Setting) -> Level:
    for level in LEVELS:
        if setting.value == level:
            return level
    if isinstance(setting.value, str):
        suggestion = _suggestion(setting.value, LEVELS, f"the levels are {_listed(LEVELS)}")
        raise setting.error(f"is the unknown level `{setting.value}`{suggestion}")
    raise setting.error(f"must be one of {_listed(LEVELS)}, not {_kind(setting.value)}")


def _directories(setting: _Setting) -> tuple[Path, ...]:
    result = []
    for written in _strings(setting):
        directory = Path(os.path.normpath(setting.root / written))
        if not os.path.isdir(directory):  # noqa: PTH112 - never raises
            names = _directory_names(directory.parent)
            raise setting.error(
                f"names `{written}`, which is not a directory{_suggestion(directory.name, names)}"
            )
        result.append(directory)
    return tuple(result)


def _version(setting: _Setting) -> Version:
    value = setting.value
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        raise setting.error(f'must be a string, not a number: did you mean `"{value}"`?')
    if not isinstance(value, str):
        raise setting.error(f"must be a string, not {_kind(value)}")
    if re.fullmatch(r"\d{1,6}(\.\d{1,6}){0,3}", value, re.ASCII):
        return tuple(int(part) for part in value.split("."))
    inside = re.search(r"\d{1,6}(\.\d{1,6}){1,2}", value, re.ASCII)
    suggestion = f": did you mean `{inside[0]}`?" if inside else " such as `0.115.0`"
    raise setting.error(f"is `{value}`, but must be a plain version{suggestion}")


_KEYS: Final[dict[str, Callable[[_Setting], Any]]] = {
    "level": _level,
    "select": _selectors,
    "extend-select": _selectors,
    "ignore": _selectors,
    "per-file-ignores": _ignores_by_pattern,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "src": _directories,
    "target-fastapi": _version,
    "target-pydantic": _version,
}
"""What the table may hold: each key is a field of `Config`, with the function that judges its value."""


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


def _kind(value: object) -> str:
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")


def _listed(names: Iterable[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def _suggestion(written: str, known: Iterable[str], otherwise: str = "") -> str:
    """End a sentence with the closest known name, else with `otherwise`."""
    by_folded = {name.lower(): name for name in known}
    close = difflib.get_close_matches(written.lower().replace("_", "-"), by_folded, n=1)
    if close:
        return f": did you mean `{by_folded[close[0]]}`?"
    return f": {otherwise}" if otherwise else ""


def _directory_names(parent: Path) -> list[str]:
    try:
        return [place.name for place in parent.iterdir() if place.is_dir()]
    except OSError:
        return []


def _longest(selectors: tuple[str, ...], code: str) -> int:
    return max((len(selector) for selector in selectors if code.startswith(selector)), default=-1)


def _without(selectors: tuple[str, ...], undone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(selector for selector in selectors if not selector.startswith(undone))

"""Turn what somebody wrote, in a file or on the command line, into values, or say what is wrong with it."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pathspec import GitIgnoreSpec

from fastapi_lint.config.settings import LEVELS
from fastapi_lint.config.wording import ConfigurationError, kind, listed, suggestion
from fastapi_lint.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi_lint.config.settings import Level, Option

    OptionsOf = Callable[[str], Mapping[str, Option[Any]]]

Version = tuple[int, ...]

_HOW_RULES_ARE_NAMED: Final = "a rule is named by its code, the beginning of its code or its name"
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ROUTE: Final = re.compile(r"(?:[A-Z]+ )?/\S*")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "WEBSOCKET")


class Written(NamedTuple):
    """A value as somebody wrote it, and what is needed to judge it.

    `label` begins the sentence about a mistake. Directories are relative to `directory`. `rules` are the
    known ones, name by code, and `options` gives those that a rule has, by key.
    """

    label: str
    value: object
    directory: Path
    rules: Mapping[str, str]
    options: OptionsOf

    def error(self, text: str) -> ConfigurationError:
        """Make the sentence, of which `text` is the predicate."""
        return ConfigurationError(f"{self.label} {text}")

    def inner(self, key: str, value: object) -> Written:
        """Give a value inside of this one."""
        return self._replace(label=f"`{key}` of {self.label}", value=value)


def no_options(_rule: str) -> Mapping[str, Option[Any]]:
    """Give the options of a rule where none can be set."""
    return {}


def strings(written: Written) -> tuple[str, ...]:
    """A list of texts."""
    value = written.value
    if isinstance(value, str):
        raise written.error(f'must be a list of strings, not a string: did you mean `["{value}"]`?')
    if not isinstance(value, list):
        raise written.error(f"must be a list of strings, not {kind(value)}")
    for item in value:
        if not isinstance(item, str):
            raise written.error(f"must be a list of strings, but holds {kind(item)}")
    return tuple(value)


def text(written: Written) -> str:
    """A text."""
    if not isinstance(written.value, str):
        raise written.error(f"must be a string, not {kind(written.value)}")
    return written.value


def flag(written: Written) -> bool:
    """Yes or no."""
    if not isinstance(written.value, bool):
        raise written.error(f"must be `true` or `false`, not {kind(written.value)}")
    return written.value


def selectors(written: Written) -> tuple[str, ...]:
    """A list of rules: codes, beginnings of codes and names, which become codes."""
    return tuple(_selector(written, name) for name in strings(written))


def _selector(written: Written, name: str) -> str:
    codes = {known: code for code, known in written.rules.items()}
    selector = codes.get(name.lower(), name.upper())
    if re.fullmatch(r"FAL\d{0,3}", selector, re.ASCII) and any(
        code.startswith(selector) for code in written.rules
    ):
        return selector
    meant = suggestion(name, [*codes, *written.rules], _HOW_RULES_ARE_NAMED)
    raise written.error(f"names the unknown rule `{name}`{meant}")


def patterns(written: Written) -> tuple[str, ...]:
    """A list of patterns, as in a .gitignore."""
    found = strings(written)
    for pattern in found:
        _check_pattern(written, pattern)
    return found


@lru_cache(maxsize=256)
def compiled(pattern: str) -> GitIgnoreSpec:
    """Compile a pattern, as in a .gitignore. Raises ValueError where it is malformed."""
    return GitIgnoreSpec.from_lines([pattern])


def _check_pattern(written: Written, pattern: str) -> None:
    try:
        compiled(pattern)
    except ValueError:
        message = f"holds the malformed pattern `{pattern}`, which must be written as in a .gitignore"
        raise written.error(message) from None


def ignores_by_pattern(written: Written) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A table of patterns and the rules that are silent in the files that each matches."""
    result = []
    for pattern, value in _table(written, "patterns and rules", '"tests/**" = ["FAL101"]').items():
        _check_pattern(written, pattern)
        if pattern.startswith("!"):
            raise written.error(
                f"can't hold the negated pattern `{pattern}`: name the files that the rules say nothing about"
            )
        result.append((pattern, selectors(written.inner(pattern, value))))
    return tuple(result)


def severities(written: Written) -> tuple[tuple[str, Severity], ...]:
    """A table of rules and the severity of what each reports."""
    return tuple(
        (_selector(written, name), severity(written.inner(name, value)))
        for name, value in _table(written, "rules and severities", 'FAL101 = "info"').items()
    )


def severity(written: Written) -> Severity:
    """One of the severities."""
    return Severity(_one_of(written, [each.value for each in Severity], "severity", "severities"))


def level(written: Written) -> Level:
    """One of the levels."""
    found: Level = LEVELS[LEVELS.index(_one_of(written, LEVELS, "level", "levels"))]
    return found


def _one_of(written: Written, choices: list[str] | tuple[str, ...], one: str, several: str) -> str:
    if isinstance(written.value, str):
        if written.value in choices:
            return written.value
        meant = suggestion(written.value, choices, f"the {several} are {listed(choices)}")
        raise written.error(f"is the unknown {one} `{written.value}`{meant}")
    raise written.error(f"must be one of {listed(choices)}, not {kind(written.value)}")


def directories(written: Written) -> tuple[Path, ...]:
    """A list of directories that exist, which become absolute."""
    result = []
    for name in strings(written):
        directory = Path(os.path.normpath(written.directory / name))
        if not os.path.isdir(directory):  # noqa: PTH112 - never raises
            meant = suggestion(directory.name, _directory_names(directory.parent))
            raise written.error(f"names `{name}`, which is not a directory{meant}")
        result.append(directory)
    return tuple(result)


def _directory_names(parent: Path) -> list[str]:
    try:
        return [place.name for place in parent.iterdir() if place.is_dir()]
    except OSError:
        return []


def file(written: Written) -> Path:
    """The name of a file, which becomes absolute. It need not be there."""
    return Path(os.path.normpath(written.directory / text(written)))


def version(written: Written) -> Version:
    """A version, written as a text."""
    value = written.value
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        raise written.error(f'must be a string, not a number: did you mean `"{value}"`?')
    if not isinstance(value, str):
        raise written.error(f"must be a string, not {kind(value)}")
    if re.fullmatch(r"\d{1,6}(\.\d{1,6}){0,3}", value, re.ASCII):
        return tuple(int(part) for part in value.split("."))
    inside = re.search(r"\d{1,6}(\.\d{1,6}){1,2}", value, re.ASCII)
    meant = f": did you mean `{inside[0]}`?" if inside else " such as `0.115.0`"
    raise written.error(f"is `{value}`, but must be a plain version{meant}")


def dotted_names(written: Written) -> tuple[str, ...]:
    """A list of dotted names of Python objects."""
    found = strings(written)
    for name in found:
        if not _DOTTED.fullmatch(name):
            dotted = re.sub(r"[:/]+", ".", name.removesuffix("()").removesuffix(".py")).strip(".")
            meant = (
                f": did you mean `{dotted}`?"
                if _DOTTED.fullmatch(dotted)
                else " such as `app.db.get_session`"
            )
            raise written.error(f"holds `{name}`, but must hold dotted names{meant}")
    return found


def routes(written: Written) -> tuple[str, ...]:
    """A list of patterns of routes: a path with `*`, after a method if one is meant alone."""
    found = strings(written)
    for pattern in found:
        method, _, path = pattern.rpartition(" ")
        if not _ROUTE.fullmatch(pattern):
            fitting = f"{method.upper()} /{path.lstrip('/')}".lstrip()
            meant = (
                f"did you mean `{fitting}`?" if _ROUTE.fullmatch(fitting) else "such as `POST /webhooks/*`"
            )
            raise written.error(f"holds `{pattern}`, which is no path, nor a method and a path: {meant}")
        if method and method not in _METHODS:
            meant = suggestion(method, _METHODS, f"the methods are {listed(_METHODS)}")
            raise written.error(f"holds `{pattern}`, whose method nobody knows{meant}")
    return found


def rule_options(written: Written) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    """A table of rules, each with a table of its own options."""
    result = []
    names = {word: name for code, name in written.rules.items() for word in (code, name)}
    for word, value in _table(written, "rules, each a table of options").items():
        name = names.get(word.upper(), names.get(word.lower()))
        if name is None:
            meant = suggestion(word, names, "a rule is named by its name or its code")
            raise written.error(f"names the unknown rule `{word}`{meant}")
        own = written.inner(word, value)
        known = written.options(name)
        if not known:
            raise own.error("can't be set: the rule has no options")
        given = []
        for key, inner in _table(own, "options").items():
            if key not in known:
                meant = suggestion(key, known, f"the options are {listed(known)}")
                raise own.error(f"has no option `{key}`{meant}")
            given.append((key, _option(own.inner(key, inner), known[key])))
        result.append((name, tuple(given)))
    return tuple(result)


def _option(written: Written, option: Option[Any]) -> Any:
    """A value of the type that the option's default has."""
    if isinstance(option.default, bool):
        return flag(written)
    if isinstance(option.default, tuple):
        return strings(written)
    if isinstance(option.default, str):
        return text(written)
    value = written.value
    if not isinstance(value, int) or isinstance(value, bool):
        raise written.error(
            f"must be a whole number, not {kind(value) if not isinstance(value, float) else value}"
        )
    if value < option.least:
        raise written.error(f"is {value}, but must be {option.least} or more")
    return value


def _table(written: Written, what: str, example: str = "") -> dict[str, object]:
    if isinstance(written.value, dict):
        return written.value
    such_as = f" such as `{example}`" if example else ""
    raise written.error(f"must be a table of {what}{such_as}, not {kind(written.value)}")

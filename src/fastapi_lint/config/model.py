"""What the user asked for, as one frozen value."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - msgspec reads the annotations of its structs
from typing import TYPE_CHECKING, Final

import msgspec

from fastapi_lint.config import judging
from fastapi_lint.config.judging import Version, Written, compiled  # noqa: TC001 - as above
from fastapi_lint.config.settings import LEVELS, Settings
from fastapi_lint.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi_lint.config.settings import Level

INCLUDED: Final = ("*.py",)
"""The patterns, as in a .gitignore, of what is linted unless `include` says otherwise."""


class Config(Settings, frozen=True, kw_only=True):
    """What the user asked for, and what the user says about the application.

    Selectors are codes (`FAL301`) or prefixes of codes (`FAL3`): names of rules are resolved on loading.
    """

    root: Path
    """The project's directory, absolute: patterns, source roots and the roles of files are relative to it."""

    file: Path | None = None
    """The file that the values come from; None where nothing is configured."""

    select: tuple[str, ...] | None = None
    """The rules that run, whatever their level; None: those of `level`."""

    extend_select: tuple[str, ...] = ()
    """Rules that run besides those, whatever their level."""

    ignore: tuple[str, ...] = ()
    """Rules that don't run. Where selectors disagree about a rule the longest decides, of equals this one."""

    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pairs of a pattern, as in a .gitignore, and the rules that say nothing in the files it matches."""

    severity: tuple[tuple[str, Severity], ...] = ()
    """Pairs of rules and how much what they report matters; the longest selector decides."""

    fail_on: Severity = Severity.INFO
    """The lowest severity that makes a run fail."""

    baseline: Path | None = None
    """The file, absolute, that says what is known and isn't reported; it need not be there."""

    require_reason: bool = False
    """Whether a comment that silences rules has to say why."""

    include: tuple[str, ...] | None = None
    """Patterns, as in a .gitignore, of the files that are linted; None: `INCLUDED`."""

    exclude: tuple[str, ...] | None = None
    """Patterns, as in a .gitignore, of what isn't linted; None: those of `source.discovery.EXCLUDED`."""

    extend_exclude: tuple[str, ...] = ()
    """Patterns besides those. `!pattern` takes back what an earlier pattern excludes."""

    force_exclude: bool = False
    """Whether files that are named are excluded as well."""

    respect_gitignore: bool = True
    """Whether what git ignores isn't linted."""

    src: tuple[Path, ...] = ()
    """Directories, absolute, that imports are resolved from; none: found by looking at the project."""

    target_fastapi: Version | None = None
    """The oldest FastAPI that the project runs on; None: what its dependencies say, else the newest."""

    target_pydantic: Version | None = None
    """The oldest Pydantic that the project runs on; None: what its dependencies say, else the newest."""

    @property
    def settings(self) -> Settings:
        """What of it says something about the application, for `link`."""
        return Settings(**{field: getattr(self, field) for field in Settings.__struct_fields__})

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
            code.startswith(selectors) and compiled(pattern).match_file(self.relative(path))
            for pattern, selectors in self.per_file_ignores
        )

    def severity_of(self, code: str, usual: Severity) -> Severity:
        """Say how much a diagnostic of the rule with this code matters; `usual` is the rule's own word."""
        fitting = [pair for pair in self.severity if code.startswith(pair[0])]
        return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else usual

    def fails_on(self, severity: Severity) -> bool:
        """Say whether a diagnostic of this severity makes a run fail."""
        ranks = list(Severity)
        return ranks.index(severity) <= ranks.index(self.fail_on)

    def relative(self, path: Path) -> str:
        """Give an absolute path relative to the root, with `/`; of a file outside the root only its name."""
        text, root = path.as_posix(), self.root.as_posix()
        if text.startswith(f"{root}/"):  # what `relative_to` says, sooner: this is asked about every file
            return text[len(root) + 1 :]
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
        exclude: Iterable[str] | None = None,
        extend_exclude: Iterable[str] | None = None,
        fail_on: str | None = None,
        respect_gitignore: bool | None = None,
    ) -> Config:
        """Lay the command line's options over this configuration; None is an option that wasn't given.

        `select` takes the place of everything that the file says about selection. `extend_select` and
        `ignore` come after it, so that each undoes what the file says about the same rules.
        `rules` are the known ones, name by code. Raises ConfigurationError, which names the option, for an
        unknown rule, an unknown level or a malformed pattern.
        """
        config = self

        def given(option: str, value: Iterable[str] | str) -> Written:
            listed = value if isinstance(value, str) else list(value)
            return Written(f"`--{option}`", listed, self.root, rules, judging.no_options)

        if level is not None:
            config = msgspec.structs.replace(config, level=judging.level(given("level", level)))
        if fail_on is not None:
            config = msgspec.structs.replace(config, fail_on=judging.severity(given("fail-on", fail_on)))
        if select is not None:
            chosen = judging.selectors(given("select", select))
            config = msgspec.structs.replace(config, select=chosen, extend_select=(), ignore=())
        if extend_select is not None:
            added = judging.selectors(given("extend-select", extend_select))
            config = msgspec.structs.replace(
                config,
                extend_select=config.extend_select + added,
                ignore=_without(config.ignore, added),
            )
        if ignore is not None:
            dropped = judging.selectors(given("ignore", ignore))
            config = msgspec.structs.replace(
                config,
                select=None if config.select is None else _without(config.select, dropped),
                extend_select=_without(config.extend_select, dropped),
                ignore=config.ignore + dropped,
            )
        if exclude is not None:
            config = msgspec.structs.replace(config, exclude=judging.patterns(given("exclude", exclude)))
        if extend_exclude is not None:
            patterns = judging.patterns(given("extend-exclude", extend_exclude))
            config = msgspec.structs.replace(config, extend_exclude=config.extend_exclude + patterns)
        if respect_gitignore is not None:
            config = msgspec.structs.replace(config, respect_gitignore=respect_gitignore)
        return config


def _longest(selectors: tuple[str, ...], code: str) -> int:
    return max((len(selector) for selector in selectors if code.startswith(selector)), default=-1)


def _without(selectors: tuple[str, ...], undone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(selector for selector in selectors if not selector.startswith(undone))

"""Find the Python files of a project, leaving out what git ignores and what nobody wrote for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from fastapi_lint.source.gitignore import Patterns, ignored_by_repository, ignored_in
from fastapi_lint.source.reading import Unreadable, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi_lint.config import Config

EXCLUDED: Final = (
    ".bzr/",
    ".direnv/",
    ".eggs/",
    ".git/",
    ".hg/",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".nox/",
    ".pants.d/",
    ".pytest_cache/",
    ".ruff_cache/",
    ".svn/",
    ".tox/",
    ".venv/",
    "__pycache__/",
    "__pypackages__/",
    "_build/",
    "build/",
    "dist/",
    "node_modules/",
    "site-packages/",
    "venv/",
)
"""The patterns, as in a .gitignore, of what isn't linted unless `exclude` says otherwise."""

_ENVIRONMENT_MARKS: Final = ("pyvenv.cfg", "conda-meta")


class Discovery(msgspec.Struct, frozen=True):
    """The files that were found, absolute, sorted, each once; and the directories that couldn't be listed."""

    files: tuple[Path, ...]
    unreadable: tuple[Unreadable, ...] = ()


def discover(
    config: Config,
    paths: Sequence[Path] = (),
    *,
    force_exclude: bool = False,
) -> Discovery:
    """Find the files to lint below `paths` (files and directories, absolute); none: the whole project.

    A path that is given is taken whatever its name and even if it is excluded, unless `force_exclude` or the
    configuration says otherwise. One
    that doesn't exist counts as a file: reading it says so.
    """
    walk = _Walk(config)
    for path in paths or (config.root,):
        walk.add(Path(os.path.normpath(path)), force_exclude=force_exclude or config.force_exclude)
    walk.follow_links()
    return Discovery(
        tuple(sorted(walk.files, key=Path.as_posix)),
        tuple(sorted(walk.unreadable, key=lambda unreadable: unreadable.path.as_posix())),
    )


def would_find(config: Config, files: Iterable[Path]) -> set[Path]:
    """Say which files, absolute and below the project's root, `discover` would find if they were there."""
    walk = _Walk(config)
    return {file for file in files if walk.would_find(str(file))}


class _Filter(NamedTuple):
    """What is left out below one directory: by the configuration, and by files of git, outermost first."""

    base: str
    excluded: Patterns
    gitignores: tuple[tuple[str, Patterns], ...]

    def leaves_out(self, path: str, *, is_directory: bool) -> bool:
        if self.excluded.decide(_below(self.base, path), is_directory=is_directory):
            return True
        for base, patterns in reversed(self.gitignores):
            decision = patterns.decide(_below(base, path), is_directory=is_directory)
            if decision is not None:
                return decision
        return False


class _Walk:
    """Goes through directories, each real one once, and collects."""

    def __init__(self, config: Config) -> None:
        self.files: set[Path] = set()
        self.unreadable: list[Unreadable] = []
        builtin = EXCLUDED if config.exclude is None else config.exclude
        self._excluded = Patterns((*builtin, *config.extend_exclude))
        self._marks = _ENVIRONMENT_MARKS if config.exclude is None else ()
        self._respect_gitignore = config.respect_gitignore
        self._root = str(config.root)
        self._included = None if config.include is None else Patterns(config.include)
        self._filters: dict[str, _Filter | None] = {self._root: self._filter_of_root()}
        self._visited: set[tuple[int, int]] = set()
        self._links: list[tuple[str, _Filter]] = []

    def add(self, path: Path, *, force_exclude: bool) -> None:
        place = str(path)
        if os.path.isdir(place):  # noqa: PTH112 - never raises
            filters = self._filter_of(place)
            if filters is None and not force_exclude:
                filters = self._fresh_filter(place)
            if filters is not None:
                self._walk(place, filters)
        elif not (force_exclude and self._is_left_out(place)):
            self.files.add(path)

    def follow_links(self) -> None:
        """Walk the directories behind links, last: what has a name of its own is found under that."""
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link[0]), []
            for place, filters in links:
                target, root = os.path.realpath(place), os.path.realpath(self._root)
                inside = target == root or target.startswith(root + os.sep)
                around = root.startswith(target.rstrip(os.sep) + os.sep)
                if not (inside or around):
                    self._walk(place, filters)

    def _walk(self, start: str, filters: _Filter) -> None:
        waiting = [(start, filters)]
        while waiting:
            place, filters = waiting.pop()
            try:
                status = os.stat(place)  # noqa: PTH116 - paths are text here, for speed
                if (status.st_dev, status.st_ino) in self._visited:
                    continue
                self._visited.add((status.st_dev, status.st_ino))
                with os.scandir(place) as listing:
                    entries = list(listing)
            except OSError as error:
                self.unreadable.append(Unreadable(Path(place), f"can't be listed: {reason(error)}"))
                continue
            for entry in entries:
                if _is_directory(entry):
                    inner = self._enter(entry.path, filters)
                    if inner is None:
                        continue
                    if entry.is_symlink():
                        self._links.append((entry.path, inner))
                    else:
                        waiting.append((entry.path, inner))
                elif (
                    self._is_included(entry.path)
                    and not filters.leaves_out(entry.path, is_directory=False)
                    and os.path.isfile(entry.path)  # noqa: PTH113 - never raises
                ):
                    self.files.add(Path(entry.path))

    def _is_included(self, file: str) -> bool:
        if self._included is None:
            return file.endswith(".py")
        return self._included.decide(_below(self._root, file), is_directory=False) is True

    def would_find(self, file: str) -> bool:
        return self._is_included(file) and not self._is_left_out(file)

    def _is_left_out(self, file: str) -> bool:
        directory = os.path.dirname(file)  # noqa: PTH120 - as above
        filters = self._filter_of(directory)
        return filters is None or filters.leaves_out(file, is_directory=False)

    def _filter_of(self, directory: str) -> _Filter | None:
        """Give what is left out below a directory; None where the directory itself is."""
        if not directory.startswith(self._root.rstrip(os.sep) + os.sep) and directory != self._root:
            return self._fresh_filter(directory)
        unknown = []
        while directory not in self._filters:
            unknown.append(directory)
            directory = os.path.dirname(directory)  # noqa: PTH120 - as above
        filters = self._filters[directory]
        for inner in reversed(unknown):
            filters = None if filters is None else self._enter(inner, filters)
            self._filters[inner] = filters
        return filters

    def _enter(self, directory: str, filters: _Filter) -> _Filter | None:
        if filters.leaves_out(directory, is_directory=True):
            return None
        if any(os.path.lexists(os.path.join(directory, mark)) for mark in self._marks):  # noqa: PTH118 - as above
            return None
        own = self._gitignore(directory)
        return filters._replace(gitignores=filters.gitignores + own) if own else filters

    def _fresh_filter(self, directory: str) -> _Filter:
        return _Filter(directory, self._excluded, self._gitignore(directory))

    def _filter_of_root(self) -> _Filter:
        """Take what git ignores from the top of the repository on, unless that is the project itself."""
        fresh = self._fresh_filter(self._root)
        upwards = [Path(self._root), *Path(self._root).parents]
        tops = (index for index, place in enumerate(upwards) if os.path.lexists(place / ".git"))
        depth = next(tops, None) if self._respect_gitignore else None
        if depth is None:
            return fresh
        top, *below = reversed(upwards[: depth + 1])
        exclude = ignored_by_repository(top)
        gitignores = ((str(top), exclude),) if exclude else ()
        outer = _Filter(str(top), Patterns(()), gitignores + self._gitignore(str(top)))
        for place in map(str, below):
            if outer.leaves_out(place, is_directory=True):
                return fresh
            outer = outer._replace(gitignores=outer.gitignores + self._gitignore(place))
        return fresh._replace(gitignores=outer.gitignores)

    def _gitignore(self, directory: str) -> tuple[tuple[str, Patterns], ...]:
        patterns = ignored_in(Path(directory)) if self._respect_gitignore else None
        return ((directory, patterns),) if patterns else ()


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that goes round in circles or into a place that may not be seen
        return False


def _below(base: str, path: str) -> str:
    """Give a path relative to a directory it is in, with `/`."""
    return path[len(base) :].lstrip(os.sep).replace(os.sep, "/")

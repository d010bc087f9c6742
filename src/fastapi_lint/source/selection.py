"""What is asked about: files to report on, each with the project that it belongs to."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint.config import find_root, marks_project
from fastapi_lint.source.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi_lint.config import Config
    from fastapi_lint.source.reading import Unreadable


@dataclass
class Selection:
    """What is asked about in one project: files, absolute, and directories that couldn't be listed."""

    config: Config
    chosen: set[Path] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)
    below_root: tuple[Path, ...] | None = None
    """All files below the root, those of projects inside included, once they have been found."""
    _roots: dict[Path, Path] = field(default_factory=dict)

    @property
    def asked(self) -> set[str]:
        """The paths that are reported on, relative to the project's root."""
        places = [*self.chosen, *(place.path for place in self.unreadable)]
        return {self.config.relative(path) for path in places}

    def whole_project(self) -> set[Path]:
        """Find all files of the project, without those of projects inside of it."""
        files = discover(self.config).files if self.below_root is None else self.below_root
        return {file for file in files if self.root_of(file.parent) == self.config.root}

    def root_of(self, directory: Path) -> Path:
        """The root of the project, this one or one inside of it, that a directory belongs to."""
        if directory not in self._roots:
            self._roots[directory] = root_below(self.config.root, directory)
        return self._roots[directory]


def root_below(outer: Path, directory: Path) -> Path:
    """Give the root of a project inside of `outer` that a directory belongs to, else `outer` itself.

    Where nothing marks a project, every directory would be the root of one of its own.
    """
    root = find_root(directory)
    return root if marks_project(root) else outer


def select(
    starts: Iterable[Path], load: Callable[[Path], Config], *, force_exclude: bool = False
) -> list[Selection]:
    """Find the files below `starts`, which are files and directories, by project.

    What lies below a directory that is asked about can be a project of its own: closer to its configuration
    than to that of the directory. `load` gives the configuration of the project at a root, and may raise.
    """
    root_of = functools.cache(find_root)
    pending = [Path(os.path.abspath(start)) for start in starts]  # noqa: PTH100 - `resolve` would follow links
    seen = set(pending)
    selections: dict[Path, Selection] = {}
    while pending:
        start = pending.pop()
        root = root_of(start)
        if root not in selections:
            selections[root] = Selection(load(root))
        selection = selections[root]
        found = discover(selection.config, (start,), force_exclude=force_exclude)
        selection.unreadable += found.unreadable
        if start == root:
            selection.below_root = found.files
        for file in found.files:
            nearest = selection.root_of(file.parent)
            if nearest == root:
                selection.chosen.add(file)
            elif nearest not in seen:
                seen.add(nearest)
                pending.append(nearest)
    return [selections[root] for root in sorted(selections)]

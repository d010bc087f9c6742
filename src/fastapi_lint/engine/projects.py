"""Projects: the files around what is asked about, their configuration, and the application they make."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING

from fastapi_lint import config as configuration
from fastapi_lint.application import link
from fastapi_lint.engine.files import File, read_file
from fastapi_lint.engine.limits import LINKING_DEPTH, READING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.requests import Watch
from fastapi_lint.rules import catalogue
from fastapi_lint.rules.comments import lines_about
from fastapi_lint.source import requirements, suppressions
from fastapi_lint.source.roles import roles
from fastapi_lint.source.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from fastapi_lint.application import Application
    from fastapi_lint.config import Config
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.requests import Request
    from fastapi_lint.source.suppressions import Suppression, Suppressions


class Project:
    """One project: its files' facts, linked when first asked. Paths are relative to its root, with `/`."""

    def __init__(self, config: Config, files: dict[str, File]) -> None:
        self.config = config
        self.files = files
        self._comments: dict[str, Suppressions] = {}

    @functools.cached_property
    def application(self) -> Application:
        """What FastAPI would make of the files."""
        with deep_recursion(LINKING_DEPTH), no_collection():
            return link(
                [file.facts for file in self.files.values() if file.facts is not None],
                source_roots=tuple(self.config.relative(directory) for directory in self.config.src),
                target_fastapi=self.fastapi,
                roles=roles,
                settings=self.config.settings,
            )

    @functools.cached_property
    def fastapi(self) -> tuple[int, ...] | None:
        """The FastAPI that the project is written for; None for the newest."""
        return self.config.target_fastapi or requirements.target_version(self.config.root, "fastapi")

    @functools.cached_property
    def pydantic(self) -> tuple[int, ...] | None:
        """The Pydantic that the project is written for; None for the newest."""
        return self.config.target_pydantic or requirements.target_version(self.config.root, "pydantic")

    def hears(self, diagnostic: Diagnostic, asked: Collection[str]) -> bool:
        """Whether a diagnostic is asked about, and the configuration lets it speak there."""
        return diagnostic.path in asked and not self.config.ignores(
            diagnostic.code, self.config.root / diagnostic.path
        )

    def comments(self, path: str) -> Suppressions:
        """What the comments of a file silence."""
        if path not in self._comments:
            self._comments[path] = suppressions.parse(self.files[path].text)
        return self._comments[path]

    def silencing(self, diagnostic: Diagnostic) -> list[Suppression]:
        """The comments of its file that silence a diagnostic."""
        facts = self.files[diagnostic.path].facts
        comments = self.comments(diagnostic.path)
        if facts is None or not comments.entries:
            return []
        lines = lines_about(diagnostic.span, facts.body)
        return list(comments.matching(diagnostic.code, diagnostic.name, lines))


def open_project(root: Path) -> Project:
    """Read the project at `root`, to be asked about single files. Raises ConfigurationError."""
    return _read_project(
        Selection(configuration.load(root, catalogue.names(), catalogue.options)), None, Watch(None)
    )


def read_projects(request: Request, watch: Watch) -> Iterator[tuple[Project, set[str]]]:
    """Read every project that is asked about, with the files of it to report on."""
    for selection in selections(request):
        if selection.asked:
            yield _read_project(selection, request.stdin, watch), selection.asked


def selections(request: Request) -> list[Selection]:
    """Find what is asked about, by project, and the projects' configurations. Raises ConfigurationError."""
    directory = request.working_directory
    starts = [directory / path for path in request.paths] or [configuration.find_root(directory)]
    if request.stdin is not None:
        starts = [directory / request.stdin[0]]
    load = functools.partial(_configuration, request=request)
    return select(starts, load, force_exclude=request.force_exclude)


def _configuration(root: Path, request: Request) -> Config:
    """What holds in the project at a root."""
    known = catalogue.names()
    if request.isolated:
        config = configuration.Config(root=root)
    elif request.config is not None:
        file = request.working_directory / request.config
        config = configuration.read(file, known, catalogue.options, root)
    else:
        config = configuration.load(root, known, catalogue.options)
    return config.replace(
        known,
        level=request.level,
        select=request.select,
        extend_select=request.extend_select,
        ignore=request.ignore,
        exclude=request.exclude,
        extend_exclude=request.extend_exclude,
        fail_on=request.fail_on,
        respect_gitignore=request.respect_gitignore,
    )


def _read_project(selection: Selection, stdin: tuple[str, str | bytes] | None, watch: Watch) -> Project:
    """Read the whole project, whatever of it is asked about."""
    config = selection.config
    with watch.phase("reading"), warnings.catch_warnings(), deep_recursion(READING_DEPTH), no_collection():
        warnings.simplefilter("ignore")  # of the code that is read, not of this one
        ordered = sorted(selection.chosen | selection.whole_project())
        files = {}
        for done, file in enumerate(ordered):
            watch.progress("reading", done, len(ordered))
            relative = config.relative(file)
            text = stdin[1] if stdin is not None and file in selection.chosen else None
            files[relative] = read_file(file, relative, text)
        for place in selection.unreadable:
            files[config.relative(place.path)] = File("", None, place)
    return Project(config, files)

"""Projects: the files around what is asked about, their configuration, and the application they make."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint import config as configuration
from fastapi_lint.engine.cache.answers import Answers
from fastapi_lint.engine.cache.place import Place, directory_for
from fastapi_lint.engine.knowing import entries_of
from fastapi_lint.engine.limits import LINKING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.requests import Caching, Watch
from fastapi_lint.engine.sources import Sources
from fastapi_lint.rules import catalogue
from fastapi_lint.source.roles import roles
from fastapi_lint.source.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from fastapi_lint.application import Application
    from fastapi_lint.config import Config
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.file_facts import File
    from fastapi_lint.engine.requests import Request
    from fastapi_lint.source.suppressions import Suppression, Suppressions


class Targets:
    """The versions that a project is written for, read from its manifests when first asked for."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @functools.cached_property
    def fastapi(self) -> tuple[int, ...] | None:
        """That of FastAPI; None for the newest."""
        return self._config.target_fastapi or _target_version(self._config.root, "fastapi")

    @functools.cached_property
    def pydantic(self) -> tuple[int, ...] | None:
        """That of Pydantic; None for the newest."""
        return self._config.target_pydantic or _target_version(self._config.root, "pydantic")


class Project:
    """One project: its files' facts, linked when first asked. Paths are relative to its root, with `/`."""

    def __init__(
        self,
        config: Config,
        sources: Sources,
        changed: Mapping[str, File] | None = None,
        targets: Targets | None = None,
    ) -> None:
        self.config = config
        self.sources = sources
        self._changed = changed or {}
        self._targets = targets or Targets(config)
        self._comments: dict[str, Suppressions] = {}
        self._silencing: dict[str, bool] = {}

    def holding(self, files: Mapping[str, File]) -> Project:
        """Give the same project with these files, all of them, in place of its own."""
        project = Project(self.config, self.sources, files, self._targets)
        project.files = dict(files)
        return project

    def with_files(self, changed: Mapping[str, File]) -> Project:
        """Give the same project with other content in some files, none of which is written."""
        project = Project(self.config, self.sources, {**self._changed, **changed}, self._targets)
        if "files" in self.__dict__:
            project.files = {**self.files, **changed}
        return project

    @functools.cached_property
    def answers(self) -> Answers | None:
        """What earlier runs said of it; None where it isn't what is on the disk."""
        return None if self._changed else Answers(self.sources, self.config)

    @functools.cached_property
    def files(self) -> dict[str, File]:
        """What each file says, read when first asked for."""
        return {**self.sources.files, **self._changed}

    def text(self, path: str) -> str | None:
        """The text of one file, without reading the others; None if there is none."""
        changed = self._changed.get(path)
        return self.sources.text(path) if changed is None else changed.text

    @functools.cached_property
    def application(self) -> Application:
        """What FastAPI would make of the files."""
        from fastapi_lint.application import link  # noqa: PLC0415 - not for an answer that is known

        facts = [file.facts for file in self.files.values() if file.facts is not None]
        with deep_recursion(LINKING_DEPTH), no_collection():
            return link(
                facts,
                source_roots=tuple(self.config.relative(directory) for directory in self.config.src),
                target_fastapi=self.fastapi,
                target_pydantic=self.pydantic,
                roles=roles,
                settings=self.config.settings,
            )

    @property
    def fastapi(self) -> tuple[int, ...] | None:
        """The FastAPI that the project is written for; None for the newest."""
        return self._targets.fastapi

    @property
    def pydantic(self) -> tuple[int, ...] | None:
        """The Pydantic that the project is written for; None for the newest."""
        return self._targets.pydantic

    def hears(self, diagnostic: Diagnostic, asked: Collection[str]) -> bool:
        """Whether a diagnostic is asked about, and the configuration lets it speak there."""
        return diagnostic.path in asked and not self.config.ignores(
            diagnostic.code, self.config.root / diagnostic.path
        )

    def comments(self, path: str) -> Suppressions:
        """What the comments of a file silence."""
        if path not in self._comments:
            from fastapi_lint.source import suppressions  # noqa: PLC0415 - not for an answer that is known

            self._comments[path] = suppressions.parse(self.files[path].text)
        return self._comments[path]

    def silencing(self, diagnostic: Diagnostic) -> list[Suppression]:
        """The comments of its file that silence a diagnostic."""
        from fastapi_lint.rules.comments import lines_about  # noqa: PLC0415 - needs the facts' model

        facts = self.files[diagnostic.path].facts
        if facts is None or not self._may_silence(diagnostic.path):
            return []
        comments = self.comments(diagnostic.path)
        lines = lines_about(diagnostic.span, facts.body)
        return list(comments.matching(diagnostic.code, diagnostic.name, lines))

    def _may_silence(self, path: str) -> bool:
        known = self._silencing.get(path)
        if known is None:
            from fastapi_lint.source import suppressions  # noqa: PLC0415 - not for an answer that is known

            known = self._silencing[path] = suppressions.may_silence(self.files[path].text)
        return known


def _target_version(root: Path, package: str) -> tuple[int, ...] | None:
    from fastapi_lint.source import requirements  # noqa: PLC0415 - not for an answer that is known

    return requirements.target_version(root, package)


def open_project(root: Path) -> Project:
    """Know the project at `root`, to be asked about single files. Raises ConfigurationError."""
    selection = Selection(configuration.load(root, catalogue.names(), catalogue.options))
    entries_of(selection.config)  # what is wrong with a baseline is said now, and not for every file
    return _project(selection, {}, Caching(), Watch(None))


def read_projects(request: Request, watch: Watch) -> Iterator[tuple[Project, set[str]]]:
    """Find every project that is asked about, with the files of it to report on."""
    for selection in selections(request):
        if selection.asked:
            text = request.stdin[1] if request.stdin is not None else None
            given = {selection.config.relative(file): text for file in selection.chosen if text is not None}
            yield _project(selection, given, request.caching, watch), selection.asked


def selections(request: Request) -> list[Selection]:
    """Find what is asked about, by project, and the projects' configurations. Raises ConfigurationError."""
    load = functools.partial(_configuration, request=request)
    return select(starts_of(request), load, force_exclude=request.force_exclude)


def starts_of(request: Request) -> list[Path]:
    """Give the places that are asked about, absolute."""
    directory = request.working_directory
    if request.stdin is not None:
        return [directory / request.stdin[0]]
    starts = [directory / path for path in request.paths] or [configuration.find_root(directory)]
    return [Path(os.path.abspath(start)) for start in starts]  # noqa: PTH100 - `resolve` would follow links


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
    if request.no_baseline:
        config = msgspec.structs.replace(config, baseline=None)
    elif request.baseline is not None:
        file = Path(os.path.abspath(request.working_directory / request.baseline))  # noqa: PTH100 - as below
        config = msgspec.structs.replace(config, baseline=file)
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


def _project(
    selection: Selection, given: Mapping[str, str | bytes], caching: Caching | None, watch: Watch
) -> Project:
    """The whole project, whatever of it is asked about."""
    config = selection.config
    place = None
    if caching is not None:
        place = Place(directory_for(config.root, caching.directory), watch.warn)
        place.make()  # before files are found: the directory is one of those that these are found in
    paths = {config.relative(file): file for file in sorted(selection.chosen | selection.whole_project())}
    unreadable = {config.relative(problem.path): problem for problem in selection.unreadable}
    return Project(config, Sources(paths, given, unreadable, place, watch))

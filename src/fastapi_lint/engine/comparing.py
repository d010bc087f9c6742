"""What is new against a revision of git: both states are linted, and what both have is left out.

So what a change in one file breaks in another is seen, and what has only moved is not. The present
configuration holds for both states.
"""

from __future__ import annotations

import functools
import os
import warnings
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.engine.cache.answers import Answers
from fastapi_lint.engine.cache.states import digest_of
from fastapi_lint.engine.checking import answer_about
from fastapi_lint.engine.file_facts import read_file
from fastapi_lint.engine.knowing import Sifted, line_in, sift
from fastapi_lint.engine.limits import READING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.linting import check_project
from fastapi_lint.fingerprints import marks
from fastapi_lint.recognising import recognise
from fastapi_lint.source import reading
from fastapi_lint.source.discovery import would_find
from fastapi_lint.source.revisions import tree_at
from fastapi_lint.source.selection import root_below

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from fastapi_lint.engine.cache.answers import Answer
    from fastapi_lint.engine.file_facts import File
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Watch


def since(
    revision: str, project: Project, asked: Collection[str], watch: Watch
) -> tuple[Answer, Sifted, int]:
    """Lint a project and give what is said about the files that are asked for, of that what is new.

    Says also how many diagnostics about these are old. What the baseline knows is neither. Raises
    ConfigurationError where git can't tell.
    """
    # All of it, because what is new here may have been in a file that nobody asks about.
    whole = {*project.sources.names, *asked}
    everything = answer_about(project, whole, watch)
    sifted = sift(project, whole, everything)
    known = [diagnostic for diagnostic in sifted.known if diagnostic.path in asked]
    with watch.phase("reading the revision"):
        then = _Then(revision, project)
    if then.digests == project.sources.digests:
        older = sum(diagnostic.path in asked for diagnostic in sifted.new)
        return everything.about(asked), Sifted([], known, sifted.missed), older
    answers = Answers(then, project.config)
    answer = answers.get(then.digests.keys())
    if answer is None:
        answer = check_project(project.holding(then.files()), then.digests.keys(), watch)
        if not answer.failures:
            answers.add(answer, then.digests.keys())
    names = frozenset(project.sources.names)
    result = recognise(
        marks(answer.diagnostics, line_in(then.text), answer.secrets),
        marks(sifted.new, line_in(project.text), everything.secrets),
        is_seen=lambda _path: True,
        is_gone=lambda path: path not in names,
    )
    new = [sifted.new[index] for index in result.new if sifted.new[index].path in asked]
    failures = [*everything.failures, *(f"at {revision}: {failure}" for failure in answer.failures)]
    report = msgspec.structs.replace(everything.about(asked), failures=failures)
    older = sum(sifted.new[index].path in asked for index in result.old)
    return report, Sifted(new, known, sifted.missed), older


class _Then:
    """The files that a project would have had at a revision.

    What this repository doesn't keep, such as files of submodules and behind links that lead out of the
    project, counts as unchanged.
    """

    is_given = False

    def __init__(self, revision: str, project: Project) -> None:
        self.place = project.sources.place
        self._project = project
        root = project.config.root
        present = project.sources.digests
        tree = tree_at(root, revision)
        root_of = functools.cache(functools.partial(root_below, root))
        found = would_find(project.config, [root / path for path in tree.paths])
        paths = {
            path
            for path in tree.paths
            if path in present or (root / path in found and root_of((root / path).parent) == root)
        }
        self._contents = tree.contents(sorted(paths))
        elsewhere = functools.cache(functools.partial(_is_elsewhere, root))
        self.digests = {path: digest_of(data) for path, data in self._contents.items()}
        for path, digest in present.items():
            if path not in self.digests and (
                path in paths or tree.is_apart(path) or elsewhere((root / path).parent)
            ):
                self.digests[path] = digest

    @property
    def names(self) -> list[str]:
        """The paths of all files, and a mark: what is kept of them takes the place of nothing about now."""
        return ["\0then", *sorted(self.digests)]

    def text(self, path: str) -> str | None:
        """The text that a file had."""
        data = self._contents.get(path)
        if data is None:
            return self._project.text(path)
        source = reading.decode(self._project.config.root / path, data)
        return source.text if isinstance(source, reading.Source) else None

    def files(self) -> dict[str, File]:
        """What each file said."""
        root = self._project.config.root
        present = self._project.files
        files = {path: present[path] for path in self.digests if path not in self._contents}
        with warnings.catch_warnings(), deep_recursion(READING_DEPTH), no_collection():
            warnings.simplefilter("ignore")  # of the code that is read, not of this one
            for path, data in self._contents.items():
                now = present.get(path)
                if now is not None and now.problem is None and now.text == self.text(path):
                    files[path] = now
                else:
                    files[path] = read_file(root / path, path, data)
        return files


def _is_elsewhere(root: Path, directory: Path) -> bool:
    """Whether a directory below a root belongs to another repository than the root."""
    while directory != root and directory.is_relative_to(root):
        if os.path.lexists(directory / ".git"):
            return True
        directory = directory.parent
    return False

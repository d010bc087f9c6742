"""What a directory held at a revision of git, read from git's objects: nothing is checked out or written."""

from __future__ import annotations

import os
import posixpath
import subprocess
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.config import ConfigurationError
from fastapi_lint.config.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_LINK, _SUBMODULE = "120000", "160000"
_LONGEST_CHAIN: Final = 40
"""Links that lead to links; Linux follows no more either."""
_OF_HOOKS: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells its hooks, which is relative to where they were started."""


class _Entry(NamedTuple):
    mode: str
    name: str
    """Of the object."""


class Tree:
    """The files of a directory at a revision, by their paths relative to that directory, with `/`."""

    def __init__(self, directory: Path, entries: Mapping[str, _Entry]) -> None:
        self._directory = directory
        self._entries = entries
        self._apart = tuple(
            f"{path}/" for path, entry in entries.items() if entry.mode in {_LINK, _SUBMODULE}
        )

    @property
    def paths(self) -> list[str]:
        """All files, and links whatever they lead to."""
        return [path for path, entry in self._entries.items() if entry.mode != _SUBMODULE]

    def is_apart(self, path: str) -> bool:
        """Whether a path isn't for this tree to know: it lies in a submodule or behind a link."""
        return path.startswith(self._apart)

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Read files. Those behind links that lead out of the directory are left out."""
        wanted = list(paths)
        links = sorted({path for path, entry in self._entries.items() if entry.mode == _LINK})
        targets = dict(zip(links, self._read(links), strict=True)) if links else {}
        real = {path: self._followed(path, targets) for path in wanted}
        known = sorted({path for path in real.values() if path is not None})
        found = dict(zip(known, self._read(known), strict=True))
        return {path: found[target] for path, target in real.items() if target is not None}

    def _followed(self, path: str, targets: Mapping[str, bytes]) -> str | None:
        for _ in range(_LONGEST_CHAIN):
            entry = self._entries.get(path)
            if entry is None or entry.mode == _SUBMODULE:
                return None
            if entry.mode != _LINK:
                return path
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(targets[path])))
        return None

    def _read(self, paths: Sequence[str]) -> list[bytes]:
        names = [self._entries[path].name for path in paths]
        output = _git(
            self._directory, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()
        )
        contents = []
        for name in names:
            header, _, output = output.partition(b"\n")
            size = header.rpartition(b" ")[2]
            if not size.isdigit():
                raise ConfigurationError(f"git has no object {name}: fetch it first")
            contents.append(output[: int(size)])
            output = output[int(size) + 1 :]
        return contents


def tree_at(directory: Path, revision: str) -> Tree:
    """Give what a directory held at a revision; nothing, if it wasn't there.

    `revision` is anything that names a commit, or `A...`: where the history of A and of what is checked out
    parted. Raises ConfigurationError where that can't be told: no git, no repository, no such revision.
    """
    commit = _commit(directory, revision)
    entries = {}
    for line in _git(directory, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if line:
            description, _, path = line.partition(b"\t")
            mode, _kind, name = description.decode("ascii").split(" ")
            entries[os.fsdecode(path)] = _Entry(mode, name)
    return Tree(directory, entries)


def _commit(directory: Path, revision: str) -> str:
    """The name of the commit that is meant."""
    if _ask(directory, "rev-parse", "--is-inside-work-tree") != "true":
        # Says why in git's own words: no repository, or one that belongs to somebody else.
        _git(directory, "rev-parse", "--show-toplevel")
        raise ConfigurationError(f"{directory} is not in a work tree of git")
    first, dots, second = revision.partition("...")
    if not dots and ".." in revision:
        first = revision.partition("..")[0]
        raise ConfigurationError(
            f"`{revision}` is a range, and what is new is told of the files as they are: "
            f"did you mean `{first}...`?"
        )
    if second not in {"", "HEAD"}:
        raise ConfigurationError(
            f"`{revision}` ends in `{second}`, and what is new is told of the files as they are: "
            f"did you mean `{first}...`?"
        )
    commit = _ask(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{first}^{{commit}}")
    if not commit:
        raise ConfigurationError(_missing(directory, first))
    if not dots:
        return commit
    base = _ask(directory, "merge-base", commit, "HEAD")
    if not base:
        reason = f"`{first}` and what is checked out have no commit in common"
        raise ConfigurationError(f"{reason}{_shallow(directory)}")
    return base


def _missing(directory: Path, revision: str) -> str:
    if os.path.lexists(revision):
        return f"git knows no revision `{revision}`, but there is such a file: put paths before `--diff`"
    names = (_ask(directory, "for-each-ref", "--format=%(refname:short)") or "").splitlines()
    remote = [name for name in names if name.endswith(f"/{revision}")]
    meant = f": did you mean `{remote[0]}`?" if remote else suggestion(revision, names)
    return f"git knows no revision `{revision}`{meant or _shallow(directory)}"


def _shallow(directory: Path) -> str:
    if _ask(directory, "rev-parse", "--is-shallow-repository") != "true":
        return ""
    return ": this clone is shallow: fetch more of the history (`fetch-depth: 0` in GitHub Actions)"


def _ask(directory: Path, *arguments: str) -> str | None:
    """The line that git answers; None where it fails."""
    done = _run(directory, arguments)
    return os.fsdecode(done.stdout).strip() if done.returncode == 0 else None


def _git(directory: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git writes. Raises ConfigurationError where it fails."""
    done = _run(directory, arguments, given)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        said = lines[0].removeprefix("fatal: ") if lines else f"it left with {done.returncode}"
        raise ConfigurationError(f"git can't be asked about {directory}: {said}")
    return done.stdout


def _run(directory: Path, arguments: Iterable[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    surroundings = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    # Without locks git refreshes nothing on the side.
    surroundings |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 - git, with a revision that is said to be one
            ["git", *arguments],  # noqa: S607 - whichever git the user has
            cwd=directory,
            input=given,
            capture_output=True,
            check=False,
            env=surroundings,
        )
    except FileNotFoundError:
        raise ConfigurationError("git is not installed: without it nobody knows what is new") from None
    except OSError as error:
        raise ConfigurationError(f"git can't be run: {error}") from error

"""Which FastAPI a project runs on: what a lock file pins, or the newest that its requirements allow.

Read in this order, the first that names the package decides: uv.lock, poetry.lock, pdm.lock, Pipfile.lock;
pyproject.toml (PEP 621, dependency groups, Poetry); requirements*.txt. Nothing is installed or asked for
over the network.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from fastapi_lint.source.manifests import LOCK_FILES, PIPFILE, PROJECT, requirements_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RELEASES = tuple(f"0.{minor}.{patch}" for minor in range(165, 59, -1) for patch in range(20, -1, -1))
"""The versions that a requirement is held against, newest first. Some were never released, which does no
harm: rules ask only whether a version is before or after another."""
PYDANTIC_RELEASES = tuple(
    f"{major}.{minor}.0" for major, last in ((2, 13), (1, 10)) for minor in range(last, -1, -1)
)


def target_version(root: Path, package: str) -> tuple[int, ...] | None:
    """The version of `fastapi` or `pydantic` that the project in `root` is written for; None if unsaid.

    A file that can't be read or parsed says nothing.
    """
    locked = _locked(root, package)
    if locked is not None:
        return locked
    specifiers = [specifier for name, specifier in _requirements(root) if name == package]
    if not specifiers:
        return None
    releases = RELEASES if package == "fastapi" else PYDANTIC_RELEASES
    for specifier in specifiers:
        pinned = _pinned(specifier)
        if pinned is not None:
            return pinned
    allowed = next(
        (release for release in releases if all(item.contains(release) for item in specifiers)), None
    )
    return None if allowed is None or allowed == releases[0] else Version(allowed).release


def allows(specifier: str, version: tuple[int, ...] | None) -> bool:
    """Whether a specifier (`>=0.106,<0.118`) allows a version; None stands for the newest there is."""
    newest = (10**6,)
    return SpecifierSet(specifier).contains(".".join(map(str, version or newest)))


def _pinned(specifier: SpecifierSet) -> tuple[int, ...] | None:
    for part in specifier:
        if part.operator in {"==", "==="} and not part.version.endswith(".*"):
            return Version(part.version).release
    return None


def _locked(root: Path, package: str) -> tuple[int, ...] | None:
    for name in LOCK_FILES:
        for entry in _list(_toml(root / name).get("package")):
            if isinstance(entry, dict) and canonicalize_name(str(entry.get("name", ""))) == package:
                return _release(entry.get("version"))
    pipfile = _json(root / PIPFILE)
    for section in ("default", "develop"):
        entry = _dict(_dict(pipfile.get(section)).get(package))
        if entry:
            return _release(str(entry.get("version", "")).removeprefix("=="))
    return None


def _release(version: object) -> tuple[int, ...] | None:
    try:
        return Version(str(version)).release
    except InvalidVersion:
        return None


def _requirements(root: Path) -> Iterator[tuple[str, SpecifierSet]]:
    """Names and version specifiers of what a project requires."""
    document = _toml(root / PROJECT)
    project = _dict(document.get("project"))
    groups = [project.get("dependencies"), *_dict(project.get("optional-dependencies")).values()]
    groups += _dict(document.get("dependency-groups")).values()
    for group in groups:
        yield from _parsed(item for item in _list(group) if isinstance(item, str))
    poetry = _dict(_dict(document.get("tool")).get("poetry"))
    for name, wanted in _dict(poetry.get("dependencies")).items():
        version = wanted.get("version") if isinstance(wanted, dict) else wanted
        specifier = _poetry_specifier(str(version)) if version is not None else None
        if specifier is not None:
            yield canonicalize_name(name), specifier
    for path in requirements_files(root):
        yield from _parsed(_text(path).splitlines())


def _parsed(lines: Iterable[str]) -> Iterator[tuple[str, SpecifierSet]]:
    for line in lines:
        text = re.sub(r"(?:^|\s)#.*|\s--?\w.*", "", line).strip().rstrip("\\").strip()
        if not text or text.startswith("-"):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        yield canonicalize_name(requirement.name), requirement.specifier


_PARTS = re.compile(r"(?P<operator>[~^])\s*(?P<version>\d+(?:\.\d+)*)$")


def _poetry_specifier(text: str) -> SpecifierSet | None:
    """What Poetry's `^0.88`, `~0.88`, `0.88.*`, `>=0.88,<1` and `0.88.0` mean."""
    if text == "*":
        return SpecifierSet()
    found = _PARTS.match(text.strip())
    if found:
        numbers = [int(number) for number in found["version"].split(".")]
        if found["operator"] == "~":
            fixed = min(2, len(numbers))
        else:  # a caret fixes everything up to the first number that isn't zero
            fixed = next((index + 1 for index, number in enumerate(numbers) if number), len(numbers))
        upper = [*numbers[: fixed - 1], numbers[fixed - 1] + 1]
        text = f">={found['version']},<{'.'.join(map(str, upper))}"
    elif text[:1].isdigit():
        text = f"=={text}"
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError:
        return {}


def _json(path: Path) -> dict[str, Any]:
    try:
        return _dict(json.loads(_text(path) or "{}"))
    except ValueError:
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []

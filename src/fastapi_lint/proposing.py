"""What `init` proposes: the least that a project needs to be linted, as new texts of its files.

What is there already is added to, never replaced, and what a project has it isn't given again. Every text
that is proposed is parsed before it is shown: where it wouldn't say what it should, it isn't proposed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fastapi_lint import __version__
from fastapi_lint.config import OWN_FILE, PROJECT_FILE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

_HOOKS: Final = ".pre-commit-config.yaml"
_RUFF: Final = ("ruff.toml", ".ruff.toml")
_FLAKE8: Final = (".flake8", "setup.cfg", "tox.ini")
_NAME: Final = "fastapi-lint"
_CODES: Final = "FAL"
_HOOK: Final = f"""\
- repo: local
  hooks:
    - id: fastapi-lint
      name: fastapi-lint
      entry: fastapi-lint check --force-exclude
      language: python
      additional_dependencies: ["fastapi-lint=={__version__}"]
      types_or: [python]
      require_serial: true
"""


@dataclass(frozen=True)
class Proposed:
    """A new text of a file; `before` is empty where there is none yet."""

    file: Path
    before: str
    after: str


@dataclass
class Proposal:
    """What a project could be given, and what only its people can decide, a sentence each."""

    files: list[Proposed] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def propose(root: Path) -> Proposal:
    """Look at the project in a directory. Raises OSError and UnicodeDecodeError."""
    proposal = Proposal()
    project = _text(root / PROJECT_FILE)
    after = project
    if not (root / OWN_FILE).exists() and _NAME not in _parsed(project).get("tool", {}):
        if project or (root / PROJECT_FILE).exists():
            after = _appended(project, _settings(root, "tool.fastapi-lint"))
        else:
            proposal.files.append(Proposed(root / OWN_FILE, "", _settings(root, "")))
    if "ruff" in _parsed(project).get("tool", {}):
        after = _with_external(after, ("tool", "ruff", "lint"), PROJECT_FILE, proposal)
    if after != project:
        proposal.files.append(Proposed(root / PROJECT_FILE, project, after))
    for name in _RUFF:
        before = _text(root / name)
        if before:
            with_codes = _with_external(before, ("lint",), name, proposal)
            if with_codes != before:
                proposal.files.append(Proposed(root / name, before, with_codes))
    _propose_hook(root, proposal)
    for name in _FLAKE8:
        if re.search(r"^\[flake8\]", _text(root / name), re.MULTILINE):
            proposal.remarks.append(
                f"{name} configures flake8, which reports the same where both are installed together; "
                "its `select` and `ignore` go by beginnings, and `F` is one of `FAL`"
            )
    return proposal


def _settings(root: Path, table: str) -> str:
    """The table of settings, for a file in which it is called like this."""
    lines = [f"[{table}]"] if table else []
    lines.append('level = "default" # "strict" and "pedantic" report more')
    if _has_packages(root / "src"):
        lines.append('src = ["src"]')
    if (root / "tests").is_dir():
        inner = f"{table}.per-file-ignores".lstrip(".")
        lines += [
            "",
            f"[{inner}]",
            '"tests/" = ["FAL3"] # invented secrets, and routes that anybody may call',
        ]
    return "".join(f"{line}\n" for line in lines)


def _has_packages(directory: Path) -> bool:
    return not (directory / "__init__.py").exists() and any(directory.glob("*/__init__.py"))


def _with_external(text: str, table: tuple[str, ...], name: str, proposal: Proposal) -> str:
    """Tell ruff that these codes are somebody's, lest its fixes remove the comments that name them."""
    settings = _at(_parsed(text), table)
    known = settings.get("external", [])
    if any(_CODES.startswith(str(code)) for code in known):
        return text
    header = re.compile(rf"^\[{re.escape('.'.join(table))}\][^\n]*\n", re.MULTILINE)
    line_end = "\r\n" if "\r\n" in text else "\n"
    if known:
        after = re.sub(r"^(external\s*=\s*\[)", rf'\g<1>"{_CODES}", ', text, count=1, flags=re.MULTILINE)
    elif header.search(text):
        after = header.sub(lambda found: f'{found[0]}external = ["{_CODES}"]{line_end}', text, count=1)
    else:
        after = _appended(text, f'[{".".join(table)}]\nexternal = ["{_CODES}"]\n')
    if _is_valid(after) and _at(_parsed(after), table) == {**settings, "external": [_CODES, *known]}:
        return after
    proposal.remarks.append(
        f"ruff takes these codes for unknown ones: add `{_CODES}` to `external` in {name}"
    )
    return text


def _propose_hook(root: Path, proposal: Proposal) -> None:
    """Add a hook to what pre-commit runs; in a repository, whether or not it uses pre-commit yet."""
    top = next((place for place in (root, *root.parents) if (place / ".git").exists()), None)
    if top is None:
        return
    before = _text(top / _HOOKS)
    if _NAME in before:
        return
    if not before:
        proposal.files.append(Proposed(top / _HOOKS, "", f"repos:\n{_indented(_HOOK, 2)}"))
        return
    lines = before.splitlines(keepends=True)
    start = next((index for index, line in enumerate(lines) if re.match(r"repos:\s*(#|$)", line)), None)
    entries = (
        []
        if start is None
        else [
            (index, len(entry[1]))
            for index, line in enumerate(lines)
            if index > start and (entry := re.match(r"( *)- repo:", line))
        ]
    )
    if start is None or not entries:
        proposal.remarks.append(
            f"{_HOOKS} isn't written as expected: add a hook that runs `fastapi-lint check`"
        )
        return
    keys = (
        index for index, line in enumerate(lines) if index > entries[-1][0] and re.match(r"[A-Za-z_]", line)
    )
    end = next(keys, len(lines))
    while not lines[end - 1].strip():
        end -= 1
    line_end = "\r\n" if "\r\n" in before else "\n"
    head = "".join(lines[:end])
    head = head if head.endswith("\n") else head + line_end
    hook = _indented(_HOOK, entries[0][1]).replace("\n", line_end)
    proposal.files.append(Proposed(top / _HOOKS, before, head + hook + "".join(lines[end:])))


def _indented(text: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}" for line in text.splitlines(keepends=True))


def _appended(text: str, more: str) -> str:
    """Put a table behind what a file holds, with one empty line between."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    before = text.rstrip()
    return (f"{before}{line_end * 2}" if before else "") + more.replace("\n", line_end)


def _at(document: dict[str, Any], table: tuple[str, ...]) -> dict[str, Any]:
    for name in table:
        document = document.get(name, {})
    return document


def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _is_valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _text(file: Path) -> str:
    """What a file holds, with its line ends; nothing where there is none."""
    return file.read_bytes().decode("utf-8") if file.is_file() else ""

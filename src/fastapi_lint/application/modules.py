"""Which file an import means: module names, source roots, packages with and without `__init__.py`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.facts.model import ModuleFacts


FRAMEWORKS = frozenset({"fastapi", "starlette", "pydantic", "pydantic_core", "sqlalchemy", "sqlmodel"})
"""Packages whose meaning is built in: their own source isn't followed even where it is the project."""


@dataclass(eq=False, slots=True)
class Module:
    """A file of the project under the dotted name that its package gives it."""

    name: str
    path: str
    facts: ModuleFacts = field(repr=False)
    package: str
    """The directory that relative imports start from."""
    base: str
    """The directory that the dotted name counts from."""
    roles: frozenset[str] = field(default=frozenset())


class Modules:
    """The files of a project, found by path and by what an import statement says."""

    def __init__(self, facts: Iterable[ModuleFacts], source_roots: Iterable[str] = ()) -> None:
        ordered = sorted(facts, key=lambda item: item.path)
        paths = {item.path for item in ordered}
        self._directories = {""} | {
            "/".join(parts[:length])
            for path in paths
            for parts in [path.split("/")]
            for length in range(1, len(parts))
        }
        self.by_path: dict[str, Module] = {}
        for item in ordered:
            directory, _, file = item.path.rpartition("/")
            base = directory
            while base and f"{base}/__init__.py" in paths:
                base = base.rpartition("/")[0]
            stem = file.removesuffix(".py")
            below = directory[len(base) :].strip("/").replace("/", ".")
            parts = [part for part in (below, "" if stem == "__init__" else stem) if part]
            self.by_path[item.path] = Module(".".join(parts) or stem, item.path, item, directory, base)
        self._roots = [*(root.strip("/").removeprefix("./") for root in source_roots), "src", ""]
        self._bases_of: dict[str, list[str]] = {}
        for module in self.by_path.values():
            top = module.name.partition(".")[0]
            bases = self._bases_of.setdefault(top, [])
            if module.base not in bases:
                bases.append(module.base)
        self._found: dict[tuple[str, str], str | None] = {}

    def find(self, importer: Module, dotted: str) -> str | None:
        """The path of the file or of the namespace package that `import dotted` means in this module."""
        key = (importer.base, dotted)
        if key not in self._found:
            self._found[key] = self._search(importer, dotted)
        return self._found[key]

    def _search(self, importer: Module, dotted: str) -> str | None:
        top = dotted.partition(".")[0]
        if top in FRAMEWORKS:
            return None
        if top in sys.stdlib_module_names and top not in {"test", "code", "this"}:
            return None
        directory = importer.base
        candidates = [directory]
        while directory:
            directory = directory.rpartition("/")[0]
            candidates.append(directory)
        others = self._bases_of.get(top, [])
        candidates += self._roots
        if len(others) == 1:
            candidates += others
        relative = dotted.replace(".", "/")
        for base in dict.fromkeys(candidates):
            found = self.at(f"{base}/{relative}" if base else relative)
            if found is not None:
                return found
        return None

    def find_relative(self, importer: Module, level: int, dotted: str) -> str | None:
        """The path that `from ..dotted import` means: `level` dots up from the module's package."""
        directory = importer.package
        for _ in range(level - 1):
            directory = directory.rpartition("/")[0]
        relative = dotted.replace(".", "/")
        return self.at("/".join(part for part in (directory, relative) if part))

    def below(self, directory: str) -> list[tuple[str, bool]]:
        """The names of the modules in a directory, and whether each is a package; as `pkgutil` sees them."""
        prefix = f"{directory}/" if directory else ""
        inside = [path[len(prefix) :].split("/") for path in self.by_path if path.startswith(prefix)]
        packages = {first for first, *rest in inside if rest == ["__init__.py"]}
        modules = {first.removesuffix(".py") for first, *rest in inside if not rest} - {"__init__"}
        return sorted([(name, True) for name in packages] + [(name, False) for name in modules - packages])

    def at(self, stem: str) -> str | None:
        """The module file or directory behind a path without `.py`."""
        for path in (f"{stem}/__init__.py" if stem else "__init__.py", f"{stem}.py"):
            if path in self.by_path:
                return path
        return stem if stem in self._directories else None

"""The phases in order: find files, read facts, link, run rules, drop what comments silence, sort.

Whatever is asked about, the whole project around it is linked; the paths of a request select what is
reported. Files of several projects, each under its own pyproject.toml, can be asked about at once. A file
that can't be read is a diagnostic, a rule that fails is a line in `Outcome.failures`, and neither takes the
other files' and rules' answers away.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from fastapi_lint import config as configuration
from fastapi_lint.application import link
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.listing import (
    ListedRoute,
    RouteRow,
    listed,
    row_of,
)
from fastapi_lint.application.wiring.listing import (
    Selection as RouteSelection,
)
from fastapi_lint.application.wiring.outline import Node, outline
from fastapi_lint.application.wiring.unresolved import Unresolved
from fastapi_lint.diagnostics import Diagnostic, Severity, Span
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.rules import catalogue
from fastapi_lint.rules.base import ApplicationRule, RouteVisitor
from fastapi_lint.rules.comments import lines_about
from fastapi_lint.rules.driving import Drive
from fastapi_lint.source import reading, requirements, suppressions
from fastapi_lint.source.discovery import discover
from fastapi_lint.source.roles import roles
from fastapi_lint.source.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from fastapi_lint.application import Application, Function
    from fastapi_lint.config import Config
    from fastapi_lint.facts.model import ModuleFacts
    from fastapi_lint.rules.base import Rule
    from fastapi_lint.source.suppressions import Suppressions

    Progress = Callable[[str, int, int], None]

__all__ = [
    "File",
    "ListedRoute",
    "Node",
    "Outcome",
    "Project",
    "Request",
    "RouteRow",
    "RouteSelection",
    "Unresolved",
    "check",
    "listed_routes",
    "open_project",
    "outlines",
    "read_file",
    "routes",
    "unresolved",
]

READING_DEPTH, LINKING_DEPTH = 2_500, 10_000
"""Limits of recursion: linking and walking take more frames for a level of nesting than reading does."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for. Paths may be relative to the working directory; none: the project it is in.

    Attributes:
        working_directory: What the paths of diagnostics are relative to.
        paths: Files and directories to report on.
        select: Rules to run instead of the configured ones: codes, beginnings of codes or names.
        ignore: Rules not to run.
        level: The level instead of the configured one.
        force_exclude: Whether exclusions hold for files that are named.
        stdin: A path and what stands there instead of the file's own text; only that file is reported on.
        progress: Told the phase, how much is done and how much there is, 0 where that isn't known.
    """

    working_directory: Path
    paths: tuple[Path, ...] = ()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    level: str | None = None
    force_exclude: bool = False
    stdin: tuple[str, str | bytes] | None = None
    progress: Progress | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found, sorted by path and place, and what was looked at.

    Attributes:
        diagnostics: What rules report and comments don't silence. Paths are relative to the working
        directory. files: How many files were reported on. lines: How many lines they have. routes: How many
        routes are registered or handled in them. suppressed: How many diagnostics comments silenced.
        failures: Faults of rules, a line each. timings: Seconds by phase.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    lines: int
    routes: int
    suppressed: int
    failures: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def source_line(self, path: str, line: int) -> str | None:
        """Give a line (from 1) of a file, by its path in diagnostics; None where there is none."""
        lines = _split(self.texts[path]) if path in self.texts else ()
        return lines[line - 1] if 0 < line <= len(lines) else None


def check(request: Request) -> Outcome:
    """Lint. Raises ConfigurationError where the configuration or the options can't be used."""
    watch = _Watch(request.progress)
    diagnostics: list[Diagnostic] = []
    failures: list[str] = []
    texts: dict[str, str] = {}
    files = lines = routes_ = suppressed = 0
    for project, asked in _projects(request, watch):
        report = project.check(asked, watch)
        show = functools.partial(_shown, root=project.config.root, directory=request.working_directory)
        diagnostics += (_moved(diagnostic, show) for diagnostic in report.diagnostics)
        failures += report.failures
        texts.update((show(path), file.text) for path, file in project.files.items())
        files += len(asked)
        lines += sum(project.files[path].text.count("\n") for path in asked)
        routes_ += sum(
            route.file in asked or route.decorator_file in asked for route in project.application.routes
        )
        suppressed += report.suppressed
    return Outcome(
        diagnostics=tuple(sorted(diagnostics, key=_order)),
        files=files,
        lines=lines,
        routes=routes_,
        suppressed=suppressed,
        failures=tuple(failures),
        timings=watch.timings,
        texts=texts,
    )


def routes(request: Request) -> tuple[RouteRow, ...]:
    """List the routes of the projects asked about. Raises ConfigurationError."""
    return tuple(
        row_of(route, show) for application, show in _applications(request) for route in application.routes
    )


def listed_routes(request: Request) -> tuple[ListedRoute, ...]:
    """List the same routes with what guards them and gives them sessions. Raises ConfigurationError."""
    return tuple(
        listed(route, application.guards, show)
        for application, show in _applications(request)
        for route in application.routes
    )


def outlines(request: Request) -> tuple[Node, ...]:
    """Give the trees of applications and routers of the projects asked about. Raises ConfigurationError."""
    return tuple(node for application, _ in _applications(request) for node in outline(application))


def unresolved(request: Request) -> tuple[Unresolved, ...]:
    """List what the projects asked about leave open. Raises ConfigurationError."""
    return tuple(
        msgspec.structs.replace(item, file=show(item.file))
        for application, show in _applications(request)
        for item in application.unresolved()
    )


def _applications(request: Request) -> Iterator[tuple[Application, Callable[[str], str]]]:
    """The applications of the projects asked about, each with how to show paths of its project."""
    for project, _ in _projects(request, _Watch(request.progress)):
        with _deep_recursion(LINKING_DEPTH), _no_collection():
            show = functools.partial(_shown, root=project.config.root, directory=request.working_directory)
            yield project.application, show


def open_project(root: Path) -> Project:
    """Read the project at `root`, to be asked about single files. Raises ConfigurationError."""
    return _read_project(
        Selection(configuration.load(root, catalogue.names(), catalogue.options)), None, _Watch(None)
    )


class File(msgspec.Struct, frozen=True):
    """What is known of one file by itself: its text and what that says, or why it says nothing."""

    text: str
    facts: ModuleFacts | None
    problem: reading.Unreadable | None = None


@dataclass(frozen=True)
class Report:
    """What is wrong in one project; paths are relative to its root."""

    diagnostics: list[Diagnostic]
    suppressed: int
    failures: list[str]


class Project:
    """One project: its files' facts, linked when first asked. Paths are relative to its root, with `/`."""

    def __init__(self, config: Config, files: dict[str, File]) -> None:
        self.config = config
        self.files = files
        self._comments: dict[str, Suppressions] = {}

    @functools.cached_property
    def application(self) -> Application:
        """What FastAPI would make of the files."""
        with _deep_recursion(LINKING_DEPTH), _no_collection():
            return link(
                [file.facts for file in self.files.values() if file.facts is not None],
                source_roots=tuple(self.config.relative(directory) for directory in self.config.src),
                target_fastapi=self.fastapi,
                roles=roles,
                settings=self.config.settings,
            )

    def check_file(self, path: Path, text: str) -> tuple[Diagnostic, ...]:
        """Lint one file as if it held `text`. Paths of the diagnostics are relative to the project's root.

        A file that the configuration excludes has no diagnostics.
        """
        file = Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links out of the project
        if not discover(self.config, (file,), force_exclude=True).files:
            return ()
        relative = self.config.relative(file)
        known = self.files.get(relative)
        project = self
        if known is None or known.text != text:
            project = Project(self.config, {**self.files, relative: read_file(file, relative, text)})
        return tuple(sorted(project.check({relative}, _Watch(None)).diagnostics, key=_order))

    def check(self, asked: Collection[str], watch: _Watch) -> Report:
        """Run the rules and report on some of the files."""
        with watch.phase("linking"):
            application = self.application
        failures: list[str] = []
        found: dict[Diagnostic, None] = {}  # what rules see twice, through nested functions, is said once
        for path in asked:
            problem = self.files[path].problem
            if problem is not None and self._names_unreadable:
                found[_unreadable(path, problem)] = None
        with watch.phase("checking"), _deep_recursion(LINKING_DEPTH), _no_collection():
            self._run_rules(application, asked, found, failures, watch)
        heard = [diagnostic for diagnostic in found if self._is_heard(diagnostic, asked)]
        spoken = [diagnostic for diagnostic in heard if not self._is_silenced(diagnostic)]
        return Report(spoken, len(heard) - len(spoken), failures)

    def _run_rules(
        self,
        application: Application,
        asked: Collection[str],
        found: dict[Diagnostic, None],
        failures: list[str],
        watch: _Watch,
    ) -> None:
        def emit(diagnostic: Diagnostic) -> None:
            found[diagnostic] = None

        visitors: list[Any] = []
        for rule in self._rules():
            if issubclass(rule, ApplicationRule):
                attempt = _Attempt(failures, "the application")
                attempt(rule, lambda kind: kind(application, emit).check(), rule)
            else:
                visitors.append(rule)
        # A handler can be registered from another file, which is where its diagnostics stand.
        handlers = (
            {route.file for route in application.routes if route.decorator_file in asked}
            if visitors
            else set()
        )
        paths = sorted(path for path in handlers.union(asked) if path in self.files) if visitors else []
        needs_functions = any(issubclass(rule, RouteVisitor) for rule in visitors)
        kinds = _kinds(application, paths) if needs_functions else {}
        for done, path in enumerate(paths):
            watch.progress("checking", done, len(paths))
            module = application.module(path)
            if module is None:
                continue
            attempt = _Attempt(failures, f"file {path}")
            drive = Drive(visitors, application, module, self.files[path].text, kinds.get(path, {}), attempt)
            problem = None if drive.is_idle else attempt.drive(drive, emit)
            if problem is not None and self._names_unreadable:
                found[_unreadable(path, problem)] = None

    @property
    def _names_unreadable(self) -> bool:
        """Whoever selects a few rules still wants to know what they can't see, unless they say so."""
        return msgspec.structs.replace(self.config, select=None).enables("FAL000", "default")

    def _rules(self) -> Iterator[type[Rule]]:
        for info in catalogue.infos():
            if self.config.enables(info.code, cast("configuration.Level", info.level)):
                rule = catalogue.load(info.name)
                if rule is not None and self._is_for(rule):
                    yield rule

    def _is_for(self, rule: type[Rule]) -> bool:
        """Whether a rule holds for the versions that the project is written for."""
        wanted = ((rule.fastapi, self.fastapi), (rule.pydantic, self.pydantic))
        return all(requirements.allows(specifier, version) for specifier, version in wanted if specifier)

    @functools.cached_property
    def fastapi(self) -> tuple[int, ...] | None:
        """The FastAPI that the project is written for; None for the newest."""
        return self.config.target_fastapi or requirements.target_version(self.config.root, "fastapi")

    @functools.cached_property
    def pydantic(self) -> tuple[int, ...] | None:
        """The Pydantic that the project is written for; None for the newest."""
        return self.config.target_pydantic or requirements.target_version(self.config.root, "pydantic")

    def _is_heard(self, diagnostic: Diagnostic, asked: Collection[str]) -> bool:
        return diagnostic.path in asked and not self.config.ignores(
            diagnostic.code, self.config.root / diagnostic.path
        )

    def _is_silenced(self, diagnostic: Diagnostic) -> bool:
        path = diagnostic.path
        facts = self.files[path].facts
        if facts is None:
            return False
        if path not in self._comments:
            self._comments[path] = suppressions.parse(self.files[path].text)
        return self._comments[path].covers(
            diagnostic.code, diagnostic.name, lines_about(diagnostic.span, facts.body)
        )


def read_file(path: Path, relative: str, text: str | bytes | None = None) -> File:
    """Read one file into facts: everything that is done to a file alone, whatever the others say.

    `text` takes the place of what the file holds.
    """
    if isinstance(text, str):
        source: reading.Source | reading.Unreadable = reading.Source(path, text, "utf-8")
    else:
        source = reading.read(path) if text is None else reading.decode(path, text)
    if isinstance(source, reading.Unreadable):
        return File("", None, source)
    try:
        return File(source.text, read_facts(relative, source.text))
    except SyntaxError as error:
        reason = f"syntax error: {error.msg}" if error.msg else "syntax error"
        problem = reading.Unreadable(path, reason, error.lineno or 1, max(error.offset or 1, 1))
    except ValueError as error:  # null bytes and lone surrogates, which only text that no file holds can have
        problem = reading.Unreadable(path, f"can't be read: {error}")
    except (RecursionError, MemoryError):
        problem = reading.Unreadable(path, "is nested too deeply to be read")
    return File(source.text, None, problem)


class _Watch:
    """Tells a person how far it is, and keeps how long each phase took."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress: Progress = progress or (lambda _phase, _done, _total: None)
        self.timings: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        self.progress(name, 0, 0)
        yield
        self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - started


def _projects(request: Request, watch: _Watch) -> Iterator[tuple[Project, set[str]]]:
    """Read every project that is asked about, with the files of it to report on."""
    known = catalogue.names()

    def load(root: Path) -> Config:
        return configuration.load(root, known, catalogue.options).replace(
            known, level=request.level, select=request.select, ignore=request.ignore
        )

    directory = request.working_directory
    starts = [directory / path for path in request.paths] or [configuration.find_root(directory)]
    if request.stdin is not None:
        starts = [directory / request.stdin[0]]
    for selection in select(starts, load, force_exclude=request.force_exclude):
        if selection.asked:
            yield _read_project(selection, request.stdin, watch), selection.asked


def _read_project(selection: Selection, stdin: tuple[str, str | bytes] | None, watch: _Watch) -> Project:
    """Read the whole project, whatever of it is asked about."""
    config = selection.config
    with watch.phase("reading"), warnings.catch_warnings(), _deep_recursion(READING_DEPTH), _no_collection():
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


def _kinds(application: Application, paths: Iterable[str]) -> dict[str, dict[Function, str]]:
    """Say, by file, what functions that matter to routes are to them: handler, dependency or reached."""
    needed = {
        id(getattr(unwrapped(dependency.callable), "definition", None))
        for route in application.routes
        for dependency in route.all_dependencies()
    }

    def kind_of(function: Function) -> str:
        if application.routes_of(function):
            return "handler"
        return "dependency" if id(function.definition) in needed else "reached"

    return {path: {item: kind_of(item) for item in application.functions_in(path)} for path in paths}


class _Attempt:
    """Calls what rules define, in one place of the project; a rule that raises there becomes one line."""

    def __init__(self, failures: list[str], place: str) -> None:
        self._failures = failures
        self._place = place
        self._broken: set[str] = set()

    def __call__(self, rule: Any, method: Callable[[Any], bool | None], argument: Any) -> bool | None:
        """Call a method of a rule. One that has failed here isn't called again."""
        if rule.code in self._broken:
            return None
        try:
            return method(argument)
        except Exception as error:  # noqa: BLE001 - one rule's fault must not take the others' answers away
            self._broken.add(rule.code)
            self._failures.append(f"rule {rule.code} failed on {self._place}: {_in_words(error)}")
            return None

    def drive(self, drive: Drive, emit: Callable[[Diagnostic], None]) -> reading.Unreadable | None:
        """Drive visitors over a module. Where LibCST doesn't read what Python does, give the reason."""
        from libcst import ParserSyntaxError  # noqa: PLC0415 - not imported where there is nothing to see

        try:
            drive.over(emit)
        except ParserSyntaxError as error:
            message = f"LibCST can't read it: {error.message}"
            return reading.Unreadable(Path(), message, error.raw_line, error.raw_column + 1)
        except Exception as error:  # noqa: BLE001 - nor one file's those on the other files
            self._failures.append(f"rules failed on {self._place}: {_in_words(error)}")
        return None


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _unreadable(path: str, problem: reading.Unreadable) -> Diagnostic:
    span = Span(problem.line, problem.column, problem.line, problem.column + 1)
    help_ = "mend the file, or exclude it from what is linted"
    return Diagnostic("FAL000", catalogue.UNREADABLE, Severity.ERROR, problem.message, help_, path, span)


def _order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    return diagnostic.path, diagnostic.span, diagnostic.code, diagnostic.message


def _shown(path: str, *, root: Path, directory: Path) -> str:
    """A path of a project as the user would name it: relative to the working directory if it lies below."""
    absolute = root / path
    try:
        return absolute.relative_to(directory).as_posix()
    except ValueError:
        return absolute.as_posix()


def _moved(diagnostic: Diagnostic, show: Callable[[str], str]) -> Diagnostic:
    fix = diagnostic.fix
    if fix is not None:
        edits = tuple(msgspec.structs.replace(edit, path=show(edit.path)) for edit in fix.edits)
        fix = msgspec.structs.replace(fix, edits=edits)
    notes = tuple(msgspec.structs.replace(note, path=show(note.path)) for note in diagnostic.notes)
    return msgspec.structs.replace(diagnostic, path=show(diagnostic.path), notes=notes, fix=fix)


@functools.lru_cache(maxsize=8)
def _split(text: str) -> list[str]:
    return reading.split_lines(text)


@contextmanager
def _deep_recursion(limit: int) -> Iterator[None]:
    """Let expressions be nested as deeply as Python's own parser lets them."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, usual))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from searching facts and trees, which stay, for cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

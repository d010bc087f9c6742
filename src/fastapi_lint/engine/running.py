"""Rules over a linked project. A rule that raises takes no other rule's or file's answers away."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.diagnostics import Diagnostic, Severity, Span
from fastapi_lint.engine.workers import share, workers_for
from fastapi_lint.rules import catalogue
from fastapi_lint.rules.base import ApplicationRule, RouteVisitor
from fastapi_lint.rules.driving import Drive
from fastapi_lint.source import reading, requirements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from fastapi_lint import config as configuration
    from fastapi_lint.application import Application, Function
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Watch
    from fastapi_lint.rules.base import Rule


class Run(NamedTuple):
    """What running rules gave.

    Diagnostics, in any order and of other files too, each with the files that were looked at when it was
    found, an empty text standing for the application; the codes of the rules that ran, or that the project's
    versions have no need of; a line for each fault of a rule; and the paths of files that not every rule
    could see.
    """

    origins: dict[Diagnostic, set[str]]
    ran: frozenset[str]
    failures: list[str]
    unseen: set[str]

    def add(self, diagnostic: Diagnostic, origin: str) -> None:
        """Take in a diagnostic that was found while a file was looked at."""
        self.origins.setdefault(diagnostic, set()).add(origin)

    @property
    def found(self) -> list[Diagnostic]:
        """The diagnostics."""
        return list(self.origins)


def run_rules(project: Project, asked: Collection[str], watch: Watch) -> Run:
    """Run the rules that the configuration enables, over what concerns the files that are asked about."""
    application = project.application
    run = Run({}, frozenset(), [], set())
    names_unreadable = _names_unreadable(project)
    for path in asked:
        problem = project.files[path].problem
        if problem is not None and names_unreadable:
            run.add(_unreadable(path, problem), "")
    enabled = list(_enabled(project))
    rules = [rule for rule in enabled if is_for(rule, project)]
    of_application = [rule for rule in rules if issubclass(rule, ApplicationRule)]
    visitors: list[Any] = [rule for rule in rules if not issubclass(rule, ApplicationRule)]
    paths = _visited(project, asked) if visitors else []
    needs_functions = any(issubclass(rule, RouteVisitor) for rule in visitors)
    # Before anything is asked, and before there are workers: all then see the same.
    kinds = _kinds_of_functions(application, paths) if needs_functions else {}

    def ask() -> None:
        for rule in of_application:
            attempt = _Attempt(run.failures, "the application")
            attempt(rule, lambda kind: kind(application, functools.partial(run.add, origin="")).check(), rule)

    # What takes long comes first, so that no worker is left with it at the end.
    paths.sort(key=lambda path: (-len(project.files[path].text) if path in kinds else 0, path))

    def look(number: int) -> bytes:
        path = paths[number]
        seen = _look(project, path, visitors, kinds.get(path, {}), names_unreadable=names_unreadable)
        return msgspec.msgpack.encode(seen)

    seen: dict[str, _Seen] = {}
    workers = workers_for(watch.jobs, sum(len(project.files[path].text) for path in paths))
    for number, raw in share(len(paths), look, workers, meanwhile=ask, warn=watch.warn):
        watch.progress("checking", len(seen), len(paths))
        seen[paths[number]] = _decoder.decode(raw)
    for path in sorted(seen):
        for diagnostic in seen[path].diagnostics:
            run.add(diagnostic, path)
        run.failures.extend(seen[path].failures)
        if seen[path].is_unseen:
            run.unseen.add(path)
        if seen[path].is_visited:
            watch.visited.append(path)
    return run._replace(ran=frozenset(rule.code for rule in enabled))


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """What looking at one file gave, whether LibCST couldn't read it, and whether there was a need to."""

    diagnostics: list[Diagnostic]
    failures: list[str]
    is_unseen: bool
    is_visited: bool


_decoder = msgspec.msgpack.Decoder(_Seen)


def _look(
    project: Project, path: str, visitors: list[Any], kinds: dict[Function, str], *, names_unreadable: bool
) -> _Seen:
    found: dict[Diagnostic, None] = {}  # what rules see twice, through nested functions, is said once
    failures: list[str] = []
    problem = None
    is_visited = False
    module = project.application.module(path)
    if module is not None:
        attempt = _Attempt(failures, f"file {path}")
        text = project.files[path].text
        drive = Drive(visitors, project.application, module, text, kinds, attempt)

        def emit(diagnostic: Diagnostic) -> None:
            found[diagnostic] = None

        is_visited = not drive.is_idle
        problem = attempt.drive(drive, emit) if is_visited else None
        if problem is not None and names_unreadable:
            found[_unreadable(path, problem)] = None
    return _Seen(list(found), failures, problem is not None, is_visited)


def _visited(project: Project, asked: Collection[str]) -> list[str]:
    """Which files visitors have to see. A handler can be registered from another file than its own."""
    routes = project.application.routes
    handlers = {route.file for route in routes if route.decorator_file in asked}
    return sorted(path for path in handlers.union(asked) if path in project.files)


def _enabled(project: Project) -> Iterator[type[Rule]]:
    for info in catalogue.infos():
        if project.config.enables(info.code, cast("configuration.Level", info.level)):
            rule = catalogue.load(info.name)
            if rule is not None:
                yield rule


def is_for(rule: type[Rule], project: Project) -> bool:
    """Whether a rule holds for the versions that the project is written for."""
    wanted = ((rule.fastapi, project.fastapi), (rule.pydantic, project.pydantic))
    return all(requirements.allows(specifier, version) for specifier, version in wanted if specifier)


def _names_unreadable(project: Project) -> bool:
    """Whoever selects a few rules still wants to know what they can't see, unless they say so."""
    return msgspec.structs.replace(project.config, select=None).enables("FAL000", "default")


def _kinds_of_functions(application: Application, paths: Iterable[str]) -> dict[str, dict[Function, str]]:
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

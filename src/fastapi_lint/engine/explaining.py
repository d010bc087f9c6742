"""`--explain-route`: all that is known of one route, and what each rule has to say about it."""

from __future__ import annotations

import difflib
import functools
import re
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec

from fastapi_lint.application.wiring.accounts import Verdict, account_of
from fastapi_lint.config import ConfigurationError
from fastapi_lint.engine.checking import order
from fastapi_lint.engine.knowing import sift
from fastapi_lint.engine.limits import LINKING_DEPTH, deep_recursion, no_collection
from fastapi_lint.engine.linting import check_project
from fastapi_lint.engine.projects import read_projects
from fastapi_lint.engine.requests import Watch
from fastapi_lint.engine.running import is_for
from fastapi_lint.engine.showing import moved, shown
from fastapi_lint.rules import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application import Route
    from fastapi_lint.application.wiring.accounts import RouteAccount
    from fastapi_lint.config import Level
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.engine.projects import Project
    from fastapi_lint.engine.requests import Request
    from fastapi_lint.rules.pages import RuleInfo

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Explanation(msgspec.Struct, frozen=True):
    """One route, and a verdict of each rule in the order of the codes."""

    account: RouteAccount
    verdicts: tuple[Verdict, ...]


def explain(request: Request, wanted: str) -> tuple[Explanation, ...]:
    """Explain the routes that `GET /users/{id}`, or a path alone, means in the projects asked about.

    Names of placeholders needn't agree. Raises ConfigurationError, also where there is no such route.
    """
    labels: list[str] = []
    found: list[Explanation] = []
    for project, _ in read_projects(request, Watch(request.progress)):
        routes = project.application.routes
        labels += (route.label for route in routes)
        meant = [route for route in routes if _is_meant(route, wanted, exactly=True)]
        meant = meant or [route for route in routes if _is_meant(route, wanted, exactly=False)]
        if meant:
            found += _explanations(meant, project, request)
    if not found:
        close = difflib.get_close_matches(wanted, labels, n=3)
        known = "did you mean " + " or ".join(f"`{label}`" for label in close) + "?" if close else ""
        raise ConfigurationError(f"no route is `{wanted}`: {known or '`fastapi-lint routes` lists them'}")
    return tuple(found)


def _is_meant(route: Route, wanted: str, *, exactly: bool) -> bool:
    method, _, path = wanted.strip().rpartition(" ")
    if method and method.strip().upper() not in (route.methods or ("WEBSOCKET",)):
        return False
    return path == route.path if exactly else _bare(path) == _bare(route.path)


def _bare(path: str) -> str:
    return _PLACEHOLDER.sub("{}", path).rstrip("/")


class _Said(NamedTuple):
    """What was found, with paths as they are shown; what is silenced with the reasons."""

    new: list[Diagnostic]
    known: list[Diagnostic]
    silenced: list[tuple[Diagnostic, str]]


def _explanations(routes: list[Route], project: Project, request: Request) -> Iterator[Explanation]:
    show = functools.partial(shown, root=project.config.root, directory=request.working_directory)
    asked = set(project.files)
    answer = check_project(project, asked, Watch(None))
    sifted = sift(project, asked, answer)
    silenced = list(zip(answer.silenced, answer.reasons, strict=True))
    for route in routes:
        said = _Said(
            [moved(item, show) for item in sifted.new if _is_about(item, route)],
            [moved(item, show) for item in sifted.known if _is_about(item, route)],
            [(moved(item, show), reason) for item, reason in silenced if _is_about(item, route)],
        )
        with deep_recursion(LINKING_DEPTH), no_collection():
            account = account_of(route, project.application, show)
        yield Explanation(account, tuple(_verdicts(route, project, said)))


def _is_about(diagnostic: Diagnostic, route: Route) -> bool:
    """Whether a diagnostic names the route, or stands in its handler or where that is registered."""
    if f"`{route.label}`" in diagnostic.message:
        return True
    line = diagnostic.span.line
    if diagnostic.path == route.decorator_file and line == route.decorator_line:
        return True
    handler = route.handler
    return (
        handler is not None
        and diagnostic.path == route.file
        and (diagnostic.symbol == handler.qualname or diagnostic.symbol.startswith(f"{handler.qualname}."))
    )


def _verdicts(route: Route, project: Project, said: _Said) -> Iterator[Verdict]:
    for info in catalogue.infos():
        new = tuple(sorted((item for item in said.new if item.code == info.code), key=order))
        known = tuple(item for item in said.known if item.code == info.code)
        silenced = [(item, reason) for item, reason in said.silenced if item.code == info.code]
        off = _off(info, route, project)
        if new:
            yield Verdict(info.code, info.name, "reports", "", new)
        elif silenced:
            reason = next((reason for _, reason in silenced if reason), "")
            yield Verdict(info.code, info.name, "silenced", reason, tuple(item for item, _ in silenced))
        elif known:
            yield Verdict(info.code, info.name, "known", "", known)
        elif off:
            yield Verdict(info.code, info.name, "off", off)
        else:
            yield Verdict(info.code, info.name, "silent")


def _off(info: RuleInfo, route: Route, project: Project) -> str:
    """Why a rule says nothing about a route whatever there is to say; empty where it does."""
    config = project.config
    if not config.enables(info.code, cast("Level", info.level)):
        if config.select is None and msgspec.structs.replace(config, level="pedantic").enables(
            info.code, cast("Level", info.level)
        ):
            return f"level {info.level}"
        return "ignored" if info.code.startswith(config.ignore or ("-",)) else "not selected"
    if config.ignores(info.code, config.root / route.file):
        return f"`per-file-ignores` for {route.file}"
    rule = catalogue.load(info.name)
    return (
        "not for the versions that the project is written for" if rule and not is_for(rule, project) else ""
    )

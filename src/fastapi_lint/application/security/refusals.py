"""Which handlers refuse a caller themselves, and which dependency of the project could do it for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import FunctionValue
from fastapi_lint.application.security.callers import Part
from fastapi_lint.application.security.checks import Check
from fastapi_lint.application.security.exchanges import exchanges_credentials, makes_token
from fastapi_lint.application.security.flow import NOT_FOUND
from fastapi_lint.application.security.possible import reading_unverified
from fastapi_lint.application.security.provenance import Provenance
from fastapi_lint.application.wiring.dependencies import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.security.callers import Trace
    from fastapi_lint.application.security.checks import Summary, Unverified
    from fastapi_lint.application.wiring.routes import Route

__all__ = ["Check", "Refusals"]


class Refusals:
    """Where handlers decide, by the caller alone, whether to refuse."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._provenance = Provenance(application)
        self._known: dict[int, tuple[Check, ...]] = {}
        self._verifying: list[tuple[Function, Summary]] | None = None

    def of(self, function: Function) -> tuple[Check, ...]:
        """The checks in the body of a handler; none where the route exists to exchange credentials."""
        known = self._known.get(id(function))
        if known is None:
            known = self._known[id(function)] = self._checks(function)
        return known

    def _checks(self, function: Function) -> tuple[Check, ...]:
        routes = self._application.routes_of(function)
        if not routes or all(route.kind == "websocket" for route in routes):
            return ()
        if self._provenance.is_dependency(function) or not self._provenance.can_check(function):
            return ()
        if any(exchanges_credentials(route) for route in routes):
            return ()
        checks = self._provenance.of_handler(function).checks
        if not checks:
            return ()
        if makes_token(self._application, function):
            checks = [check for check in checks if check.innermost().kind == "privilege"]
        checks = [
            check for check in checks if not all(self._is_made_before(check, route) for route in routes)
        ]
        return tuple({id(check.at): check for check in reversed(checks)}.values())[::-1]

    def ownership(self, function: Function) -> Check | None:
        """Where a handler first refuses since what it has loaded belongs to somebody else, if it does."""
        routes = self._application.routes_of(function)
        if not routes or all(route.kind == "websocket" for route in routes):
            return None
        raised = self._application.body(function).raised
        if not (any(item.status == NOT_FOUND for item in raised) or self._provenance.can_check(function)):
            return None
        found = self._provenance.of_handler(function).ownership
        return min(found, key=lambda check: check.place, default=None)

    def _is_made_before(self, check: Check, route: Route) -> bool:
        """Whether a dependency of the route makes the same check, which the body then repeats."""
        for dependency in route.all_dependencies():
            inner = unwrapped(dependency.callable)
            if not isinstance(inner, FunctionValue):
                continue
            made = self._provenance.of_dependency(self._application.function_of(inner)).checks
            if check.called is not None and any(other.called is check.called for other in made):
                return True
            if check.kind == "privilege" and check.told and any(other.told == check.told for other in made):
                return True
        return False

    def unverified(self) -> Iterator[tuple[Route, Unverified]]:
        """The calls that take what clients send for a token without verifying it, each with a route.

        Where another dependency of the route verifies tokens, it may have verified this one.
        """
        seen: set[int] = set()
        reading = reading_unverified(self._application)
        for route in self._application.routes if reading else ():
            handler = route.handler
            called = [handler] if handler is not None and self._provenance.can_check(handler) else []
            dependencies = [
                self._application.function_of(inner)
                for dependency in route.all_dependencies()
                if isinstance(inner := unwrapped(dependency.callable), FunctionValue)
            ]
            if not any(id(function) in reading for function in (*called, *dependencies)):
                continue
            summaries = [self._provenance.of_handler(function) for function in called]
            summaries += [self._provenance.of_dependency(function) for function in dependencies]
            if any(summary.verifies for summary in summaries):
                continue
            for found in (item for summary in summaries for item in summary.unverified):
                if id(found.call) not in seen:
                    seen.add(id(found.call))
                    yield route, found

    def dependency_for(self, check: Check) -> Function | None:
        """The dependency of the project that makes a check, or that finds the user; None without one."""
        if check.kind == "dependency":
            return check.called
        if check.kind == "user" and not self._is_given_the_user(check.function):
            return None
        if check.kind == "user" or check.innermost().kind == "token":
            return self._authenticating()
        if not check.told or check.kind not in {"privilege", "helper"}:
            return None
        same = (
            function
            for function, summary in self._dependencies()
            if any(check.told == other.told and other.kind == "privilege" for other in summary.checks)
        )
        return next(same, None)

    def _is_given_the_user(self, handler: Function) -> bool:
        """Whether a dependency gives the handler the user or None: one that refuses can replace it."""
        return bool(self.users_of(handler))

    def users_of(self, handler: Function) -> list[str]:
        """The parameters of a handler that a dependency fills with the current user."""
        return [name for name, trace in self.given(handler).items() if trace.part is Part.USER]

    def given(self, handler: Function) -> dict[str, Trace]:
        """What the parameters of a handler tell of the caller."""
        return self._provenance.given(handler.value)

    def checks_of_dependency(self, function: Function) -> list[Check]:
        """The checks that a dependency makes of who calls."""
        return self._provenance.of_dependency(function).checks

    def _authenticating(self) -> Function | None:
        """The dependency that most routes get their user from, and that refuses who is none."""
        for function, summary in self._dependencies():
            gives_user = self._provenance.provided(function.value).part is Part.USER
            if gives_user and any(check.innermost().kind != "privilege" for check in summary.checks):
                return function
        return None

    def _dependencies(self) -> list[tuple[Function, Summary]]:
        """The project's dependencies that refuse by the caller alone, those that most routes have first."""
        if self._verifying is None:
            uses: Counter[int] = Counter()
            functions: dict[int, FunctionValue] = {}
            for function in self._used():
                uses[id(function.definition)] += 1
                functions.setdefault(id(function.definition), function)
            found = []
            for key, _ in uses.most_common():
                known = self._application.function_of(functions[key])
                summary = self._provenance.of_dependency(known)
                if summary.checks:
                    found.append((known, summary))
            self._verifying = found
        return self._verifying

    def _used(self) -> Iterator[FunctionValue]:
        for route in self._application.routes:
            for dependency in route.all_dependencies():
                inner = unwrapped(dependency.callable)
                if isinstance(inner, FunctionValue):
                    yield inner

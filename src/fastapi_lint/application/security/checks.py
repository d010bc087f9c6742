"""Checks of the caller: where a function refuses, and under which conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.security.callers import NEUTRAL
from fastapi_lint.diagnostics import Span

if TYPE_CHECKING:
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.security.callers import Trace
    from fastapi_lint.facts import model


@dataclass(eq=False, slots=True)
class Check:
    """A place that decides by the caller alone whether to refuse.

    `kind` is `privilege`, `user` (nobody is there), `credential`, `token` (a token is verified), `helper`
    (a function that only checks) or `dependency` (one that FastAPI calls elsewhere). `at` is the condition or
    the call; `place` is that of the refusal or the call, in `function`. `told` are the attributes,
    constants and outer names that the condition compares.
    """

    kind: str
    at: model.Expression
    function: Function
    place: Span
    called: Function | None = None
    inner: Check | None = None
    told: frozenset[str] = frozenset()

    def innermost(self) -> Check:
        """The check that a function makes in the end, behind those that only call it."""
        return self if self.inner is None else self.inner.innermost()


@dataclass(frozen=True, slots=True)
class Unverified:
    """A call that gives the claims of a token that the client sent, without a look at its signature.

    `because` is what says so. `token` is the expression of the token, and `calls` are the calls of the
    project on the way from the function that is followed.
    """

    call: model.Call
    function: Function
    because: str
    token: model.Expression
    calls: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Summary:
    """What following a function showed. `refuses_otherwise`: for reasons that aren't the caller's alone."""

    function: Function | None = None
    result: Trace = NEUTRAL
    checks: list[Check] = field(default_factory=list)
    refuses_otherwise: bool = False
    always_refuses: bool = False
    only_checks: bool = True
    verifies: bool = False
    unverified: list[Unverified] = field(default_factory=list)
    ownership: list[Check] = field(default_factory=list)
    """Where it refuses since something that was loaded isn't the caller's."""
    receiver: Trace = NEUTRAL


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the way to a statement; `test` is None where that is no expression."""

    test: model.Expression | None
    verdict: str
    """`caller`, `nothing` or `other`."""
    trace: Trace
    kind: str = ""
    is_ownership: bool = False
    """Whether it compares what was loaded with who asks for it."""


def place_of(node: model.Call | model.Statement) -> Span:
    """Where a call or a statement stands."""
    return Span(node.line, node.column, node.end_line, node.end_column)

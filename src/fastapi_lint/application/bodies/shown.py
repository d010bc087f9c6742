"""What evaluating a function's body shows: values, calls and what they mean, effects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.library import Effect
    from fastapi_lint.facts import model


@dataclass(frozen=True, slots=True)
class Step:
    """One call on the way to an effect: what is called, and the file and line where the call stands."""

    name: str
    path: str
    line: int


Chain = tuple[Step, ...]


@dataclass(eq=False, slots=True)
class CallMeaning:
    """What one call in a body means.

    `name` is the dotted name of what is called: of a project's function or class, or of a library's
    (`sqlalchemy.orm.Session.get`); empty if unknown. `effects` maps each effect to the chain of calls
    behind this one; an empty chain is this call's own doing. `bodies` are those that it was followed into,
    as they run with this call's arguments.
    """

    node: model.Call | None
    callee: Value
    name: str
    functions: tuple[Function, ...] = ()
    bodies: tuple[Body, ...] = ()
    receiver: Value | None = None
    arguments: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    effects: dict[Effect, Chain] = field(default_factory=dict)
    result: Value = UNKNOWN
    is_coroutine: bool = False
    is_awaited: bool = False
    """Whether `await` stands right before the call."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A `raise`: the exception and the line (from 1). `status` is an HTTPException's, where known."""

    exception: Value
    status: int | None
    line: int


@dataclass(eq=False, slots=True)
class Body:
    """What evaluating a function's body showed."""

    function: Function
    result: Value = UNKNOWN
    effects: dict[Effect, Chain] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)
    callees: list[Function] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)
    calls: dict[int, CallMeaning] = field(default_factory=dict)
    decided: dict[int, bool] = field(default_factory=dict)
    """Whether the conditions of `if`s hold that the caller decides, by identity."""

    def value(self, expression: object) -> Value:
        """What an expression of the body stands for; expressions are found by identity."""
        return self.values.get(id(expression), UNKNOWN)

    def call(self, expression: object) -> CallMeaning | None:
        """What a call of the body means; None for anything that wasn't evaluated as a call."""
        return self.calls.get(id(expression))

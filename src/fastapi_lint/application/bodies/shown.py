"""What evaluating a function's body shows: values, calls and what they mean, effects."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.expressions import literal
from fastapi_lint.application.evaluation.values import UNKNOWN
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.library import Effect


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
    calls: dict[int, CallMeaning] = field(default_factory=dict)
    decided: dict[int, bool] = field(default_factory=dict)
    """Whether the conditions of `if`s hold that the caller decides, by identity."""
    identities: array[int] = field(default_factory=lambda: array("Q"))
    """The identities of the expressions that were evaluated, but for constants; sorted."""
    values: tuple[Value, ...] = ()
    """What these stand for. (A dict takes six times the memory, and few are ever asked about.)"""

    def keep(self, values: dict[int, Value]) -> None:
        """Keep the values of expressions, by the identity of these."""
        self.identities = array("Q", sorted(values))
        self.values = tuple([values[key] for key in self.identities])

    def kept(self) -> Iterator[tuple[int, Value]]:
        """Give what `keep` was given."""
        return zip(self.identities, self.values, strict=True)

    def value(self, expression: object) -> Value:
        """What an expression of the body stands for; expressions are found by identity."""
        if isinstance(expression, model.Constant):
            return literal(expression.value)
        position = self._position(id(expression))
        return UNKNOWN if position is None else self.values[position]

    def has_evaluated(self, identity: int) -> bool:
        """Whether the expression with this identity, which is no constant, was come to."""
        return self._position(identity) is not None

    def _position(self, identity: int) -> int | None:
        position = bisect_left(self.identities, identity)
        is_there = position < len(self.identities) and self.identities[position] == identity
        return position if is_there else None

    def call(self, expression: object) -> CallMeaning | None:
        """What a call of the body means; None for anything that wasn't evaluated as a call."""
        return self.calls.get(id(expression))

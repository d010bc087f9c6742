"""A running body and a call in it: what evaluation hands around."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import ClassValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.application.evaluation.conditions import Given
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import FunctionValue, Scope, Value
    from fastapi_lint.application.library import CallModel
    from fastapi_lint.application.modules import Module
    from fastapi_lint.facts import model


CONTINUES, EXITS = False, True
"""Whether statements behind one can be reached."""


@dataclass(eq=False, slots=True)
class Frame:
    """One running body: a module's, a class's or a function's."""

    scope: Scope
    function: FunctionValue | None = None
    receiver: Value | None = None
    depth: int = 0
    uncertain: int = 0
    """How many conditions around the current statement could not be decided."""
    unlikely: int = 0
    """How many conditions around the current statement don't hold unless the environment says so."""
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    all_yields_known: bool = True
    jump: str = ""
    """The keyword with which the last block that ended early did so: return, raise, break or continue."""
    conditions: frozenset[int] = frozenset()
    """The blocks around the current statement that may not run, by identity, also those around the call."""
    recorder: Recorder | None = None
    flags: dict[str, Given] = field(default_factory=dict)
    """What the caller gave for parameters that pick the way through the function, by name."""
    bindings: dict[str, Value] = field(default_factory=dict)

    def doubts(self) -> tuple[bool, bool]:
        """Whether the current statement may not run, and whether it only runs if the environment says so."""
        return bool(self.uncertain or self.unlikely), bool(self.unlikely)


class Recorder:
    """What a frame tells while it runs a function for the sake of knowing what the function does."""

    values: dict[int, Value]
    """What expressions were found to stand for, by their identity; constants left out."""

    def raised(self, exception: Value, line: int, path: str) -> None:
        """`raise exception` was found on a line (from 1) of a file."""

    def awaited(self, call: model.Call) -> None:
        """`await` stands right before a call that was told of."""

    def decided(self, test: model.Expression, *, holds: bool) -> None:
        """The caller's arguments decide the condition of an `if`."""

    def consumed(self, expression: model.Expression, use: CallModel, frame: Frame) -> None:
        """`expression` is awaited or looped over, which does what `use` says."""

    def call(self, evaluator: Evaluator, site: CallSite) -> Value:
        """Give the value of a call, instead of following it."""
        raise NotImplementedError


@dataclass(eq=False, slots=True)
class CallSite:
    """A call that is being evaluated: the arguments as values, and where it stands."""

    callee: Value
    arguments: list[Value]
    keywords: Mapping[str, Value]
    node: model.Call | None
    frame: Frame
    complete: bool = True
    """False where `*args` or `**kwargs` of unknown content take part."""

    def argument(self, position: int, name: str) -> Value | None:
        """The argument at a position (from 0) or under a name; None if it isn't given."""
        if name in self.keywords:
            return self.keywords[name]
        return self.arguments[position] if 0 <= position < len(self.arguments) else None

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.frame.scope.module


def qualified_prefix(frame: Frame) -> str:
    """What stands before a name that is defined here in its `__qualname__`."""
    if frame.scope.is_class:
        cls = frame.scope.names.get("<class>")
        return f"{cls.qualname}." if isinstance(cls, ClassValue) else ""
    return f"{frame.function.qualname}.<locals>." if frame.function is not None else ""

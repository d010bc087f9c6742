"""Functions of the project as rules see them: one object for each definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.values import FunctionValue
    from fastapi_lint.application.modules import Module


@dataclass(eq=False, slots=True)
class Function:
    """A function definition; `value` is the value that it was first bound to."""

    value: FunctionValue

    @property
    def definition(self) -> model.FunctionDefinition:
        """The facts of the definition."""
        return self.value.definition

    @property
    def module(self) -> Module:
        """The module that it stands in."""
        return self.value.module

    @property
    def path(self) -> str:
        """The file that it stands in, relative to the project's root."""
        return self.value.module.path

    @property
    def line(self) -> int:
        """The line of its `def`, from 1."""
        return self.value.definition.line

    @property
    def name(self) -> str:
        """The name behind `def`."""
        return self.value.definition.name

    @property
    def qualname(self) -> str:
        """The dotted name inside of its module, as Python's `__qualname__`."""
        return self.value.qualname

    @property
    def dotted_name(self) -> str:
        """Module and qualname."""
        return f"{self.module.name}.{self.qualname}"

    @property
    def owner(self) -> str:
        """The qualname of the class that it is a method of, or an empty text."""
        return self.value.owner.qualname if self.value.owner is not None else ""

    @property
    def is_async(self) -> bool:
        """Whether it is an `async def`."""
        return self.value.definition.is_async

    @property
    def is_cached(self) -> bool:
        """Whether a decorator keeps results for the next call: `lru_cache`, or one that names a cache."""
        return any("cache" in _last_name(item).lower() for item in self.value.definition.decorators)


def _last_name(decorator: model.Expression) -> str:
    function = decorator.function if isinstance(decorator, model.Call) else decorator
    if isinstance(function, model.Attribute):
        return function.name
    return function.id if isinstance(function, model.Name) else ""


class Functions:
    """Gives each definition its one `Function`."""

    def __init__(self) -> None:
        self._known: dict[int, Function] = {}

    def of(self, value: FunctionValue) -> Function:
        """The function of a value."""
        return self._known.setdefault(id(value.definition), Function(value))

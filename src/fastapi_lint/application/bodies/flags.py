"""Flags: parameters that pick the way through a function, such as `stream`, `delete` or `mode`.

A caller that writes down what a flag is, or leaves it at a default that is written down, gets what that way
does and gives, and nothing of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import conditions
from fastapi_lint.application.written import bindings, expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.conditions import Given
    from fastapi_lint.application.evaluation.frames import CallSite
    from fastapi_lint.application.evaluation.values import FunctionValue, Value

_Test = tuple[model.Expression, str]
"""A condition, and the parameter in it as the function that asks names it."""
Outcome = tuple[tuple[str, tuple[bool | None, ...]], ...]
"""What a call decides: for each flag, how each condition on it turns out."""


class Flags:
    """Knows which parameters pick the way: those that conditions test, and those handed on to such.

    The former are read off a definition once; the latter are learned while bodies are evaluated.
    """

    def __init__(self) -> None:
        self._tests: dict[int, dict[str, list[_Test]]] = {}
        self._changing: dict[int, frozenset[str]] = {}

    def given(
        self, value: FunctionValue, receiver: Value | None, site: CallSite
    ) -> tuple[Outcome, dict[str, Given]]:
        """What a call decides, alike for all calls that go the same way; and its flags, by name."""
        definition = value.definition
        tests = self._tests.get(id(definition))
        if tests is None:
            tests = self._tests[id(definition)] = self._tests_in(definition)
        if not tests:
            return (), {}
        written = dict(_written(definition, receiver, site))
        outcome: list[tuple[str, tuple[bool | None, ...]]] = []
        flags: dict[str, Given] = {}
        for name, asked in tests.items():
            expression = written.get(name)
            known: Given
            if isinstance(expression, model.Constant):
                known = expression.value
            elif isinstance(expression, model.Name):
                self._learn(site, expression.id, asked)
                if expression.id not in site.frame.flags:
                    continue
                known = site.frame.flags[expression.id]
            else:
                continue
            ends = tuple([conditions.settled(test, {inner: known}) for test, inner in asked])
            if any(end is not None for end in ends):
                outcome.append((name, ends))
                flags[name] = known
        return tuple(outcome), flags

    def _learn(self, site: CallSite, name: str, asked: list[_Test]) -> None:
        """Note that a function hands its own parameter on to one that tests it."""
        caller = site.frame.function
        if caller is None or not any(item.name == name for item in caller.definition.parameters):
            return
        if name not in self._changed_in_loops(caller.definition):
            known = self._tests[id(caller.definition)].setdefault(name, [])
            known += [test for test in asked if not any(test[0] is other for other, _ in known)]

    def _tests_in(self, definition: model.FunctionDefinition) -> dict[str, list[_Test]]:
        """The conditions on each parameter, but for parameters that a loop may change."""
        found: dict[str, list[_Test]] = {}
        parameters = {parameter.name for parameter in definition.parameters}
        for statement in statements(definition.body) if parameters else ():
            if isinstance(statement, model.If):
                test = statement.test
                names = {part.id for part in (test, *expressions(test)) if isinstance(part, model.Name)}
                for name in names & parameters:
                    found.setdefault(name, []).append((test, name))
        for name in self._changed_in_loops(definition) if found else ():
            found.pop(name, None)
        return found

    def _changed_in_loops(self, definition: model.FunctionDefinition) -> frozenset[str]:
        known = self._changing.get(id(definition))
        if known is None:
            loops = [
                item for item in statements(definition.body) if isinstance(item, (model.For, model.While))
            ]
            known = frozenset(name for inner in statements(loops) for name, _ in bindings(inner))
            self._changing[id(definition)] = known
        return known


def _written(
    definition: model.FunctionDefinition, receiver: Value | None, site: CallSite
) -> Iterator[tuple[str, model.Expression | None]]:
    """The parameters of a function with what a call writes down for them: arguments, or the defaults."""
    node = site.node
    keywords = {item.name: item.value for item in node.keywords} if node is not None else {}
    is_plain = node is not None and len(node.arguments) == len(site.arguments)
    before = receiver is not None
    for index, parameter in enumerate(definition.parameters, -before):
        if parameter.kind in {"args", "kwargs"}:
            continue
        if parameter.kind != "keyword" and 0 <= index < len(site.arguments):
            argument = node.arguments[index] if node is not None and is_plain else None
            yield parameter.name, None if isinstance(argument, model.Starred) else argument
        elif parameter.name in site.keywords:
            yield parameter.name, keywords.get(parameter.name)
        elif site.complete:
            yield parameter.name, parameter.default if _is_constant(parameter.default) else None


def _is_constant(expression: model.Expression | None) -> bool:
    return isinstance(expression, model.Constant)

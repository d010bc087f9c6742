"""Follow a function's statements in order: what names carry, and what was looked at on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application.library.model import words
from fastapi_lint.application.taint import parts
from fastapi_lint.application.taint.conditions import Conditions
from fastapi_lint.application.taint.contents import NOTHING, Content, Use, either, joined
from fastapi_lint.application.taint.exceptions import can_fail
from fastapi_lint.application.taint.expressions import keys, without
from fastapi_lint.application.written import dotted, expressions, names_of
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.taint.contents import Key

_TWICE = 2
"""How often the body of a loop is followed: what it leaves in names comes round once."""
_VALIDATING = frozenset(
    words("validate valid check verify ensure assert require sanitize guard enforce raise")
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What following a function showed: what it returns, what it leaves in its object, what it checks."""

    result: Content = NOTHING
    receiver: Content = NOTHING
    checked: frozenset[Key] = frozenset()


@dataclass(slots=True)
class _State:
    names: dict[str, Content]
    checked: frozenset[Key]


class Following(Conditions):
    """The statements of one function."""

    def run(self) -> Summary:
        """Follow the body, and say what that showed."""
        definition = self._function.definition
        self._returned: list[Content] = []
        self._exits: list[frozenset[Key]] = []
        self._breaks: list[frozenset[Key]] = []
        ended = self._block(definition.body)
        if not ended:
            self._exits.append(self._checked)
        checked = frozenset.intersection(*self._exits) if self._exits else frozenset()
        receiver = NOTHING
        if definition.parameters and self._function.value.owner is not None:
            receiver = self._names.get(definition.parameters[0].name, NOTHING)
        result = either(*self._returned)
        if self._travels.keeps and result:
            result = _on_all_ways(result, self._returned)
        return Summary(result, receiver, checked)

    def _give(self, content: Content) -> None:
        self._returned.append(content)

    def _block(self, statements: Sequence[model.Statement]) -> bool:
        """Follow statements; whether they lead out of the block for certain."""
        return any(self._statement(statement) for statement in statements)

    def _statement(self, statement: model.Statement) -> bool:
        self._changed()
        if isinstance(statement, model.Assignment):
            self._assignment(statement)
        elif isinstance(statement, model.ExpressionStatement):
            self._dropped(statement.value)
        elif isinstance(statement, model.If):
            return self._if(statement)
        elif isinstance(statement, model.Return):
            if statement.value is not None:
                content = self._trace(statement.value)
                if not (self._travels.keeps and _is_constant(statement.value)):
                    self._returned.append(content)
                self._travels.returned(self._function, statement, content)
            self._exits.append(self._checked)
            return True
        elif isinstance(statement, model.Raise):
            if statement.exception is not None:
                self._trace(statement.exception)
            return True
        elif isinstance(statement, model.AugmentedAssignment):
            left, right = self._part(statement.target), self._part(statement.value)
            if isinstance(left, Content) and left.is_path:
                self._assign(statement.target, left)
            else:
                self._assign(statement.target, joined([left, right]))
        elif isinstance(statement, (model.For, model.While)):
            self._loop(statement)
        elif isinstance(statement, model.With):
            for item in statement.items:
                content = self._trace(item.context)
                if item.target is not None:
                    self._assign(item.target, content)
            return self._block(statement.body)
        elif isinstance(statement, model.Try):
            return self._try(statement)
        elif isinstance(statement, model.Match):
            self._match(statement)
        elif isinstance(statement, model.Delete):
            for target in statement.targets:
                inner = target.value if isinstance(target, model.Subscript) else None
                if isinstance(inner, model.Name):
                    self._assign(inner, self._trace(inner).only(Use.ALL & ~Use.FIELDS))
        elif isinstance(statement, model.Assert):
            self._checked |= self._tested(statement.test)[0]
        elif isinstance(statement, model.Simple) and statement.keyword in {"break", "continue"}:
            if statement.keyword == "break":
                self._breaks.append(self._checked)
            return True
        return False

    def _assignment(self, statement: model.Assignment) -> None:
        if statement.value is None:
            return
        content = self._trace(statement.value)
        for target in statement.targets:
            if isinstance(target, model.Name):
                self._written[target.id] = statement.value
                self._assign(target, content.passed(self._step(target.id, statement.line)))
            elif isinstance(target, model.Sequence):
                self._unpack(target, statement.value, content)
            else:
                self._assign(target, content)

    def _unpack(self, target: model.Sequence, value: model.Expression, content: Content) -> None:
        for at, inner in enumerate(target.items):
            part = (content.field(f"[{at}]") or NOTHING) if content.is_tuple else content
            if isinstance(inner, model.Name):
                self._written[inner.id] = value
            self._assign(inner, part)

    def _dropped(self, value: model.Expression) -> None:
        """Follow an expression whose value is dropped; a call that can only check is taken for one."""
        call = value.value if isinstance(value, model.Await) else value
        self._trace(value)
        if not isinstance(call, model.Call):
            return
        written = [dotted(item).rpartition(".")[2] for item in (call, *expressions(call))]
        if any(_VALIDATING & set(name.lower().split("_")) for name in written):
            self._checked |= self._mentioned(
                [call.function, *call.arguments, *(item.value for item in call.keywords)]
            )

    def _if(self, statement: model.If) -> bool:
        holds, fails = self._tested(statement.test)
        before = _State(dict(self._names), self._checked)
        self._checked = before.checked | holds
        ended = self._block(statement.body)
        first = _State(self._names, self._checked)
        self._names, self._checked = dict(before.names), before.checked | fails
        otherwise = self._block(statement.orelse)
        if otherwise and not ended:
            self._names, self._checked = first.names, first.checked
        elif not ended:
            self._merge(first)
        return ended and otherwise

    def _merge(self, other: _State) -> None:
        common = self._checked & other.checked
        for name in {*other.names, *self._names}:
            left, right = other.names.get(name, NOTHING), self._names.get(name, NOTHING)
            if left is not right or self._checked != other.checked:
                here = without(right, self._checked - common)
                self._names[name] = either(without(left, other.checked - common), here)
        self._checked = common

    def _loop(self, statement: model.For | model.While) -> None:
        around, self._breaks = self._breaks, []
        before = _State(dict(self._names), self._checked)
        content = (
            parts.element(self._trace(statement.iterable)) if isinstance(statement, model.For) else NOTHING
        )
        for _ in range(_TWICE):
            if isinstance(statement, model.For):
                self._assign(statement.target, content)
                self._written.update(dict.fromkeys(names_of(statement.target), statement.iterable))
            else:
                self._changed()
                self._checked |= self._tested(statement.test)[0]
            self._block(statement.body)
            checked = self._checked
            self._merge(before)
            self._checked = checked  # what is looked at for each item is as good as looked at
        breaks, self._breaks = self._breaks, around
        if self._block(statement.orelse) and breaks:
            self._checked = frozenset.intersection(*breaks)

    def _try(self, statement: model.Try) -> bool:
        before = _State(dict(self._names), self._checked)
        ended = self._block(statement.body)
        tried = _State(dict(self._names), self._checked)
        if not ended:
            ended = self._block(statement.orelse)
        states = [] if ended else [_State(dict(self._names), self._checked)]
        fails = self._travels.catches and can_fail(statement)
        for handler in statement.handlers:
            self._names, self._checked = dict(before.names), before.checked
            self._merge(_State(tried.names, before.checked))
            if handler.name:
                caught = self._travels.caught(handler, statement, self._body) if fails else NOTHING
                self._names[handler.name] = caught
            if not self._block(handler.body):
                states.append(_State(self._names, self._checked))
        if states:
            self._names, self._checked = states[0].names, states[0].checked
            for state in states[1:]:
                self._merge(state)
        return self._block(statement.finalbody) or not states

    def _match(self, statement: model.Match) -> None:
        content = self._trace(statement.subject)
        before = _State(dict(self._names), self._checked)
        after: list[_State] = []
        for case in statement.cases:
            self._names, self._checked = dict(before.names), before.checked
            if case.values:
                self._checked |= keys(content)
            self._names.update(dict.fromkeys(case.captures, content))
            self._changed()
            if case.guard is not None:
                self._checked |= self._tested(case.guard)[0]
            if not self._block(case.body):
                after.append(_State(self._names, self._checked))
        self._names, self._checked = before.names, before.checked
        for state in after:
            self._merge(state)


def _is_constant(node: model.Expression) -> bool:
    """Whether a function that returns this gives nothing: `None`, `False`, `None, False`."""
    if isinstance(node, model.Sequence):
        return all(map(_is_constant, node.items))
    return isinstance(node, model.Constant)


def _on_all_ways(result: Content, ways: Sequence[Content]) -> Content:
    """What a function gives on each of its ways: what it looks up or makes on one isn't what it was given."""
    return result.of(frozenset.intersection(*map(keys, ways)))

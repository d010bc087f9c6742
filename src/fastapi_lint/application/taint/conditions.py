"""What a condition says of values: those that it looks at are harmless where it holds, or where it doesn't.

That is generous: whether a check is a good one isn't judged. Only what plainly isn't one (`is None`, `len`,
whether a file exists, which scheme a URL has) leaves a value as it is.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.taint import transforms
from fastapi_lint.application.taint.calls import Calls
from fastapi_lint.application.taint.expressions import keys
from fastapi_lint.application.written import children, dotted, expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.application.taint.contents import Content, Key

NONE: Final[frozenset[Key]] = frozenset()
_DEBUGGING: Final = frozenset({"debug", "dev", "development", "env", "environment", "production", "prod"})
_BROAD: Final = frozenset({"Exception", "BaseException"})
_SCHEME: Final = re.compile(r"(https?|wss?|ftp|file|s3|gs|data)(:(//)?)?")


class Conditions(Calls):
    """The conditions of one function."""

    def _tested(self, test: model.Expression) -> tuple[frozenset[Key], frozenset[Key]]:
        """What is harmless where a condition holds, and where it doesn't."""
        if self._travels.catches and _asks_for_debugging(test):
            caught = self._caught(self._names.values())
            return caught, caught
        if isinstance(test, model.Unary):
            holds, fails = self._tested(test.operand)
            return fails, holds
        if isinstance(test, model.Boolean):
            return self._combined(test)
        if isinstance(test, model.Comparison):
            return self._compared(test)
        if isinstance(test, model.Await):
            return self._tested(test.value)
        if isinstance(test, model.Walrus):
            self._trace(test)
            return self._tested(test.value)
        if isinstance(test, model.Call):
            if dotted(test.function) == "isinstance" and len(test.arguments) > 1:
                caught = self._caught([self._trace(test.arguments[0])])
                # It is an exception: where it is none, nothing is left of it, and all else is of one class.
                return (NONE, caught) if dotted(test.arguments[1]) in _BROAD else (caught, NONE)
            looked = self._looked_at(test)
            return looked, looked
        if isinstance(test, model.Name):
            return self._remembered(test)
        if self._trace(test) or (isinstance(test, model.Attribute) and test.name == "scheme"):
            return NONE, NONE
        looked = self._mentioned([test])  # `address.is_private`, of what a value was made into
        return looked, looked

    def _caught(self, contents: Iterable[Content]) -> frozenset[Key]:
        """The exceptions among what values carry, whose class a condition asks for."""
        return frozenset(key for content in contents for key in keys(content) if key[0] == "exception")

    def _combined(self, test: model.Boolean) -> tuple[frozenset[Key], frozenset[Key]]:
        before = self._checked
        found: list[tuple[frozenset[Key], frozenset[Key]]] = []
        for value in test.values:
            found.append(self._tested(value))
            self._checked = self._checked | found[-1][0 if test.operator == "and" else 1]
        self._checked = before
        holds, fails = [item[0] for item in found], [item[1] for item in found]
        if test.operator == "and":
            return NONE.union(*holds), frozenset.intersection(*fails)
        return frozenset.intersection(*holds), NONE.union(*fails)

    def _compared(self, test: model.Comparison) -> tuple[frozenset[Key], frozenset[Key]]:
        if len(test.others) != 1:
            for part in children(test):
                self._trace(part)
            return NONE, NONE
        left, right, operator = test.left, test.others[0], test.operators[0]
        if isinstance(right, model.Constant) and (right.value is None or right.value == ""):
            found = self._tested(left) if isinstance(left, (model.Name, model.Walrus)) else (NONE, NONE)
            self._trace(left)
            return found[0] | found[1], found[0] | found[1]
        first, second = self._operand(left), self._operand(right)
        if operator in {"in", "not in"} and second:
            return first | second, first | second
        if operator in {"==", "in"}:
            return first | second, NONE
        return (NONE, first | second) if operator in {"!=", "not in"} else (NONE, NONE)

    def _operand(self, node: model.Expression) -> frozenset[Key]:
        """What is looked at by comparing an expression: what it carries, or what is given to its call."""
        carried = keys(self._trace(node))
        return self._looked_at(node) if not carried and isinstance(node, model.Call) else carried

    def _looked_at(self, call: model.Call) -> frozenset[Key]:
        """What a call in a condition looks at."""
        content = self._trace(call)
        meaning = self._body.call(call)
        name = library.canonical(meaning.name) if meaning is not None else ""
        method = call.function.name if isinstance(call.function, model.Attribute) else ""
        if name in {"builtins.any", "builtins.all"}:
            return self._mentioned(call.arguments)
        if name in transforms.NO_CHECKS or content:
            return NONE
        if method == "startswith" and _is_scheme(call):
            return NONE
        is_followed = meaning is not None and bool(meaning.functions)
        if method in transforms.NO_CHECK_METHODS - transforms.PART_METHODS and not is_followed:
            return NONE
        receiver = [call.function.value] if isinstance(call.function, model.Attribute) else []
        return self._mentioned([*receiver, *call.arguments, *(item.value for item in call.keywords)])

    def _remembered(self, test: model.Name) -> tuple[frozenset[Key], frozenset[Key]]:
        """What the expression looked at whose result a name holds: `is_safe = check(url)`."""
        written = self._written.get(test.id)
        if written is None or self._trace(test):
            return NONE, NONE
        inner = written.value if isinstance(written, model.Await) else written
        if not isinstance(inner, (model.Call, model.Comparison, model.Boolean, model.Unary)):
            return NONE, NONE
        with self._forgotten(test.id):  # `seen = seen and …` would lead back here
            return self._tested(inner)

    @contextmanager
    def _forgotten(self, name: str) -> Iterator[model.Expression]:
        """Leave out what a name holds, and give that."""
        before, written = self._state, self._written.pop(name)
        self._changed()
        during = self._state
        yield written
        self._written[name] = written
        if self._state == during:
            self._state = before
        else:
            self._changed()

    def _mentioned(self, nodes: Sequence[model.Expression]) -> frozenset[Key]:
        """The origins of all that stands in some expressions."""
        found = NONE
        for node in nodes:
            found |= keys(self._trace(node))
            if isinstance(node, model.Name) and node.id in self._written and not self._trace(node):
                with self._forgotten(node.id) as written:
                    found |= self._mentioned([written])
            if isinstance(node, model.Comprehension):
                for clause in node.clauses:
                    found |= keys(self._trace(clause.iterable))
                    found |= self._mentioned([*clause.conditions])
                found |= self._mentioned(children(node.element))
            elif not isinstance(node, (model.Name, model.Constant)):
                found |= self._mentioned(children(node))
        return found


def _asks_for_debugging(test: model.Expression) -> bool:
    """Whether a condition asks where the application runs."""
    written = (dotted(item).rpartition(".")[2] for item in (test, *expressions(test)))
    return any(_DEBUGGING & set(words(name)) for name in written if name)


def _is_scheme(call: model.Call) -> bool:
    """Whether `startswith` asks for the scheme of a URL alone."""
    given = call.arguments[0] if call.arguments else None
    items = given.items if isinstance(given, model.Sequence) else (given,)
    texts = [item.value if isinstance(item, model.Constant) else None for item in items]
    return all(isinstance(text, str) and _SCHEME.fullmatch(text) is not None for text in texts)

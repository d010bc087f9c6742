"""What functions do with a value that they are given: look at it, hand it back, or neither.

A value is examined where anything could depend on what it is: it is compared, looked up, stored, or given to
a call that can't be followed. Testing that there is one, logging it and taking a part of it are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application.evaluation.values import ClassValue, FunctionValue
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.wiring.parameters import is_complex
from fastapi_lint.application.written import children, dotted, expressions, names_of, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_DEEPEST: Final = 4
_PASSES: Final = 3
"""How often a body is gone through, so that what loops assign late is known."""
_TELLING_NOTHING: Final = frozenset(split("bool isinstance len print type id"))
_CONVERTING: Final = frozenset(split("str repr bytes format"))
_DERIVING: Final = frozenset(
    split(
        "strip lstrip rstrip split rsplit partition rpartition removeprefix removesuffix lower upper replace "
        "encode decode get_secret_value"
    )
)
_LOGGING: Final = frozenset(split("debug info warning warn error exception critical log"))
_ABOUT: Final = frozenset({"scheme"})
"""What `HTTPAuthorizationCredentials` says of a token without telling it."""


class Use(NamedTuple):
    """What a function does with a value: whether it may have examined it, and whether it gives it back."""

    examines: bool
    gives_back: bool


def use_of(application: Application, function: Function, names: Iterable[str], depth: int = _DEEPEST) -> Use:
    """What a function does with the parameters of these names, followed through calls of the project."""
    return _Reader(application, function, set(names), depth).read()


class _Reader:
    """Goes through one function, and keeps the names behind which the value stands."""

    def __init__(self, application: Application, function: Function, names: set[str], depth: int) -> None:
        self._application = application
        self._function = function
        self._body = application.body(function)
        self._names = names
        self._depth = depth
        self._examines = False
        self._gives_back = False

    def read(self) -> Use:
        for _ in range(_PASSES):
            known = len(self._names)
            for statement in self._statements(self._function.definition.body):
                self._statement(statement)
            if self._examines or len(self._names) == known:
                break
        return Use(self._examines, self._gives_back)

    def _statements(self, body: Iterable[model.Statement]) -> Iterable[model.Statement]:
        nested: list[model.Statement] = []
        for statement in nested_statements(body):
            if isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
                nested += statement.body
            yield statement
        if any(self._mentions(item) for inner in nested_statements(nested) for item in expressions(inner)):
            self._examines = True

    def _mentions(self, expression: model.Expression) -> bool:
        return isinstance(expression, model.Name) and expression.id in self._names

    def _statement(self, statement: model.Statement) -> None:
        if isinstance(statement, model.Assignment):
            if statement.value is not None and self._carries(statement.value):
                self._keep(statement.targets)
        elif isinstance(statement, model.AugmentedAssignment):
            if self._carries(statement.value):
                self._keep((statement.target,))
        elif isinstance(statement, model.Return):
            if statement.value is not None and self._carries(statement.value):
                self._gives_back = True
        elif isinstance(statement, model.For):
            if self._carries(statement.iterable):
                self._keep((statement.target,))
        elif isinstance(statement, (model.With, model.Match)):
            if any(map(self._carries, children(statement))):
                self._examines = True
        elif not isinstance(statement, (model.FunctionDefinition, model.ClassDefinition)):
            for item in children(statement):
                self._carries(item)

    def _keep(self, targets: Iterable[model.Expression]) -> None:
        for target in targets:
            bound = list(names_of(target))
            self._names.update(bound)
            if not bound:  # an attribute or an entry of something that others may look at
                self._examines = True

    def _carries(self, expression: model.Expression) -> bool:
        """Whether an expression's value holds the value, or something made of it."""
        if isinstance(expression, model.Name):
            return expression.id in self._names
        if isinstance(expression, model.Attribute):
            return self._carries(expression.value) and expression.name not in _ABOUT
        if isinstance(expression, model.Call):
            return self._call(expression)
        if isinstance(expression, model.Comparison):
            self._compare(expression)
            return False
        if isinstance(expression, model.Subscript):
            if self._carries(expression.index):
                self._examines = True
            return self._carries(expression.value)
        if isinstance(expression, model.Conditional):
            self._carries(expression.test)
            return any([self._carries(expression.body), self._carries(expression.orelse)])
        if isinstance(expression, model.Yield):
            if expression.value is not None and self._carries(expression.value):
                self._gives_back = True
            return False
        if isinstance(expression, (model.Lambda, model.Comprehension)):
            if any(map(self._mentions, _all_inside(expression))):
                self._examines = True
            return False
        if isinstance(expression, model.Walrus):
            carries = self._carries(expression.value)
            if carries:
                self._keep((expression.target,))
            return carries
        inside = [self._carries(item) for item in children(expression)]
        return any(inside) and not (isinstance(expression, model.Unary) and expression.operator == "not")

    def _compare(self, expression: model.Comparison) -> None:
        carries = [self._carries(item) for item in (expression.left, *expression.others)]
        is_presence = any(
            isinstance(item, model.Constant) and item.value in (None, "")
            for item in (expression.left, *expression.others)
        )
        if any(carries) and not is_presence:
            self._examines = True

    def _call(self, call: model.Call) -> bool:
        function = call.function
        given = [*call.arguments, *(item.value for item in call.keywords)]
        carrying = [self._carries(item) for item in given]
        if isinstance(function, model.Attribute) and self._carries(function.value):
            if function.name not in _DERIVING or any(carrying):
                self._examines = True
            return True
        if not any(carrying):
            self._carries(function)
            return False
        meaning = self._body.call(call)
        name = dotted(function)
        if meaning is None or not meaning.functions:
            if name in _TELLING_NOTHING or _is_logging(name):
                return False
            if name in _CONVERTING or (meaning is not None and _is_plain_record(meaning.callee)):
                return True
        return self._hand_on(call, meaning, carrying)

    def _hand_on(self, call: model.Call, meaning: CallMeaning | None, carrying: list[bool]) -> bool:
        """Follow the value into a function of the project; whatever else it is given to may examine it."""
        inner = meaning.functions[0] if meaning is not None and len(meaning.functions) == 1 else None
        names = self._received(call, inner, carrying) if inner is not None else None
        if inner is None or names is None or not self._depth or _is_hidden(inner):
            self._examines = True
            return True
        use = use_of(self._application, inner, names, self._depth - 1)
        self._examines = self._examines or use.examines
        return use.gives_back

    @staticmethod
    def _received(call: model.Call, inner: Function, carrying: list[bool]) -> list[str] | None:
        """The parameters of a function that a call hands the value to; None where that can't be told."""
        parameters = [
            item.name for item in inner.definition.parameters if item.kind not in {"args", "kwargs"}
        ]
        if inner.value.owner is not None and inner.value.kind != "static":
            parameters = parameters[1:]
        found: list[str] = []
        for argument, carries in zip((*call.arguments, *call.keywords), carrying, strict=True):
            if not carries:
                continue
            if isinstance(argument, model.Keyword):
                name = argument.name
            else:
                at = call.arguments.index(argument)
                name = parameters[at] if at < len(parameters) else None
            if name not in parameters or isinstance(argument, model.Starred):
                return None
            found.append(name)
        return found


def _is_hidden(function: Function) -> bool:
    """Whether something may stand in a function's place: a decorator, or a subclass's method."""
    return bool(function.value.opaque_decorators) or function.value.wraps is not None


def _is_plain_record(cls: Value) -> bool:
    """Whether it is a model or a dataclass that only keeps what it is given: it has no methods of its own."""
    if not isinstance(cls, ClassValue) or not cls.is_fully_known() or not is_complex(cls):
        return False
    own = [item for item in cls.mro() if isinstance(item, ClassValue)]
    return not any(isinstance(value, FunctionValue) for item in own for value in item.scope.names.values())


def _is_logging(name: str) -> bool:
    owner, _, method = name.rpartition(".")
    return method in _LOGGING and "log" in owner.lower()


def _all_inside(expression: model.Expression) -> list[model.Expression]:
    inner = [expression.body, *expressions(expression.body)] if isinstance(expression, model.Lambda) else []
    return [*inner, *expressions(expression)]

"""What happens to passwords that requests bring: digests of them, comparisons, and what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.entities import is_entity
from fastapi_lint.application.evaluation.values import ClassValue, External, FunctionValue, Object, options
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.auth import PASSWORDS, WEAK_DIGESTS
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.parameters import Source, inputs_of
from fastapi_lint.application.written import assigned_values, children, dotted, expressions, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

_NOUNS: Final = frozenset({"password", "passwd", "passphrase", "pwd", "passcode"})
_PLAIN: Final = frozenset({"plain", "raw", "new", "text", "plaintext", "input", "given", "bytes", "b"})
_PEOPLE: Final = frozenset(
    {"user", "account", "member", "admin", "customer", "employee", "person", "owner", "operator", "staff"}
)
_MEMBERS: Final = frozenset(name.rpartition(".")[2] for name in PASSWORDS)
_CIPHERS: Final = ("cryptography.", "Crypto.", "Cryptodome.", "nacl.")
"""What takes keys: a digest of a password beside it becomes one, which is no way to store the password."""
_FORM: Final = "fastapi.security.OAuth2PasswordRequestForm"
_BASIC: Final = "fastapi.security.HTTPBasicCredentials"
_SENT: Final = frozenset({Source.QUERY, Source.BODY, Source.FORM, Source.HEADER})


@dataclass(frozen=True, slots=True)
class WeakPassword:
    """A place where a password is treated as if nobody would ever read the database.

    `kind` is `digest` (`of` is the function), `compared` or `stored` (`of` is the class and the field).
    """

    kind: str
    function: Function
    at: Span
    of: str


def weak_passwords(application: Application) -> Iterator[WeakPassword]:
    """The places in functions that requests run, by file and line."""
    functions = [
        function for path in application.modules.by_path for function in application.functions_in(path)
    ]
    preparing = {
        id(callee)
        for function in functions
        if any(map(_hashes, application.body(function).calls.values()))
        for callee in application.body(function).callees
    }
    for function in functions:
        body = application.body(function)
        if id(function) not in preparing:
            yield from _digests(function, body)
        if application.routes_of(function):
            yield from _Plain(application, function, body).found()


def names_password(name: str) -> bool:
    """Whether a name says that its value is a password as somebody types it, and no hash of one."""
    parts = words(name)
    return (
        bool(parts)
        and (parts[-1] in _NOUNS or (len(parts) > 1 and parts[-2] in _NOUNS and parts[-1] in _PLAIN))
        and not {"hashed", "hash", "encrypted", "encoded", "digest"} & set(parts)
    )


def _digests(function: Function, body: Body) -> Iterator[WeakPassword]:
    """The fast digests of passwords, but those that become a password hash or a key, or are sent away."""
    calls = body.calls.values()
    found = [call for call in calls if _is_digest(call) and call.node is not None]
    if not found or Effect.HTTP in body.effects:
        return
    if any(_hashes(call) or call.name.startswith(_CIPHERS) for call in calls):
        return
    assigned = assigned_values(function.definition.body)
    for call in found:
        node = call.node
        if node is None or not any(_holds_password(item, assigned) for item in node.arguments):
            continue
        if not _is_cut(function.definition, node, assigned):
            at = Span(node.line, node.column, node.end_line, node.end_column)
            yield WeakPassword("digest", function, at, call.name)


def _is_digest(call: CallMeaning) -> bool:
    return call.name in WEAK_DIGESTS and not call.functions


def _hashes(call: CallMeaning) -> bool:
    """Whether a call makes or checks a password hash."""
    owner, _, member = call.name.rpartition(".")
    if member not in _MEMBERS:
        return False
    return call.name in PASSWORDS or library.entry(PASSWORDS, owner, member) is not None


def _holds_password(
    expression: model.Expression, assigned: dict[str, list[model.Expression]], depth: int = 3
) -> bool:
    """Whether a password is among what an expression is made of; what calls make of it isn't."""
    if isinstance(expression, model.Name):
        if names_password(expression.id):
            return True
        values = assigned.get(expression.id, [])
        return depth > 0 and any(_holds_password(value, assigned, depth - 1) for value in values)
    if isinstance(expression, model.Attribute):
        return names_password(expression.name)
    if isinstance(expression, model.Call):
        called = expression.function
        if isinstance(called, model.Attribute) and called.name in {"encode", "strip", "get_secret_value"}:
            return _holds_password(called.value, assigned, depth)
        if isinstance(called, model.Name) and called.id in {"str", "bytes"}:
            return any(_holds_password(item, assigned, depth) for item in expression.arguments)
        return False
    if isinstance(expression, (model.Binary, model.Template)):
        return any(_holds_password(part, assigned, depth) for part in children(expression))
    return False


def _is_cut(
    definition: model.FunctionDefinition, digest: model.Call, assigned: dict[str, list[model.Expression]]
) -> bool:
    """Whether parts of the digest are used, as when a list of leaked passwords is asked."""
    names = {
        name
        for name, values in assigned.items()
        if any(inner is digest for value in values for inner in (value, *expressions(value)))
    }
    return any(
        isinstance(part, model.Subscript)
        and any(
            inner is digest or (isinstance(inner, model.Name) and inner.id in names)
            for inner in (part.value, *expressions(part.value))
        )
        for statement in statements(definition.body)
        for part in expressions(statement)
    )


class _Plain:
    """The passwords of a request that a handler compares with a stored one, or stores, as they are."""

    def __init__(self, application: Application, function: Function, body: Body) -> None:
        self._function = function
        self._body = body
        inputs = inputs_of(function.value, application.dependencies, frozenset())
        self._sent = {item.name for item in inputs.all if item.source in _SENT}
        self._assigned = assigned_values(function.definition.body)

    def found(self) -> Iterator[WeakPassword]:
        for statement in statements(self._function.definition.body):
            for part in expressions(statement):
                if isinstance(part, model.Comparison) and part.operators in {("==",), ("!=",)}:
                    for stored, given in ((part.left, part.others[0]), (part.others[0], part.left)):
                        if self._is_given(given) and (of := self._stored(stored)):
                            at = Span(
                                statement.line, statement.column, statement.end_line, statement.end_column
                            )
                            yield WeakPassword("compared", self._function, at, of)
                elif isinstance(part, model.Call):
                    yield from self._made(part)

    def _made(self, call: model.Call) -> Iterator[WeakPassword]:
        """The people that are made with a password as it was sent."""
        meaning = self._body.call(call)
        cls = meaning.callee if meaning is not None else None
        if not isinstance(cls, ClassValue) or not _keeps_plainly(cls):
            return
        for given in call.keywords:
            if given.name is not None and _is_field(cls, given.name) and self._is_given(given.value):
                at = Span(call.line, call.column, call.end_line, call.end_column)
                yield WeakPassword("stored", self._function, at, f"{cls.definition.name}.{given.name}")

    def _stored(self, expression: model.Expression) -> str:
        """The class and field where an expression is the password of a person's row, or its column."""
        if not isinstance(expression, model.Attribute) or not names_password(expression.name):
            return ""
        for option in options(self._body.value(expression.value)):
            cls = option.cls if isinstance(option, Object) else option
            if isinstance(cls, ClassValue) and _keeps_plainly(cls) and _is_field(cls, expression.name):
                return f"{cls.definition.name}.{expression.name}"
        return ""

    def _is_given(self, expression: model.Expression, depth: int = 2) -> bool:
        """Whether an expression is a password as the request brings it."""
        if isinstance(expression, model.Name):
            if expression.id in self._sent:
                return names_password(expression.id) and expression.id not in self._assigned
            values = self._assigned.get(expression.id, [])
            return depth > 0 and len(values) == 1 and self._is_given(values[0], depth - 1)
        if isinstance(expression, model.Attribute) and isinstance(expression.value, model.Name):
            return names_password(expression.name) and self._is_form(expression.value)
        return False

    def _is_form(self, holder: model.Name) -> bool:
        if holder.id in self._sent:
            return True
        parameters = {parameter.name for parameter in self._function.definition.parameters}
        return holder.id in parameters and any(
            isinstance(option, Object)
            and isinstance(option.cls, External)
            and (library.is_subclass(option.cls.name, _FORM) or option.cls.name == _BASIC)
            for option in options(self._body.value(holder))
        )


def _keeps_plainly(cls: ClassValue) -> bool:
    """Whether rows of a class stand for people, and nothing is seen that changes what is assigned."""
    if not is_entity(cls) or not cls.is_fully_known() or not _PEOPLE & set(words(cls.definition.name)):
        return False
    if cls.derives_from("sqlmodel.SQLModel") and "table" not in cls.keywords:
        return False
    return not isinstance(attributes.find(cls, "__init__"), tuple) and not any(
        isinstance(value, FunctionValue) and _is_about_passwords(name, value)
        for owner in cls.mro()
        if isinstance(owner, ClassValue)
        for name, value in owner.scope.names.items()
    )


def _is_about_passwords(name: str, function: FunctionValue) -> bool:
    """Whether a method may stand between a password and its column: a property, a validator, a listener."""
    return bool(function.definition.decorators) and (
        not _NOUNS.isdisjoint(words(name)) or any(map(_validates, function.definition.decorators))
    )


def _validates(decorator: model.Expression) -> bool:
    name = decorator.function if isinstance(decorator, model.Call) else decorator
    return "valid" in (name.id if isinstance(name, model.Name) else getattr(name, "name", "")).lower()


def _is_field(cls: ClassValue, name: str) -> bool:
    """Whether a class declares a field for passwords, of no type that says that it hashes or encrypts."""
    if not names_password(name) and not set(words(name)) <= {"password", "hash", "hashed"}:
        return False
    declared = [
        statement
        for owner in cls.mro()
        if isinstance(owner, ClassValue)
        for statement in owner.definition.body
        if isinstance(statement, model.Assignment)
        and any(isinstance(target, model.Name) and target.id == name for target in statement.targets)
    ]
    return bool(declared) and not any(map(_is_transformed, declared))


def _is_transformed(field: model.Assignment) -> bool:
    """Whether the type of a field, in its annotation or its column, may change what is assigned."""
    written = [part for part in (field.value, field.annotation) if part is not None]
    names = [dotted(part) for whole in written for part in (whole, *expressions(whole))]
    return any(word in name.lower() for name in names for word in ("password", "encrypt", "hash", "secret"))

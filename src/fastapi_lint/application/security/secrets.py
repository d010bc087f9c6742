"""Where a project uses literals as secrets: as the key of a token, or to compare a credential with.

What these places do with a literal makes it a secret, whatever its name and its words. A value is followed
through one constant: a local one, one of the module, or one that is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import Annotated, ClassValue, External, Object, options
from fastapi_lint.application.library.auth import COMPARISONS, SECRET_ARGUMENTS
from fastapi_lint.application.written import everything_in, parts, remembered, statements
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import names_secret, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import msgspec

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module, Modules
    from fastapi_lint.application.wiring.dependencies import Dependencies

SIGNING: Final = frozenset(name.partition(".")[0] for name in SECRET_ARGUMENTS)
"""Top-level packages whose calls take keys."""
_CREDENTIAL_WORDS: Final = frozenset({"key", "apikey", "authorization", "signature", "pin", "auth"})
_REQUEST_PARTS: Final = frozenset({"headers", "cookies", "query_params"})
_REQUESTS: Final = frozenset({"Request", "WebSocket", "HTTPConnection"})
_MARKERS: Final = frozenset({"Header", "Cookie", "Query", "Form", "Body", "Path"})


@dataclass(frozen=True, slots=True)
class Use:
    """What a literal is used for: `key` or `comparison`; `of` is what takes the key or is compared."""

    kind: str
    of: str


Uses = dict[int, Use]
"""Uses by the identity of the literal's expression among the facts."""


class Secrets:
    """Answers where literals are secrets because of their use; worked out when it is first asked for."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator
        self._keys: dict[str, Uses] | None = None
        self._compared: dict[str, Uses] = {}

    def keys_in(self, path: str) -> Uses:
        """The literals of a file that become keys, in this file or in others."""
        if self._keys is None:
            self._keys = {}
            for module in self._application.modules.by_path.values():
                if not _EXEMPT_ROLES & module.roles and _imports(module.facts.body, SIGNING):
                    self._add_keys(module)
        return self._keys.get(path, {})

    def compared_in(self, path: str) -> Uses:
        """The literals of a file that functions of it compare a credential of the request with."""
        if path not in self._compared:
            found: Uses = {}
            for function in self._application.functions_in(path):
                for left, right in _comparisons(function.definition.body):
                    for credential, other in ((left, right), (right, left)):
                        if isinstance(credential, _LITERAL):
                            continue
                        places = list(self._literals(function.module, other, function.definition))
                        if places and self._is_credential(function, credential):
                            use = Use("comparison", _written(credential))
                            found.update((id(literal), use) for where, literal in places if where == path)
            self._compared[path] = found
        return self._compared[path]

    def _add_keys(self, module: Module) -> None:
        keys = self._keys
        assert keys is not None  # noqa: S101 - `keys_in` calls
        for call, inside in _calls_in(module.facts.body):
            place = self._key_of(module, call)
            if place is not None:
                name, key = place
                use = Use("key", name)
                for path, literal in self._literals(module, key, inside):
                    keys.setdefault(path, {}).setdefault(id(literal), use)

    def _key_of(self, module: Module, call: model.Call) -> tuple[str, model.Expression] | None:
        """The name of what a call gives a key to, and the key."""
        name = self._dotted(module, call.function)
        arguments = call.arguments
        if name is None or name not in SECRET_ARGUMENTS:
            # `add_middleware(SessionMiddleware, secret_key=…)` hands the arguments on
            name = self._dotted(module, arguments[0]) if arguments else None
            arguments = ()
        where = SECRET_ARGUMENTS.get(name) if name is not None else None
        if name is None or where is None:
            return None
        position, keyword = where
        for given in call.keywords:
            if given.name == keyword:
                return ".".join(name.split(".")[-2:]), given.value
        if 0 <= position < len(arguments):
            return ".".join(name.split(".")[-2:]), arguments[position]
        return None

    def _dotted(self, module: Module, expression: model.Expression) -> str | None:
        """The key of the table for what an expression names, a subclass by its base."""
        if not isinstance(expression, (model.Name, model.Attribute)):
            return None
        value = self._evaluator.evaluate(expression, Frame(self._evaluator.scope_of(module)))
        names = list(value.external_bases()) if isinstance(value, ClassValue) else []
        if isinstance(value, External):
            names = [value.name]
        for name in names:
            for known in library.lineage(name):
                if known in SECRET_ARGUMENTS:
                    return known
        return None

    def _literals(
        self, module: Module, expression: model.Expression, inside: model.FunctionDefinition | None
    ) -> Iterator[tuple[str, model.Expression]]:
        """The texts that an expression may be, with their files; names are a function's or the module's."""
        for part in _parts(expression):
            if isinstance(part, model.Name):
                assigned = _assigned(inside.body if inside else module.facts.body, part.id)
                if assigned:
                    yield from ((module.path, text) for value in assigned for text in _texts(value))
                else:
                    yield from self._constant(module, part.id)
            elif isinstance(part, model.Attribute):
                yield from self._of_attribute(module, part, inside)
            elif _is_text(part):
                yield module.path, part

    def _of_attribute(
        self, module: Module, expression: model.Attribute, inside: model.FunctionDefinition | None
    ) -> Iterator[tuple[str, model.Expression]]:
        """The texts that a constant of another module, or the default of a setting, may be."""
        holder = expression.value
        if isinstance(holder, model.Name):
            for statement in module.facts.body:
                source = _imported(self._application.modules, module, statement, holder.id)
                if source is not None and not source[1]:
                    yield from self._constant(source[0], expression.name)
        for settings in self._settings(module, holder, inside):
            for cls in settings.mro():
                values = (
                    _assigned(cls.definition.body, expression.name) if isinstance(cls, ClassValue) else []
                )
                if isinstance(cls, ClassValue) and values:
                    yield from ((cls.module.path, text) for value in values for text in _texts(value))
                    break

    def _settings(
        self, module: Module, holder: model.Expression, inside: model.FunctionDefinition | None
    ) -> Iterator[ClassValue]:
        """The classes of settings that an expression may be an instance of."""
        frame = Frame(self._evaluator.scope_of(module))
        sources = [holder]
        if isinstance(holder, model.Name) and inside is not None:
            given = [
                item.annotation for item in inside.parameters if item.name == holder.id and item.annotation
            ]
            sources = [*given, *_assigned(inside.body, holder.id)] or sources
        for source in sources:
            value = self._evaluator.evaluate(source, frame)
            for item in options(value.base if isinstance(value, Annotated) else value):
                cls = item.cls if isinstance(item, Object) else item
                if isinstance(cls, ClassValue) and cls.derives_from(*_SETTINGS):
                    yield cls

    def _constant(self, module: Module, name: str, depth: int = 3) -> Iterator[tuple[str, model.Expression]]:
        assigned = _assigned(module.facts.body, name)
        for value in assigned:
            yield from ((module.path, text) for text in _texts(value))
        if assigned or depth == 0:
            return
        for statement in module.facts.body:
            source = _imported(self._application.modules, module, statement, name)
            if source is not None and source[1]:
                yield from self._constant(source[0], source[1], depth - 1)

    def _is_credential(self, function: Function, expression: model.Expression, depth: int = 3) -> bool:
        """Whether an expression of a function is what a client sent to prove who it is."""
        if depth == 0:
            return False
        if isinstance(expression, model.Call):
            called = expression.function
            if isinstance(called, model.Name) and called.id in {"str", "bytes"} and expression.arguments:
                return self._is_credential(function, expression.arguments[0], depth)
            if not isinstance(called, model.Attribute):
                return False
            if called.name in {"encode", "decode", "strip", "get_secret_value", "removeprefix"}:
                return self._is_credential(function, called.value, depth)
            if called.name == "get" and expression.arguments:
                return self._is_part(function, called.value) and _is_credential_name(expression.arguments[0])
            return False
        if isinstance(expression, model.Boolean):
            return any(self._is_credential(function, value, depth) for value in expression.values)
        if isinstance(expression, model.Subscript):
            return self._is_part(function, expression.value) and _is_credential_name(expression.index)
        if isinstance(expression, model.Attribute):
            return self._is_field(function, expression)
        if not isinstance(expression, model.Name):
            return False
        parameter = _is_sent(self._application.dependencies, function, expression.id)
        if parameter is not None:
            return parameter
        values = _assigned(function.definition.body, expression.id)
        return bool(values) and all(self._is_credential(function, value, depth - 1) for value in values)

    def _is_part(self, function: Function, expression: model.Expression) -> bool:
        """Whether it is the headers, the cookies or the query of a request."""
        if not isinstance(expression, model.Attribute) or expression.name not in _REQUEST_PARTS:
            return False
        return any(
            isinstance(item, Object)
            and isinstance(item.cls, External)
            and item.cls.name.rpartition(".")[2] in _REQUESTS
            for item in options(self._application.body(function).value(expression.value))
        )

    def _is_field(self, function: Function, expression: model.Attribute) -> bool:
        """Whether it is the secret field of credentials that FastAPI parsed, or of a parameter's model."""
        holder = expression.value
        if not isinstance(holder, model.Name):
            return False
        if not any(holder.id == parameter.name for parameter in function.definition.parameters):
            return False
        for item in options(self._application.body(function).value(holder)):
            if not isinstance(item, Object):
                continue
            if isinstance(item.cls, External):
                kind = item.cls.name.rpartition(".")[2]
                if (kind, expression.name) in {
                    ("HTTPBasicCredentials", "password"),
                    ("HTTPAuthorizationCredentials", "credentials"),
                    ("OAuth2PasswordRequestForm", "password"),
                }:
                    return True
            elif isinstance(item.cls, ClassValue):
                bases = {base.rpartition(".")[2] for base in item.cls.external_bases()}
                if "BaseModel" in bases and "BaseSettings" not in bases:
                    return names_secret(expression.name)
        return False


_SETTINGS: Final = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings")
_LITERAL: Final = (model.Constant, model.Masked)
_EXEMPT_ROLES: Final = frozenset({"test", "example", "migration"})


def _is_sent(dependencies: Dependencies, function: Function, name: str) -> bool | None:
    """Whether FastAPI fills this parameter with a credential; None for a name that is no parameter."""
    for parameter in dependencies.signature(function.value).parameters:
        if parameter.name != name:
            continue
        marker = parameter.marker
        if marker is None:
            return False
        if marker.name in {"Depends", "Security"}:
            scheme = marker.callable
            return (
                isinstance(scheme, Object)
                and isinstance(scheme.cls, External)
                and scheme.cls.name.startswith("fastapi.security.")
            )
        return marker.name in _MARKERS and _is_credential_word(name)
    return None


def _is_credential_name(expression: model.Expression) -> bool:
    return (
        isinstance(expression, model.Constant)
        and isinstance(expression.value, str)
        and _is_credential_word(expression.value)
    )


def _is_credential_word(name: str) -> bool:
    words = words_of(name)
    return names_secret(name) or (bool(words) and words[-1] in _CREDENTIAL_WORDS)


def _is_text(expression: model.Expression) -> bool:
    return isinstance(expression, model.Masked) or (
        isinstance(expression, model.Constant) and isinstance(expression.value, str)
    )


def _parts(expression: model.Expression) -> Iterator[model.Expression]:
    """The expressions one of which gives the value: sides of `or`, defaults of lookups, what is wrapped."""
    if isinstance(expression, model.Boolean):
        for value in expression.values:
            yield from _parts(value)
    elif isinstance(expression, model.Conditional):
        yield from _parts(expression.body)
        yield from _parts(expression.orelse)
    elif isinstance(expression, model.Call):
        called = expression.function
        name = called.name if isinstance(called, model.Attribute) else getattr(called, "id", "")
        if name in {"encode", "strip"} and isinstance(called, model.Attribute):
            yield from _parts(called.value)
        elif name in {"getenv", "get", "config", "env", "str"}:
            yield from (part for value in expression.arguments[1:2] for part in _parts(value))
            yield from (
                part
                for given in expression.keywords
                if given.name == "default"
                for part in _parts(given.value)
            )
        elif name == "Field":
            defaults = [given.value for given in expression.keywords if given.name == "default"]
            yield from (part for value in [*expression.arguments[:1], *defaults] for part in _parts(value))
        elif name in {"SecretStr", "SecretBytes", "Secret", "bytes"}:
            yield from (part for value in expression.arguments[:1] for part in _parts(value))
    else:
        yield expression


def _texts(expression: model.Expression) -> Iterator[model.Expression]:
    return (part for part in _parts(expression) if _is_text(part))


def _assigned(body: Iterable[model.Statement], name: str) -> list[model.Expression]:
    """What a name is assigned in a body, not looking into functions and classes."""
    return _assignments(body).get(name, [])


@remembered
def _assignments(body: Iterable[model.Statement]) -> dict[str, list[model.Expression]]:
    found: dict[str, list[model.Expression]] = {}
    for statement in statements(body):
        if isinstance(statement, model.Assignment) and statement.value is not None:
            for target in statement.targets:
                if isinstance(target, model.Name):
                    found.setdefault(target.id, []).append(statement.value)
    return found


def _imported(
    modules: Modules, module: Module, statement: model.Statement, name: str
) -> tuple[Module, str] | None:
    """The module that a statement imports `name` from and its name there, empty for the module itself."""
    if isinstance(statement, model.ImportFrom):
        for given in statement.names:
            if (given.alias or given.name) != name:
                continue
            inner = f"{statement.module}.{given.name}" if statement.module else given.name
            for dotted, rest in ((inner, ""), (statement.module, given.name)):
                path = (
                    modules.find_relative(module, statement.level, dotted)
                    if statement.level
                    else modules.find(module, dotted)
                )
                if path is not None and path in modules.by_path:
                    return modules.by_path[path], rest
    elif isinstance(statement, model.Import):
        for given in statement.names:
            if given.alias == name or (given.alias is None and given.name == name):
                path = modules.find(module, given.name)
                if path is not None and path in modules.by_path:
                    return modules.by_path[path], ""
    return None


def _imports(body: Iterable[model.Statement], packages: frozenset[str]) -> bool:
    """Whether a module imports one of these packages, anywhere but in functions."""
    for statement in statements(body):
        if isinstance(statement, model.ImportFrom) and statement.level == 0:
            top, _, rest = statement.module.partition(".")
            if "sessions" in rest or (top in packages and top not in {"starlette", "fastapi"}):
                return True
        elif isinstance(statement, model.Import) and any(
            name.name.partition(".")[0] in packages for name in statement.names
        ):
            return True
    return False


def _calls_in(
    body: tuple[model.Statement, ...],
) -> Iterator[tuple[model.Call, model.FunctionDefinition | None]]:
    """Every call below a module's body, with the function that it stands in, if any."""
    pending: list[tuple[msgspec.Struct, model.FunctionDefinition | None]] = [(item, None) for item in body]
    while pending:
        node, inside = pending.pop()
        if isinstance(node, model.Call):
            yield node, inside
        elif isinstance(node, model.FunctionDefinition):
            inside = node
        pending += [(part, inside) for part in parts(node)]


def _comparisons(
    body: tuple[model.Statement, ...],
) -> Iterator[tuple[model.Expression, model.Expression]]:
    """Both sides of every comparison for equality below a body."""
    for item in everything_in(body):
        if isinstance(item, model.Comparison):
            if item.operators in {("==",), ("!=",)}:
                yield item.left, item.others[0]
        elif isinstance(item, model.Call) and len(item.arguments) == 2 and _compares(item.function):  # noqa: PLR2004
            yield item.arguments[0], item.arguments[1]


_COMPARING: Final = frozenset(name.rpartition(".")[2] for name in COMPARISONS)


def _compares(function: model.Expression) -> bool:
    return (isinstance(function, model.Attribute) and function.name in _COMPARING) or (
        isinstance(function, model.Name) and function.id in _COMPARING
    )


def _written(expression: model.Expression) -> str:
    """A name for messages, without any literal in it."""
    if isinstance(expression, model.Name):
        return expression.id
    if isinstance(expression, model.Attribute):
        inner = _written(expression.value)
        return f"{inner}.{expression.name}" if inner else expression.name
    if isinstance(expression, model.Call):
        called = expression.function
        if isinstance(called, model.Attribute):
            return _written(called.value)
        return _written(expression.arguments[0]) if expression.arguments else ""
    return _written(expression.value) if isinstance(expression, model.Subscript) else ""

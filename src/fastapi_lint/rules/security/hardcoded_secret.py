"""FAL303: a password, key or token is written into the source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import libcst as cst

from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import Level, ModuleVisitor, Option
from fastapi_lint.secrecy import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application import Application, Module
    from fastapi_lint.application.security.secrets import Use

HELP = (
    "read it from the environment or a secret store, without a default, "
    "and replace the secret: the history of the repository keeps it"
)
_EXEMPT = frozenset({"test", "example", "migration"})
_ILLUSTRATING = frozenset({"example", "examples", "openapi_examples", "schema_extra", "json_schema_extra"})
_TALKING = frozenset({"description", "help", "title", "summary", "metavar"})
_ENVIRONMENT = frozenset({"getenv", "get", "config", "env", "str", "get_env", "getenv_or_default"})
_FIELDS = frozenset({"Field", "Header", "Query", "Cookie", "Form", "Body"})
_WRAPPERS = frozenset({"SecretStr", "SecretBytes", "Secret", "bytes", "str"})
_SCHEME = re.compile(r"(?:bearer|basic|token|apikey)\s+", re.IGNORECASE)
_CREDENTIAL = re.compile("key|token|secret|passw|authorization|credential|header", re.IGNORECASE)


class _Named(NamedTuple):
    """What a literal is called, and whether words are an excuse for it."""

    name: str
    excuses_words: bool
    is_guarded: bool = False


class HardcodedSecret(ModuleVisitor):
    """A password, key or token is written into the source."""

    code = "FAL303"
    name = "hardcoded-secret"
    level = Level.DEFAULT
    severity = Severity.ERROR
    checklist = ("3.5", "7.3")
    sensitive: ClassVar[bool] = True

    ignore_names = Option((), "Names whose values are no secrets, whatever they look like.")

    _guards = 0
    _enumerations = 0
    _validated: tuple[frozenset[str], ...] = ()

    @classmethod
    def concerns(cls, application: Application, module: Module, text: str) -> bool:
        """Say whether the text holds what may be a secret, or a literal that becomes one elsewhere."""
        if _EXEMPT & module.roles:
            return False
        return (
            shapes.may_hold_secret(text)
            or bool(application.secrets.keys_in(module.path))
            or (
                bool(application.functions_in(module.path))
                and ("compare_digest" in text or shapes.is_compared(text, _CREDENTIAL))
                and bool(application.secrets.compared_in(module.path))
            )
        )

    def visit_Module(self, node: cst.Module) -> None:
        del node
        self._named: dict[cst.CSTNode, _Named] = {}
        secrets = self.application.secrets
        self._uses = {**secrets.keys_in(self.module.path), **secrets.compared_in(self.module.path)}

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._enumerations += _is_enumeration(node)
        self._validated = (*self._validated, frozenset(_validated_fields(node)))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        self._enumerations -= _is_enumeration(original_node)
        self._validated = self._validated[:-1]

    def visit_If(self, node: cst.If) -> None:
        self._guards += _tells_environments(node.test)

    def leave_If(self, original_node: cst.If) -> None:
        self._guards -= _tells_environments(original_node.test)

    def visit_Expr(self, node: cst.Expr) -> bool:
        return not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))

    def visit_Assign(self, node: cst.Assign) -> bool:
        names = [_name(target.target) for target in node.targets]
        if any(name in _ILLUSTRATING for name in names):
            return False
        for name in names:
            self._remember(name, node.value, is_signing=shapes.names_signing_key(name))
        return True

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        name = _name(node.target)
        if node.value is not None:
            self._remember(name, node.value, is_signing=shapes.names_signing_key(name))

    def visit_Param(self, node: cst.Param) -> None:
        if node.default is not None:
            self._remember(node.name.value, node.default, is_signing=False)

    def visit_Arg(self, node: cst.Arg) -> bool:
        if node.keyword is not None:
            name = node.keyword.value
            if name in _ILLUSTRATING or name in _TALKING:
                return False
            self._remember(name, node.value, is_signing=name == "secret_key")
        return True

    def visit_DictElement(self, node: cst.DictElement) -> bool:
        key = _text(node.key)
        if key in _ILLUSTRATING or key in _TALKING:
            return False
        if key is not None:
            self._remember(key, node.value, is_signing=False)
        return True

    def visit_Call(self, node: cst.Call) -> None:
        variable = _variable(node)
        if variable is not None:
            self._remember(variable, node, is_signing=shapes.names_signing_key(variable))

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._judge(node, node.evaluated_value)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        text = node.evaluated_value
        if text is not None:
            self._judge(node, text)
        return text is None

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        parts = (part.value if isinstance(part, cst.FormattedStringText) else "{}" for part in node.parts)
        self._judge(node, "".join(parts))

    def _remember(self, name: str, value: cst.BaseExpression, *, is_signing: bool) -> None:
        """Remember the name of a literal: of the value itself, or of what stands in where that is missing."""
        is_guarded = self._guards > 0 or any(name in fields for fields in self._validated)
        excuses = not is_signing or is_guarded
        if shapes.names_secrets(name) and isinstance(value, (cst.List, cst.Tuple, cst.Set)):
            for element in value.elements:
                self._named.setdefault(element.value, _Named(name[:-1], excuses_words=True))
        for literal, excuse in _values(value, name):
            guarded = is_guarded or excuse == "environment"
            self._named.setdefault(literal, _Named(name, excuses or bool(excuse), guarded))

    def _judge(self, node: cst.BaseExpression, value: str | bytes) -> None:
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        named = self._named.get(node, _Named("", excuses_words=True))
        if named.name in self.ignore_names:
            return
        use = self._use_of(node)
        message = None
        if use is not None and not named.is_guarded:
            if text.strip() and not shapes.is_placeholder(text) and not _is_scheme(text):
                message = _used(use)
        elif shapes.is_provider_token(text):
            message = f"{_subject(named.name)} a provider's token or key that is written into the source"
        elif shapes.is_url_with_password(text):
            message = f"{_subject(named.name)} a URL with its password"
        elif self._is_secret_by_name(named, text):
            message = f"{_subject(named.name)} a secret that is written into the source"
        if message is not None:
            self.report(node, message, help=HELP)

    def _is_secret_by_name(self, named: _Named, text: str) -> bool:
        name = named.name
        if self._enumerations or not (shapes.names_secret(name) or name.lower() == "authorization"):
            return False
        text = _SCHEME.sub("", text, count=1)
        if len(text) < shapes.SHORTEST or shapes.is_publishable(text):
            return False
        return shapes.looks_random(text) or (not named.excuses_words and shapes.is_readable_key(text, name))

    def _use_of(self, node: cst.CSTNode) -> Use | None:
        expression = self.expression(node) if self._uses else None
        return self._uses.get(id(expression))


def _used(use: Use) -> str:
    if use.kind == "key":
        return f"the key that `{use.of}` is given is written into the source"
    return f"the secret that `{use.of}` is compared with is written into the source"


def _subject(name: str) -> str:
    return f"`{name}` is" if name.isidentifier() else "this literal is"


def _is_scheme(text: str) -> bool:
    return text.strip().lower() in {"bearer", "basic", "digest", "token"}


def _name(target: cst.BaseExpression) -> str:
    """The last name of what is assigned to; empty for anything else."""
    if isinstance(target, cst.Name):
        return target.value
    if isinstance(target, cst.Attribute):
        return target.attr.value
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        return (_text(index.value) or "") if isinstance(index, cst.Index) else ""
    return ""


def _text(node: cst.BaseExpression | None) -> str | None:
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else None


def _callee(node: cst.Call) -> str:
    return _name(node.func)


def _variable(node: cst.Call) -> str | None:
    """The name of the environment variable or setting that a call reads with a default."""
    is_put = isinstance(node.func, cst.Attribute) and node.func.attr.value == "setdefault"
    if isinstance(node.func, cst.Attribute) and is_put and _name(node.func.value) != "environ":
        return None
    if len(node.args) > 1 and (is_put or _callee(node) in _ENVIRONMENT) and node.args[0].keyword is None:
        return _text(node.args[0].value)
    return None


def _is_lookup(node: cst.Call) -> bool:
    """Whether a call reads any mapping, which need not be the environment."""
    return (
        isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "get"
        and _name(node.func.value) not in {"environ", "env", "config", "settings"}
    )


def _values(node: cst.BaseExpression, name: str) -> Iterator[tuple[cst.BaseExpression, str]]:
    """The literals that a value may be, and what excuses words in it: `environment`, `lookup` or nothing."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)):
        yield node, ""
    elif isinstance(node, cst.BooleanOperation):
        yield from _values(node.left, name)
        yield from _values(node.right, name)
    elif isinstance(node, cst.IfExp):
        told = "environment" if _tells_environments(node.test) else ""
        for branch in (node.body, node.orelse):
            for literal, excuse in _values(branch, name):
                yield literal, told or excuse
    elif isinstance(node, cst.Call):
        for inner in _wrapped(node):
            for literal, excuse in _values(inner, name):
                yield literal, excuse or ("lookup" if _is_lookup(node) else "")


def _wrapped(node: cst.Call) -> Iterator[cst.BaseExpression]:
    """The arguments of a call that its value may be."""
    callee = _callee(node)
    positional = [argument.value for argument in node.args if argument.keyword is None]
    defaults = [
        argument.value
        for argument in node.args
        if argument.keyword is not None and argument.keyword.value == "default"
    ]
    if isinstance(node.func, cst.Attribute) and callee in {"encode", "strip"}:
        yield node.func.value
    elif _variable(node) is not None:
        yield from positional[1:2]
        yield from defaults
    elif callee in _FIELDS:
        yield from defaults or positional[:1]
    elif callee in _WRAPPERS:
        yield from positional[:1]


def _tells_environments(test: cst.CSTNode) -> bool:
    """Whether a condition tells production from development."""
    if isinstance(test, (cst.Name, cst.Attribute)):
        return shapes.names_environment(_name(test))
    if isinstance(test, (cst.SimpleString,)):
        return shapes.names_environment(_text(test) or "")
    return any(_tells_environments(child) for child in test.children if isinstance(child, _CONDITION_PARTS))


_CONDITION_PARTS = (cst.BaseExpression, cst.ComparisonTarget, cst.Arg, cst.Element)


def _is_enumeration(node: cst.ClassDef) -> bool:
    """Whether the members of a class are labels."""
    return any(_name(base.value).endswith(("Enum", "Flag")) for base in node.bases)


def _validated_fields(node: cst.ClassDef) -> Iterator[str]:
    """The fields that validators of a class look at."""
    for statement in node.body.body:
        if not isinstance(statement, cst.FunctionDef):
            continue
        for decorator in statement.decorators:
            call = decorator.decorator
            if isinstance(call, cst.Call) and _callee(call) in {"field_validator", "validator"}:
                yield from (text for text in (_text(argument.value) for argument in call.args) if text)
            elif _name(call.func if isinstance(call, cst.Call) else call) in {
                "model_validator",
                "root_validator",
            }:
                yield from _attributes(statement.body)


def _attributes(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Attribute):
        yield node.attr.value
    elif isinstance(node, cst.SimpleString):
        yield _text(node) or ""
    for child in node.children:
        yield from _attributes(child)

"""Find the literals that facts don't hold because of where they stand: beside a secret's name, or as a key.

What looks like a secret by itself is for `keeps`. Here a word that a person chose is found out, by the name
that it is assigned, passed or compared under, in the file alone.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from fastapi_lint.secrecy.shapes import is_about_secret, is_compared, only_names_secrets
from fastapi_lint.secrecy.texts import TAKES_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOOKUPS: Final = frozenset({"get", "getenv", "pop", "getattr", "setdefault", "config", "env", "getlist"})
_MAY_TAKE_KEYS: Final = re.compile(
    r"jwt|jose|Fernet|Sign|Serializer|SessionMiddleware|hmac|compare_digest|LoginManager|JwtAccess|JwtRefresh"
)
_CREDENTIAL: Final = re.compile(
    r"key|token|secret|passw|auth|credential|header|signature|salt|pin", re.IGNORECASE
)
_OF_TOKENS: Final = re.compile(r"(?:[HREP]S\d{3}|EdDSA|utf-?8|ascii)\Z", re.IGNORECASE)


class Hidden:
    """The identities of the literals of one file that aren't kept; filled while the file is read."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.literals: set[int] = set()
        self._used: set[str] = set()
        self._takes_keys = _MAY_TAKE_KEYS.search(text) is not None
        if self._takes_keys or is_compared(text, _CREDENTIAL):
            for node in _calls_and_comparisons(tree):
                if isinstance(node, ast.Compare):
                    sides = (node.left, *node.comparators)
                    if any(map(_is_credential, sides)):
                        self._used.update(map(_last_name, sides))
                elif self._takes_keys:
                    self._used.update(map(_last_name, _keys_of(node)))
            self._used.discard("")

    def under(self, name: str, value: ast.expr | None) -> None:
        """Hide what is given this name, if it is a secret's or that of something used as a key."""
        if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)) or value is None:
            return
        if is_about_secret(name) or name in self._used:
            self._hide(value)

    def assigned(self, targets: Iterable[ast.expr], value: ast.expr | None) -> None:
        """Hide what is assigned to a secret's name: a variable, an attribute or the key of a mapping."""
        for target in targets:
            self.under(_last_name(target), value)

    def passed(self, node: ast.Call) -> None:
        """Hide the keys among a call's arguments, and the default of what a secret's name looks up."""
        arguments = node.args
        if len(arguments) > 1 and _text(arguments[0]) and is_about_secret(_text(arguments[0])):
            for argument in arguments[1:]:
                self._hide(argument)
        if arguments and _text(arguments[0]) and is_about_secret(_text(arguments[0])):
            for keyword in node.keywords:
                if keyword.arg == "default":
                    self._hide(keyword.value)
        if self._takes_keys:
            for key in _keys_of(node):
                if not _OF_TOKENS.match(_text(key)):
                    self._hide(key)

    def compared(self, node: ast.Compare) -> None:
        """Hide what a credential is compared with."""
        sides = (node.left, *node.comparators)
        if any(isinstance(side, (ast.Constant, ast.Tuple, ast.List, ast.Set)) for side in sides) and any(
            map(_is_credential, sides)
        ):
            for side in sides:
                if not isinstance(side, ast.Call):
                    self._hide(side)

    def _hide(self, node: ast.expr) -> None:
        """Hide every text that may be part of a value, not those that only say where it comes from."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and not only_names_secrets(node.value):
                self.literals.add(id(node))
        elif isinstance(node, (ast.BoolOp, ast.JoinedStr)):
            for part in node.values:
                self._hide(part)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            for part in node.elts:
                self._hide(part)
        elif isinstance(node, ast.Dict):
            for part in node.values:
                self._hide(part)
        elif isinstance(node, ast.IfExp):
            self._hide(node.body)
            self._hide(node.orelse)
        elif isinstance(node, ast.BinOp):
            self._hide(node.left)
            self._hide(node.right)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                self._hide(node.func.value)
            for part in node.args[1:] if _last_name(node.func) in _LOOKUPS else node.args:
                self._hide(part)
            for keyword in node.keywords:
                if keyword.arg in {"default", "default_factory"}:
                    self._hide(keyword.value)
        elif isinstance(node, ast.Lambda):
            self._hide(node.body)


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of `ast`'s nodes that can hold a call or a comparison, by the node's type."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        fields: tuple[str, ...] = ()
        if issubclass(kind, ast.AST) and not issubclass(kind, (ast.Name, ast.Constant, ast.alias)):
            fields = tuple(name for name in kind._fields if name not in _HOLD_NO_EXPRESSION)
        self[kind] = fields
        return fields


_HOLD_NO_EXPRESSION: Final = frozenset(
    {"ctx", "op", "ops", "attr", "name", "names", "module", "level", "type_comment", "simple", "is_async"}
)
_fields: Final = _Fields()


def _calls_and_comparisons(tree: ast.Module) -> list[ast.Call | ast.Compare]:
    """Give those of a whole file, in no order, in a third of the time that `ast.walk` takes."""
    found: list[ast.Call | ast.Compare] = []
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Call, ast.Compare)):
            found.append(node)
        for name in _fields[type(node)]:
            child = getattr(node, name, None)
            if child.__class__ is list:
                pending += child
            elif isinstance(child, ast.AST):
                pending.append(child)
    return found


def _keys_of(node: ast.Call) -> list[ast.expr]:
    """The arguments of a call that takes keys or compares credentials; also through `add_middleware`."""
    name = _last_name(node.func)
    if name not in TAKES_KEYS:
        return []
    keywords = [item.value for item in node.keywords if item.arg in {"key", "secret_key", "secret"}]
    return [*node.args, *keywords]


def _is_credential(node: ast.expr) -> bool:
    """Whether an expression is called like a credential, or is what a request has under such a name."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr != "get":
            return _is_credential(node.func.value)
        return bool(node.args) and (is_about_secret(_text(node.args[0])) or _is_credential(node.args[0]))
    return is_about_secret(_last_name(node))


def _last_name(node: ast.expr) -> str:
    """The last name of an expression, or the key of an element; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return _text(node.slice) if isinstance(node, ast.Subscript) else ""


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

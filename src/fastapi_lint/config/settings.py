"""What a project says about itself so that its application is understood: plain values, handed to `link`.

Nothing here chooses which rules run or how they report; see `config.model` for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Protocol, TypeVar, overload

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["default", "strict", "pedantic"]

LEVELS: Final[tuple[Level, ...]] = ("default", "strict", "pedantic")

T = TypeVar("T", bool, int, str, tuple[str, ...])


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says about the application, beyond what its code does. Names are dotted."""

    level: Level = "default"
    """Which rules run where nothing selects them, and how much those rules say that can be stricter."""

    session_types: tuple[str, ...] = ()
    """Classes of the project or of libraries whose objects are database sessions of one request."""

    session_factories: tuple[str, ...] = ()
    """Functions, classes and objects that give a database session when they are called."""

    auth_dependencies: tuple[str, ...] = ()
    """Dependencies that verify who calls, where that can't be seen from their code."""

    public_routes: tuple[str, ...] = ()
    """Patterns of routes that anybody may call: a path with `*`, after a method if one is meant alone."""

    blocking_calls: tuple[str, ...] = ()
    """Functions and methods that block the event loop."""

    rule_options: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    """What is set for single rules: pairs of a rule's name and its options, each a pair of key and value."""

    def of_rule(self, name: str) -> Mapping[str, Any]:
        """The options that are set for the rule with this name."""
        return dict(dict(self.rule_options).get(name, ()))


class _Linked(Protocol):
    @property
    def settings(self) -> Settings: ...


class _Asking(Protocol):
    """What an option needs of a rule: the application that it asks."""

    @property
    def application(self) -> _Linked: ...


class Option(Generic[T]):
    """A setting that one rule alone has: an attribute of its class, read as an attribute of its instances.

    The key in `[tool.fastapi-lint.rules.<rule-name>]` is the attribute's name with hyphens. The type of
    `default` is the type of the value; a tuple holds texts. `least` is the smallest number that makes sense.
    """

    def __init__(self, default: T, says: str, *, least: int = 0) -> None:
        self.default: T = default
        self.says = says
        self.least = least
        self.key = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = name.replace("_", "-")

    @overload
    def __get__(self, rule: None, kind: type) -> Option[T]: ...
    @overload
    def __get__(self, rule: _Asking, kind: type) -> T: ...
    def __get__(self, rule: _Asking | None, kind: Any) -> Option[T] | T:
        return self if rule is None else self.given(kind.name, rule.application.settings)

    def given(self, rule: str, settings: Settings) -> T:
        """The value for the rule with this name; for class methods of rules, which have no instance."""
        value: T = settings.of_rule(rule).get(self.key, self.default)
        return value

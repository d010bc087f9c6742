"""What an expression may stand for when the application is linked.

Values are what the evaluation of facts works on: a router that is being filled, a class of the project, an
object of which only the class is known. Two routers with the same prefix are two routers, so they compare
by identity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.application.modules import Module
    from fastapi_lint.facts import model


class Value:
    """Anything that a name can be bound to."""

    __slots__ = ()


@dataclass(eq=False, slots=True)
class Unknown(Value):
    """Nothing can be said; `reason` says why. `of` names the outside function whose result it is.

    `is_plain`: it is at least some plain data, such as a row or a number.
    """

    reason: str = ""
    of: str = ""
    is_plain: bool = False


UNKNOWN = Unknown()


@dataclass(eq=False, slots=True)
class Literal(Value):
    """A constant whose value is known."""

    value: bool | int | float | str | None


NONE = Literal(None)

NO_KEYWORDS: Mapping[str, Value] = MappingProxyType({})
"""The keyword arguments of all that are given none: most calls and objects, of which there are many."""


@dataclass(eq=False, slots=True)
class Collection(Value):
    """A list, tuple or set. Where it isn't `complete`, `items` are examples of what it holds."""

    kind: str
    items: list[Value]
    complete: bool = True


@dataclass(eq=False, slots=True)
class Dictionary(Value):
    """A dict with literal keys; `others` are values under keys that aren't known."""

    entries: dict[object, Value]
    others: list[Value] = field(default_factory=list)
    complete: bool = True


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, a class body or a function, and the scope around it."""

    names: dict[str, Value] = field(repr=False)
    parent: Scope | None = field(repr=False)
    module: Module
    is_class: bool = False
    star_imports: list[Module] = field(default_factory=list)
    outer_names: dict[str, Scope] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class ModuleValue(Value):
    """A module of the project."""

    module: Module


@dataclass(eq=False, slots=True)
class Package(Value):
    """A directory without `__init__.py` (a namespace package), as a path relative to the project's root."""

    path: str


@dataclass(eq=False, slots=True)
class External(Value):
    """Something defined outside of the project, by its canonical dotted name."""

    name: str


@dataclass(eq=False, slots=True)
class Deferred(Value):
    """A name of a module that was still being executed when it was imported from; looked up when used."""

    module: Module
    name: str


@dataclass(eq=False, slots=True)
class FunctionValue(Value):
    """A function of the project. `wraps` is what `functools.wraps` made of it, `kind` tells methods apart."""

    definition: model.FunctionDefinition = field(repr=False)
    module: Module = field(repr=False)
    scope: Scope = field(repr=False)
    qualname: str
    owner: ClassValue | None = None
    wraps: Value | None = None
    kind: str = "function"  # or: property, static, class, context (contextlib.contextmanager), cached
    opaque_decorators: tuple[str, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class LambdaValue(Value):
    """A lambda and the scope that it was made in."""

    definition: model.Lambda
    scope: Scope
    qualname: str


@dataclass(eq=False, slots=True)
class ClassValue(Value):
    """A class of the project. `bindings` maps the type variables of its bases to what it fills them with."""

    definition: model.ClassDefinition = field(repr=False)
    module: Module = field(repr=False)
    scope: Scope = field(repr=False)
    qualname: str
    bases: list[Value] = field(default_factory=list, repr=False)
    annotations: dict[str, model.Expression] = field(default_factory=dict, repr=False)
    field_lines: dict[str, int] = field(default_factory=dict)
    bindings: dict[str, Value] = field(default_factory=dict)
    keywords: dict[str, Value] = field(default_factory=dict)
    decorators: list[Value] = field(default_factory=list)
    _linearised: list[Value] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Its dotted name, module and qualname."""
        return f"{self.module.name}.{self.qualname}"

    def mro(self) -> list[Value]:
        """This class and its bases, depth first and each once, classes of the project and external ones."""
        if self._linearised is None:
            self._linearised = []  # guards against a class that inherits from itself
            seen: list[Value] = [self]
            for base in self.bases:
                origin = base.origin if isinstance(base, Generic) else base
                for item in origin.mro() if isinstance(origin, ClassValue) else [origin]:
                    if not any(item is other or _same_external(item, other) for other in seen):
                        seen.append(item)
            self._linearised = seen
        return self._linearised

    def inherit(self, base: Value) -> None:
        """Take one more base, behind those that are written."""
        self.bases.append(base)
        self._linearised = None

    def external_bases(self) -> Iterator[str]:
        """Names of the external classes that it derives from."""
        for item in self.mro():
            if isinstance(item, External):
                yield item.name

    def derives_from(self, *names: str) -> bool:
        """Whether one of these external classes is among its bases."""
        return any(name in names for name in self.external_bases())

    def is_fully_known(self) -> bool:
        """Whether every base could be resolved."""
        return not any(isinstance(item, Unknown) for item in self.mro())


def _same_external(left: Value, right: Value) -> bool:
    return isinstance(left, External) and isinstance(right, External) and left.name == right.name


@dataclass(eq=False, slots=True)
class Object(Value):
    """An instance of a class; `attributes` are those that were set on it."""

    cls: Value
    attributes: dict[str, Value] = field(default_factory=dict)
    arguments: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=lambda: NO_KEYWORDS)
    type_arguments: tuple[Value, ...] = ()
    is_declared: bool = False
    """Whether only an annotation says what it is, so that it may be an instance of a subclass."""


@dataclass(eq=False, slots=True)
class EnumMember(Value):
    """A member of an enumeration of the project."""

    cls: ClassValue
    name: str
    value: Value


@dataclass(eq=False, slots=True)
class Bound(Value):
    """A method together with what it was taken from: an object, a class, or a router."""

    function: Value
    receiver: Value


@dataclass(eq=False, slots=True)
class ExternalMethod(Value):
    """A method of an object whose class is external, or that inherits the method from an external class."""

    receiver: Value
    owner: str
    name: str


@dataclass(eq=False, slots=True)
class Super(Value):
    """`super()` inside a method of `cls`."""

    cls: ClassValue
    receiver: Value


@dataclass(eq=False, slots=True)
class Partial(Value):
    """`functools.partial(function, *arguments, **keywords)`."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(eq=False, slots=True)
class Marker(Value):
    """What `Depends(…)`, `Security(…)`, `Query(…)` and their kin make; `name` says which of them."""

    name: str
    callable: Value | None = None
    keywords: dict[str, Value] = field(default_factory=dict)
    default: Value | None = None
    line: int = 0


@dataclass(eq=False, slots=True)
class Annotated(Value):
    """`Annotated[base, *metadata]`."""

    base: Value
    metadata: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Generic(Value):
    """`origin[arguments]`, where origin is a class."""

    origin: Value
    arguments: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Union(Value):
    """`A | B`, `Optional[A]`; None is a `Literal`."""

    members: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class TypeVariable(Value):
    """A type variable, with its bound."""

    name: str
    bound: Value | None = None


@dataclass(eq=False, slots=True)
class Choice(Value):
    """One of several values, depending on what can't be known before the program runs."""

    options: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Yielded(Value):
    """What calling a generator function gives: a `value` that it yields, all `items` where they are known."""

    value: Value
    function: Value | None = None
    items: list[Value] | None = None


@dataclass(eq=False, slots=True)
class Awaitable(Value):
    """A coroutine that hasn't been awaited; `value` is what awaiting it gives."""

    value: Value


@dataclass(eq=False, slots=True)
class Closer(Value):
    """A function of `router` that, applied to a handler, registers it: what `router.get("/")` returns."""

    router: Value
    method: str
    arguments: tuple[Value, ...]
    keywords: Mapping[str, Value]
    call: model.Call | None
    module: Module
    complete: bool = True


def options(value: Value) -> tuple[Value, ...]:
    """The values that this one may be: itself, or the options of a choice."""
    return value.options if isinstance(value, Choice) else (value,)


def join(values: list[Value]) -> Value:
    """One value for several: duplicates and, where anything is known, what is wholly unknown are dropped."""
    if len(values) == 1:
        return values[0]
    flat: dict[object, Value] = {}
    seen: set[int] = set()
    for value in values:
        for option in options(value):
            if id(option) not in seen:
                seen.add(id(option))
                flat.setdefault(_kind(option), option)
    known = [value for value in flat.values() if not isinstance(value, Unknown) or value.is_plain]
    if not known:
        return next(iter(flat.values()), UNKNOWN)
    return known[0] if len(known) == 1 else Choice(tuple(known[:8]))


_MARKS = frozenset({"<options>", "<async>", "<owner>", "<starts>", "<sql>"})
"""What is noted of rows (see `entities`) and of formatted texts; other attributes tell objects apart."""


def _kind(value: Value) -> object:
    """Something that is equal for values between which nothing tells a difference."""
    if isinstance(value, Literal):
        return type(value.value), value.value
    if isinstance(value, External):
        return value.name
    if type(value) is Object and value.attributes.keys() <= _MARKS:
        cls = value.cls.name if isinstance(value.cls, External) else id(value.cls)
        marks = [(name, _mark(content)) for name, content in value.attributes.items() if name != "<starts>"]
        return Object, cls, frozenset(marks)
    return id(value)


def _mark(content: Value) -> object:
    return tuple(map(id, content.items)) if isinstance(content, Collection) else id(content)


def is_none(value: Value) -> bool:
    """Whether it is the constant None."""
    return isinstance(value, Literal) and value.value is None


def without_none(value: Value) -> Value:
    """The value where it isn't None."""
    if isinstance(value, Choice):
        return join([option for option in value.options if not is_none(option)])
    return value

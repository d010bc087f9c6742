"""What the linter knows of a third-party API: the vocabulary of the tables beside this file.

The tables are data that every run loads, so these are plain named tuples. A class that has no public name,
because only a call gives it, is named after that call: `sqlalchemy.orm.sessionmaker.begin()`.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Effect(str, Enum):
    """What a call does beyond computing its value."""

    QUERY = "query"
    """A round trip that reads rows or documents."""
    WRITE = "write"
    """Stored rows change: update statements, upserts."""
    CREATE = "create"
    """A new persistent resource. Of a call that takes an instance (`row`, `rows`, `receiver`) only if that is
    fresh, as in `session.add(User())`: of a loaded one it is a WRITE, which the caller must judge."""
    DELETE = "delete"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    FLUSH = "flush"
    BLOCK = "block"
    """Blocks the event loop when async code makes the call."""
    CPU = "cpu"
    """Burns processor time for milliseconds or more; blocks the event loop, with less certainty."""
    FILE = "file"
    """Blocking file access, mostly short."""
    CONNECT = "connect"
    """Opens a database session or connection."""
    REFUSE = "refuse"
    """Raises an error that the client sees as 401 or 403."""
    SPAWN = "spawn"
    """Runs its callable argument where it may block: a thread, a process, a greenlet."""
    HTTP = "http"
    """An outgoing request."""


class CallModel(NamedTuple):
    """What one function, method or constructor does.

    `returns` is a dotted class of the tables, or `self` (the receiver's class: builders, alternative
    constructors), `rows` (many entities), `row` (one entity or None), `one` (one entity, an error if there is
    none), `scalar` (a plain value), or empty for anything else. Of an async function it is what `await`
    gives. `takes` says what the positional argument number `argument` (from 0, receiver not counted) is:
    `statement` (an SQLAlchemy statement or SQL text: QUERY among the effects then stands for whatever the
    statement does, see `ClassModel.statement` and `sql_effects`), `sql` (text alone, likewise), `callable`,
    `url`, `path`, `entity` (a class of rows), `row` or `rows` (instances), `receiver` (nothing: the
    instance itself is stored).
    """

    effects: tuple[Effect, ...] = ()
    returns: str = ""
    is_async: bool = False
    takes: str = ""
    argument: int = 0


NOTHING = CallModel()
_NO_METHODS: Mapping[str, CallModel] = MappingProxyType({})
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


class ClassModel(NamedTuple):
    """What the instances of one class, and the class itself, can do.

    `bases` are dotted classes of the tables, looked through in order. `attributes` maps an attribute to the
    dotted class of its value. `enters` is the class that `with` or `async with` gives (empty: the object
    itself), `exits` what leaving the block without an error does. `call` models calling an instance,
    `awaited` awaiting one, `iterated` looping over one (a lazy query runs there). `session` is `sync` or
    `async` for an ORM session or database connection that lives for one request, so belongs in a dependency;
    `factory` marks objects that give such sessions (`sessionmaker`, `Engine`, a pool). `members` is the class
    that a subscript or an attribute that isn't listed gives (`client.shop.users`), `otherwise` models every
    method that isn't listed (large SDKs). `statement` is what executing an instance does. `depends` maps an
    attribute that is a `Depends(…)` to the method which that depends on.
    """

    bases: tuple[str, ...] = ()
    methods: Mapping[str, CallModel] = _NO_METHODS
    attributes: Mapping[str, str] = _NO_ATTRIBUTES
    constructor: CallModel = NOTHING
    enters: str = ""
    exits: tuple[Effect, ...] = ()
    call: CallModel | None = None
    awaited: CallModel | None = None
    iterated: CallModel | None = None
    session: str = ""
    factory: bool = False
    members: str = ""
    otherwise: CallModel | None = None
    statement: tuple[Effect, ...] = ()
    depends: Mapping[str, str] = _NO_ATTRIBUTES


class Tables(NamedTuple):
    """What one family of libraries brings.

    Names are canonical, except the keys of `aliases`, which are names or modules. `objects` are a module's
    own instances, by class.
    """

    functions: Mapping[str, CallModel]
    classes: Mapping[str, ClassModel]
    aliases: Mapping[str, str] = _NO_ATTRIBUTES
    objects: Mapping[str, str] = _NO_ATTRIBUTES


def words(names: str) -> list[str]:
    """Split names that are separated by spaces, as the tables write them."""
    return names.split()


def each(models: Mapping[str, CallModel], prefix: str = "") -> dict[str, CallModel]:
    """Give every word of a key the key's model, under `prefix` and the word."""
    return {prefix + name: model for names, model in models.items() for name in words(names)}


def asynchronous(
    models: Mapping[str, CallModel], twins: Mapping[str, str] = _NO_ATTRIBUTES
) -> dict[str, CallModel]:
    """Give a class's async twin: what blocks is awaited instead; `twins` maps the classes returned."""
    twin = {}
    for name, model in models.items():
        blocks = Effect.BLOCK in model.effects
        twin[name] = model._replace(
            effects=tuple(effect for effect in model.effects if effect is not Effect.BLOCK),
            returns=twins.get(model.returns, model.returns),
            is_async=blocks or model.is_async,
        )
    return twin

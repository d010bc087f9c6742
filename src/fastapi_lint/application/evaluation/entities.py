"""Stored entities: which attribute is a relationship, how it is loaded, what a statement's options say.

Rows carry what is known of how they were loaded in marks among their attributes: `<options>` are the
loader options of the statement that gave them (absent: where they come from isn't known), `<async>` says that
an async session did, and `<owner>` is the entity whose relationship they were reached by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Collection,
    Dictionary,
    External,
    Generic,
    Literal,
    Object,
    Unknown,
    is_none,
    options,
)
from fastapi_lint.application.library import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.frames import CallSite
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value

OPTIONS, ASYNC, OWNER = "<options>", "<async>", "<owner>"
_LOADERS = frozenset(mapping.RELATIONSHIP_LOADERS) | mapping.LOADER_OBJECTS
_COLUMN_OPTIONS = frozenset(
    f"sqlalchemy.orm.{name}" for name in ("load_only", "defer", "undefer", "undefer_group", "with_expression")
)
KEPT_CALLS = _LOADERS | mapping.RELATIONSHIPS | _COLUMN_OPTIONS | {mapping.BACKREF}
"""Functions whose calls are kept as objects of that name, since their arguments are asked for later."""
_RESULTS = frozenset(
    {
        "sqlalchemy.ScalarResult",
        "sqlalchemy.ext.asyncio.AsyncScalarResult",
        "sqlalchemy.orm.Query",
    }
)


def is_entity(cls: Value) -> bool:
    """Whether a class of the project is a stored entity."""
    return isinstance(cls, ClassValue) and any(
        base in mapping.ENTITY_BASES or base in mapping.DECLARATIVE_BASES for base in cls.external_bases()
    )


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship: `loading` is `lazy`, `eager`, `refused` or `dynamic`, `marker` what the class holds."""

    name: str
    loading: str
    marker: Value
    target: ClassValue | None
    entity: ClassValue
    is_list: bool

    @property
    def path(self) -> str:
        """How loader options name it: `Author.books`."""
        return f"{self.entity.definition.name}.{self.name}"


def relationship(evaluator: Evaluator, cls: Value, name: str) -> Relationship | None:
    """The relationship of an entity that an attribute is; None if it is none."""
    found = attributes.find(cls, name) if isinstance(cls, ClassValue) else None
    if not isinstance(found, tuple) or not isinstance(cls, ClassValue):
        return None
    owner, marker = found
    if not isinstance(marker, Object) or not isinstance(marker.cls, External):
        return None
    if marker.cls.name not in mapping.RELATIONSHIPS:
        return None
    annotated = attributes.annotated_field(evaluator, owner, name)
    is_list = annotated is not None and any(isinstance(item, Collection) for item in options(annotated))
    target = _target(evaluator, annotated, marker)
    return Relationship(name, _loading(evaluator, owner, name, marker), marker, target, cls, is_list)


def _loading(evaluator: Evaluator, owner: ClassValue, name: str, marker: Object) -> str:
    if isinstance(marker.cls, External) and marker.cls.name.endswith("dynamic_loader"):
        return "dynamic"
    if name in owner.annotations:
        annotation = evaluator.annotation(owner.annotations[name], owner.scope)
        if isinstance(annotation, Generic) and isinstance(annotation.origin, External):
            kind = mapping.MAPPED.get(library.canonical(annotation.origin.name))
            if kind:
                return kind
    given = marker.keywords.get("lazy")
    more = marker.keywords.get("sa_relationship_kwargs")
    if given is None and isinstance(more, Dictionary):
        given = more.entries.get("lazy")
        if given is None and not more.complete:
            return ""
    elif given is None and more is not None:
        return ""
    if "sa_relationship" in marker.keywords:
        return ""
    if given is None:
        return "lazy"
    return mapping.RELATIONSHIP_LAZY.get(given.value, "") if isinstance(given, Literal) else ""  # type: ignore[arg-type]


def _target(evaluator: Evaluator, annotated: Value | None, marker: Object) -> ClassValue | None:
    for item in _objects(annotated) if annotated is not None else ():
        if isinstance(item.cls, ClassValue):
            return item.cls
    first = marker.arguments[0] if marker.arguments else marker.keywords.get("argument")
    if isinstance(first, ClassValue):
        return first
    if isinstance(first, Literal) and isinstance(first.value, str):
        return _named(evaluator, first.value.rpartition(".")[2])
    return None


def _named(evaluator: Evaluator, name: str) -> ClassValue | None:
    """The one entity of the project with this name, as SQLAlchemy's registry finds it."""
    found = {
        id(value): value
        for scope in evaluator.scopes.values()
        for value in (scope.names.get(name),)
        if isinstance(value, ClassValue) and is_entity(value)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _objects(value: Value) -> Iterator[Object]:
    for option in options(value):
        if isinstance(option, Object):
            yield option
        elif isinstance(option, Collection):
            for item in option.items:
                yield from _objects(item)


def loads_lazily(evaluator: Evaluator, row: Value, name: str) -> Relationship | None:
    """The relationship that reading `row.name` sends a query for; None if it sends none or may not."""
    if not isinstance(row, Object) or not is_entity(row.cls) or OPTIONS not in row.attributes:
        return None
    found = relationship(evaluator, row.cls, name)
    if found is None or found.loading != "lazy":
        return None
    owner = row.attributes.get(OWNER)
    if owner is not None and found.target is owner:
        return None  # the way back: the session has that object already
    given = row.attributes[OPTIONS]
    if not isinstance(given, Collection) or not all(_leaves_lazy(item, found) for item in given.items):
        return None
    return found


def _leaves_lazy(option: Value, wanted: Relationship) -> bool:
    """Whether an option is known and doesn't have the relationship loaded with its owner."""
    if not isinstance(option, Object) or not isinstance(option.cls, External):
        return False
    arguments = option.arguments
    if arguments and isinstance(arguments[0], Object) and _is_loader(arguments[0].cls):
        if not _leaves_lazy(arguments[0], wanted):
            return False
        arguments = arguments[1:]
    if option.cls.name in _COLUMN_OPTIONS or option.cls.name in mapping.LOADER_OBJECTS:
        return True
    kind = mapping.RELATIONSHIP_LOADERS.get(option.cls.name)
    if kind is None:
        return False
    if kind in {"", "lazy"}:
        return True
    return not any(
        isinstance(item, Unknown)
        or item is wanted.marker
        or (isinstance(item, Literal) and str(item.value) in {"*", wanted.name})
        for item in arguments
    )


def _is_loader(cls: Value) -> bool:
    return isinstance(cls, External) and (cls.name in _LOADERS or cls.name in _COLUMN_OPTIONS)


def chained_option(receiver: Value, owner: str, name: str, site: CallSite) -> Value | None:
    """What `selectinload(A.b).joinedload(B.c)` gives; None for methods of anything else."""
    if owner not in _LOADERS and owner not in _COLUMN_OPTIONS:
        return None
    if name == "options":
        return Object(External(owner), arguments=(receiver, UNKNOWN))
    return Object(External(f"sqlalchemy.orm.{name}"), arguments=(receiver, *site.arguments))


def carry(result: Object, receiver: Object | None, site: CallSite, *, is_async: bool, is_row: bool) -> None:
    """Let loader options and the kind of session travel from a statement over its result to the rows."""
    given: list[Value] = []
    known = False
    for source in (receiver, *site.arguments[:2], *site.keywords.values()):
        for option in options(source) if source is not None else ():
            if isinstance(option, Object):
                carried = option.attributes.get(OPTIONS)
                if isinstance(carried, Collection):
                    known = True
                    given += carried.items
                if ASYNC in option.attributes:
                    is_async = True
    extra = site.keywords.get("options")
    if extra is not None:
        given += extra.items if isinstance(extra, Collection) and extra.complete else [UNKNOWN]
    if known or extra is not None or is_row:
        result.attributes[OPTIONS] = Collection("list", given)
    if is_async:
        result.attributes[ASYNC] = NONE


def add_options(statement: Object, site: CallSite) -> None:
    """Add the arguments of `statement.options(…)` to what the statement has."""
    earlier = statement.attributes.get(OPTIONS)
    given = earlier.items if isinstance(earlier, Collection) else []
    more = site.arguments if site.complete else [*site.arguments, UNKNOWN]
    statement.attributes[OPTIONS] = Collection("list", [*given, *more])


def row_of(value: Object) -> Value:
    """One row of a result that is looped over; unknown where it is a tuple or of an unknown entity."""
    if not isinstance(value.cls, External) or value.cls.name not in _RESULTS or not value.type_arguments:
        return UNKNOWN
    entity = value.type_arguments[0]
    if not isinstance(entity, ClassValue):
        return UNKNOWN
    row = Object(entity)
    earlier = value.attributes.get(OPTIONS)
    row.attributes[OPTIONS] = earlier if earlier is not None else Collection("list", [])
    if ASYNC in value.attributes:
        row.attributes[ASYNC] = NONE
    return row


def related(evaluator: Evaluator, row: Object, name: str, value: Value) -> Value:
    """What reading a relationship of a row gives: entities that were loaded as the row was."""
    if OPTIONS not in row.attributes or not isinstance(row.cls, ClassValue):
        return value
    found = relationship(evaluator, row.cls, name)
    if found is None:
        return value
    for item in _objects(value):
        if is_entity(item.cls):
            item.attributes.setdefault(OPTIONS, row.attributes[OPTIONS])
            item.attributes[OWNER] = row.cls
            if ASYNC in row.attributes:
                item.attributes[ASYNC] = NONE
    return value


def is_loaded_async(row: Value) -> bool:
    """Whether an async session loaded a row."""
    return isinstance(row, Object) and ASYNC in row.attributes


def is_loaded_async_row(value: Value) -> bool:
    """Whether a value is a stored row, or None, and an async session loaded it."""
    rows = [row for row in options(value) if not is_none(row)]
    return bool(rows) and all(
        isinstance(row, Object) and is_loaded_async(row) and is_entity(row.cls) for row in rows
    )


def entities_in(values: Iterable[Value]) -> Iterator[ClassValue]:
    """The entities among the items of lists of rows."""
    for value in values:
        for item in _objects(value):
            if isinstance(item.cls, ClassValue) and is_entity(item.cls):
                yield item.cls


def unannotated(evaluator: Evaluator, row: Object, name: str, content: Value) -> Value:
    """What reading an attribute without annotation gives: what the class holds, or unknown related rows."""
    found = relationship(evaluator, row.cls, name)
    return content if found is None else UNKNOWN

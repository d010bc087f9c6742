"""Tables of third-party and standard APIs: what a call does where the project's own code ends.

Every name is asked for by its dotted path, in any spelling that `canonical` knows; what the tables don't hold
is None, never a guess.
"""

from __future__ import annotations

import re
from typing import Final

from fastapi_lint.application.library import sqlalchemy, web
from fastapi_lint.application.library.model import CallModel, ClassModel, Effect

__all__ = [
    "CallModel",
    "ClassModel",
    "Effect",
    "canonical",
    "class_model",
    "function_model",
    "is_subclass",
    "lineage",
    "method_model",
    "object_class",
    "sql_effects",
]

_FAMILIES: Final = (sqlalchemy.TABLES, web.TABLES)

FUNCTIONS: Final = {name: model for tables in _FAMILIES for name, model in tables.functions.items()}
CLASSES: Final = {name: model for tables in _FAMILIES for name, model in tables.classes.items()}
ALIASES: Final = {name: target for tables in _FAMILIES for name, target in tables.aliases.items()}
OBJECTS: Final = {name: model for tables in _FAMILIES for name, model in tables.objects.items()}

# Packages that some table speaks of: every other name is its own canonical name.
_PACKAGES: Final = frozenset(name.partition(".")[0] for name in ALIASES)
_canonical: dict[str, str] = {}
_merged: dict[str, ClassModel] = {}


def canonical(dotted: str) -> str:
    """Give the tables' one name for what `dotted` names: `sqlalchemy.orm.Session` for its `session.Session`.

    Modules that only re-export or implement are resolved too, also as a prefix. An unknown name is returned
    unchanged.
    """
    known = _canonical.get(dotted)
    if known is None:
        known = dotted if dotted.partition(".")[0] not in _PACKAGES else _resolve(dotted)
        _canonical[dotted] = known
    return known


def _resolve(dotted: str) -> str:
    while True:
        prefix = dotted
        while prefix not in ALIASES:
            prefix = prefix.rpartition(".")[0]
            if not prefix:
                return dotted
        dotted = ALIASES[prefix] + dotted[len(prefix) :]


def function_model(dotted: str) -> CallModel | None:
    """What calling the function does, or None. A class is not a function: see `ClassModel.constructor`."""
    return FUNCTIONS.get(canonical(dotted))


def object_class(dotted: str) -> str:
    """The dotted class of a module's own instance (`fastapi_sqlalchemy.db`), or an empty string."""
    return OBJECTS.get(canonical(dotted), "")


def lineage(dotted: str) -> tuple[str, ...]:
    """The canonical class and those it inherits from, nearest first; bases outside the tables end a line."""
    found: list[str] = []
    waiting = [canonical(dotted)]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            model = CLASSES.get(name)
            if model is not None:
                waiting[:0] = model.bases
    return tuple(found)


def is_subclass(dotted: str, base: str) -> bool:
    """Whether the class `dotted` is `base` or inherits from it, as far as the tables know."""
    return canonical(base) in lineage(dotted)


def class_model(dotted: str) -> ClassModel | None:
    """What the class `dotted` can do, with all that it inherits, or None.

    A method, attribute or other value of the nearest class wins; `bases` stay the class's own.
    """
    name = canonical(dotted)
    merged = _merged.get(name)
    if merged is None:
        models = [CLASSES[each] for each in lineage(name) if each in CLASSES]
        if name not in CLASSES:
            return None
        merged = models[0]
        for model in models[1:]:
            merged = ClassModel(
                bases=merged.bases,
                methods={**model.methods, **merged.methods},
                attributes={**model.attributes, **merged.attributes},
                constructor=merged.constructor if merged.constructor != CallModel() else model.constructor,
                enters=merged.enters or model.enters,
                exits=merged.exits or model.exits,
                call=merged.call or model.call,
                awaited=merged.awaited or model.awaited,
                iterated=merged.iterated or model.iterated,
                session=merged.session or model.session,
                factory=merged.factory or model.factory,
                statement=merged.statement or model.statement,
            )
        _merged[name] = merged
    return merged


def method_model(dotted: str, method: str) -> CallModel | None:
    """What calling a method of the class or of an instance does, inherited ones too; None if unknown."""
    model = class_model(dotted)
    return None if model is None else model.methods.get(method)


_SQL_WORD: Final = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([a-z]+)", re.IGNORECASE | re.DOTALL)
_SQL_MAIN_VERB: Final = re.compile(r"\b(insert|update|delete)\b(?!\s+set\b)", re.IGNORECASE)
_SQL_EFFECTS: Final = {
    "select": (Effect.QUERY,),
    "show": (Effect.QUERY,),
    "values": (Effect.QUERY,),
    "explain": (Effect.QUERY,),
    "pragma": (Effect.QUERY,),
    "insert": (Effect.CREATE,),
    "replace": (Effect.WRITE,),
    "merge": (Effect.WRITE,),
    "update": (Effect.WRITE,),
    "delete": (Effect.DELETE,),
    "truncate": (Effect.DELETE,),
    "commit": (Effect.COMMIT,),
    "rollback": (Effect.ROLLBACK,),
}


def sql_effects(text: str) -> tuple[Effect, ...]:
    """What running this SQL does, by its verb; empty for what touches no rows (DDL, SET, SAVEPOINT)."""
    found = _SQL_WORD.match(text)
    verb = found[1].lower() if found else ""
    if verb == "with":  # a common table expression: its main verb may change rows
        main = _SQL_MAIN_VERB.search(text)
        verb = main[1].lower() if main else "select"
    if verb == "insert" and re.search(r"\bon\s+(conflict|duplicate)\b", text, re.IGNORECASE):
        return (Effect.WRITE,)
    return _SQL_EFFECTS.get(verb, ())

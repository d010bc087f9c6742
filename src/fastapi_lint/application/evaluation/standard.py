"""Calls that leave the project: parameter functions, decorators and what the library tables know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.frames import CallSite
from fastapi_lint.application.evaluation.known_functions import KNOWN_FUNCTIONS
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    FunctionValue,
    Marker,
    Object,
    Unknown,
    join,
    options,
)
from fastapi_lint.application.library.auth import AUTHENTICATING_MEMBERS
from fastapi_lint.application.library.web import DEPENDENCY_MARKERS, PARAMETER_FUNCTIONS
from fastapi_lint.application.wiring import routing

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )

METHOD_KINDS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "sqlalchemy.ext.hybrid.hybrid_property": "property",
    "pydantic.computed_field": "property",
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "contextlib.contextmanager": "context",
    "contextlib.asynccontextmanager": "context",
}
TRANSPARENT_DECORATORS = {
    "abc.abstractmethod",
    "dataclasses.dataclass",
    "functools.cache",
    "functools.lru_cache",
    "functools.total_ordering",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.override",
    "typing.runtime_checkable",
}


def method_kind(applied: Value) -> str | None:
    """What a decorator makes of a method, where it is one of the built-in kinds."""
    return METHOD_KINDS.get(applied.name) if isinstance(applied, External) else None


def decorate_external(evaluator: Evaluator, applied: Value, value: Value, frame: Frame) -> Value:
    """Apply a decorator from outside of the project: it is taken to give back what it got."""
    name = applied.name if isinstance(applied, (External, ExternalMethod)) else ""
    if isinstance(applied, Object) and isinstance(applied.cls, External):
        name = applied.cls.name
        if name == "functools.wraps" and isinstance(value, FunctionValue) and applied.arguments:
            value.wraps = applied.arguments[0]
            return value
    if isinstance(applied, ExternalMethod) and isinstance(applied.receiver, routing.Router):
        return routing.call_method(
            evaluator, applied.receiver, name, CallSite(applied, [value], {}, None, frame)
        )
    if isinstance(value, FunctionValue) and name not in TRANSPARENT_DECORATORS:
        value.opaque_decorators = (*value.opaque_decorators, name)
    if isinstance(value, ClassValue):
        value.decorators.append(applied)
    return value


def call_external(evaluator: Evaluator, name: str, site: CallSite) -> Value:
    """What calling something outside of the project gives, as far as it is known."""
    special = KNOWN_FUNCTIONS.get(name)
    if special is not None:
        return special(evaluator, site)
    if name in DEPENDENCY_MARKERS or name in PARAMETER_FUNCTIONS:
        return _marker(name, site)
    if name in (routing.APP, routing.ROUTER):
        return routing.construct(evaluator, name, site)
    if library.class_model(name) is not None:
        for kind in (routing.APP, routing.ROUTER):
            if library.is_subclass(name, kind):
                return routing.construct(evaluator, kind, site)
        return Object(External(name), arguments=tuple(site.arguments), keywords=dict(site.keywords))
    model = library.function_model(name)
    if model is not None:
        return library_result(model, None, site)
    if name.rpartition(".")[2][:1].isupper() or name in _MADE_OBJECTS:
        return Object(External(name), arguments=tuple(site.arguments), keywords=dict(site.keywords))
    return Unknown(f"result of {name}", name)


_MADE_OBJECTS = {"functools.wraps"} | entities.KEPT_CALLS | AUTHENTICATING_MEMBERS


def _marker(name: str, site: CallSite) -> Marker:
    short = name.rpartition(".")[2]
    line = site.node.line if site.node is not None else 0
    if name in DEPENDENCY_MARKERS:
        return Marker(short, site.argument(0, "dependency"), dict(site.keywords), line=line)
    return Marker(short, None, dict(site.keywords), site.argument(0, "default"), line)


def library_result(model: library.CallModel, receiver: Object | None, site: CallSite) -> Value:
    """The value that the tables give for a call: objects of a library's classes, rows of an entity."""
    selected = _entities(model, receiver, site)
    entity = selected[0] if selected else None
    returns = model.returns
    if not returns:
        return Unknown("a library's result")
    if returns == "self":
        if receiver is None:
            return UNKNOWN
        result = Object(
            receiver.cls,
            dict(receiver.attributes),
            receiver.arguments,
            receiver.keywords,
            selected or receiver.type_arguments,
        )
        if isinstance(site.callee, ExternalMethod) and site.callee.name == "options":
            entities.add_options(result, site)
        return result
    if returns in {"row", "one", "rows"}:
        if not isinstance(entity, ClassValue):
            return (
                Collection("list", [], complete=False)
                if returns == "rows"
                else Unknown("a row", is_plain=True)
            )
        instance = Object(entity)
        entities.carry(instance, receiver, site, is_async=model.is_async, is_row=True)
        if returns == "rows":
            return Collection("list", [instance], complete=False)
        return instance if returns == "one" else join([instance, NONE])
    if returns == "scalar":
        return Unknown("a scalar", is_plain=True)
    made = External(library.canonical(returns))
    result = Object(made, arguments=tuple(site.arguments), type_arguments=selected)
    entities.carry(result, receiver, site, is_async=model.is_async, is_row=False)
    return result


def _entities(model: library.CallModel, receiver: Object | None, site: CallSite) -> tuple[Value, ...]:
    if model.takes == "entity" and len(site.arguments) > model.argument:
        wanted = site.arguments[model.argument]
        return (wanted,) if isinstance(wanted, ClassValue) else ()
    if model.takes == "statement":
        statement = site.argument(model.argument, "statement")
        ways = options(statement) if statement is not None else ()
        return next((way.type_arguments for way in ways if isinstance(way, Object)), ())
    if receiver is not None:
        return receiver.type_arguments
    first = site.arguments[0] if site.arguments else None
    return (first,) if isinstance(first, ClassValue) else ()


def call_object(name: str, callee: Object, site: CallSite) -> Value:
    """Calling an instance of a class outside of the project: a session factory, a configuration reader."""
    if name == "functools.wraps":
        wrapper = site.argument(0, "wrapper")
        if isinstance(wrapper, FunctionValue) and callee.arguments:
            wrapper.wraps = callee.arguments[0]
        return wrapper or UNKNOWN
    if name == "starlette.config.Config":
        return site.argument(2, "default") or Object(External("builtins.str"))
    made = callee.keywords.get("class_")
    if isinstance(made, (External, ClassValue)):
        return Object(made)
    if callee.type_arguments and isinstance(callee.type_arguments[0], (External, ClassValue)):
        return Object(callee.type_arguments[0])
    model = library.class_model(name)
    if model is not None and model.call is not None:
        return library_result(model.call, callee, site)
    return Unknown(f"calling an instance of {name}", name)


def call_external_method(callee: ExternalMethod, site: CallSite) -> Value:
    """A method of a library's object."""
    if callee.owner == "os.environ" and callee.name == "get":
        return site.argument(1, "default") or NONE
    receiver = callee.receiver if isinstance(callee.receiver, Object) else None
    if callee.name == "__init__" and receiver is not None:
        receiver.attributes.update(site.keywords)
        if site.arguments and library.is_subclass(callee.owner, "starlette.exceptions.HTTPException"):
            for attribute, given in zip(("status_code", "detail", "headers"), site.arguments, strict=False):
                receiver.attributes.setdefault(attribute, given)
        return NONE
    model = library.method_model(callee.owner, callee.name)
    if model is None:
        if any(f"{cls}.{callee.name}" in AUTHENTICATING_MEMBERS for cls in library.lineage(callee.owner)):
            made = External(f"{callee.owner}.{callee.name}")  # its arguments say whom it lets in
            return Object(made, arguments=tuple(site.arguments), keywords=dict(site.keywords))
        option = entities.chained_option(callee.receiver, callee.owner, callee.name, site)
        return option or Unknown(f"result of {callee.owner}.{callee.name}", f"{callee.owner}.{callee.name}")
    if receiver is None and isinstance(callee.receiver, ClassValue):
        receiver = Object(callee.receiver, type_arguments=(callee.receiver,))
        if model.returns == "self":
            return Object(callee.receiver, attributes={"<fresh>": NONE})
    return library_result(model, receiver, site)

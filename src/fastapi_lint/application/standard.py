"""Calls that leave the project: built-in functions, the standard library, FastAPI's parameter functions, the library tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import attributes, entities, library, routing
from fastapi_lint.application.frames import CallSite
from fastapi_lint.application.library.web import DEPENDENCY_MARKERS, PARAMETER_FUNCTIONS
from fastapi_lint.application.values import (
    NONE,
    UNKNOWN,
    Awaitable,
    Bound,
    ClassValue,
    Collection,
    Dictionary,
    External,
    ExternalMethod,
    FunctionValue,
    Literal,
    Marker,
    Object,
    Partial,
    Super,
    TypeVariable,
    Unknown,
    Value,
    join,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.evaluation import Evaluator
    from fastapi_lint.application.frames import Frame

METHOD_KINDS = {
    "builtins.property": "property", "functools.cached_property": "property", "sqlalchemy.ext.hybrid.hybrid_property": "property",
    "pydantic.computed_field": "property", "builtins.staticmethod": "static", "builtins.classmethod": "class",
    "contextlib.contextmanager": "context", "contextlib.asynccontextmanager": "context",
}  # fmt: skip
TRANSPARENT_DECORATORS = {
    "functools.lru_cache", "functools.cache", "abc.abstractmethod", "typing.overload", "typing.final", "typing.override",
    "typing.no_type_check", "dataclasses.dataclass", "functools.total_ordering", "typing.runtime_checkable",
}  # fmt: skip


def method_kind(applied: Value) -> str | None:
    """What a decorator makes of a method, where it is one of the built-in kinds."""
    return METHOD_KINDS.get(applied.name) if isinstance(applied, External) else None


def decorate_external(evaluator: Evaluator, applied: Value, value: Value, frame: Frame) -> Value:
    """Apply a decorator from outside of the project: it is taken to give back what it got, and noted on functions."""
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
    special = _SPECIAL.get(name)
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


_MADE_OBJECTS = {"functools.wraps"} | entities.KEPT_CALLS


def _marker(name: str, site: CallSite) -> Marker:
    short = name.rpartition(".")[2]
    line = site.node.line if site.node is not None else 0
    if name in DEPENDENCY_MARKERS:
        return Marker(short, site.argument(0, "dependency"), dict(site.keywords), line=line)
    return Marker(short, None, dict(site.keywords), site.argument(0, "default"), line)


def library_result(model: library.CallModel, receiver: Object | None, site: CallSite) -> Value:
    """The value that the tables give for a call: objects of a library's classes, rows of the entity that is asked for."""
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


def call_external_method(evaluator: Evaluator, callee: ExternalMethod, site: CallSite) -> Value:
    """A method of a library's object."""
    if callee.owner == "os.environ" and callee.name == "get":
        return site.argument(1, "default") or NONE
    receiver = callee.receiver if isinstance(callee.receiver, Object) else None
    if callee.name == "__init__" and receiver is not None:
        receiver.attributes.update(site.keywords)
        if site.arguments and library.is_subclass(callee.owner, "starlette.exceptions.HTTPException"):
            receiver.attributes.setdefault("status_code", site.arguments[0])
        return NONE
    model = library.method_model(callee.owner, callee.name)
    if model is None:
        option = entities.chained_option(callee.receiver, callee.owner, callee.name, site)
        return option or Unknown(f"result of {callee.owner}.{callee.name}", f"{callee.owner}.{callee.name}")
    if receiver is None and isinstance(callee.receiver, ClassValue):
        receiver = Object(callee.receiver, type_arguments=(callee.receiver,))
        if model.returns == "self":
            return Object(callee.receiver, attributes={"<fresh>": NONE})
    return library_result(model, receiver, site)


# --- functions with a meaning of their own -----------------------------------------------------------------------------


def _partial(_: Evaluator, site: CallSite) -> Value:
    return (
        Partial(site.arguments[0], tuple(site.arguments[1:]), dict(site.keywords))
        if site.arguments
        else UNKNOWN
    )


def _super(_: Evaluator, site: CallSite) -> Value:
    function, receiver = site.frame.function, site.frame.receiver
    cls = site.arguments[0] if site.arguments else (function.owner if function is not None else None)
    if len(site.arguments) > 1:
        receiver = site.arguments[1]
    return Super(cls, receiver) if isinstance(cls, ClassValue) and receiver is not None else UNKNOWN


def _getattr(evaluator: Evaluator, site: CallSite) -> Value:
    if len(site.arguments) < 2 or not isinstance(site.arguments[1], Literal):
        return UNKNOWN
    found = attributes.attribute(evaluator, site.arguments[0], str(site.arguments[1].value), site.frame)
    return site.arguments[2] if isinstance(found, Unknown) and len(site.arguments) > 2 else found


def _hasattr(_: Evaluator, site: CallSite) -> Value:
    if len(site.arguments) == 2 and isinstance(site.arguments[1], Literal):
        known = attributes.has_attribute(site.arguments[0], str(site.arguments[1].value))
        if known is not None:
            return Literal(known)
    return Object(External("builtins.bool"))


def _is_coroutine_function(_: Evaluator, site: CallSite) -> Value:
    value = site.arguments[0] if site.arguments else UNKNOWN
    while isinstance(value, (Partial, Bound)):
        value = value.function
    if isinstance(value, FunctionValue):
        return Literal(value.definition.is_async and not value.definition.is_generator)
    return Object(External("builtins.bool"))


def _namespace(evaluator: Evaluator, site: CallSite) -> Value:
    """`vars(value)`."""
    return (
        attributes.attribute(evaluator, site.arguments[0], "__dict__", site.frame)
        if site.arguments
        else UNKNOWN
    )


def _members(_: Evaluator, site: CallSite) -> Value:
    """`inspect.getmembers(value)`: names and values, in the order of names, as the function sorts them."""
    value = site.argument(0, "object")
    cls = value.cls if isinstance(value, Object) else value
    if not isinstance(cls, ClassValue):
        return Collection("list", [], complete=False)
    names = sorted(
        {
            name
            for item in cls.mro()
            if isinstance(item, ClassValue)
            for name in item.scope.names
            if name != "<class>"
        }
    )
    found = [(name, attributes.find(cls, name)) for name in names]
    receiver = value if isinstance(value, Object) else None
    pairs = [
        Collection(
            "tuple",
            [
                Literal(name),
                Bound(item[1], receiver) if receiver and isinstance(item[1], FunctionValue) else item[1],
            ],
        )
        for name, item in found
        if isinstance(item, tuple)
        and (len(site.arguments) + len(site.keywords) < 2 or isinstance(item[1], FunctionValue))
    ]
    return Collection("list", list(pairs))


def _names_of(evaluator: Evaluator, site: CallSite) -> Value:
    """`dir(value)`."""
    members = _members(evaluator, site)
    names = (
        [pair.items[0] for pair in members.items if isinstance(pair, Collection)]
        if isinstance(members, Collection)
        else []
    )
    return Collection("list", names, complete=bool(names))


def _type_hints(evaluator: Evaluator, site: CallSite) -> Value:
    """`typing.get_type_hints(function)`: annotations by parameter, and `return`."""
    value = site.argument(0, "obj")
    while isinstance(value, (Partial, Bound)):
        value = value.function
    if not isinstance(value, FunctionValue):
        return Dictionary({}, complete=False)
    written = {item.name: item.annotation for item in value.definition.parameters}
    written["return"] = value.definition.returns
    return Dictionary(
        {
            name: evaluator.annotation(node, value.scope) or UNKNOWN
            for name, node in written.items()
            if node is not None
        }
    )


def _setattr(_: Evaluator, site: CallSite) -> Value:
    if len(site.arguments) == 3 and isinstance(site.arguments[1], Literal):
        for option in options(site.arguments[0]):
            attributes.set_attribute(option, str(site.arguments[1].value), site.arguments[2])
    return NONE


def _copy_of(kind: str) -> Callable[[Evaluator, CallSite], Value]:
    def make(evaluator: Evaluator, site: CallSite) -> Value:
        if not site.arguments:
            return Collection(kind, [])
        items = evaluator.items_of(site.arguments[0])
        if items is not None:
            return Collection(kind, items)
        element = evaluator.element_of(site.arguments[0])
        return Collection(kind, [] if isinstance(element, Unknown) else [element], complete=False)

    return make


def _dict(_: Evaluator, site: CallSite) -> Value:
    result = Dictionary({}, complete=site.complete)
    for argument in site.arguments[:1]:
        if isinstance(argument, Dictionary):
            result = Dictionary(dict(argument.entries), list(argument.others), argument.complete)
        else:
            result.complete = False
    result.entries.update(site.keywords)
    return result


def _enumerate(evaluator: Evaluator, site: CallSite) -> Value:
    items = evaluator.items_of(site.arguments[0]) if site.arguments else None
    if items is not None:
        return Collection(
            "list", [Collection("tuple", [Literal(index), item]) for index, item in enumerate(items)]
        )
    element = evaluator.element_of(site.arguments[0]) if site.arguments else UNKNOWN
    return Collection(
        "list", [Collection("tuple", [Object(External("builtins.int")), element])], complete=False
    )


def _zip(evaluator: Evaluator, site: CallSite) -> Value:
    columns = [evaluator.items_of(argument) for argument in site.arguments]
    known = [column for column in columns if column is not None]
    if columns and len(known) == len(columns):
        return Collection("list", [Collection("tuple", list(row)) for row in zip(*known, strict=False)])
    row = [evaluator.element_of(argument) for argument in site.arguments]
    return Collection("list", [Collection("tuple", row)], complete=False)


def _length(evaluator: Evaluator, site: CallSite) -> Value:
    items = evaluator.items_of(site.arguments[0]) if site.arguments else None
    return Literal(len(items)) if items is not None else Object(External("builtins.int"))


def _next(evaluator: Evaluator, site: CallSite) -> Value:
    return evaluator.element_of(site.arguments[0]) if site.arguments else UNKNOWN


def _text(evaluator: Evaluator, site: CallSite) -> Value:
    text = evaluator.text_of(site.arguments[0]) if site.arguments else ""
    return Literal(text) if text is not None else Object(External("builtins.str"))


def _cast(evaluator: Evaluator, site: CallSite) -> Value:
    if len(site.arguments) < 2:
        return UNKNOWN
    return (
        site.arguments[1]
        if not isinstance(site.arguments[1], Unknown)
        else evaluator.instance_of(site.arguments[0])
    )


def _environment(_: Evaluator, site: CallSite) -> Value:
    return site.argument(1, "default") or NONE


def _import_module(evaluator: Evaluator, site: CallSite) -> Value:
    name = site.argument(0, "name")
    if not isinstance(name, Literal) or not isinstance(name.value, str):
        return Unknown("a module imported by a name that is made when the program runs")
    dotted = name.value.lstrip(".")
    if dotted != name.value:
        path = evaluator.modules.find_relative(site.module, len(name.value) - len(dotted), dotted)
    else:
        path = evaluator.modules.find(site.module, dotted)
    return evaluator.at(path) if path is not None else External(dotted)


def _type_variable(evaluator: Evaluator, site: CallSite) -> Value:
    name = site.argument(0, "name")
    bound = site.keywords.get("bound")
    return TypeVariable(str(name.value) if isinstance(name, Literal) else "", bound)


def _new_type(_: Evaluator, site: CallSite) -> Value:
    return site.argument(1, "tp") or UNKNOWN


def _alias_type(_: Evaluator, site: CallSite) -> Value:
    return site.argument(1, "value") or UNKNOWN


def _field(_: Evaluator, site: CallSite) -> Value:
    return Marker(
        "Field", site.keywords.get("default_factory"), dict(site.keywords), site.argument(0, "default")
    )


def _type(_: Evaluator, site: CallSite) -> Value:
    value = site.arguments[0] if len(site.arguments) == 1 else None
    return value.cls if isinstance(value, Object) else UNKNOWN


def _range(_: Evaluator, site: CallSite) -> Value:
    numbers = [
        item.value for item in site.arguments if isinstance(item, Literal) and isinstance(item.value, int)
    ]
    if len(numbers) == len(site.arguments) and numbers and len(range(*numbers[:3])) <= 50:
        return Collection("list", [Literal(number) for number in range(*numbers[:3])])
    return Collection("list", [Object(External("builtins.int"))], complete=False)


def _gather(_: Evaluator, site: CallSite) -> Value:
    return Collection(
        "list",
        [item.value if isinstance(item, Awaitable) else item for item in site.arguments],
        site.complete,
    )


def _passes_result(evaluator: Evaluator, site: CallSite) -> Value:
    """`run_in_threadpool(f, …)`, `asyncio.to_thread(f, …)`: what calling the function gives."""
    from fastapi_lint.application import calling  # noqa: PLC0415 - calling imports this module

    if not site.arguments or site.frame.recorder is not None:
        return UNKNOWN
    return calling.call(
        evaluator, CallSite(site.arguments[0], site.arguments[1:], site.keywords, site.node, site.frame)
    )


def _constant(value: Value) -> Callable[[Evaluator, CallSite], Value]:
    return lambda _evaluator, _site: value


def _declarative_base(_: Evaluator, site: CallSite) -> Value:
    cls = site.keywords.get("cls")
    return cls if isinstance(cls, ClassValue) else External("sqlalchemy.orm.DeclarativeBase")


def _first(_: Evaluator, site: CallSite) -> Value:
    return site.arguments[0] if site.arguments else UNKNOWN


_SPECIAL: dict[str, Callable[[Evaluator, CallSite], Value]] = {
    "functools.partial": _partial,
    "contextlib.contextmanager": _first,
    "contextlib.asynccontextmanager": _first,
    "builtins.super": _super,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "typing.get_type_hints": _type_hints,
    "builtins.vars": _namespace,
    "builtins.dir": _names_of,
    "inspect.getmembers": _members,
    "inspect.iscoroutinefunction": _is_coroutine_function,
    "asyncio.iscoroutinefunction": _is_coroutine_function,
    "builtins.list": _copy_of("list"),
    "builtins.sorted": _copy_of("list"),
    "builtins.reversed": _copy_of("list"),
    "builtins.iter": _copy_of("list"),
    "builtins.tuple": _copy_of("tuple"),
    "builtins.set": _copy_of("set"),
    "builtins.frozenset": _copy_of("set"),
    "itertools.chain": _copy_of("list"),
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.len": _length,
    "builtins.next": _next,
    "builtins.anext": _next,
    "builtins.str": _text,
    "builtins.range": _range,
    "builtins.type": _type,
    "builtins.object": lambda _evaluator, _site: Object(External("builtins.object")),
    "typing.cast": _cast,
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "importlib.import_module": _import_module,
    "typing.TypeVar": _type_variable,
    "typing.NewType": _new_type,
    "typing.TypeAliasType": _alias_type,
    "pydantic.Field": _field,
    "sqlmodel.Field": _field,
    "dataclasses.field": _field,
    "asyncio.gather": _gather,
    "asyncio.run": _first,
    "asyncio.wait_for": _first,
    "asyncio.shield": _first,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "starlette.concurrency.run_in_threadpool": _passes_result,
    "asyncio.to_thread": _passes_result,
    "sqlalchemy.orm.declarative_base": _declarative_base,
    "sqlalchemy.ext.declarative.declarative_base": _declarative_base,
}

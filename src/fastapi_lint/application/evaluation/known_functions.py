"""Functions of the standard library whose meaning linking needs: containers, reflection, imports by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.budgets import LONGEST_LOOP
from fastapi_lint.application.evaluation.frames import CallSite
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    Awaitable,
    Bound,
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    Literal,
    Marker,
    Object,
    Package,
    Partial,
    Super,
    TypeVariable,
    Unknown,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


def _partial(_: Evaluator, site: CallSite) -> Value:
    return (
        Partial(site.arguments[0], tuple(site.arguments[1:]), dict(site.keywords))
        if site.arguments
        else UNKNOWN
    )


def _update_wrapper(_: Evaluator, site: CallSite) -> Value:
    wrapper, wrapped = site.argument(0, "wrapper"), site.argument(1, "wrapped")
    if isinstance(wrapper, FunctionValue) and wrapped is not None:
        wrapper.wraps = wrapped
    return wrapper or UNKNOWN


def _super(_: Evaluator, site: CallSite) -> Value:
    function, receiver = site.frame.function, site.frame.receiver
    cls = site.arguments[0] if site.arguments else (function.owner if function is not None else None)
    if len(site.arguments) > 1:
        receiver = site.arguments[1]
    return Super(cls, receiver) if isinstance(cls, ClassValue) and receiver is not None else UNKNOWN


def _getattr(evaluator: Evaluator, site: CallSite) -> Value:
    value, name, default = (site.argument(position, "") for position in range(3))
    if value is None or not isinstance(name, Literal):
        return UNKNOWN
    found = attributes.attribute(evaluator, value, str(name.value), site.frame)
    return default if isinstance(found, Unknown) and default is not None else found


def _hasattr(_: Evaluator, site: CallSite) -> Value:
    value, name = site.argument(0, ""), site.argument(1, "")
    if value is not None and isinstance(name, Literal):
        known = attributes.has_attribute(value, str(name.value))
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
        and (site.argument(1, "predicate") is None or isinstance(item[1], FunctionValue))
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
    value, name, content = (site.argument(position, "") for position in range(3))
    if value is not None and isinstance(name, Literal) and content is not None:
        for option in options(value):
            attributes.set_attribute(option, str(name.value), content)
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
    kind, value = site.argument(0, "typ"), site.argument(1, "val")
    if value is None or kind is None:
        return UNKNOWN
    return evaluator.instance_of(kind) if isinstance(value, Unknown) else value


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


def _submodules(*, deep: bool) -> Callable[[Evaluator, CallSite], Value]:
    """`pkgutil.iter_modules(package.__path__, prefix)`, or `walk_packages`, which goes into packages."""

    def submodules(evaluator: Evaluator, site: CallSite) -> Value:
        places = site.argument(0, "path")
        prefix = evaluator.text_of(site.argument(1, "prefix") or Literal(""))
        if not isinstance(places, Collection) or prefix is None:
            return Collection("list", [], complete=False)
        waiting = [(place.path, prefix) for place in places.items if isinstance(place, Package)]
        found: list[Value] = []
        while waiting:
            directory, before = waiting.pop(0)
            for name, is_package in evaluator.modules.below(directory):
                found.append(Collection("ModuleInfo", [UNKNOWN, Literal(before + name), Literal(is_package)]))
                if is_package and deep:
                    waiting.append((f"{directory}/{name}", f"{before}{name}."))
        return Collection("list", found, places.complete)

    return submodules


def _type_variable(_: Evaluator, site: CallSite) -> Value:
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
    if len(numbers) == len(site.arguments) and numbers and len(range(*numbers[:3])) <= LONGEST_LOOP:
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
    if not site.arguments or site.frame.recorder is not None:
        return UNKNOWN
    return evaluator.call(
        CallSite(site.arguments[0], site.arguments[1:], site.keywords, site.node, site.frame)
    )


def _constant(value: Value) -> Callable[[Evaluator, CallSite], Value]:
    return lambda _evaluator, _site: value


def _declarative_base(_: Evaluator, site: CallSite) -> Value:
    cls = site.keywords.get("cls")
    return cls if isinstance(cls, ClassValue) else External("sqlalchemy.orm.DeclarativeBase")


def _first(_: Evaluator, site: CallSite) -> Value:
    return site.arguments[0] if site.arguments else UNKNOWN


KNOWN_FUNCTIONS: dict[str, Callable[[Evaluator, CallSite], Value]] = {
    "functools.partial": _partial,
    "functools.update_wrapper": _update_wrapper,
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
    "pkgutil.iter_modules": _submodules(deep=False),
    "pkgutil.walk_packages": _submodules(deep=True),
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

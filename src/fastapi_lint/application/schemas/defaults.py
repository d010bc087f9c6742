"""Defaults that are worked out once, when the module is imported, although they mean the moment of use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation import entities
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    ExternalMethod,
    FunctionValue,
    Object,
)
from fastapi_lint.application.library import mapping
from fastapi_lint.application.library.model import words
from fastapi_lint.application.schemas import fields
from fastapi_lint.application.written import dotted, expressions, nested_statements, statements
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Scope
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module

MOMENTARY: Final = frozenset(
    words(
        "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today "
        "time.time time.time_ns time.monotonic time.perf_counter uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 "
        "os.urandom random.random random.randint random.choice random.choices random.randrange "
        "random.getrandbits random.uniform secrets.token_hex secrets.token_urlsafe secrets.token_bytes "
        "secrets.choice secrets.randbelow pendulum.now pendulum.today pendulum.utcnow arrow.now arrow.utcnow "
        "django.utils.timezone.now bson.ObjectId bson.objectid.ObjectId shortuuid.uuid ulid.new ulid.ULID "
        "nanoid.generate cuid.cuid ksuid.ksuid"
    )
)
"""Functions that give something else at each call."""
_LAST_NAMES: Final = frozenset(name.rpartition(".")[2] for name in MOMENTARY)
_MARKERS: Final = {"fastapi.Depends", "fastapi.Security"}
_DEFAULT_KEYWORDS: Final = {"default", "insert_default"}
_MUTATORS: Final = frozenset(
    words("append extend insert add update setdefault pop popitem remove discard clear sort")
)


@dataclass(frozen=True, slots=True)
class Once:
    """A default that is worked out once: of what (`limit of list_items`), what it calls, and where.

    `what` is the called name as it is written, or `a list` for one that all calls share; `how` says how to
    have it worked out each time.
    """

    of: str
    what: str
    path: str
    span: Span
    how: str


def worked_out_once(application: Application, evaluator: Evaluator) -> Iterator[Once]:
    """The defaults of what requests run, and of models and entities, that should be new each time."""
    for module in application.modules.by_path.values():
        if "test" in module.roles:
            continue
        for function in application.functions_in(module.path):
            if id(function.definition) in application.asked:
                yield from _stale_parameters(evaluator, function)
            else:
                yield from _shared_defaults(function)
        for statement in nested_statements(module.facts.body):
            if isinstance(statement, model.ClassDefinition) and _may_be_stale(statement):
                cls = evaluator.scope_of(module).names.get(statement.name)
                if (
                    isinstance(cls, ClassValue)
                    and cls.definition is statement
                    and _has_fields(evaluator, cls)
                ):
                    yield from _stale_fields(evaluator, module, cls)


def _place(call: model.Call) -> Span:
    return Span(call.line, call.column, call.end_line, call.end_column)


def _stale_parameters(evaluator: Evaluator, function: Function) -> Iterator[Once]:
    """Of a function that FastAPI calls."""
    scope = function.value.scope
    for parameter in function.definition.parameters:
        if parameter.default is None:
            continue
        call = _worked_out(evaluator, parameter.default, scope)
        how = "make it in the function where the parameter is None, or give `Query(default_factory=…)`"
        if call is None:
            call = _held(evaluator, parameter.default, scope)
            how = "let a dependency give it"
        if call is not None:
            of = f"{parameter.name}` of `{function.definition.name}"
            yield Once(of, dotted(call.function) or "a call", function.module.path, _place(call), how)


def _may_be_stale(definition: model.ClassDefinition) -> bool:
    """Whether a class's body calls something that is named like what gives another value at each call."""
    return any(
        isinstance(item, model.Call) and dotted(item.function).rpartition(".")[2] in _LAST_NAMES
        for statement in definition.body
        if isinstance(statement, model.Assignment) and isinstance(statement.value, model.Call | model.Binary)
        for item in (statement.value, *expressions(statement.value))
    )


def _has_fields(evaluator: Evaluator, cls: ClassValue) -> bool:
    """Whether a class is a model or an entity, and none of settings, of which there is one."""
    if any(map(fields.is_settings, (cls, *evaluator.subclasses.get(id(cls), ())))):
        return False
    return fields.is_model(cls) or entities.is_entity(cls)


def _stale_fields(evaluator: Evaluator, module: Module, cls: ClassValue) -> Iterator[Once]:
    for statement in cls.definition.body:
        if not isinstance(statement, model.Assignment) or statement.value is None:
            continue
        target = statement.targets[0]
        is_field = statement.annotation is not None or entities.is_entity(cls)
        if not isinstance(target, model.Name) or not is_field:
            continue
        call = _worked_out(evaluator, statement.value, cls.scope)
        if call is not None:
            how = (
                "give the column the function itself: `default=…`, not called"
                if entities.is_entity(cls) and not fields.is_model(cls)
                else "give `Field(default_factory=…)`"
            )
            of = f"{cls.definition.name}.{target.id}"
            yield Once(of, dotted(call.function) or "a call", module.path, _place(call), how)


def _worked_out(evaluator: Evaluator, default: model.Expression, scope: Scope) -> model.Call | None:
    """What a default calls that gives something else each time; None where it calls no such thing.

    Of `Query(…)`, `Field(…)` and `Column(…)` that is what they are given as the default.
    """
    if not isinstance(default, (model.Call, model.Binary, model.Attribute, model.Template, model.Subscript)):
        return None
    if isinstance(default, model.Call):
        name = _called(evaluator, default, scope)
        if name in _MARKERS:
            return None
        if name.startswith(("fastapi.", "pydantic.", "sqlmodel.")) or name in mapping.COLUMNS:
            given = [item.value for item in default.keywords if item.name in _DEFAULT_KEYWORDS]
            if name not in mapping.COLUMNS or name == "sqlmodel.Field":
                given += default.arguments[:1]
            return next(filter(None, (_worked_out(evaluator, item, scope) for item in given)), None)
    for item in (default, *expressions(default)):
        if isinstance(item, model.Call) and _is_momentary(evaluator, item, scope):
            return item
    return None


def _called(evaluator: Evaluator, call: model.Call, scope: Scope) -> str:
    """The canonical dotted name of what is called; empty where it isn't something from outside."""
    value = evaluator.evaluate(call.function, Frame(scope))
    if isinstance(value, External):
        return library.canonical(value.name)
    return f"{value.owner}.{value.name}" if isinstance(value, ExternalMethod) else ""


def _is_momentary(evaluator: Evaluator, call: model.Call, scope: Scope, *, is_outer: bool = True) -> bool:
    """Whether a call gives something else each time: itself, or in what a function of the project returns."""
    if _called(evaluator, call, scope) in MOMENTARY:
        return True
    callee = evaluator.evaluate(call.function, Frame(scope))
    if not isinstance(callee, FunctionValue) or not is_outer:
        return False
    return any(
        isinstance(item, model.Call) and _is_momentary(evaluator, item, callee.scope, is_outer=False)
        for statement in statements(callee.definition.body)
        if isinstance(statement, model.Return) and statement.value is not None
        for item in (statement.value, *expressions(statement.value))
    )


def _held(evaluator: Evaluator, default: model.Expression, scope: Scope) -> model.Call | None:
    """A session or settings that all requests share, since they are the default of a parameter."""
    if not isinstance(default, model.Call):
        return None
    value = evaluator.evaluate(default, Frame(scope))
    if not isinstance(value, Object) or _called(evaluator, default, scope) in _MARKERS:
        return None
    if session_kind(value) is not None or fields.is_settings(value.cls):
        return default
    return None


def _shared_defaults(function: Function) -> Iterator[Once]:
    """The parameters of a helper whose default is a list, dict or set that the helper changes.

    FastAPI copies the defaults of what it calls itself; those of other functions live on from call to call.
    """
    mutable = {
        item.name: item
        for item in function.definition.parameters
        if item.default is not None and _kind(item.default)
    }
    if not mutable:
        return
    bound: set[str] = set()
    changed: set[str] = set()
    for statement in statements(function.definition.body):
        inside = expressions(statement)
        for item in inside:
            name = _changed(item)
            if name in mutable and name not in bound:
                changed.add(name)
        if isinstance(statement, model.Assignment):
            for target in statement.targets:
                if isinstance(target, model.Name):
                    bound.add(target.id)
                elif isinstance(target, model.Subscript) and isinstance(target.value, model.Name):
                    name = target.value.id
                    if name in mutable and name not in bound:
                        changed.add(name)
    for name in sorted(changed):
        parameter = mutable[name]
        kind = _kind(parameter.default) if parameter.default is not None else ""
        span = Span(parameter.line, 1, parameter.line, 1)
        how = "take None for the default, and make it in the function"
        of = f"{name}` of `{function.definition.name}"
        yield Once(of, f"this {kind}", function.module.path, span, how)


def _kind(default: model.Expression) -> str:
    """`list`, `dict` or `set` for a display or call that makes an empty or filled one; empty for all else."""
    if isinstance(default, model.Sequence):
        return default.kind if default.kind != "tuple" else ""
    if isinstance(default, model.Mapping):
        return "dict"
    if isinstance(default, model.Call) and isinstance(default.function, model.Name):
        name = default.function.id
        return name if name in {"list", "dict", "set"} else ""
    return ""


def _changed(item: model.Expression) -> str:
    """The name whose value a call changes: `items` of `items.append(…)`."""
    if not isinstance(item, model.Call) or not isinstance(item.function, model.Attribute):
        return ""
    receiver = item.function.value
    is_change = item.function.name in _MUTATORS and isinstance(receiver, model.Name)
    return receiver.id if is_change and isinstance(receiver, model.Name) else ""

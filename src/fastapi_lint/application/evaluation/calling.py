"""Calling values: functions of the project, classes, decorators, context managers, and what lies outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes, containers, standard
from fastapi_lint.application.evaluation.annotations import type_parameters
from fastapi_lint.application.evaluation.budgets import CALL_DEPTH, RECURSION
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import (
    NONE,
    UNKNOWN,
    Annotated,
    Awaitable,
    Bound,
    Choice,
    ClassValue,
    Closer,
    Collection,
    Dictionary,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    LambdaValue,
    Literal,
    Marker,
    Object,
    Partial,
    Scope,
    Unknown,
    Yielded,
    is_none,
    join,
    options,
)
from fastapi_lint.application.library.web import DEPENDENCY_MARKERS
from fastapi_lint.application.wiring import routing
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )


def call(evaluator: Evaluator, site: CallSite) -> Value:
    """What calling `site.callee` gives, following functions of the project into their bodies."""
    callee = site.callee
    if isinstance(callee, Choice):
        return join(
            [call(evaluator, _with_callee(site, option)) for option in callee.options if not is_none(option)]
        )
    if isinstance(callee, FunctionValue):
        return call_function(evaluator, callee, None, site)
    if isinstance(callee, Bound):
        return _call_bound(evaluator, callee, site)
    if isinstance(callee, ClassValue):
        return instantiate(evaluator, callee, site)
    if isinstance(callee, External):
        return standard.call_external(evaluator, callee.name, site)
    if isinstance(callee, ExternalMethod):
        return call_external_method(evaluator, callee, site)
    if isinstance(callee, Closer):
        return routing.close(evaluator, callee, site)
    if isinstance(callee, Partial):
        keywords = {**callee.keywords, **site.keywords}
        inner = CallSite(
            callee.function,
            [*callee.arguments, *site.arguments],
            keywords,
            site.node,
            site.frame,
            site.complete,
        )
        return call(evaluator, inner)
    if isinstance(callee, LambdaValue):
        return _call_lambda(evaluator, callee, site)
    if isinstance(callee, Generic):
        return _call_generic(evaluator, callee, site)
    if isinstance(callee, Annotated):
        return call(evaluator, _with_callee(site, callee.base))
    if isinstance(callee, Object):
        return _call_object(evaluator, callee, site)
    return UNKNOWN


def _with_callee(site: CallSite, callee: Value) -> CallSite:
    return CallSite(callee, site.arguments, site.keywords, site.node, site.frame, site.complete)


def call_value(evaluator: Evaluator, callee: Value, frame: Frame, *arguments: Value) -> Value:
    """Call a value that no call expression stands for: a decorator, a context manager's method."""
    site = CallSite(callee, list(arguments), {}, None, frame)
    if frame.recorder is not None:
        return frame.recorder.call(evaluator, site)
    return call(evaluator, site)


def _call_bound(evaluator: Evaluator, callee: Bound, site: CallSite) -> Value:
    function = callee.function
    if isinstance(function, FunctionValue):
        overrides = function.definition.name in routing.REGISTERING and isinstance(
            callee.receiver, routing.Router
        )
        if not overrides or site.node is None or evaluator.decorating:
            return call_function(evaluator, function, callee.receiver, site)
        evaluator.decorating.append(
            (site.node, site.module)
        )  # what registers is the call of the project's own method
        try:
            return call_function(evaluator, function, callee.receiver, site)
        finally:
            evaluator.decorating.pop()
    inner = CallSite(
        function, [callee.receiver, *site.arguments], site.keywords, site.node, site.frame, site.complete
    )
    return call(evaluator, inner)


def _call_object(evaluator: Evaluator, callee: Object, site: CallSite) -> Value:
    if isinstance(callee.cls, ClassValue):
        found = attributes.find(callee.cls, "__call__")
        if isinstance(found, tuple):
            return call(
                evaluator,
                _with_callee(site, attributes.bind(evaluator, found[1], callee, callee.cls, site.frame)),
            )
        if isinstance(found, External):
            return standard.call_object(found.name, callee, site)
    if isinstance(callee.cls, External):
        return standard.call_object(callee.cls.name, callee, site)
    return UNKNOWN


def _call_generic(evaluator: Evaluator, callee: Generic, site: CallSite) -> Value:
    result = call(evaluator, _with_callee(site, callee.origin))
    if isinstance(result, Object):
        result.type_arguments = callee.arguments
    return result


def _call_lambda(evaluator: Evaluator, callee: LambdaValue, site: CallSite) -> Value:
    if site.frame.depth > CALL_DEPTH:
        return UNKNOWN
    scope = Scope({}, callee.scope, callee.scope.module)
    frame = Frame(
        scope,
        site.frame.function,
        None,
        site.frame.depth + 1,
        site.frame.uncertain,
        site.frame.unlikely,
        conditions=site.frame.conditions,
        recorder=site.frame.recorder,
    )
    bind_parameters(evaluator, callee.definition.parameters, scope, site, callee.scope)
    return evaluator.evaluate(callee.definition.body, frame)


def call_function(
    evaluator: Evaluator, function: FunctionValue, receiver: Value | None, site: CallSite
) -> Value:
    """Follow a call into a function of the project."""
    key = id(function.definition)
    running = evaluator.active.get(key, 0)
    if (
        site.frame.depth > CALL_DEPTH
        or running >= RECURSION
        or evaluator.statements_left < 0
        or key in evaluator.laborious
    ):
        return _declared(evaluator, function, Frame(function.scope)) or UNKNOWN
    scope = Scope({}, function.scope, function.module)
    frame = Frame(scope, function, receiver, site.frame.depth + 1, site.frame.uncertain, site.frame.unlikely)
    frame.conditions = site.frame.conditions
    frame.bindings = receiver_bindings(receiver)
    if receiver is not None:
        site = CallSite(
            site.callee, [receiver, *site.arguments], site.keywords, site.node, site.frame, site.complete
        )
    bind_parameters(evaluator, function.definition.parameters, scope, site, function.scope, frame.bindings)
    evaluator.active[key] = running + 1
    evaluator.entered.add(key)
    left, budget = evaluator.statements_left, min(evaluator.statements_left, evaluator.call_budget)
    evaluator.statements_left = budget
    routes = evaluator.route_count
    try:
        ended = evaluator.run(function.definition.body, frame)
    finally:
        evaluator.active[key] = running
        if evaluator.statements_left < 0 and evaluator.route_count == routes:
            evaluator.laborious.add(key)
        left -= max(0, budget - evaluator.statements_left)
        evaluator.statements_left = (
            left if evaluator.route_count == routes else max(left, evaluator.call_budget)
        )
    return result_of(evaluator, function, frame, ended=ended)


def result_of(evaluator: Evaluator, function: FunctionValue, frame: Frame, *, ended: bool) -> Value:
    """What a call gives after its body was followed: what that returned, or what it declares."""
    if function.definition.is_generator:
        result: Value = Yielded(
            join(frame.yields), function, frame.yields if frame.all_yields_known else None
        )
        if isinstance(join(frame.yields), Unknown):
            declared = _declared(evaluator, function, frame)
            if isinstance(declared, Yielded):
                result = declared
        return result
    result = join(frame.returns if ended or not frame.returns else [*frame.returns])
    if not frame.returns:
        result = NONE if function.definition.returns is None else UNKNOWN
    if isinstance(result, Unknown):
        declared = _declared(evaluator, function, frame)
        return result if declared is None else declared
    if is_none(result) or (isinstance(result, Object) and result.is_declared):
        declared = _declared(evaluator, function, frame)
        if isinstance(declared, Object) and _is_narrower(declared, result):
            return declared
    return result


def _is_narrower(declared: Object, seen: Value) -> bool:
    """Whether a declared result says more than what is seen: the None that a name holds at first, a base."""
    if is_none(seen):
        return True
    known = seen.cls if isinstance(seen, Object) else None
    if not isinstance(declared.cls, ClassValue) or declared.cls is known:
        return False
    return known in declared.cls.mro() or not declared.cls.is_fully_known()


def _declared(evaluator: Evaluator, function: FunctionValue, frame: Frame) -> Value | None:
    annotation = evaluator.annotation(function.definition.returns, frame.scope)
    return None if annotation is None else evaluator.instance_of(annotation, frame.bindings)


def receiver_bindings(receiver: Value | None) -> dict[str, Value]:
    """What type variables stand for in the methods of a receiver."""
    cls = receiver.cls if isinstance(receiver, Object) else receiver
    if not isinstance(cls, ClassValue):
        return {}
    bindings = dict(cls.bindings)
    if isinstance(receiver, Object) and receiver.type_arguments:
        bindings.update(zip(type_parameters(cls), receiver.type_arguments, strict=False))
    return bindings


def bind_parameters(
    evaluator: Evaluator,
    parameters: tuple[model.Parameter, ...],
    scope: Scope,
    site: CallSite,
    defaults: Scope,
    bindings: dict[str, Value] | None = None,
) -> None:
    """Give parameters the values of a call's arguments, their defaults or an instance of their annotation."""
    remaining = list(site.arguments)
    keywords = dict(site.keywords)
    for parameter in parameters:
        value: Value | None = None
        if parameter.kind == "args":
            value = Collection("tuple", remaining, site.complete)
            remaining = []
        elif parameter.kind == "kwargs":
            value = Dictionary(dict(keywords.items()), complete=site.complete)
        elif parameter.kind != "keyword" and remaining:
            value = remaining.pop(0)
        elif parameter.name in keywords:
            value = keywords.pop(parameter.name)
        elif parameter.default is not None and site.complete:
            value = evaluator.evaluate(parameter.default, Frame(defaults))
        if (value is None or isinstance(value, Unknown) or _is_shapeless(value)) and parameter.kind not in {
            "args",
            "kwargs",
        }:
            annotation = evaluator.annotation(parameter.annotation, defaults)
            declared = evaluator.instance_of(annotation, bindings) if annotation is not None else UNKNOWN
            if not isinstance(declared, Unknown) or value is None:
                value = declared
        scope.names[parameter.name] = value if value is not None else UNKNOWN


def _is_shapeless(value: Value) -> bool:
    return (
        isinstance(value, (Collection, Dictionary)) and not value.complete and not getattr(value, "items", ())
    )


def instantiate(evaluator: Evaluator, cls: ClassValue, site: CallSite) -> Value:
    """An instance of a class of the project, after its `__init__` ran."""
    if attributes.is_enum(cls):
        return _enum_member(evaluator, cls, site)
    if cls.derives_from(*DEPENDENCY_MARKERS):
        line = site.node.line if site.node is not None else 0
        return Marker("Depends", site.argument(0, "dependency"), dict(site.keywords), line=line)
    kind = routing.router_kind(cls)
    instance = Object(cls, arguments=tuple(site.arguments), keywords=dict(site.keywords))
    if kind:
        instance = routing.new_router(kind, cls, site)
    if kind and isinstance(instance, routing.Router):
        evaluator.routers.append(instance)
    found = attributes.find(cls, "__init__")
    if isinstance(found, tuple):
        call_value_at(evaluator, Bound(found[1], instance), site)
    elif isinstance(instance, routing.Router):
        routing.configure(evaluator, instance, site)
    else:
        fill_fields(cls, instance, site)
    return instance


def call_value_at(evaluator: Evaluator, callee: Value, site: CallSite) -> Value:
    """Call `callee` with the arguments of another call, which a recorder doesn't hear of again."""
    return call(
        evaluator, CallSite(callee, site.arguments, site.keywords, site.node, site.frame, site.complete)
    )


def _enum_member(evaluator: Evaluator, cls: ClassValue, site: CallSite) -> Value:
    wanted = site.argument(0, "value")
    for member in attributes.enum_members(cls):
        inner = attributes.attribute(evaluator, member, "value", site.frame)
        if isinstance(inner, Literal) and isinstance(wanted, Literal) and inner.value == wanted.value:
            return member
    return Object(cls)


def fill_fields(cls: ClassValue, instance: Object, site: CallSite) -> None:
    """Set the fields of dataclasses, Pydantic models and named tuples from a call's arguments."""
    names = [
        name for item in reversed(cls.mro()) if isinstance(item, ClassValue) for name in item.annotations
    ]
    instance.attributes.update(zip(names, site.arguments, strict=False))
    for name, value in site.keywords.items():
        if name in names and not isinstance(value, Unknown):
            instance.attributes[name] = value


def decorate(evaluator: Evaluator, decorator: model.Expression, value: Value, frame: Frame) -> Value:
    """What a decorated function or class is bound to."""
    if isinstance(decorator, model.Attribute) and decorator.name in {"setter", "deleter"}:
        owner = evaluator.evaluate(decorator.value, frame)
        if isinstance(owner, FunctionValue) and owner.kind == "property":
            return owner  # the property goes on giving what it gave
    applied = evaluator.evaluate(decorator, frame)
    if isinstance(value, ClassValue) and _last_name(decorator) in VIEW_DECORATORS:
        routing.make_view(value, evaluator.routers)
        return value
    evaluator.decorating.append((decorator, frame.scope.module))
    try:
        return _apply(evaluator, applied, value, frame)
    finally:
        evaluator.decorating.pop()


VIEW_DECORATORS = {"cbv", "class_based_view"}
"""The decorator of class-based views of fastapi-utils and fastapi-restful, which projects copy by name."""


def _last_name(decorator: model.Expression) -> str:
    function = decorator.function if isinstance(decorator, model.Call) else decorator
    if isinstance(function, model.Attribute):
        return function.name
    return function.id if isinstance(function, model.Name) else ""


def _apply(evaluator: Evaluator, applied: Value, value: Value, frame: Frame) -> Value:
    if isinstance(value, FunctionValue):
        kind = standard.method_kind(applied)
        if kind is not None:
            value.kind = kind
            return value
    if isinstance(applied, Unknown):
        return _opaque(value, applied.reason or "unknown decorator")
    if isinstance(applied, (External, ExternalMethod)) or (
        isinstance(applied, Object) and not isinstance(applied.cls, ClassValue)
    ):
        return standard.decorate_external(evaluator, applied, value, frame)
    result = call_value(evaluator, applied, frame, value)
    if isinstance(result, (Unknown, Literal)) and not isinstance(applied, Closer):
        return _opaque(value, "decorator whose result is unknown")
    if isinstance(value, ClassValue) and not isinstance(result, ClassValue):
        return value
    return result


def _opaque(value: Value, reason: str) -> Value:
    if isinstance(value, FunctionValue):
        value.opaque_decorators = (*value.opaque_decorators, reason)
    return value


def enter(evaluator: Evaluator, value: Value, frame: Frame) -> Value:
    """What `with value as x` binds."""
    if isinstance(value, Choice):
        return join([enter(evaluator, option, frame) for option in value.options if not is_none(option)])
    if isinstance(value, Awaitable):
        return enter(evaluator, value.value, frame)
    if isinstance(value, Yielded):
        return value.value
    if isinstance(value, Object) and isinstance(value.cls, ClassValue):
        for name in ("__aenter__", "__enter__"):
            found = attributes.find(value.cls, name)
            if isinstance(found, tuple):
                entered = call_value(evaluator, Bound(found[1], value), frame)
                return value if isinstance(entered, Unknown) else entered
        return value
    if isinstance(value, Object) and isinstance(value.cls, External):
        model = library.class_model(value.cls.name)
        if model is not None and model.enters:
            return Object(External(library.canonical(model.enters)), type_arguments=value.type_arguments)
    return value


def awaited(value: Value, expression: model.Expression, frame: Frame) -> Value:
    """What `await expression` gives; the results of functions are modelled as already awaited."""
    results = []
    for option in options(value):
        use = (
            library.class_model(option.cls.name)
            if isinstance(option, Object) and isinstance(option.cls, External)
            else None
        )
        if use is None or use.awaited is None or not isinstance(option, Object):
            results.append(option)
            continue
        if frame.recorder is not None:
            frame.recorder.consumed(expression, use.awaited, frame)
        results.append(standard.library_result(use.awaited, option, CallSite(option, [], {}, None, frame)))
    return join(results)


def iterated(value: Value, expression: model.Expression, frame: Frame) -> None:
    """Tell the recorder that `expression` is looped over, which is when lazy queries run."""
    for option in options(value):
        if frame.recorder is not None and isinstance(option, Object) and isinstance(option.cls, External):
            use = library.class_model(option.cls.name)
            if use is not None and use.iterated is not None:
                frame.recorder.consumed(expression, use.iterated, frame)


def name_object(value: Object, scope: Scope, name: str) -> None:
    """Remember the first name that an object was bound to."""
    if isinstance(value, routing.Router) and not value.name and not scope.is_class:
        value.name = f"{scope.module.name}:{name}" if scope.parent is None else ""
        value.local_name = value.local_name or name


def call_external_method(evaluator: Evaluator, callee: ExternalMethod, site: CallSite) -> Value:
    """A method that the project doesn't define: of a router, of a container, of a library's object."""
    if isinstance(callee.receiver, routing.Router):
        return routing.call_method(evaluator, callee.receiver, callee.name, site)
    if isinstance(callee.receiver, (Collection, Dictionary, Literal)):
        return containers.call_method(evaluator, callee.receiver, callee.name, site)
    return standard.call_external_method(callee, site)

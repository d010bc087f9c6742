"""Functions that make or fill routers although nothing in the project calls them, as a server would.

Such a function is called once, without arguments, when the modules have run. Which ones are called decides
what the applications are: of functions that call each other, only the outermost, since the inner ones fill
what those made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes, calling
from fastapi_lint.application.evaluation.budgets import STATEMENT_BUDGET
from fastapi_lint.application.evaluation.frames import CallSite, Frame
from fastapi_lint.application.evaluation.values import Bound, ClassValue, External, FunctionValue, Scope
from fastapi_lint.application.wiring import routing
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.modules import Module

FILLING_METHODS = {"include_router", "add_api_route", "add_api_websocket_route"}


@dataclass(eq=False, slots=True)
class _Factory:
    """A function that may have to be called, with what its body, as written, does."""

    function: FunctionValue
    cls: ClassValue | None
    module: Module
    makes: bool = False
    """Whether it constructs an application or router, or puts something into one."""
    callees: dict[int, None] = field(default_factory=dict)
    """The definitions that it calls, by identity, in order."""


def starts_application(module: Module) -> bool:
    """Whether importing a module makes an application: a server starts with such a module."""
    return any(
        isinstance(statement, model.Assignment)
        and isinstance(statement.value, model.Call)
        and getattr(statement.value.function, "id", getattr(statement.value.function, "name", ""))
        == "FastAPI"
        for statement in module.facts.body
    )


def run_factories(evaluator: Evaluator, modules: Iterable[Module]) -> None:
    """Call what makes applications and routers, and what puts such functions' results together."""
    factories = {
        id(item.function.definition): item for module in modules for item in _factories_of(evaluator, module)
    }
    makers = {key for key, factory in factories.items() if factory.makes}
    makers |= {key for key, factory in factories.items() if len(makers & factory.callees.keys()) > 1}
    called = {callee for key in makers for callee in factories[key].callees if callee != key}
    instances: dict[int, Value] = {}
    _start_up(evaluator, 0)
    ordered = [key for key in factories if key in makers]
    for key in sorted(ordered, key=lambda key: key in called):  # the modules' order stays within each half
        if key not in evaluator.entered:
            _run(evaluator, factories[key], instances)


def _run(evaluator: Evaluator, factory: _Factory, instances: dict[int, Value]) -> None:
    evaluator.statements_left = STATEMENT_BUDGET
    function, cls = factory.function, factory.cls
    frame = Frame(evaluator.scopes[factory.module.path])
    before = len(evaluator.routers)
    callee: Value = function
    if cls is not None and function.kind != "static":
        if function.kind == "class":
            callee = Bound(function, cls)
        else:
            if id(cls) not in instances:
                instances[id(cls)] = calling.instantiate(evaluator, cls, CallSite(cls, [], {}, None, frame))
            callee = Bound(function, instances[id(cls)])
    if id(function.definition) not in evaluator.entered:  # making the object may have called it
        calling.call(evaluator, CallSite(callee, [], {}, None, frame))
    for router in evaluator.routers[before:]:
        router.maker = router.maker or f"{factory.module.name}:{function.qualname}"
    _start_up(evaluator, before)


def _start_up(evaluator: Evaluator, first: int) -> None:
    """Start the applications from the `first` on, as a server does: some fill their routers only then."""
    for application in list(evaluator.routers[first:]):
        if application.kind == routing.APP and application.module is not None:
            frame = Frame(evaluator.scopes[application.module.path])
            lifespan = application.settings.get("lifespan")
            if lifespan is not None:
                evaluator.statements_left = STATEMENT_BUDGET
                calling.call_value(evaluator, lifespan, frame, application)
            for handler in [item.value for item in application.additions if item.event == "startup"]:
                evaluator.statements_left = STATEMENT_BUDGET
                calling.call_value(evaluator, handler, frame)


def _factories_of(evaluator: Evaluator, module: Module) -> Iterator[_Factory]:
    """The functions and methods that a module defines and that nothing has called, with what they call."""
    for function, cls in _functions_of(evaluator.scopes[module.path]):
        if id(function.definition) in evaluator.entered:
            continue
        factory = _Factory(function, cls, module)
        scope = _with_imports(evaluator, function)
        for call in _calls(function.definition.body):
            if isinstance(call.function, model.Attribute) and call.function.name in FILLING_METHODS:
                factory.makes = True
            elif isinstance(call.function, (model.Name, model.Attribute)):
                _note_callee(factory, _callee(evaluator, call.function, cls, scope))
        yield factory


def _functions_of(scope: Scope) -> Iterator[tuple[FunctionValue, ClassValue | None]]:
    for value in list(scope.names.values()):
        if isinstance(value, FunctionValue) and value.module is scope.module:
            yield value, None
        elif (
            isinstance(value, ClassValue)
            and value.module is scope.module
            and routing.router_kind(value) is None
        ):
            for method in list(value.scope.names.values()):
                if isinstance(method, FunctionValue) and method.module is scope.module:
                    yield method, value


def _with_imports(evaluator: Evaluator, function: FunctionValue) -> Scope:
    """The scope around a function, with what the function itself imports."""
    imports = [
        item for item in function.definition.body if isinstance(item, (model.Import, model.ImportFrom))
    ]
    if not imports:
        return function.scope
    scope = Scope({}, function.scope, function.module)
    evaluator.run(imports, Frame(scope))
    return scope


def _callee(
    evaluator: Evaluator, node: model.Expression, cls: ClassValue | None, scope: Scope
) -> Value | None:
    if (
        cls is not None
        and isinstance(node, model.Attribute)
        and node.value in (model.Name("self"), model.Name("cls"))
    ):
        found = attributes.find(cls, node.name)
        return found[1] if isinstance(found, tuple) else None
    return evaluator.evaluate(node, Frame(scope))


def _note_callee(factory: _Factory, callee: Value | None) -> None:
    if isinstance(callee, Bound):
        callee = callee.function
    if isinstance(callee, FunctionValue):
        factory.callees[id(callee.definition)] = None
    elif isinstance(callee, ClassValue):
        factory.makes = factory.makes or routing.router_kind(callee) is not None
        found = attributes.find(callee, "__init__")
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            factory.callees[id(found[1].definition)] = None
    elif isinstance(callee, External):
        kinds = (routing.APP, routing.ROUTER)
        factory.makes = (
            factory.makes
            or callee.name in kinds
            or any(library.is_subclass(callee.name, kind) for kind in kinds)
        )


def _calls(body: Iterable[model.Statement]) -> Iterator[model.Call]:
    """The calls that statements make directly or in an argument; those of nested functions are not theirs."""
    for statement in body:
        if isinstance(statement, (model.ExpressionStatement, model.Assignment, model.Return)):
            if isinstance(statement.value, model.Call):
                yield statement.value
                for argument in (
                    *statement.value.arguments,
                    *(item.value for item in statement.value.keywords),
                ):
                    if isinstance(argument, model.Call):
                        yield argument
        elif isinstance(statement, (model.If, model.For, model.While)):
            yield from _calls(statement.body)
            yield from _calls(statement.orelse)
        elif isinstance(statement, model.With):
            yield from _calls(statement.body)
        elif isinstance(statement, model.Try):
            for block in (
                statement.body,
                *(handler.body for handler in statement.handlers),
                statement.orelse,
                statement.finalbody,
            ):
                yield from _calls(block)

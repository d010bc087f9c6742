"""Dependencies that are written down but that FastAPI never runs, or that it can't start with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Bound,
    ClassValue,
    Collection,
    Dictionary,
    External,
    FunctionValue,
    Generic,
    Literal,
    Marker,
    Object,
    Partial,
    Union,
    Yielded,
    options,
)
from fastapi_lint.application.wiring.dependencies import callable_name, unwrapped
from fastapi_lint.application.wiring.routing import Router
from fastapi_lint.application.written import expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import Scope, Value
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_RUN: Final = frozenset({"Depends", "Security"})
_MARKERS: Final = frozenset({"fastapi.Depends", "fastapi.Security"})
AWAITS_PARTIALS_SINCE: Final = (0, 123, 5)
"""From this FastAPI on, it awaits what a partial of an asynchronous function gives."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A dependency that never runs: what it is called, why it doesn't run, and what to do.

    It stands in the signature, at `parameter`, or else in `call`, which makes or fills a router, in the file
    `path`.
    """

    path: str
    name: str
    why: str
    cure: str
    parameter: str = ""
    call: model.Call | None = None


def idle(application: Application, evaluator: Evaluator) -> dict[int, list[Idle]]:
    """What is written as a dependency of a handler, of another dependency or of a router, and is none.

    By the identity of the definition that it belongs to; what a router says belongs to its first handler.
    """
    used = {
        id(getattr(unwrapped(dependency.callable), "definition", None))
        for route in application.routes
        for dependency in route.all_dependencies()
    }
    found: dict[int, list[Idle]] = {}
    seen: set[int] = set()
    for route in application.routes:
        if route.handler is None or "test" in route.handler.module.roles:
            continue
        for value in (
            route.registration.endpoint,
            *(dependency.callable for dependency in route.all_dependencies()),
        ):
            function = _signed(value)
            if function is None or id(function.definition) in seen:
                continue
            seen.add(id(function.definition))
            for parameter in function.definition.parameters:
                item = _Parameter(application, evaluator, function, parameter, used).idle()
                if item is not None:
                    found.setdefault(id(function.definition), []).append(item)
        for item in _in_lists(route, seen):
            found.setdefault(id(route.handler.definition), []).append(item)
    return found


def _signed(value: Value) -> FunctionValue | None:
    """The function whose signature FastAPI reads for a callable."""
    inner = unwrapped(value)
    cls = inner.cls if isinstance(inner, Object) else inner
    if isinstance(cls, ClassValue):
        found = attributes.find(cls, "__init__" if cls is inner else "__call__")
        inner = found[1] if isinstance(found, tuple) else inner
    return inner if isinstance(inner, FunctionValue) else None


class _Parameter:
    """One parameter of a function that FastAPI calls."""

    def __init__(
        self,
        application: Application,
        evaluator: Evaluator,
        function: FunctionValue,
        parameter: model.Parameter,
        used: set[int],
    ) -> None:
        self._application = application
        self._evaluator = evaluator
        self._function = function
        self._parameter = parameter
        self._used = used
        self._scope: Scope = function.scope

    def idle(self) -> Idle | None:
        """What is wrong with it; None where all is well."""
        annotation = (
            self._evaluator.annotation(self._parameter.annotation, self._scope)
            if self._parameter.annotation is not None
            else None
        )
        default = self._value(self._parameter.default)
        markers = [item for item in _metadata(annotation) if isinstance(item, Marker) and item.name in _RUN]
        running = default if isinstance(default, Marker) and default.name in _RUN else None
        if running is not None and markers:
            return self._found(
                _name(running), "FastAPI refuses a default beside the one in `Annotated`", "keep the latter"
            )
        if running is None and markers:
            running = markers[-1]
        if len(markers) > 1:
            return self._found(
                _name(markers[0]), "of several in one `Annotated` the last one counts", "keep one"
            )
        if running is not None:
            return self._of_marker(running, annotation)
        inner = next(_inside(annotation), None)
        if inner is not None:
            return self._found(
                _name(inner),
                "inside of another type, `Annotated` says nothing to FastAPI",
                "put the other type inside: `Annotated[User | None, Depends(…)]`",
            )
        for item in _metadata(annotation):
            if isinstance(item, External) and item.name in _MARKERS:
                return self._found("Depends", "it is not called", f"write `{_last(item.name)}(…)`")
        return self._of_default(default)

    def _of_default(self, default: Value | None) -> Idle | None:
        """A default that was meant to be a dependency."""
        if isinstance(default, Collection):
            inner = next(
                (item for item in default.items if isinstance(item, Marker) and item.name in _RUN), None
            )
            if inner is not None:
                return self._found(
                    _name(inner),
                    "a list of dependencies is the default of a parameter here",
                    "pass `dependencies=[…]` to the route's decorator",
                )
        if isinstance(default, External) and default.name in _MARKERS:
            return self._found(_last(default.name), "it is not called", f"write `{_last(default.name)}(…)`")
        if isinstance(default, FunctionValue) and self._is_dependency(default):
            name = default.definition.name
            return self._found(
                name, "the function itself is the parameter's default", f"write `Depends({name})`"
            )
        return None

    def _is_dependency(self, function: FunctionValue) -> bool:
        """Whether a function can only be meant as a dependency."""
        if isinstance(self._parameter.annotation, model.Subscript) and _is_callable(
            self._value(self._parameter.annotation.value)
        ):
            return False
        if _is_callable(self._value(self._parameter.annotation)):
            return False
        signature = self._application.dependencies.signature(function)
        return (
            function.definition.is_generator
            or id(function.definition) in self._used
            or any(item.marker is not None and item.marker.name in _RUN for item in signature.parameters)
        )

    def _of_marker(self, marker: Marker, annotation: Value | None) -> Idle | None:
        """A marker that FastAPI sees, but that gives it nothing that it could run."""
        if marker.callable is None:
            if annotation is None and "dependency" not in marker.keywords:
                return self._found(
                    "Depends()", "nothing says what to call", "annotate the parameter, or name the dependency"
                )
            return None
        if isinstance(marker.callable, Annotated):
            inner = next((item for item in _metadata(marker.callable) if isinstance(item, Marker)), None)
            if inner is not None and inner.name in _RUN:
                return self._found(
                    _name(inner), "`Depends` is given an `Annotated`", "annotate the parameter with it"
                )
        if isinstance(marker.callable, Partial) and self._application.target_fastapi < AWAITS_PARTIALS_SINCE:
            inner_function = unwrapped(marker.callable)
            if (
                isinstance(inner_function, FunctionValue)
                and inner_function.definition.is_async
                and not inner_function.definition.is_generator
            ):
                return self._found(
                    inner_function.definition.name,
                    "this FastAPI doesn't await a partial of an asynchronous function",
                    "make a function of it",
                )
        called = self._called(marker)
        if called is not None:
            return self._found(
                called,
                "it is called here, once, and FastAPI can't call what that gives",
                f"write `Depends({called})`",
            )
        return None

    def _called(self, marker: Marker) -> str | None:
        """The function that is called inside of `Depends(…)`, where what it gives can't be called."""
        call = next(
            (
                item
                for node in (self._parameter.default, self._parameter.annotation)
                if node is not None
                for item in _calls(node)
                if item.arguments[:1]
                and isinstance(item.arguments[0], model.Call)
                and isinstance(self._value(item), Marker)
            ),
            None,
        )
        inner = call.arguments[0] if call is not None else None
        if not isinstance(inner, model.Call):
            return None
        callee = self._value(inner.function)
        function = callee.function if isinstance(callee, Bound) else callee
        if not isinstance(function, FunctionValue) or function.definition.decorators:
            return None
        definition = function.definition
        given = marker.callable
        is_data = given is not None and all(
            isinstance(item, (Literal, Dictionary, Collection, Yielded)) for item in options(given)
        )
        return definition.name if definition.is_async or definition.is_generator or is_data else None

    def _value(self, node: model.Expression | None) -> Value | None:
        return None if node is None else self._evaluator.evaluate(node, Frame(self._scope))

    def _found(self, name: str, why: str, cure: str) -> Idle:
        return Idle(self._function.module.path, name, why, cure, self._parameter.name)


def _metadata(annotation: Value | None) -> Iterator[Value]:
    """What stands behind the type in an `Annotated`, in order."""
    if isinstance(annotation, Annotated):
        yield from _metadata(annotation.base)
        yield from annotation.metadata


def _inside(annotation: Value | None) -> Iterator[Marker]:
    """The dependencies of each `Annotated` that stands inside of another type."""
    inner: Iterable[Value] = ()
    if isinstance(annotation, Annotated):
        inner = (annotation.base,)
    elif isinstance(annotation, Union):
        inner = annotation.members
    elif isinstance(annotation, Generic):
        inner = annotation.arguments
    for item in inner:
        if isinstance(item, Annotated) and not isinstance(annotation, Annotated):
            yield from (each for each in _metadata(item) if isinstance(each, Marker) and each.name in _RUN)
        yield from _inside(item)


def _calls(node: model.Expression) -> Iterator[model.Call]:
    yield from (item for item in (node, *expressions(node)) if isinstance(item, model.Call))


def _is_callable(value: Value | None) -> bool:
    return isinstance(value, External) and _last(value.name) in {"Callable", "Any"}


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _name(marker: Marker) -> str:
    name = callable_name(marker.callable) if marker.callable is not None else ""
    return _last(name.replace(".<locals>", "")) or marker.name


def _in_lists(route: Route, seen: set[int]) -> Iterator[Idle]:
    """Items of `dependencies=` that are not wrapped in `Depends`, and lists under another keyword."""
    for place in (route.registration, *(prefix.origin for prefix in route.prefixes)):
        keywords = place.settings if isinstance(place, Router) else getattr(place, "keywords", {})
        call, module = place.call, place.module
        if call is None or module is None or id(call) in seen:
            continue
        seen.add(id(call))
        for keyword, value in keywords.items():
            for name, why, cure in _wrong_in(keyword, value):
                yield Idle(module.path, name, why, cure, call=call)


def _wrong_in(keyword: str, value: Value) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, Collection):
        return
    for item in value.items:
        if keyword == "dependencies" and isinstance(item, FunctionValue):
            name = item.definition.name
            yield name, "it isn't wrapped in `Depends`", f"write `Depends({name})`"
        elif keyword != "dependencies" and isinstance(item, Marker) and item.name in _RUN:
            yield _name(item), f"`{keyword}` is no argument of FastAPI's", "write `dependencies=`"

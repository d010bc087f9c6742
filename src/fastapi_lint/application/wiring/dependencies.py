"""Dependency trees: what FastAPI would call for a handler, read from signatures as it reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.annotations import substitute
from fastapi_lint.application.evaluation.calling import receiver_bindings
from fastapi_lint.application.evaluation.frames import Frame
from fastapi_lint.application.evaluation.values import (
    Annotated,
    Bound,
    Choice,
    ClassValue,
    Collection,
    External,
    ExternalMethod,
    FunctionValue,
    Generic,
    LambdaValue,
    Literal,
    Marker,
    Object,
    Partial,
    Unknown,
    is_none,
    options,
    without_none,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Scope,
        Value,
    )
    from fastapi_lint.facts import model


@dataclass(eq=False, slots=True)
class Dependency:
    """A callable that FastAPI calls before a handler: its dotted name, and the parameter that takes it."""

    callable: Value
    name: str
    parameter: str = ""
    scopes: tuple[str, ...] = ()
    is_security: bool = False
    uses_cache: bool = True
    children: tuple[Dependency, ...] = ()

    def flattened(self) -> Iterator[Dependency]:
        """This dependency and all that it needs, depth first."""
        yield self
        for child in self.children:
            yield from child.flattened()


@dataclass(eq=False, slots=True)
class SignatureParameter:
    """A parameter as FastAPI sees it: the annotation's base, the marker that applies, and the default."""

    name: str
    annotation: Value | None
    marker: Marker | None
    has_default: bool
    default: Value | None
    kind: str
    line: int
    definition: model.Parameter | None = None


@dataclass(eq=False, slots=True)
class Signature:
    """The parameters of a callable; not `complete` where some can't be known."""

    parameters: list[SignatureParameter] = field(default_factory=list)
    complete: bool = True


class Dependencies:
    """Builds dependency trees, each callable's once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._signatures: dict[int, tuple[Value, Signature]] = {}
        self._children: dict[int, tuple[Value, tuple[Dependency, ...]]] = {}
        self._active: set[int] = set()

    def of_list(self, value: Value | None) -> list[Dependency]:
        """The dependencies that a `dependencies=` argument lists."""
        if value is None:
            return []
        for option in options(value):
            result = [
                self.of_marker(marker, None, "")
                for item in (option.items if isinstance(option, Collection) else ())
                for marker in options(without_none(item))
                if isinstance(marker, Marker) and marker.name in {"Depends", "Security"}
            ]
            if result:
                return result
        return []

    def can_read(self, value: Value | None) -> bool:
        """Whether `of_list` gives all that a `dependencies=` argument lists."""
        if value is None or is_none(value):
            return True
        if isinstance(value, Choice):
            return all(map(self.can_read, value.options))
        return (
            isinstance(value, Collection)
            and value.complete
            and all(isinstance(item, Marker) for item in value.items)
        )

    def of_marker(self, marker: Marker, annotation: Value | None, parameter: str) -> Dependency:
        """The dependency that `Depends(…)` stands for; without an argument that is the annotation."""
        callable_ = marker.callable
        if callable_ is None or is_none(callable_):
            callable_ = annotation or Unknown("Depends() without an annotation")
        if isinstance(callable_, Choice):
            callable_ = callable_.options[0]
        scopes = marker.keywords.get("scopes")
        uses_cache = marker.keywords.get("use_cache")
        return Dependency(
            callable_,
            callable_name(callable_),
            parameter,
            tuple(str(item.value) for item in scopes.items if isinstance(item, Literal))
            if isinstance(scopes, Collection)
            else (),
            marker.name == "Security",
            not (isinstance(uses_cache, Literal) and uses_cache.value is False),
            self.children_of(callable_),
        )

    def children_of(self, callable_: Value) -> tuple[Dependency, ...]:
        """The dependencies among a callable's own parameters."""
        key = id(callable_)
        known = self._children.get(key)
        if known is not None:
            return known[1]
        if key in self._active:
            return ()
        self._active.add(key)
        children = tuple(
            self.of_marker(parameter.marker, parameter.annotation, parameter.name)
            for parameter in self.signature(callable_).parameters
            if parameter.marker is not None and parameter.marker.name in {"Depends", "Security"}
        )
        self._active.discard(key)
        self._children[key] = (callable_, children)
        return children

    def signature(self, callable_: Value) -> Signature:
        """What `inspect.signature` would give for a callable, wrapped functions followed."""
        key = id(callable_)
        known = self._signatures.get(key)
        if known is None:
            known = (callable_, self._signature(callable_))
            self._signatures[key] = known
        return known[1]

    def _signature(self, value: Value) -> Signature:
        if isinstance(value, FunctionValue):
            if value.wraps is not None:
                return self.signature(value.wraps)
            signature = self._of_parameters(value.definition.parameters, value.scope, value.owner)
            if value.owner is not None and value.kind == "function" and signature.parameters:
                receiver = signature.parameters[0]
                if receiver.marker is None and receiver.name == "self":
                    receiver.marker = Marker(
                        "Depends", value.owner
                    )  # a class-based view: FastAPI makes the object
            return signature
        if isinstance(value, Bound):
            inner = self._bound_signature(value)
            return Signature(inner.parameters[1:], inner.complete)
        if isinstance(value, Partial):
            inner = self.signature(value.function)
            given = inner.parameters[len(value.arguments) :]
            return Signature([item for item in given if item.name not in value.keywords], inner.complete)
        if isinstance(value, LambdaValue):
            return self._of_parameters(value.definition.parameters, value.scope, None)
        if isinstance(value, ClassValue):
            return self._of_class(value)
        if isinstance(value, Generic):
            return self.signature(value.origin)
        if isinstance(value, Annotated):
            return self.signature(value.base)
        if isinstance(value, Object) and isinstance(value.cls, ClassValue):
            found = attributes.find(value.cls, "__call__")
            if isinstance(found, tuple):
                return self.signature(Bound(found[1], value))
        return Signature(complete=not isinstance(value, (Unknown, External, ExternalMethod, Object)))

    def _bound_signature(self, value: Bound) -> Signature:
        function = value.function
        if isinstance(function, FunctionValue) and function.wraps is None:
            cls = value.receiver.cls if isinstance(value.receiver, Object) else value.receiver
            bindings = receiver_bindings(value.receiver)
            return self._of_parameters(
                function.definition.parameters,
                function.scope,
                cls if isinstance(cls, ClassValue) else None,
                bindings,
            )
        return self.signature(function)

    def _of_parameters(
        self,
        parameters: tuple[model.Parameter, ...],
        scope: Scope,
        owner: ClassValue | None,
        bindings: dict[str, Value] | None = None,
    ) -> Signature:
        if bindings is None and owner is not None:
            bindings = owner.bindings
        return Signature([self._parameter(item, scope, bindings or {}) for item in parameters])

    def _parameter(
        self, item: model.Parameter, scope: Scope, bindings: dict[str, Value]
    ) -> SignatureParameter:

        annotation = self._evaluator.annotation(item.annotation, scope)
        default = None if item.default is None else self._evaluator.evaluate(item.default, Frame(scope))
        marker: Marker | None = None
        if isinstance(annotation, Annotated):
            annotation, marker = _split(annotation)
        if annotation is not None:
            annotation = substitute(annotation, bindings)
        if isinstance(default, Choice):
            default = next((option for option in default.options if isinstance(option, Marker)), default)
        if isinstance(default, Marker):
            marker = default
        return SignatureParameter(
            item.name, annotation, marker, default is not None, default, item.kind, item.line, item
        )

    def _of_class(self, cls: ClassValue) -> Signature:
        found = attributes.find(cls, "__init__")
        if not isinstance(found, tuple):
            found = attributes.find(cls, "__new__")
        result = Signature(complete=cls.is_fully_known())
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            function = found[1]
            inner = self._of_parameters(function.definition.parameters, function.scope, cls)
            result.parameters = inner.parameters[1:]
        else:
            result.parameters = [
                item
                for owner in reversed(cls.mro())
                if isinstance(owner, ClassValue)
                for item in self._fields(owner)
            ]
        if is_view(cls):
            known = {item.name for item in result.parameters}
            result.parameters += [
                item
                for owner in cls.mro()
                if isinstance(owner, ClassValue)
                for item in self._fields(owner)
                if item.name not in known and item.marker is not None
            ]
            result.parameters += self._unannotated_markers(cls, {item.name for item in result.parameters})
        return result

    def _fields(self, owner: ClassValue) -> list[SignatureParameter]:
        result = []
        for name, node in owner.annotations.items():
            annotation = self._evaluator.annotation(node, owner.scope)
            default = owner.scope.names.get(name)
            marker = None
            if isinstance(annotation, Annotated):
                annotation, marker = _split(annotation)
            if isinstance(default, Marker):
                marker = default
            result.append(
                SignatureParameter(
                    name,
                    annotation,
                    marker,
                    default is not None,
                    default,
                    "normal",
                    owner.field_lines.get(name, 0),
                )
            )
        return result

    def _unannotated_markers(self, cls: ClassValue, known: set[str]) -> list[SignatureParameter]:
        result = []
        for owner in cls.mro():
            if isinstance(owner, ClassValue):
                for name, value in owner.scope.names.items():
                    if (
                        isinstance(value, Marker)
                        and value.name in {"Depends", "Security"}
                        and name not in known
                    ):
                        known.add(name)
                        result.append(
                            SignatureParameter(
                                name,
                                None,
                                value,
                                has_default=True,
                                default=value,
                                kind="normal",
                                line=value.line,
                            )
                        )
        return result


def _split(annotation: Annotated) -> tuple[Value, Marker | None]:
    """The type that is annotated, and the marker that applies: the last of FastAPI's, else a `Field`."""
    metadata = annotation.metadata
    base = annotation.base
    while isinstance(base, Annotated):
        metadata = (*base.metadata, *metadata)
        base = base.base
    markers = [entry for entry in metadata if isinstance(entry, Marker)]
    own = [marker for marker in markers if marker.name != "Field"]
    found = own or markers
    return base, found[-1] if found else None


def is_view(cls: ClassValue) -> bool:
    """Whether a class has class attributes that FastAPI's class-based views fill: `x: T = Depends(…)`."""
    return any(
        isinstance(value, Marker) and value.name in {"Depends", "Security"}
        for owner in cls.mro()
        if isinstance(owner, ClassValue)
        for value in owner.scope.names.values()
    )


def unwrapped(value: Value) -> Value:
    """The function behind partials, bound methods and `functools.wraps`, as `inspect.unwrap` finds it."""
    while True:
        if isinstance(value, (Partial, Bound)):
            value = value.function
        elif isinstance(value, FunctionValue) and value.wraps is not None:
            value = value.wraps
        elif isinstance(value, Choice):
            value = value.options[0]
        else:
            return value


def callable_name(value: Value) -> str:
    """The dotted name of a callable: an instance goes by its class, a closure as `factory.<locals>.inner`."""
    if isinstance(value, Partial):
        return callable_name(value.function)
    if isinstance(value, Bound):
        return callable_name(value.function)
    if isinstance(value, FunctionValue):
        if value.wraps is not None:
            return callable_name(value.wraps)
        return f"{value.module.name}.{value.qualname}"
    if isinstance(value, LambdaValue):
        return f"{value.scope.module.name}.{value.qualname}"
    if isinstance(value, ClassValue):
        return value.name
    if isinstance(value, External):
        return value.name
    if isinstance(value, ExternalMethod):
        return f"{value.owner}.{value.name}"
    if isinstance(value, Object):
        return callable_name(value.cls)
    if isinstance(value, Generic):
        return callable_name(value.origin)
    if isinstance(value, Annotated):
        return callable_name(value.base)
    if isinstance(value, Unknown):
        return value.of
    return ""

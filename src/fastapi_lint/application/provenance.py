"""Follow what functions know of the caller: from parameters through assignments and calls to conditions and refusals.

One pass over a function's statements, in order. Each name is traced to what it depends on (`callers.Trace`); each refusal (401 or
403, raised or returned) is looked at together with the conditions that lead to it. Calls of the project are followed with the
traces of their arguments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fastapi_lint.application import attributes, callers, library
from fastapi_lint.application.bodies import status_of
from fastapi_lint.application.callers import (
    CREDENTIAL_TRACE,
    INPUT_TRACE,
    NEUTRAL,
    OPTION_TRACE,
    REQUEST_TRACE,
    UNKNOWN_TRACE,
    USER_TRACE,
    Part,
    Source,
    Trace,
    either,
    met,
)
from fastapi_lint.application.dependencies import callable_name, unwrapped
from fastapi_lint.application.exchanges import token_kind
from fastapi_lint.application.frames import CallSite, Frame
from fastapi_lint.application.library import Effect, web
from fastapi_lint.application.library.auth import AUTHENTICATING_CLASSES, AUTHENTICATING_MEMBERS
from fastapi_lint.application.routes import number_of
from fastapi_lint.application.values import (
    Bound,
    ClassValue,
    External,
    ExternalMethod,
    FunctionValue,
    Literal,
    Object,
    Value,
    options,
)
from fastapi_lint.application.written import children
from fastapi_lint.diagnostics import Span
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.dependencies import SignatureParameter
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application

DEEPEST = 8
"""How many calls deep the caller is followed."""
REFUSALS = frozenset({401, 403})
_CHANGES = frozenset({Effect.WRITE, Effect.CREATE, Effect.DELETE})
_LISTS = 5
"""Of calls with several possible functions, how many are followed."""


@dataclass(eq=False, slots=True)
class Check:
    """A place that decides by the caller alone whether to refuse.

    `kind` is `privilege`, `user` (nobody is there), `credential`, `token` (a token is verified), `helper` (a function that only
    checks) or `dependency` (a function that FastAPI calls elsewhere). `at` is the condition or the call; `place` is that of the
    refusal or the call, in `function`. `told` are the attributes, constants and outer names that the condition compares.
    """

    kind: str
    at: model.Expression
    function: Function
    place: Span
    called: Function | None = None
    inner: Check | None = None
    told: frozenset[str] = frozenset()

    def innermost(self) -> Check:
        """The check that a function makes in the end, behind those that only call it."""
        return self if self.inner is None else self.inner.innermost()


@dataclass(eq=False, slots=True)
class Summary:
    """What following a function showed. `refuses_otherwise`: for reasons that aren't the caller's alone."""

    function: Function | None = None
    result: Trace = NEUTRAL
    checks: list[Check] = field(default_factory=list)
    refuses_otherwise: bool = False
    always_refuses: bool = False
    only_checks: bool = True
    verifies: bool = False
    receiver: Trace = NEUTRAL


@dataclass(frozen=True, slots=True)
class _Condition:
    test: model.Expression | None
    verdict: str
    """`caller`, `nothing` or `other`."""
    trace: Trace
    kind: str = ""


_AFTER_AN_ERROR = _Condition(None, "other", NEUTRAL)


class Provenance:
    """Follows functions, each once for every combination of traces that it is given."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._known: dict[tuple[object, ...], Summary] = {}
        self._provided: dict[int, tuple[Value, Trace]] = {}
        self._dependencies: dict[int, Value] | None = None
        self._in_paths: frozenset[str] | None = None
        self._depth = 0

    def of_handler(self, function: Function) -> Summary:
        """Follow a function as FastAPI calls it for a route."""
        return self._injected(function, function.value, is_dependency=False)

    def of_dependency(self, function: Function) -> Summary:
        """Follow a function as FastAPI calls it for a dependency."""
        return self._injected(function, function.value, is_dependency=True)

    def is_dependency(self, function: Function) -> bool:
        """Whether FastAPI calls the function as a dependency of some route."""
        return id(function.definition) in self.dependencies()

    def dependencies(self) -> dict[int, Value]:
        """Every function that FastAPI calls as a dependency, by the identity of its definition."""
        if self._dependencies is None:
            self._dependencies = {}
            for route in self.application.routes:
                for dependency in route.all_dependencies():
                    inner = unwrapped(dependency.callable)
                    if isinstance(inner, FunctionValue):
                        self._dependencies.setdefault(id(inner.definition), inner)
        return self._dependencies

    def _injected(self, function: Function, callable_: Value, *, is_dependency: bool) -> Summary:
        return self.follow(function, self._given(callable_, is_dependency=is_dependency))

    def _given(self, callable_: Value, *, is_dependency: bool) -> dict[str, Trace]:
        """What FastAPI passes to a function."""
        signature = self.application.dependencies.signature(callable_)
        return {item.name: self._parameter(item, is_dependency=is_dependency) for item in signature.parameters}

    def _parameter(self, item: SignatureParameter, *, is_dependency: bool) -> Trace:
        marker = item.marker
        if marker is not None and marker.name in {"Depends", "Security"}:
            return self.provided(marker.callable if marker.callable is not None else item.annotation)
        names = _class_names(item.annotation)
        if any(library.is_subclass(name, "starlette.requests.HTTPConnection") for name in names):
            return REQUEST_TRACE
        if any(library.is_subclass(name, injected) for name in names for injected in web.INJECTED):
            return NEUTRAL
        if marker is not None and (marker.name in {"Header", "Cookie"} or (is_dependency and marker.name == "Query")):
            alias = marker.keywords.get("alias")
            name = str(alias.value) if isinstance(alias, Literal) and alias.value else item.name
            return CREDENTIAL_TRACE if callers.is_credential(name) else OPTION_TRACE
        if not is_dependency or (marker is not None and marker.name not in {"Header", "Cookie", "Query"}):
            return INPUT_TRACE
        if marker is None and callers.words(item.name)[-1:] == ["token"]:
            return CREDENTIAL_TRACE
        return INPUT_TRACE if item.name in self._path_parameters() else OPTION_TRACE

    def _path_parameters(self) -> frozenset[str]:
        """The names of all parameters in paths of the project."""
        if self._in_paths is None:
            self._in_paths = frozenset(
                name for route in self.application.routes for name in re.findall(r"\{(\w+)", route.path)
            )
        return self._in_paths

    def provided(self, callable_: Value | None) -> Trace:
        """What a dependency gives: the user, a credential, something of both the caller and the input."""
        if callable_ is None:
            return UNKNOWN_TRACE
        known = self._provided.get(id(callable_))
        if known is None:
            self._provided[id(callable_)] = (callable_, UNKNOWN_TRACE)  # guards against a dependency on itself
            known = (callable_, self._of_dependency(callable_))
            self._provided[id(callable_)] = known
        return known[1]

    def _of_dependency(self, callable_: Value) -> Trace:
        name = callable_name(callable_)
        if name in AUTHENTICATING_CLASSES or name in AUTHENTICATING_MEMBERS:
            return USER_TRACE
        owner, _, member = name.rpartition(".")
        if library.entry(dict.fromkeys(AUTHENTICATING_MEMBERS, True), owner, member):  # noqa: FBT003 - a set as a table
            return USER_TRACE
        if isinstance(callable_, Object) and isinstance(callable_.cls, External):
            return CREDENTIAL_TRACE if library.is_subclass(callable_.cls.name, web.SECURITY_BASE) else UNKNOWN_TRACE
        if isinstance(callable_, ClassValue):
            return self._of_class(callable_)
        inner: Value | None = callable_
        if isinstance(callable_, Object) and isinstance(callable_.cls, ClassValue):
            found = attributes.find(callable_.cls, "__call__")
            if not isinstance(found, tuple):
                security = any(library.is_subclass(base, web.SECURITY_BASE) for base in callable_.cls.external_bases())
                return CREDENTIAL_TRACE if security else UNKNOWN_TRACE
            inner = Bound(found[1], callable_)
        function = unwrapped(inner) if inner is not None else None
        if not isinstance(function, FunctionValue) or inner is None:
            return UNKNOWN_TRACE
        given = self._given(inner, is_dependency=True)
        result = self.follow(self.application.function_of(function), given).result
        if result.sources & Source.INPUT or not result.sources & Source.CALLER:
            return result
        part = result.part
        if part is Part.DATA and not result.fields:
            shown = any(trace.part is Part.CREDENTIAL or trace.part >= Part.STATE for trace in given.values())
            known = any(trace.part in {Part.USER, Part.DATA, Part.PRIVILEGE} for trace in given.values())
            if callers.is_principal(function.definition.name) or (shown and not known):
                part = Part.USER
        return replace(result, part=part, sources=Source.CALLER)  # whatever else was looked at to find who asks

    def _of_class(self, cls: ClassValue) -> Trace:
        return self.constructed(cls, self._given(cls, is_dependency=True))

    def constructed(self, cls: ClassValue, given: dict[str, Trace]) -> Trace:
        """An object of a class of the project that is made with these arguments."""
        fields = tuple(given.items())
        found = attributes.find(cls, "__init__")
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            function = self.application.function_of(found[1])
            fields = self.follow(function, given).receiver.fields
        bare = met(*(trace for _, trace in fields), *given.values())
        return Trace(Part.DATA if bare.sources & Source.CALLER else Part.NOTHING, bare.sources, fields)

    def status_of(self, exception: Value) -> int | None:
        """The status of what is raised; a class is raised as what calling it without arguments gives."""
        if isinstance(exception, ClassValue):
            site = CallSite(exception, [], {}, None, Frame(exception.scope))
            exception = self.application.bodies.constructed(exception, site)[0]
        return status_of(exception)

    def follow(self, function: Function, given: dict[str, Trace]) -> Summary:
        """Follow a function whose parameters have these traces; those that aren't given depend on nothing."""
        key = (id(function.definition), frozenset(given.items()))
        known = self._known.get(key)
        if known is not None:
            return known
        self._known[key] = Summary(function, met(*given.values()))  # what a recursive call is taken for
        if self._depth >= DEEPEST:
            return self._known[key]
        self._depth += 1
        try:
            summary = _Flow(self, function, given).run()
        finally:
            self._depth -= 1
        self._known[key] = summary
        return summary


def _class_names(annotation: Value | None) -> list[str]:
    names: list[str] = []
    for option in options(annotation) if annotation is not None else ():
        if isinstance(option, ClassValue):
            names += option.external_bases()
        elif isinstance(option, External):
            names.append(option.name)
    return names


class _Flow:
    """One function being followed."""

    def __init__(self, provenance: Provenance, function: Function, given: dict[str, Trace]) -> None:
        self._provenance = provenance
        self._function = function
        self._body: Body = provenance.application.body(function)
        self._parameters = {parameter.name for parameter in function.definition.parameters}
        self._names = {name: given.get(name, NEUTRAL) for name in self._parameters}
        self._written: dict[str, model.Expression] = {}
        self._path: list[_Condition] = []
        self._returns: list[Trace] = []
        self._refusing_handlers = 0
        self._summary = Summary(function)

    def run(self) -> Summary:
        definition = self._function.definition
        summary = self._summary
        ended = self._block(definition.body)
        summary.always_refuses = ended == "refusal" and not self._returns and len(summary.checks) == 0
        result = self._returns[0] if self._returns else NEUTRAL
        for other in self._returns[1:]:
            result = either(result, other)
        if callers.is_decision(definition.name) and result.sources & Source.CALLER and result.part is Part.DATA:
            result = replace(result, part=Part.PRIVILEGE)
        summary.result = result
        if definition.parameters:
            summary.receiver = self._names.get(definition.parameters[0].name, NEUTRAL)
        return summary

    # --- statements --------------------------------------------------------------------------------------------------

    def _block(self, statements: Sequence[model.Statement]) -> str:
        """Follow statements; how they end: "" (they go on), `refusal`, `return` or `error`."""
        depth = len(self._path)
        ended = ""
        for statement in statements:
            ended = self._statement(statement)
            if ended:
                break
        del self._path[depth:]
        return ended

    def _statement(self, statement: model.Statement) -> str:
        if isinstance(statement, model.If):
            return self._if(statement)
        if isinstance(statement, model.Raise):
            return self._raise(statement)
        if isinstance(statement, model.Return):
            return self._return(statement)
        if isinstance(statement, model.ExpressionStatement):
            self._trace(statement.value)
            if self._refuses_by_calling(statement.value):
                self._refuse(statement)
                return "refusal"
            return ""
        if isinstance(statement, model.Assignment):
            self._assign_statement(statement)
        elif isinstance(statement, model.AugmentedAssignment):
            value = met(self._trace(statement.target), self._trace(statement.value))
            self._assign(statement.target, value)
        elif isinstance(statement, (model.For, model.While)):
            self._loop(statement)
        elif isinstance(statement, model.With):
            for item in statement.items:
                value = self._trace(item.context)
                if item.target is not None:
                    self._assign(item.target, value)
            return self._block(statement.body)
        elif isinstance(statement, model.Try):
            return self._try(statement)
        elif isinstance(statement, model.Match):
            self._match(statement)
        elif isinstance(statement, model.Simple) and statement.keyword in {"break", "continue"}:
            return "return"
        return ""

    def _if(self, statement: model.If) -> str:
        condition = self._condition(statement.test)
        before = dict(self._names)
        self._path.append(condition)
        ended = self._block(statement.body)
        after = self._names
        self._names = dict(before)
        otherwise = self._block(statement.orelse)
        self._path.pop()
        if ended and otherwise:
            return otherwise if ended == otherwise or ended == "refusal" else ended
        if ended:
            pass
        elif otherwise:
            self._names = after
        else:
            for name in {*after, *self._names}:
                self._names[name] = either(after.get(name, NEUTRAL), self._names.get(name, NEUTRAL))
        if "return" in {ended, otherwise}:
            self._path.append(condition)  # the rest is only reached where the other branch was taken
        return ""

    def _condition(self, test: model.Expression) -> _Condition:
        trace = self._decided(test)
        kind = ""
        if trace.sources & ~Source.CALLER:
            verdict = "other"
        elif not trace.sources:
            verdict = "nothing"
        elif trace.part in {Part.USER, Part.CREDENTIAL, Part.PRIVILEGE, Part.SESSION}:
            verdict = "caller"
            kind = {Part.USER: "user", Part.CREDENTIAL: "credential", Part.SESSION: "credential"}.get(trace.part, "privilege")
        else:
            verdict = "other"
        return _Condition(test, verdict, trace, kind)

    def _decided(self, test: model.Expression) -> Trace:
        """What a condition decides by; its parts must all depend on the caller alone."""
        if isinstance(test, model.Boolean):
            traces = [self._decided(value) for value in test.values]
            if any(trace.sources & Source.CALLER and trace.part is Part.DATA for trace in traces):
                return met(*traces, UNKNOWN_TRACE)
            return met(*traces)
        if isinstance(test, model.Unary):
            return self._decided(test.operand)
        trace = self._trace(test)
        if trace.part is Part.DATA and callers.is_checker(self._function.name) and _is_truth_of_call(test, self._written):
            return replace(trace, part=Part.PRIVILEGE)  # the function says by its name that this call decides
        return trace

    def _raise(self, statement: model.Raise) -> str:
        if statement.exception is None:
            return "error"
        self._trace(statement.exception)
        if self._provenance.status_of(self._body.value(statement.exception)) in REFUSALS:
            self._refuse(statement)
            return "refusal"
        return "error"

    def _return(self, statement: model.Return) -> str:
        value = statement.value
        if value is None:
            self._returns.append(NEUTRAL.under(self._conditions()))
            return "return"
        trace = self._trace(value)
        if self._refuses_by_calling(value) or _status_of_response(self._body.value(value)) in REFUSALS:
            self._refuse(statement)
            return "refusal"
        self._returns.append(trace.under(self._conditions()))
        if not isinstance(value, model.Constant) and not (isinstance(value, model.Name) and value.id in self._parameters):
            self._summary.only_checks = self._summary.only_checks and trace.is_caller and trace.part in {Part.USER, Part.PRIVILEGE}
        return "return"

    def _refuses_by_calling(self, expression: model.Expression) -> bool:
        call = expression.value if isinstance(expression, model.Await) else expression
        meaning = self._body.call(call) if isinstance(call, model.Call) else None
        if meaning is None or len(meaning.functions) != 1 or Effect.REFUSE not in meaning.effects:
            return False
        return self._provenance.follow(meaning.functions[0], {}).always_refuses

    def _refuse(self, statement: model.Statement) -> None:
        relevant = [condition for condition in self._path if condition.verdict != "nothing"]
        if not relevant:
            return
        if any(condition.verdict == "other" for condition in relevant):
            self._summary.refuses_otherwise = True
            return
        last = relevant[-1]
        if last.test is not None:
            told = _told(last.test, self._written, self._names)
            self._summary.checks.append(Check(last.kind, last.test, self._function, _place(statement), told=told))

    def _conditions(self) -> Trace:
        return met(*(condition.trace for condition in self._path))

    def _loop(self, statement: model.For | model.While) -> None:
        if isinstance(statement, model.For):
            iterable = self._trace(statement.iterable)
            self._assign(statement.target, iterable)
            kind = "nothing" if not iterable.sources else "caller" if iterable.is_caller else "other"
            self._path.append(_Condition(None, kind, iterable))
        else:
            self._path.append(self._condition(statement.test))
        before = dict(self._names)
        self._block(statement.body)
        for name, trace in before.items():
            self._names[name] = either(trace, self._names.get(name, NEUTRAL))
        self._path.pop()
        self._block(statement.orelse)

    def _try(self, statement: model.Try) -> str:
        before = dict(self._names)
        ended = self._block(statement.body)
        tried = self._names
        others: list[str] = []
        for handler in statement.handlers:
            self._names = {name: either(before.get(name, trace), trace) for name, trace in tried.items()}
            if handler.name:
                self._names[handler.name] = UNKNOWN_TRACE
            self._path.append(_AFTER_AN_ERROR)
            others.append(self._block(handler.body))
            self._path.pop()
            if not others[-1]:
                tried = {name: either(trace, self._names.get(name, trace)) for name, trace in tried.items()}
        self._names = tried
        if not ended:
            ended = self._block(statement.orelse)
        finished = self._block(statement.finalbody)
        if finished:
            return finished
        return ended if all(others) else ""

    def _match(self, statement: model.Match) -> None:
        subject = self._trace(statement.subject)
        for case in statement.cases:
            before = dict(self._names)
            self._names.update(dict.fromkeys(case.captures, subject))
            self._path.append(_Condition(None, "other", met(subject, UNKNOWN_TRACE)))
            self._block(case.body)
            self._path.pop()
            self._names = {name: either(trace, self._names.get(name, trace)) for name, trace in before.items()}

    def _assign_statement(self, statement: model.Assignment) -> None:
        if statement.value is None:
            return
        value = self._trace(statement.value).under(self._conditions())
        for target in statement.targets:
            if isinstance(target, model.Name):
                self._written[target.id] = statement.value
            items = statement.value.items if isinstance(statement.value, model.Sequence) else ()
            if isinstance(target, model.Sequence) and len(items) == len(target.items):
                for inner, item in zip(target.items, items, strict=True):
                    self._assign(inner, self._trace(item).under(self._conditions()))
            else:
                self._assign(target, value)

    def _assign(self, target: model.Expression, value: Trace) -> None:
        if isinstance(target, model.Name):
            self._names[target.id] = value
        elif isinstance(target, model.Sequence):
            for item in target.items:
                self._assign(item, value)
        elif isinstance(target, model.Starred):
            self._assign(target.value, value)
        elif isinstance(target, model.Attribute) and isinstance(target.value, model.Name):
            owner = self._names.get(target.value.id, NEUTRAL)
            if owner.part is not Part.REQUEST:
                self._names[target.value.id] = owner.with_field(target.name, value)
        elif isinstance(target, model.Subscript) and isinstance(target.value, model.Name):
            owner = self._names.get(target.value.id, NEUTRAL)
            self._names[target.value.id] = either(owner, met(value))

    # --- expressions -------------------------------------------------------------------------------------------------

    def _trace(self, node: model.Expression) -> Trace:
        """Say what an expression depends on."""
        if isinstance(node, model.Name):
            return self._names.get(node.id, NEUTRAL)
        if isinstance(node, model.Attribute):
            return callers.attribute(self._trace(node.value), node.name)
        if isinstance(node, model.Call):
            return self._call(node)
        if isinstance(node, (model.Await, model.Starred)):
            return self._trace(node.value)
        if isinstance(node, model.Subscript):
            return self._entry(self._trace(node.value), node.index)
        if isinstance(node, model.Comparison):
            return self._comparison(node)
        if isinstance(node, model.Comprehension):
            return self._comprehension(node)
        if isinstance(node, model.Conditional):
            test = self._trace(node.test)
            return either(self._trace(node.body), self._trace(node.orelse)).under(met(test))
        if isinstance(node, model.Walrus):
            value = self._trace(node.value)
            self._assign(node.target, value)
            return value
        if isinstance(node, model.Mapping):
            return self._mapping(node)
        if isinstance(node, model.Boolean):
            traces = [self._trace(value) for value in node.values]
            result = traces[0]
            for trace in traces[1:]:
                result = either(result, trace)
            return result
        return met(*map(self._trace, children(node)))

    def _mapping(self, node: model.Mapping) -> Trace:
        """A dict display is an object whose constant keys are its attributes."""
        values = [self._trace(value) for value in node.values]
        fields = tuple(
            (key.value, value)
            for key, value in zip(node.keys, values, strict=True)
            if isinstance(key, model.Constant) and isinstance(key.value, str)
        )
        whole = met(*values, *(self._trace(key) for key in node.keys if key is not None))
        return Trace(min(whole.part, Part.USER), whole.sources, fields)

    def _entry(self, owner: Trace, key: model.Expression) -> Trace:
        """What `owner[key]` or `owner.get(key)` is."""
        known = self._body.value(key)
        if isinstance(key, model.Constant) and isinstance(key.value, str):
            return callers.attribute(owner, key.value)
        if isinstance(known, Literal) and isinstance(known.value, str):
            return callers.attribute(owner, known.value)
        if owner.part in {Part.HEADERS, Part.COOKIES, Part.STATE, Part.SESSION}:
            name = key.name if isinstance(key, model.Attribute) else key.id if isinstance(key, model.Name) else ""
            return CREDENTIAL_TRACE if callers.is_credential(name) else UNKNOWN_TRACE
        return met(owner, self._trace(key))

    def _comparison(self, node: model.Comparison) -> Trace:
        if len(node.others) != 1:
            return met(self._trace(node.left), *map(self._trace, node.others))
        left, right, operator = node.left, node.others[0], node.operators[0]
        first, second = self._trace(left), self._trace(right)
        if operator in {"in", "not in"} and second.part >= Part.SESSION:
            return self._entry(second, left)
        both = met(first, second)
        if both.part is Part.USER and (_is_nothing(left) or _is_nothing(right)):
            return both
        if both.part is Part.USER and operator in {"==", "!=", "in", "not in"} and both.is_caller:
            other = right if first.sources else left
            if not (first.sources and second.sources) and not self._is_column(other):
                return replace(both, part=Part.PRIVILEGE)
        return replace(both, part=Part.DATA) if both.part is Part.USER else both

    def _is_column(self, node: model.Expression) -> bool:
        """Whether an expression is an attribute of a class, so that comparing with it makes a statement."""
        return isinstance(node, model.Attribute) and isinstance(self._body.value(node.value), (ClassValue, External))

    def _comprehension(self, node: model.Comprehension) -> Trace:
        before = dict(self._names)
        conditions = [NEUTRAL]
        for clause in node.clauses:
            iterable = self._trace(clause.iterable)
            self._assign(clause.target, iterable)
            conditions += [iterable, *map(self._trace, clause.conditions)]
        element = met(self._trace(node.element), *([self._trace(node.value)] if node.value is not None else []))
        self._names = before
        return met(element, *conditions)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: model.Call) -> Trace:
        meaning = self._body.call(node)
        arguments = [self._trace(argument) for argument in node.arguments]
        keywords = {item.name or "": self._trace(item.value) for item in node.keywords}
        receiver = self._trace(node.function.value) if isinstance(node.function, model.Attribute) else NEUTRAL
        name = node.function.name if isinstance(node.function, model.Attribute) else getattr(node.function, "id", "")
        if name == "getattr" and len(node.arguments) > 1:
            return self._entry(arguments[0], node.arguments[1])
        if name in {"get", "pop", "setdefault"} and node.arguments and receiver.carries_caller and not (meaning and meaning.functions):
            return self._entry(receiver, node.arguments[0])
        given = [*arguments, *keywords.values()]
        if meaning is not None and token_kind(meaning) in {"verify", "read"}:
            return self._verified(node, meaning, met(receiver, *given))
        if not any(trace.carries_caller for trace in (receiver, *given)):
            return met(receiver, *given)
        if meaning is not None and meaning.functions:
            return self._followed(node, meaning, receiver, arguments, keywords)
        if meaning is not None and isinstance(meaning.callee, ClassValue):
            return self._made(meaning.callee, arguments, keywords)
        return self._left(node, meaning, name, receiver, given)

    def _verified(self, node: model.Call, meaning: CallMeaning, trace: Trace) -> Trace:
        if trace.part is Part.CREDENTIAL and trace.is_caller and token_kind(meaning) == "verify":
            self._summary.verifies = True
            self._add(Check("token", node, self._function, _place(node)))
        if trace.sources & Source.CALLER:
            return replace(trace, part=Part.USER)
        return trace

    def _add(self, check: Check) -> None:
        """Note a check that is a call, unless what leads to it isn't the caller's alone."""
        if not any(condition.verdict == "other" for condition in self._path):
            self._summary.checks.append(check)

    def _followed(
        self, node: model.Call, meaning: CallMeaning, receiver: Trace, arguments: list[Trace], keywords: dict[str, Trace]
    ) -> Trace:
        results: list[Trace] = []
        summaries: list[Summary] = []
        for function in meaning.functions[:_LISTS]:
            given = _bound(function, receiver, arguments, keywords)
            if function.name == "__init__" and function.value.owner is not None:
                results.append(self._provenance.constructed(function.value.owner, given))
                continue
            summary = self._provenance.follow(function, given)
            summaries.append(summary)
            results.append(summary.result)
        result = results[0]
        for other in results[1:]:
            result = either(result, other)
        everything = met(receiver, *arguments, *keywords.values())
        if len(summaries) == 1 and len(meaning.functions) == 1:
            self._judge(node, meaning, summaries[0], everything, [*arguments, *keywords.values()])
        return replace(result, sources=result.sources | (everything.sources & ~Source.CALLER))

    def _judge(
        self, node: model.Call, meaning: CallMeaning, summary: Summary, everything: Trace, given: list[Trace]
    ) -> None:
        """Whether a call of the project is a check: the function only checks, and the caller alone."""
        function = meaning.functions[0]
        if everything.sources & ~Source.CALLER:
            return
        shown = any(trace.part is Part.CREDENTIAL or trace.part >= Part.STATE for trace in given)
        inner = summary.checks[0] if summary.checks else None
        authenticates = inner is not None or summary.result.part in {Part.USER, Part.PRIVILEGE}
        if shown and authenticates and self._provenance.is_dependency(function):
            if summary.result.part in {Part.USER, Part.CREDENTIAL, Part.PRIVILEGE} or inner is not None:
                self._add(Check("dependency", node, self._function, _place(node), function, inner))
        elif inner is not None and not summary.refuses_otherwise and not (_CHANGES & meaning.effects.keys()):
            is_check = summary.only_checks or callers.is_checker(function.name)
            if inner.kind == "token" or (inner.called is not None and summary.verifies):
                is_check = shown and summary.result.part is Part.USER
            if is_check:
                self._add(Check("helper", node, self._function, _place(node), function, inner, inner.told))
                self._summary.verifies = self._summary.verifies or summary.verifies

    def _made(self, cls: ClassValue, arguments: list[Trace], keywords: dict[str, Trace]) -> Trace:
        found = attributes.find(cls, "__init__")
        given = keywords
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            given = _bound(self._provenance.application.function_of(found[1]), NEUTRAL, arguments, keywords)
        made = self._provenance.constructed(cls, given)
        part = met(*arguments, *keywords.values()).part
        return replace(made, part=Part.USER if part in {Part.USER, Part.CREDENTIAL} else max(made.part, part))

    def _left(
        self, node: model.Call, meaning: CallMeaning | None, name: str, receiver: Trace, given: list[Trace]
    ) -> Trace:
        """What a call of something outside of the project gives."""
        if receiver.part is Part.REQUEST:
            return INPUT_TRACE if name in {"json", "form", "body", "stream"} else OPTION_TRACE
        effects = meaning.effects if meaning is not None else {}
        if meaning is not None and meaning.name.startswith("fastapi.security."):
            return CREDENTIAL_TRACE
        everything = met(receiver, *given)
        if Effect.HTTP in effects or any(trace.part >= Part.STATE for trace in (receiver, *given)):
            return replace(everything, sources=everything.sources | Source.UNKNOWN)
        if everything.part is Part.PRIVILEGE:
            return everything
        if receiver.part in {Part.USER, Part.DATA} and callers.is_privilege(name) or callers.is_decision(name):
            return replace(everything, part=Part.PRIVILEGE if everything.sources & Source.CALLER else Part.NOTHING)
        if everything.part is Part.CREDENTIAL:
            is_plain = receiver.part is Part.CREDENTIAL or (meaning is not None and isinstance(meaning.callee, (External, ExternalMethod)))
            return everything if is_plain and Effect.QUERY not in effects else replace(everything, part=Part.USER)
        if everything.part is Part.USER and (given or name in {"keys", "values", "items"}):
            return replace(everything, part=Part.DATA)
        return everything


def _bound(function: Function, receiver: Trace, arguments: list[Trace], keywords: dict[str, Trace]) -> dict[str, Trace]:
    """The traces of a function's parameters in a call."""
    value = function.value
    positional = list(arguments)
    if value.owner is not None and value.kind != "static":
        positional.insert(0, receiver if function.name != "__init__" else NEUTRAL)
    given: dict[str, Trace] = {}
    rest = dict(keywords)
    for parameter in function.definition.parameters:
        if parameter.kind in {"args", "kwargs"}:
            given[parameter.name] = met(*positional) if parameter.kind == "args" else met(*rest.values())
            if parameter.kind == "args":
                positional = []
        elif parameter.kind != "keyword" and positional:
            given[parameter.name] = positional.pop(0)
        elif parameter.name in rest:
            given[parameter.name] = rest.pop(parameter.name)
    if "" in rest:
        given = {name: either(trace, rest[""]) for name, trace in given.items()}
    return given


def _status_of_response(value: Value) -> int | None:
    """The status of a response that is made with a fixed one."""
    for option in options(value):
        if isinstance(option, Object):
            names = [option.cls.name] if isinstance(option.cls, External) else []
            if isinstance(option.cls, ClassValue):
                names = list(option.cls.external_bases())
            if any(library.is_subclass(name, "starlette.responses.Response") for name in names):
                given = option.keywords.get("status_code") or (option.arguments[1] if len(option.arguments) > 1 else None)
                return number_of(given) if given is not None else None
    return None


def _is_nothing(node: model.Expression) -> bool:
    return isinstance(node, model.Constant) and node.value is None


def _is_truth_of_call(test: model.Expression, written: dict[str, model.Expression]) -> bool:
    if isinstance(test, model.Unary):
        return _is_truth_of_call(test.operand, written)
    if isinstance(test, model.Await):
        return _is_truth_of_call(test.value, written)
    if isinstance(test, model.Name) and test.id in written:
        return not isinstance(written[test.id], model.Name) and _is_truth_of_call(written[test.id], written)
    return isinstance(test, model.Call)


def _told(
    node: model.Expression, written: dict[str, model.Expression], local: dict[str, Trace], depth: int = 3
) -> frozenset[str]:
    """The privileges, constants and outer names that a condition compares, to find the same condition elsewhere."""
    found: set[str] = set()
    if isinstance(node, model.Attribute) and callers.is_privilege(node.name):
        found.add(node.name)
    elif isinstance(node, model.Constant) and isinstance(node.value, str):
        found.add(repr(node.value))
    elif isinstance(node, model.Name) and node.id in written and depth:
        found |= _told(written[node.id], {}, local, depth - 1)
    elif isinstance(node, model.Name) and node.id not in local:
        found.add(node.id)
    for part in children(node):
        found |= _told(part, written, local, depth)
    return frozenset(found)


def _place(node: model.Call | model.Statement) -> Span:
    return Span(node.line, node.column, node.end_line, node.end_column)

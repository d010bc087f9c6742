"""What expressions depend on; calls are followed where they are the project's."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from fastapi_lint.application.evaluation import attributes
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    External,
    ExternalMethod,
    FunctionValue,
    Literal,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.security import callers
from fastapi_lint.application.security.callers import (
    CREDENTIAL_TRACE,
    INPUT_TRACE,
    NEUTRAL,
    OPTION_TRACE,
    UNKNOWN_TRACE,
    Part,
    Source,
    Trace,
    either,
    met,
)
from fastapi_lint.application.security.checks import Check, Summary, Unverified, place_of
from fastapi_lint.application.security.exchanges import token_kind
from fastapi_lint.application.security.token_calls import hands_on, is_setting, part_taken, skips_signature
from fastapi_lint.application.written import children
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.security.checks import Condition
    from fastapi_lint.application.security.provenance import Provenance

_CHANGES = frozenset({Effect.WRITE, Effect.CREATE, Effect.DELETE})
_DEEPEST_TOKEN = 5
_LISTS = 5
"""Of calls with several possible functions, how many are followed."""


class Tracing:
    """The expressions of one function: what each depends on, given what the names do."""

    def __init__(self, provenance: Provenance, function: Function, given: dict[str, Trace]) -> None:
        self._provenance = provenance
        self._function = function
        self._body: Body = provenance.application.body(function)
        self._parameters = {parameter.name for parameter in function.definition.parameters}
        self._names = {name: given.get(name, NEUTRAL) for name in self._parameters}
        self._written: dict[str, model.Expression] = {}
        self._path: list[Condition] = []
        self._summary = Summary(function)

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

    def _trace(self, node: model.Expression) -> Trace:
        """Say what an expression depends on."""
        trace = self._TRACES.get(type(node))
        return met(*map(self._trace, children(node))) if trace is None else trace(self, node)

    def _conditional(self, node: model.Conditional) -> Trace:
        test = self._trace(node.test)
        return either(self._trace(node.body), self._trace(node.orelse)).under(met(test))

    def _walrus(self, node: model.Walrus) -> Trace:
        value = self._trace(node.value)
        self._assign(node.target, value)
        return value

    def _boolean(self, node: model.Boolean) -> Trace:
        return functools.reduce(either, [self._trace(value) for value in node.values])

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
            name = (
                key.name
                if isinstance(key, model.Attribute)
                else key.id
                if isinstance(key, model.Name)
                else ""
            )
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
                return both.as_part(Part.PRIVILEGE)
        return both.as_part(Part.DATA) if both.part is Part.USER else both

    def _is_column(self, node: model.Expression) -> bool:
        """Whether an expression is an attribute of a class, so that comparing with it makes a statement."""
        return isinstance(node, model.Attribute) and isinstance(
            self._body.value(node.value), (ClassValue, External)
        )

    def _comprehension(self, node: model.Comprehension) -> Trace:
        before = dict(self._names)
        conditions = [NEUTRAL]
        for clause in node.clauses:
            iterable = self._trace(clause.iterable)
            self._assign(clause.target, iterable)
            conditions += [iterable, *map(self._trace, clause.conditions)]
        element = met(
            self._trace(node.element), *([self._trace(node.value)] if node.value is not None else [])
        )
        self._names = before
        return met(element, *conditions)

    def _call(self, node: model.Call) -> Trace:
        meaning = self._body.call(node)
        arguments = [self._trace(argument) for argument in node.arguments]
        keywords = {item.name or "": self._trace(item.value) for item in node.keywords}
        made_on = node.function.value if isinstance(node.function, model.Attribute) else node.function
        receiver = self._trace(made_on)
        name = (
            node.function.name
            if isinstance(node.function, model.Attribute)
            else getattr(node.function, "id", "")
        )
        if name == "getattr" and len(node.arguments) > 1:
            return self._entry(arguments[0], node.arguments[1])
        if (
            name in {"get", "pop", "setdefault"}
            and node.arguments
            and receiver.carries_caller
            and not (meaning and meaning.functions)
        ):
            return self._entry(receiver, node.arguments[0])
        given = [*arguments, *keywords.values()]
        if meaning is not None and token_kind(meaning) in {"verify", "read"}:
            because = skips_signature(meaning)
            if because:
                self._left_unverified(node, because, arguments, keywords)
            return self._verified(node, meaning, met(receiver, *given), skips=bool(because))
        if not any(trace.carries_caller for trace in (receiver, *given)):
            return met(receiver, *given)
        if meaning is not None and meaning.functions:
            return self._followed(node, meaning, receiver, arguments, keywords)
        if meaning is not None and isinstance(meaning.callee, ClassValue):
            return self._made(meaning.callee, arguments, keywords)
        return self._left(meaning, name, receiver, given)

    def _left_unverified(
        self, node: model.Call, because: str, arguments: list[Trace], keywords: dict[str, Trace]
    ) -> None:
        """Note that the claims of what a client sent are taken for true, unless something verifies them."""
        written = {item.name: item.value for item in node.keywords}
        token = node.arguments[0] if node.arguments else written.get("jwt", written.get("token"))
        trace = arguments[0] if arguments else keywords.get("jwt", keywords.get("token", NEUTRAL))
        if token is None or not self._is_sent(token, trace):
            return
        if not hands_on(self._function.definition, token, node, self._body) and not self._is_configured():
            self._summary.unverified.append(Unverified(node, self._function, because, token))

    def _is_sent(self, token: model.Expression, trace: Trace, depth: int = 4) -> bool:
        """Whether a value is what the client sent, and not what was looked up by it."""
        if trace.sources & Source.UNKNOWN or trace.part in {Part.USER, Part.DATA, Part.PRIVILEGE}:
            return False
        if trace.part is Part.CREDENTIAL and trace.is_caller:
            return True
        if not trace.sources or depth == 0:
            return False
        if isinstance(token, model.Name):
            written = self._written.get(token.id)
            if written is None:
                return token.id in self._parameters
            return self._is_sent(written, trace, depth - 1)
        inner = part_taken(token)
        if inner is None:
            return False
        within = self._trace(inner)
        if within.part >= Part.STATE:
            return True
        return bool(within.sources) and self._is_sent(inner, within, depth)

    def _is_configured(self) -> bool:
        """Whether a setting decides that the call is made: something in front may verify tokens."""
        return any(
            condition.verdict == "nothing" and condition.test is not None and is_setting(condition.test)
            for condition in self._path
        )

    def _verified(self, node: model.Call, meaning: CallMeaning, trace: Trace, *, skips: bool) -> Trace:
        verifies = token_kind(meaning) == "verify" and not skips
        if trace.part is Part.CREDENTIAL and trace.is_caller and verifies:
            self._summary.verifies = True
            self._add(Check("token", node, self._function, place_of(node)))
        if trace.sources & Source.CALLER:
            return trace.as_part(Part.USER)
        return trace

    def _add(self, check: Check) -> None:
        """Note a check that is a call, unless what leads to it isn't the caller's alone."""
        if any(condition.verdict == "other" for condition in self._path):
            self._summary.refuses_otherwise = True
        else:
            self._summary.checks.append(check)

    def _followed(
        self,
        node: model.Call,
        meaning: CallMeaning,
        receiver: Trace,
        arguments: list[Trace],
        keywords: dict[str, Trace],
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
            self._carry(node, function, summary)
            results.append(summary.result)
        result = results[0]
        for other in results[1:]:
            result = either(result, other)
        everything = met(receiver, *arguments, *keywords.values())
        if any(summary.refuses_otherwise for summary in summaries):
            self._summary.refuses_otherwise = True
        if len(summaries) == 1 and len(meaning.functions) == 1:
            self._judge(node, meaning, summaries[0], everything, [*arguments, *keywords.values()])
        return result.of(result.sources | (everything.sources & ~Source.CALLER))

    def _carry(self, node: model.Call, function: Function, summary: Summary) -> None:
        """Note what a called function leaves unverified, unless this one has it verified elsewhere."""
        if not summary.unverified:
            return
        given = (*node.arguments, *(word.value for word in node.keywords))
        tokens = [
            item for item in given if not isinstance(item, model.Constant) and self._trace(item).sources
        ]
        definition = self._function.definition
        if any(hands_on(definition, token, node, self._body) for token in tokens) or self._is_configured():
            return
        for found in summary.unverified:
            if len(found.calls) < _DEEPEST_TOKEN:
                self._summary.unverified.append(replace(found, calls=(function.qualname, *found.calls)))

    def _judge(
        self, node: model.Call, meaning: CallMeaning, summary: Summary, everything: Trace, given: list[Trace]
    ) -> None:
        """Whether a call of the project is a check: the function only checks, and the caller alone."""
        function = meaning.functions[0]
        alone = not everything.sources & ~Source.CALLER
        shown = any(trace.part is Part.CREDENTIAL or trace.part >= Part.STATE for trace in given)
        inner = summary.checks[0] if summary.checks else None
        authenticates = inner is not None or summary.result.part in {Part.USER, Part.PRIVILEGE}
        if alone and shown and authenticates and self._provenance.is_dependency(function):
            self._add(Check("dependency", node, self._function, place_of(node), function, inner))
        elif inner is not None and not summary.refuses_otherwise:
            changes = _CHANGES & meaning.effects.keys()
            is_check = callers.is_checker(function.name) or (summary.only_checks and not changes)
            if inner.kind == "token" or (inner.called is not None and summary.verifies):
                finds = callers.is_checker(function.name) or callers.is_principal(function.name)
                is_check = shown and (
                    summary.result.part is Part.USER or (finds and summary.result.part is Part.DATA)
                )
            if is_check:
                self._add(Check("helper", node, self._function, place_of(node), function, inner, inner.told))
                self._summary.verifies = self._summary.verifies or summary.verifies

    def _made(self, cls: ClassValue, arguments: list[Trace], keywords: dict[str, Trace]) -> Trace:
        found = attributes.find(cls, "__init__")
        given = keywords
        if isinstance(found, tuple) and isinstance(found[1], FunctionValue):
            given = _bound(self._provenance.application.function_of(found[1]), NEUTRAL, arguments, keywords)
        made = self._provenance.constructed(cls, given)
        part = met(*arguments, *keywords.values()).part
        return made.as_part(Part.USER if part in {Part.USER, Part.CREDENTIAL} else max(made.part, part))

    def _left(self, meaning: CallMeaning | None, name: str, receiver: Trace, given: list[Trace]) -> Trace:
        """What a call of something outside of the project gives."""
        if receiver.part is Part.REQUEST:
            return INPUT_TRACE if name in {"json", "form", "body", "stream"} else OPTION_TRACE
        effects = meaning.effects if meaning is not None else {}
        if meaning is not None and meaning.name.startswith("fastapi.security."):
            return CREDENTIAL_TRACE
        everything = met(receiver, *given)
        if Effect.HTTP in effects or any(trace.part >= Part.STATE for trace in (receiver, *given)):
            return everything.of(everything.sources | Source.UNKNOWN)
        if everything.part is Part.PRIVILEGE:
            return everything
        if (receiver.part in {Part.USER, Part.DATA} and callers.is_privilege(name)) or callers.is_decision(
            name
        ):
            return everything.as_part(Part.PRIVILEGE if everything.sources & Source.CALLER else Part.NOTHING)
        if everything.part is Part.CREDENTIAL:
            is_plain = receiver.part is Part.CREDENTIAL or (
                meaning is not None and isinstance(meaning.callee, (External, ExternalMethod))
            )
            return everything if is_plain and Effect.QUERY not in effects else everything.as_part(Part.USER)
        if everything.part is Part.USER and (given or name in {"keys", "values", "items"}):
            return everything.as_part(Part.DATA)
        return everything

    _TRACES: ClassVar[dict[type, Callable[[Any, Any], Trace]]] = {
        model.Attribute: lambda self, node: callers.attribute(self._trace(node.value), node.name),
        model.Await: lambda self, node: self._trace(node.value),
        model.Boolean: _boolean,
        model.Call: _call,
        model.Comparison: _comparison,
        model.Comprehension: _comprehension,
        model.Conditional: _conditional,
        model.Constant: lambda *_: NEUTRAL,
        model.Mapping: _mapping,
        model.Name: lambda self, node: self._names.get(node.id, NEUTRAL),
        model.Starred: lambda self, node: self._trace(node.value),
        model.Subscript: lambda self, node: self._entry(self._trace(node.value), node.index),
        model.Walrus: _walrus,
    }
    """How an expression is traced that doesn't just depend on everything in it."""


def _bound(
    function: Function, receiver: Trace, arguments: list[Trace], keywords: dict[str, Trace]
) -> dict[str, Trace]:
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


def _is_nothing(node: model.Expression) -> bool:
    return isinstance(node, model.Constant) and node.value is None

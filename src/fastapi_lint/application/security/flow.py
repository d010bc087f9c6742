"""Follow a function's statements to where it refuses, and say whether the caller alone decides that."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi_lint.application.answers.raising import BROAD, caught_classes
from fastapi_lint.application.evaluation.values import External
from fastapi_lint.application.library import Effect
from fastapi_lint.application.security import callers
from fastapi_lint.application.security.callers import NEUTRAL, UNKNOWN_TRACE, Part, Source, either, met
from fastapi_lint.application.security.checks import Check, Condition, place_of
from fastapi_lint.application.security.ownership import compares_owner
from fastapi_lint.application.security.statuses import REFUSALS, status_of_response
from fastapi_lint.application.security.tracing import Tracing
from fastapi_lint.application.written import children
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.security.callers import Trace
    from fastapi_lint.application.security.checks import Summary
    from fastapi_lint.application.security.provenance import Provenance

NOT_FOUND = 404
_CAUGHT = {
    *BROAD,
    "fastapi.HTTPException",
    "fastapi.exceptions.HTTPException",
    "starlette.exceptions.HTTPException",
}
AFTER_AN_ERROR = Condition(None, "other", NEUTRAL)


class Flow(Tracing):
    """The statements of one function, followed in order: conditions, refusals, what is returned."""

    def __init__(self, provenance: Provenance, function: Function, given: dict[str, Trace]) -> None:
        super().__init__(provenance, function, given)
        self._returns: list[Trace] = []
        self._exits: list[tuple[Condition, ...]] = []
        """The conditions behind every `return`, `break` and `continue` that was passed."""

    def run(self) -> Summary:
        """Follow the body, and say what that showed."""
        definition = self._function.definition
        summary = self._summary
        ended = self._block(definition.body)
        summary.always_refuses = ended == "refusal" and not self._returns and len(summary.checks) == 0
        result = self._returns[0] if self._returns else NEUTRAL
        for other in self._returns[1:]:
            result = either(result, other)
        decides = callers.is_decision(definition.name)
        checks = decides or callers.is_checker(definition.name)
        if decides and result.sources & Source.CALLER and result.part is Part.DATA:
            result = result.as_part(Part.PRIVILEGE)
        elif result.part is Part.PRIVILEGE and not checks and Effect.QUERY in self._body.effects:
            result = result.as_part(Part.DATA)  # rows that a privilege helped to choose
        summary.result = result
        if definition.parameters:
            summary.receiver = self._names.get(definition.parameters[0].name, NEUTRAL)
        return summary

    def _block(self, statements: Sequence[model.Statement]) -> str:
        """Follow statements; how they end: "" (they go on), `refusal`, `return` or `error`."""
        depth = len(self._path)
        ended = ""
        for statement in statements:
            left, outside = len(self._exits), len(self._path)
            ended = self._statement(statement)
            if ended:
                break
            # What follows is only reached where these didn't lead out.
            met_before = {
                id(condition): condition for path in self._exits[left:] for condition in path[outside:]
            }
            self._path += met_before.values()
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
            if not self._comes_to_nothing(statement.value):
                self._trace(statement.value)
            self._fill(statement.value)
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
            return self._match(statement)
        elif isinstance(statement, model.Simple) and statement.keyword in {"break", "continue"}:
            self._exits.append(tuple([replace(condition, is_ownership=False) for condition in self._path]))
            return "return"
        return ""

    def _fill(self, node: model.Expression) -> None:
        """Note what a list or a set is given: it depends on that from then on."""
        if (
            isinstance(node, model.Call)
            and isinstance(node.function, model.Attribute)
            and isinstance(node.function.value, model.Name)
            and node.function.name in {"add", "append", "extend"}
            and node.function.value.id in self._names
        ):
            name = node.function.value.id
            self._names[name] = met(self._names[name], *map(self._trace, node.arguments))

    def _comes_to_nothing(self, dropped: model.Expression) -> bool:
        """Whether a call whose value is dropped can be left alone. What it is given is traced here."""
        call = dropped.value if isinstance(dropped, model.Await) else dropped
        meaning = self._body.call(call) if isinstance(call, model.Call) else None
        if (
            meaning is None
            or not meaning.functions
            or any(map(self._provenance.can_check, meaning.functions))
        ):
            return False
        for part in children(call):
            self._trace(part)
        return True

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
            return otherwise if ended in {otherwise, "refusal"} else ended
        if ended:
            pass
        elif otherwise:
            self._names = after
        else:
            for name in {*after, *self._names}:
                self._names[name] = either(after.get(name, NEUTRAL), self._names.get(name, NEUTRAL))
        return ""

    def _condition(self, test: model.Expression) -> Condition:
        trace = self._decided(test)
        kind = ""
        if trace.sources & ~Source.CALLER:
            verdict = "other"
        elif not trace.sources:
            verdict = "nothing"
        elif trace.part in {Part.USER, Part.CREDENTIAL, Part.PRIVILEGE, Part.SESSION}:
            verdict = "caller"
            kind = {Part.USER: "user", Part.CREDENTIAL: "credential", Part.SESSION: "credential"}.get(
                trace.part, "privilege"
            )
        else:
            verdict = "other"
        is_ownership = verdict == "other" and compares_owner(test, trace, self._trace, self._plain_inputs)
        return Condition(test, verdict, trace, kind, is_ownership)

    @functools.cached_property
    def _plain_inputs(self) -> frozenset[str]:
        """The parameters that no dependency fills: what a request says, and nothing that was loaded."""
        signature = self._provenance.application.dependencies.signature(self._function.value)
        return frozenset(
            item.name
            for item in signature.parameters
            if item.marker is None or item.marker.name not in {"Depends", "Security"}
        )

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
        if (
            trace.part is Part.DATA
            and callers.is_checker(self._function.name)
            and _is_truth_of_call(test, self._written)
        ):
            return trace.as_part(Part.PRIVILEGE)  # the function says by its name that this call decides
        return trace

    def _raise(self, statement: model.Raise) -> str:
        if statement.exception is None:
            return "error"
        self._trace(statement.exception)
        status = self._provenance.statuses.of(self._body.value(statement.exception))
        if status in REFUSALS:
            self._refuse(statement)
            return "refusal"
        if status == NOT_FOUND:
            self._disown(statement)
        return "error"

    def _return(self, statement: model.Return) -> str:
        value = statement.value
        self._exits.append(tuple(self._path))
        if value is None:
            self._returns.append(NEUTRAL.under(self._conditions()))
            return "return"
        trace = self._trace(value)
        if self._refuses_by_calling(value) or status_of_response(self._body.value(value)) in REFUSALS:
            self._exits.pop()
            self._refuse(statement)
            return "refusal"
        self._returns.append(trace.under(self._conditions()))
        if not isinstance(value, model.Constant) and not (
            isinstance(value, model.Name) and value.id in self._parameters
        ):
            self._summary.only_checks = (
                self._summary.only_checks and trace.is_caller and trace.part in {Part.USER, Part.PRIVILEGE}
            )
        return "return"

    def _refuses_by_calling(self, expression: model.Expression) -> bool:
        call = expression.value if isinstance(expression, model.Await) else expression
        meaning = self._body.call(call) if isinstance(call, model.Call) else None
        if meaning is None or len(meaning.functions) != 1 or Effect.REFUSE not in meaning.effects:
            return False
        return self._provenance.follow(meaning.functions[0], {}).always_refuses

    def _disown(self, statement: model.Statement) -> None:
        """Note a refusal because of who owns what was loaded."""
        for condition in self._path:
            if condition.is_ownership and condition.test is not None:
                check = Check("ownership", condition.test, self._function, place_of(statement))
                self._summary.ownership.append(check)

    def _refuse(self, statement: model.Statement) -> None:
        self._disown(statement)
        relevant = [condition for condition in self._path if condition.verdict != "nothing"]
        if not relevant:
            return
        if any(condition.verdict == "other" for condition in relevant):
            self._summary.refuses_otherwise = True
            return
        last = next((condition for condition in reversed(relevant) if condition.test is not None), None)
        if last is not None and last.test is not None:
            told = _told(last.test, self._written, self._names)
            place = place_of(statement)
            self._summary.checks.append(Check(last.kind, last.test, self._function, place, told=told))

    def _conditions(self) -> Trace:
        return met(*(condition.trace for condition in self._path))

    def _loop(self, statement: model.For | model.While) -> None:
        if isinstance(statement, model.For):
            iterable = self._trace(statement.iterable)
            self._assign(statement.target, iterable)
            kind = "nothing" if not iterable.sources else "caller" if iterable.is_caller else "other"
            self._path.append(Condition(None, kind, iterable))
        else:
            self._path.append(self._condition(statement.test))
        before = dict(self._names)
        self._block(statement.body)
        for name, trace in before.items():
            self._names[name] = either(trace, self._names.get(name, NEUTRAL))
        self._path.pop()
        self._block(statement.orelse)

    def _try(self, statement: model.Try) -> str:
        before, made = dict(self._names), len(self._summary.checks)
        ended = self._block(statement.body)
        if self._is_passed_over(statement):
            del self._summary.checks[made:]
        tried = self._names
        others: list[str] = []
        for handler in statement.handlers:
            self._names = {name: either(before.get(name, trace), trace) for name, trace in tried.items()}
            if handler.name:
                self._names[handler.name] = UNKNOWN_TRACE
            self._path.append(self._failure(statement))
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

    def _is_passed_over(self, statement: model.Try) -> bool:
        """Whether what refuses inside `try` only leaves out one of many: the handler of it does nothing."""
        for handler in statement.handlers:
            classes = caught_classes(handler, self._body)
            if classes is not None and (
                not classes or any(isinstance(item, External) and item.name in _CAUGHT for item in classes)
            ):
                return all(
                    isinstance(item, model.ExpressionStatement)
                    or (isinstance(item, model.Simple) and item.keyword in {"pass", "continue"})
                    for item in handler.body
                )
        return False

    def _failure(self, statement: model.Try) -> Condition:
        """The condition under which handlers of `try` run: the caller's where only they are verified."""
        tried = statement.body[0] if len(statement.body) == 1 else None
        value = (
            tried.value
            if isinstance(tried, (model.Assignment, model.ExpressionStatement, model.Return))
            else None
        )
        call = value.value if isinstance(value, model.Await) else value
        if not isinstance(call, model.Call):
            return AFTER_AN_ERROR
        name = call.function.name if isinstance(call.function, model.Attribute) else ""
        name = call.function.id if isinstance(call.function, model.Name) else name
        given = [self._trace(item) for item in (*call.arguments, *(item.value for item in call.keywords))]
        everything = met(*given)
        shows = any(trace.part is Part.CREDENTIAL for trace in given)
        checks = callers.is_checker(name) and callers.is_decision(name)
        if not everything.is_caller or not (shows or checks):
            return AFTER_AN_ERROR
        return Condition(call, "caller", everything, "credential" if shows else "privilege")

    def _match(self, statement: model.Match) -> str:
        condition = self._condition(statement.subject)
        before, after, endings = dict(self._names), dict(self._names), []
        for case in statement.cases:
            self._names = {**before, **dict.fromkeys(case.captures, condition.trace)}
            compared = met(*map(self._trace, case.values))
            conditions = [Condition(statement.subject, "other", met(compared, UNKNOWN_TRACE))]
            if not compared.sources:
                conditions = [condition] + ([self._condition(case.guard)] if case.guard is not None else [])
            self._path += conditions
            endings.append(self._block(case.body))
            del self._path[-len(conditions) :]
            if not endings[-1]:
                after = {name: either(trace, self._names.get(name, trace)) for name, trace in after.items()}
        self._names = after
        last = statement.cases[-1]
        if last.guard is None and not last.values and all(endings):
            return next((ending for ending in endings if ending != "refusal"), "refusal")
        return ""

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
    """The privileges, constants and outer names that a condition compares, to find the same one elsewhere."""
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

"""Whether handlers keep users apart: what they load by an id, and whose id they take from a request.

Both only matter where a handler is given the current user. What else could tell who may do it, such as a
privilege that a dependency asks for, makes an answer None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi_lint.application.answers.resources import columns, is_link, is_trace
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.evaluation.entities import is_entity
from fastapi_lint.application.evaluation.values import (
    ClassValue,
    Collection,
    FunctionValue,
    Object,
    options,
)
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security import callers
from fastapi_lint.application.security.callers import is_checker, is_decision, is_privilege, words
from fastapi_lint.application.wiring.dependencies import unwrapped
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.parameters import Source, inputs_of, is_connection
from fastapi_lint.application.written import assigned_values, dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.security.checks import Check
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

_OWNERS: Final = frozenset(split("user_id owner_id account_id customer_id"))
"""Columns that say whose a row is. Who made or wrote it may well have done so for all."""
_IDENTITIES: Final = frozenset(split("user_id userid owner_id author_id creator_id created_by created_by_id"))
"""Inputs that say who does something, or whose it is to be."""
_PRIVILEGED: Final = frozenset(
    split(
        "admin admins administrator superuser superadmin staff role roles permission permissions perm perms "
        "scope scopes privilege moderator"
    )
)
_STORED: Final = frozenset({Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE})
_SPREADING: Final = frozenset({"model_dump", "dict", "model_dump_json", "__dict__"})
_VALIDATING: Final = frozenset({"model_validate", "from_orm", "parse_obj"})
_NO_LIVE_ROLES: Final = frozenset({"test", "example", "script"})


class Unscoped(NamedTuple):
    """A call that loads a row of `entity` by `key`, of the path, although `column` says whose it is."""

    route: Route
    call: model.Call
    entity: str
    key: str
    column: str
    user: str


class Impersonation(NamedTuple):
    """An input that says who somebody is: `name` of the parameter or of a field of it."""

    route: Route
    parameter: str
    name: str
    source: str
    user: str


class _Taken(NamedTuple):
    """A parameter, or a field of one that is a model."""

    parameter: str
    field: str

    def is_in(self, expression: model.Expression) -> bool:
        """Whether an expression has it in itself, as it is or with all the other fields of the model."""
        return any(map(self._is, (expression, *expressions(expression))))

    def _is(self, item: model.Expression) -> bool:
        if not self.field:
            return isinstance(item, model.Name) and item.id == self.parameter
        if not isinstance(item, model.Attribute) or not isinstance(item.value, model.Name):
            return False
        return item.value.id == self.parameter and item.name in {self.field, *_SPREADING}


def unscoped_access(application: Application, function: Function) -> Unscoped | None:
    """The first row that a handler loads by an id, though it never looks at the current user it is given."""
    route, users = _asked(application, function)
    if route is None:
        return None
    keys = parse(route.path).names & {item.name for item in function.definition.parameters}
    if not keys or users & _names_in(function) or not _knows_nobody_else(application, function, route, users):
        return None
    body = application.body(function)
    derived = _derived(function, keys)
    for call in body.calls.values():
        if call.node is None or not _STORED & call.effects.keys() or not _mentions(call.node, derived):
            continue
        for entity in _entities(call):
            column = next((name for name, _ in columns(entity) if name in _OWNERS), "")
            if column and not is_link(entity) and not is_trace(entity):
                return Unscoped(route, call.node, entity.definition.name, min(keys), column, min(users))
    return None


def identity_from_input(application: Application, function: Function) -> Impersonation | None:
    """The first input that a handler takes for somebody's identity, though it is given the current user."""
    route, users = _asked(application, function)
    if route is None:
        return None
    names = parse(route.path).names
    body = application.body(function)
    for item in inputs_of(function.value, application.dependencies, names).all:
        if item.source not in {Source.QUERY, Source.BODY, Source.FORM}:
            continue
        if item.source is Source.QUERY and not item.is_required:
            continue  # a filter, without which all are given
        for taken, name in _identities(item):
            if _is_stored(body, taken) and not _is_held_against(function, taken, users):
                return Impersonation(route, item.name, name, item.source.value, min(users))
    return None


def _asked(application: Application, function: Function) -> tuple[Route | None, frozenset[str]]:
    """The route of a handler and the parameters that have the current user; no route where it isn't meant."""
    routes = application.routes_of(function)
    if not routes or routes[0].kind != "http" or function.module.roles & _NO_LIVE_ROLES:
        return None, frozenset()
    endpoint = routes[0].registration.endpoint
    is_plain = (
        isinstance(endpoint, FunctionValue) and endpoint.wraps is None and not endpoint.opaque_decorators
    )
    if not is_plain or not routes[0].dependencies_are_known:
        return None, frozenset()
    users = frozenset(application.refusals.users_of(function))
    if not users or any(_is_privileged(application, route) for route in routes):
        return None, frozenset()
    return routes[0], users


def _is_privileged(application: Application, route: Route) -> bool:
    """Whether a dependency of a route asks for more than a user: a role, a scope, a flag."""
    for dependency in route.all_dependencies():
        value = dependency.callable
        flags = value.keywords if isinstance(value, Object) else {}
        if (
            dependency.scopes
            or _PRIVILEGED & set(words(dependency.name.rpartition(".")[2]))
            or any(is_privilege(name) and name != "active" for name in flags)
        ):
            return True
        inner = unwrapped(value)
        if isinstance(inner, FunctionValue):
            checks = application.refusals.checks_of_dependency(application.function_of(inner))
            if any(_tests_privilege(check) for check in checks):
                return True
    return False


def _tests_privilege(check: Check) -> bool:
    inner = check.innermost()
    told = {word for name in inner.told for word in words(name)}
    return inner.kind == "privilege" and bool(_PRIVILEGED & told)


def _knows_nobody_else(
    application: Application, function: Function, route: Route, users: frozenset[str]
) -> bool:
    """Whether nothing but the unused user could tell whose a row is: no other knows the key or the caller."""
    keys = parse(route.path).names
    for name, trace in application.refusals.given(function).items():
        if name not in users and (trace.sources & callers.Source.CALLER):
            return False
    for top in route.dependencies:
        for dependency in top.flattened():
            gives_session = session_kind(application.bodies.provided(dependency.callable)) is not None
            for parameter in application.dependencies.signature(dependency.callable).parameters:
                is_asked = parameter.marker is None or parameter.marker.name not in {"Depends", "Security"}
                sees_all = (
                    is_connection(parameter.annotation) and not gives_session and top.parameter not in users
                )
                if (is_asked and parameter.name in keys) or sees_all:
                    return False
    return True


def _names_in(function: Function) -> set[str]:
    return {
        item.id
        for statement in nested_statements(function.definition.body)
        for item in _all_expressions(statement)
        if isinstance(item, model.Name)
    }


def _all_expressions(node: model.Statement) -> Iterator[model.Expression]:
    for item in expressions(node):
        yield item
        if isinstance(item, model.Lambda):
            yield item.body
            yield from expressions(item.body)


def _derived(function: Function, names: Iterable[str]) -> set[str]:
    """The names whose values are made of these, in the end."""
    found = set(names)
    assigned = assigned_values(function.definition.body)
    for _ in assigned:
        known = len(found)
        found |= {
            name for name, values in assigned.items() if any(_mentions(value, found) for value in values)
        }
        if len(found) == known:
            break
    return found


def _mentions(expression: model.Expression, names: set[str] | frozenset[str]) -> bool:
    return any(
        isinstance(item, model.Name) and item.id in names for item in (expression, *expressions(expression))
    )


def _entities(call: CallMeaning) -> Iterator[ClassValue]:
    """The entities whose rows a call reads or changes: those that it gives, or is told of."""
    for value in (call.result, *call.arguments):
        for option in options(value):
            items: Iterable[Value] = option.items if isinstance(option, Collection) else (option,)
            for item in items:
                told = (item.cls, *item.type_arguments) if isinstance(item, Object) else (item,)
                for cls in told:
                    if isinstance(cls, ClassValue) and is_entity(cls):
                        yield cls


def _identities(item: Input) -> Iterator[tuple[_Taken, str]]:
    """How the body of a handler takes an identity from an input, and what that is called."""
    if item.name in _IDENTITIES:
        yield _Taken(item.name, ""), item.name
    annotation = item.parameter.annotation
    if item.source is Source.BODY and isinstance(annotation, ClassValue):
        for owner in annotation.mro():
            for field in owner.annotations if isinstance(owner, ClassValue) else ():
                if field in _IDENTITIES:
                    yield _Taken(item.name, field), f"{item.name}.{field}"


def _is_stored(body: Body, taken: _Taken) -> bool:
    """Whether an identity that was taken is among what a query, or a new row, is made with."""
    for call in body.calls.values():
        if call.node is None:
            continue
        given = [*call.node.arguments, *(item.value for item in call.node.keywords)]
        stores = _STORED & call.effects.keys() or (
            isinstance(call.callee, ClassValue) and is_entity(call.callee)
        )
        if (stores and any(map(taken.is_in, given))) or (taken.field and _makes_row(call, taken.parameter)):
            return True
    return False


def _makes_row(call: CallMeaning, parameter: str) -> bool:
    """Whether a call makes a row of all that a model holds: `Order.model_validate(order)`."""
    if call.node is None or call.name.rpartition(".")[2] not in _VALIDATING or not call.node.arguments:
        return False
    made = call.node.arguments[0]
    return (
        isinstance(made, model.Name)
        and made.id == parameter
        and any(isinstance(option, Object) and is_entity(option.cls) for option in options(call.result))
    )


def _is_held_against(function: Function, taken: _Taken, users: frozenset[str]) -> bool:
    """Whether anything knows both the identity that was taken and the user, or asks for privileges."""
    known = _derived(function, users)
    for statement in nested_statements(function.definition.body):
        targets = statement.targets if isinstance(statement, model.Assignment) else ()
        if any(isinstance(target, model.Attribute) and taken.is_in(target) for target in targets):
            return True
        for item in _all_expressions(statement):
            if isinstance(item, model.Attribute) and is_privilege(item.name) and _mentions(item.value, known):
                return True
            is_both = isinstance(item, (model.Comparison, model.Call, model.Boolean))
            if is_both and taken.is_in(item) and _mentions(item, known):
                return True
            if isinstance(item, model.Call) and (
                (taken.field and _mentions(item, {taken.parameter}) and _leaves_out(item))
                or (_mentions(item, known) and _decides(item))
            ):
                return True
    return False


def _decides(call: model.Call) -> bool:
    """Whether a function says by its name that it checks, or decides what somebody may do."""
    name = dotted(call.function).rpartition(".")[2]
    return is_decision(name) or is_checker(name)


def _leaves_out(call: model.Call) -> bool:
    """Whether a call that spreads a model leaves fields out of it, or sets them."""
    return any(item.name in {"exclude", "include", "update"} for item in call.keywords)

"""Bodies that nothing validates: parameters without a shape, and requests that are read by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers.response_models import is_shapeless
from fastapi_lint.application.evaluation.entities import is_entity
from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.schemas import fields, used
from fastapi_lint.application.wiring.parameters import Source
from fastapi_lint.application.wiring.unintended import definition_of
from fastapi_lint.application.written import children, dotted, expressions, names_of, statements
from fastapi_lint.facts import model
from fastapi_lint.secrecy.shapes import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.parameters import Input
    from fastapi_lint.application.wiring.routes import Route

_READS: Final = {f"starlette.requests.Request.{name}" for name in ("json", "form", "body")}
_WITH_BODY: Final = {"POST", "PUT", "PATCH", "DELETE"}
_FOREIGN: Final = {
    "callback", "callbacks", "graphql", "hook", "hooks", "jsonrpc", "mcp", "passthrough", "proxy", "rpc",
    "saml", "scim", "webhook", "webhooks",
}  # fmt: skip
"""Words in a route's path or name with which others say what the body is."""
_CHECKS: Final = {"hmac", "signature", "validate", "validated", "validator", "schema"}
_PARSES: Final = {"load", "parse", "parse_obj", "parse_raw"}
_PASSES: Final = {"json", "content", "data", "body"}


def loose_parameters(application: Application, function: Function) -> dict[str, Route]:
    """The parameters of a function that take any JSON as the body, with the first route that has them.

    One of several, or one that is embedded, is like a field of a model, and may be a dict as that may.
    """
    asked = application.asked.get(id(function.definition))
    if asked is None or not used.is_judged(asked.route) or _is_foreign(asked.route):
        return {}
    found: dict[str, Route] = {}
    for name, item in asked.inputs.items():
        annotation = item.parameter.annotation
        is_loose = item.source is Source.BODY and annotation is not None and is_shapeless(annotation)
        is_body = is_loose and not _is_part(application, asked.route, item)
        if (
            is_body
            and not _is_checked(function, {name})
            and not _is_passed_on(function, name)
            and not _is_checked_below(application, function, name)
        ):
            found[name] = asked.route
    return found


def _is_checked_below(application: Application, function: Function, name: str) -> bool:
    """Whether a function that is handed a parameter validates it."""
    for meaning in application.body(function).calls.values():
        for place, value in enumerate(meaning.node.arguments if meaning.node is not None else ()):
            for callee in meaning.functions if _is_one_of(value, {name}) else ():
                parameters = [
                    item.name for item in callee.definition.parameters if item.name not in {"self", "cls"}
                ]
                if place < len(parameters) and _is_checked(callee, {parameters[place]}):
                    return True
    return False


def raw_reads(application: Application, function: Function) -> Iterator[tuple[Route, model.Call]]:
    """The calls of a handler or dependency that read the request's body, to take something out of it.

    None where the function looks at a signature or validates what it read, nor where a model is declared too.
    """
    asked = application.asked.get(id(function.definition))
    if asked is None or not used.is_judged(asked.route) or _is_foreign(asked.route):
        return
    if _WITH_BODY.isdisjoint(asked.route.methods) or any(
        item.source in {Source.BODY, Source.FORM} for item in asked.inputs.values()
    ):
        return
    reads = [
        meaning.node
        for meaning in application.body(function).calls.values()
        if meaning.name in _READS and meaning.node is not None
    ]
    found = []
    for call in reads:
        names = _names_for(function, call)
        if (
            _takes_out(function, names, call)
            and not _is_checked(function, names)
            and not _fills_model(application, function, names)
        ):
            found.append((asked.route, call))
    if found and (asked.is_handler or not _stands_by(application, function)):
        yield from found


def _stands_by(application: Application, function: Function) -> bool:
    """Whether a dependency looks at bodies that the handlers of its routes have validated."""
    return any(
        any(True for _ in application.inputs(route).of(Source.BODY, Source.FORM))
        for route in application.routes
        if any(definition_of(item.callable) is function.definition for item in route.all_dependencies())
    )


def _is_part(application: Application, route: Route, item: Input) -> bool:
    marker = item.parameter.marker
    embedded = marker.keywords.get("embed") if marker is not None else None
    if isinstance(embedded, Literal) and embedded.value is True:
        return True
    inputs = application.inputs(route)
    return sum(1 for _ in inputs.of(Source.BODY)) > 1


def _is_foreign(route: Route) -> bool:
    words = words_of(f"{route.path} {route.name.rpartition('.')[2]}")
    return not _FOREIGN.isdisjoint(words) or ":path}" in route.path


def _names_for(function: Function, call: model.Call) -> set[str]:
    """The names that a function gives to what a call reads, parsed or not."""
    names: set[str] = set()
    for statement in statements(function.definition.body):
        if isinstance(statement, model.Assignment) and statement.value is not None:
            value = _unparsed(statement.value)
            if value is call or _is_one_of(value, names):
                names |= {name for target in statement.targets for name in names_of(target)}
    return names


def _unparsed(value: model.Expression) -> model.Expression:
    """What is awaited, or parsed as JSON: the inner part of `json.loads(await request.body())`."""
    while True:
        if isinstance(value, model.Await):
            value = value.value
        elif (
            isinstance(value, model.Call)
            and value.arguments
            and dotted(value.function).rpartition(".")[2] in {"loads", "dict"}
        ):
            value = value.arguments[0]
        else:
            return value


def _is_lookup(item: model.Expression) -> bool:
    if isinstance(item, model.Subscript):
        return isinstance(item.index, model.Constant) and isinstance(item.index.value, str)
    return (
        isinstance(item, model.Call)
        and isinstance(item.function, model.Attribute)
        and item.function.name in {"get", "pop", "getlist"}
        and bool(item.arguments)
        and isinstance(item.arguments[0], model.Constant)
    )


def _looked_into(item: model.Expression) -> model.Expression:
    if isinstance(item, model.Call) and isinstance(item.function, model.Attribute):
        return item.function.value
    return item.value if isinstance(item, model.Subscript) else item


def _takes_out(function: Function, names: set[str], call: model.Call) -> bool:
    """Whether a function takes something out of what it read, by its name."""
    for statement in statements(function.definition.body):
        for item in expressions(statement):
            if not _is_lookup(item):
                continue
            source = _looked_into(item)
            if isinstance(source, model.Name) and source.id in names:
                return True
            if any(inner is call for inner in expressions(source)):
                return True
    return False


def _fills_model(application: Application, function: Function, names: set[str]) -> bool:
    """Whether a function makes a model, and no entity, of what it takes out: `Order(name=form["name"])`."""
    return any(
        fields.is_model(meaning.callee)
        and not is_entity(meaning.callee)
        and any(
            _is_lookup(item) and _is_one_of(_looked_into(item), names)
            for keyword in meaning.node.keywords
            for item in (keyword.value, *expressions(keyword.value))
        )
        for meaning in application.body(function).calls.values()
        if meaning.node is not None
    )


def _is_checked(function: Function, names: set[str]) -> bool:
    """Whether a function validates what has these names, or is made of it, or checks a signature."""
    names = names | {
        name
        for statement in statements(function.definition.body)
        if isinstance(statement, model.Assignment)
        and any(_is_one_of(_looked_into(item), names) for item in expressions(statement))
        for target in statement.targets
        for name in names_of(target)
    }
    for statement in statements(function.definition.body):
        for item in expressions(statement):
            if not isinstance(item, model.Call):
                continue
            called = dotted(item.function) or _method(item)
            last = called.rpartition(".")[2]
            if not {"hmac", "signature"}.isdisjoint(words_of(called)):
                return True
            spreads = [keyword.value for keyword in item.keywords if keyword.name is None]
            given = [*item.arguments, *(keyword.value for keyword in item.keywords)]
            is_class = last[:1].isupper() or called == "cls"
            if is_class and any(_is_one_of(value, names) for value in spreads):
                return True
            parses = last in _PARSES or not _CHECKS.isdisjoint(words_of(last))
            if parses and any(_is_one_of(value, names) for value in given):
                return True
    return False


def _method(call: model.Call) -> str:
    return call.function.name if isinstance(call.function, model.Attribute) else ""


def _is_one_of(value: model.Expression, names: set[str]) -> bool:
    return isinstance(value, model.Name) and value.id in names


def _is_passed_on(function: Function, name: str) -> bool:
    """Whether a parameter does nothing but go out again, as the body of another request."""
    uses = passed = 0
    for statement in statements(function.definition.body):
        for item in expressions(statement):
            uses += sum(_is_one_of(child, {name}) for child in children(item))
            if isinstance(item, model.Call):
                passed += sum(
                    keyword.name in _PASSES
                    and any(_is_one_of(value, {name}) for value in _spread(keyword.value))
                    for keyword in item.keywords
                )
        uses += sum(_is_one_of(child, {name}) for child in children(statement))
    return 0 < uses == passed


def _spread(value: model.Expression) -> tuple[model.Expression, ...]:
    """A value itself, or what a dict is made of that does nothing but spread: `{**payload}`."""
    is_spread = isinstance(value, model.Mapping) and all(key is None for key in value.keys)
    return value.values if is_spread and isinstance(value, model.Mapping) else (value,)

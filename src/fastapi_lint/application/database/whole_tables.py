"""Routes that answer with a whole table: all rows, read without a condition or a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.answers import responses
from fastapi_lint.application.answers.response_models import item_of_list
from fastapi_lint.application.evaluation.values import Collection, options
from fastapi_lint.application.library import Effect
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.wiring.matching import parse
from fastapi_lint.application.wiring.parameters import Source, inputs_of_route
from fastapi_lint.application.written import expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routes import Route

_PAGING: Final = frozenset(
    split(
        "after amount before chunk count cursor first last length limit max maximum n number offset page "
        "pages pager paginate paginated pagination paging per range since size skip start take top until"
    )
)
"""Words in the names of what a page is asked for with."""
_NARROWING: Final = frozenset(
    split(
        "where filter filter_by having slice fetch fetchmany fetchone first one one_or_none "
        "scalar_one distinct"
    )
)
"""Methods that leave rows out."""
_ALL: Final = frozenset(split("all fetchall to_list find_all"))
_DEEPEST: Final = 6


def whole_table(application: Application, route: Route) -> tuple[CallMeaning, Body] | None:
    """Give the call that reads all rows, and the body that it stands in; None where a route reads fewer.

    Whatever narrows or counts rows anywhere on the way makes the answer None, and so does a parameter of the
    path, which is a condition.
    """
    pattern = parse(route.path)
    if route.methods != ("GET",) or route.handler is None or pattern.placeholders:
        return None
    if item_of_list(application, route) is None and not any(
        isinstance(option, Collection) and option.kind == "list"
        for option in options(responses.answer(application, route))
    ):
        return None
    inputs = inputs_of_route(route, application.dependencies, pattern.names)
    if not inputs.complete or any(
        item.source is Source.UNKNOWN
        or item.names is None
        or any(_PAGING & set(words(name)) for name in (item.name, *item.names))
        for item in inputs.all
        if item.source not in {Source.SPECIAL, Source.DEPENDENCY}
    ):
        return None
    bodies: dict[int, Body] = {}
    _collect(application.body(route.handler), bodies, 0)
    if any(_narrows(body) for body in bodies.values()):
        return None
    for body in bodies.values():
        for meaning in body.calls.values():
            if _reads_all(meaning):
                return meaning, body
    return None


def _collect(body: Body, found: dict[int, Body], depth: int) -> None:
    """Gather a body and those of the calls in it that send queries."""
    if id(body) in found or depth > _DEEPEST:
        return
    found[id(body)] = body
    for meaning in body.calls.values():
        if Effect.QUERY in meaning.effects:
            for inner in meaning.bodies:
                _collect(inner, found, depth + 1)


def _narrows(body: Body) -> bool:
    """Whether something in a function leaves rows out, or has a name that speaks of pages."""
    definition = body.function.definition
    if any(_PAGING & set(words(parameter.name)) for parameter in definition.parameters):
        return True
    for statement in nested_statements(definition.body):
        for item in expressions(statement):
            if isinstance(item, model.Attribute):
                if item.name in _NARROWING or _PAGING & set(words(item.name)):
                    return True
            elif isinstance(item, model.Comprehension):
                if any(clause.conditions for clause in item.clauses):
                    return True
            elif isinstance(item, (model.Masked, model.Slice)) or _is_text(item):
                return True
    return False


def _is_text(item: model.Expression) -> bool:
    """Whether it is SQLAlchemy's `text`: what SQL that is put together narrows isn't known."""
    return isinstance(item, model.Name) and item.id == "text"


def _reads_all(meaning: CallMeaning) -> bool:
    """Whether a call of a library gives all rows of what it is called on."""
    function = meaning.node.function if meaning.node is not None else None
    return (
        isinstance(function, model.Attribute)
        and function.name in _ALL
        and not meaning.functions
        and (Effect.QUERY in meaning.effects or _is_result(meaning))
    )


def _is_result(meaning: CallMeaning) -> bool:
    return meaning.name.startswith(("sqlalchemy.", "sqlmodel.")) and meaning.name.rpartition(".")[2] == "all"

"""Comparisons of what was loaded with who asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi_lint.application.security.callers import Part, Source
from fastapi_lint.application.written import expressions
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.security.callers import Trace

_COMPARING: Final = frozenset({"==", "!=", "in", "not in", "is", "is not"})
_BOTH: Final = Source.CALLER | Source.INPUT


def compares_owner(
    test: model.Expression,
    whole: Trace,
    trace: Callable[[model.Expression], Trace],
    inputs: frozenset[str],
) -> bool:
    """Whether a condition compares the caller with a part of something that the input only names.

    `whole` is what the condition depends on, `trace` says it of a part of it, and `inputs` are the names of
    what the request itself says.
    """
    if whole.sources & _BOTH != _BOTH:
        return False
    for part in (test, *expressions(test)):
        if not isinstance(part, model.Comparison) or part.operators[0] not in _COMPARING:
            continue
        left, right = part.left, part.others[0]
        first, second = trace(left), trace(right)
        for mine, theirs, other in ((first, second, right), (second, first, left)):
            if mine.is_caller and mine.part is Part.USER and theirs.sources & Source.INPUT:
                roots = [_root(item) for item in (other, *expressions(other)) if _is_part(item)]
                if any(root and root not in inputs for root in roots):
                    return True
    return False


def _is_part(expression: model.Expression) -> bool:
    return isinstance(expression, (model.Attribute, model.Subscript))


def _root(expression: model.Expression) -> str:
    """The name that an attribute or an entry is taken from; empty for anything else."""
    while isinstance(expression, (model.Attribute, model.Subscript)):
        expression = expression.value
    return expression.id if isinstance(expression, model.Name) else ""

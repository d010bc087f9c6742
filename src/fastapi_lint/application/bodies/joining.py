"""What holds of several ways through a function, or of several functions that a call may mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi_lint.application.bodies.shown import Body
from fastapi_lint.application.evaluation.values import Unknown, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.bodies.shown import CallMeaning


def joined(ways: Sequence[Body]) -> Body:
    """What a function does whichever of several ways its callers pick."""
    if len(ways) == 1:
        return ways[0]
    first, *others = ways
    found = Body(first.function, join([body.result for body in ways]))
    found.effects, found.raised, found.callees = dict(first.effects), [*first.raised], [*first.callees]
    found.calls = dict(first.calls)
    values = dict(first.kept())
    for body in others:
        for effect, chain in body.effects.items():
            if effect not in found.effects or len(chain) < len(found.effects[effect]):
                found.effects[effect] = chain
        lines = {item.line for item in found.raised}
        found.raised += [item for item in body.raised if item.line not in lines]
        found.callees += [item for item in body.callees if not any(item is known for known in found.callees)]
        for key, value in body.kept():
            known = values.setdefault(key, value)
            if known is not value and not isinstance(value, Unknown):
                values[key] = join([known, value])
        for key, meaning in body.calls.items():
            earlier = found.calls.get(key)
            found.calls[key] = meaning if earlier is None else merged([_copied(earlier), meaning])
    found.keep(values)
    found.decided = {
        key: holds
        for body in ways
        for key, holds in body.decided.items()
        if all(other.decided.get(key, holds) is holds for other in ways)
        and all(key in other.decided or not other.has_evaluated(key) for other in ways)
    }
    return found


def _copied(meaning: CallMeaning) -> CallMeaning:
    return replace(meaning, effects=dict(meaning.effects))


def merged(meanings: list[CallMeaning]) -> CallMeaning:
    """What a call means that may mean any of these; the first is changed."""
    first = meanings[0]
    for other in meanings[1:]:
        for effect, chain in other.effects.items():
            first.effects.setdefault(effect, chain)
        first.functions += tuple(
            item for item in other.functions if not any(item is known for known in first.functions)
        )
        first.bodies += tuple(
            item for item in other.bodies if not any(item is known for known in first.bodies)
        )
        first.name = first.name or other.name
        first.result = join([first.result, other.result])
        first.receiver = first.receiver or other.receiver
        first.is_coroutine = first.is_coroutine or other.is_coroutine
    return first

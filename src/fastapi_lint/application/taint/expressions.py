"""What expressions carry, but for calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.taint import parts, secrets, transforms
from fastapi_lint.application.taint.contents import (
    NOTHING,
    Content,
    Origin,
    Piece,
    Step,
    Use,
    below,
    either,
    joined,
)
from fastapi_lint.application.taint.types import kept_by
from fastapi_lint.application.written import children, dotted
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.bodies import Body
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.taint.contents import Key
    from fastapi_lint.application.taint.travels import Travels


class Expressions:
    """The expressions of one function: what each carries, given what the names do."""

    def __init__(
        self,
        travels: Travels,
        body: Body,
        given: dict[str, Content],
        checked: frozenset[Key],
    ) -> None:
        self._travels = travels
        self._body = body
        self._function: Function = body.function
        self._names = dict(given)
        self._checked = checked
        """What a condition, a validator or a cast has looked at on the way to the current statement."""
        self._written: dict[str, model.Expression] = {}
        self._state = self._latest = 0
        """A number for what names carry and hold now: it is another one after each change."""
        self._traced: dict[tuple[int, int, frozenset[Key]], Content] = {}

    def _changed(self) -> None:
        """Note that names may carry or hold something else from here on."""
        self._latest += 1
        self._state = self._latest

    def _trace(self, node: model.Expression) -> Content:
        """Say what an expression carries.

        Conditions ask for a call, for its arguments, and for what is in these: nothing is traced twice that
        left all as it was.
        """
        kind = type(node)
        if kind is model.Constant:
            return NOTHING
        if kind is model.Name:
            return self._trace_anew(node)
        asked = id(node), self._state, self._checked
        known = self._traced.get(asked)
        if known is None:
            known = self._trace_anew(node)
            if self._state == asked[1] and self._checked == asked[2]:
                self._traced[asked] = known
        return known

    def _trace_anew(self, node: model.Expression) -> Content:
        tracer = self._TRACERS.get(type(node))
        if tracer is None:
            for part in children(node):
                self._trace(part)
            return NOTHING
        content = tracer(self, node)
        if not content:
            return NOTHING
        if content.pieces and not content.fields:
            kept = kept_by(self._body.value(node))
            if kept != Use.ALL:
                content = content.only(kept)
        return without(content, self._checked)

    def _part(self, node: model.Expression) -> str | Content | None:
        """What a part of a text is: what it carries, or else its own text, None where that isn't known."""
        content = self._trace(node)
        if content:
            return content
        known = node.value if isinstance(node, model.Constant) else None
        value = self._body.value(node)
        if isinstance(value, Literal):
            known = value.value
        return str(known) if isinstance(known, (str, int)) else None

    def _text(self, node: model.Expression) -> str | None:
        part = self._part(node)
        return part if isinstance(part, str) else None

    def _step(self, name: str, line: int) -> Step:
        return Step(name, self._function.path, line)

    def _handed(self, name: str, node: model.Call) -> Step:
        return Step(name, self._function.path, node.line, node, self._function)

    def _check(self, *contents: Content) -> None:
        """Note that something has looked at these values, so that they are harmless from here on."""
        self._checked = self._checked.union(*map(keys, contents))

    def _assign(self, target: model.Expression, content: Content) -> None:
        self._changed()
        if isinstance(target, model.Name):
            self._names[target.id] = content
        elif isinstance(target, model.Sequence):
            for item in target.items:
                self._assign(item, content)
        elif isinstance(target, model.Starred):
            self._assign(target.value, content)
        elif isinstance(target, model.Attribute) and isinstance(target.value, model.Name):
            owner = self._names.get(target.value.id, NOTHING)
            self._names[target.value.id] = owner.with_field(target.name, content)
        elif isinstance(target, model.Subscript) and isinstance(target.value, model.Name):
            owner = self._names.get(target.value.id, NOTHING)
            index = target.index
            if isinstance(index, model.Constant) and isinstance(index.value, str):
                kept = replace(owner, pieces=owner.only(Use.ALL & ~Use.FIELDS).pieces)
                self._names[target.value.id] = kept.with_field(index.value, content)
            elif content:
                self._names[target.value.id] = either(owner, content)

    def _template(self, node: model.Template) -> Content:
        return parts.text(joined([self._part(part) for part in node.parts]))

    def _binary(self, node: model.Binary) -> Content:
        if node.operator == "+":
            return joined([self._part(node.left), self._part(node.right)])
        if node.operator == "/":
            left, right = self._part(node.left), self._trace(node.right)
            if isinstance(left, Content) and not right:
                return Content(tuple(piece.before("/") for piece in left.flat()), is_path=True)
            return below(left, right)
        if node.operator == "%":
            return self._interpolation(node)
        left_content, right_content = self._trace(node.left), self._trace(node.right)
        return either(left_content, right_content) if node.operator == "|" else left_content

    def _interpolation(self, node: model.Binary) -> Content:
        left = self._part(node.left)
        if isinstance(left, Content):
            return either(left, self._trace(node.right).anywhere())
        if isinstance(node.right, model.Sequence):
            return transforms.interpolated(left, [self._trace(item) for item in node.right.items], {})
        if isinstance(node.right, model.Mapping):
            self._trace(node.right)
            named = {
                str(key.value) if isinstance(key, model.Constant) else "": self._trace(value)
                for key, value in zip(node.right.keys, node.right.values, strict=True)
            }
            return transforms.interpolated(left, [], named)
        right = self._trace(node.right)
        return transforms.interpolated(left, [right], {"": right})

    def _sequence(self, node: model.Sequence) -> Content:
        contents = [self._trace(item) for item in node.items]
        if (
            node.kind == "tuple"
            and any(contents)
            and not any(isinstance(item, model.Starred) for item in node.items)
        ):
            return Content((), tuple((f"[{at}]", content) for at, content in enumerate(contents) if content))
        return either(*contents)

    def _mapping(self, node: model.Mapping) -> Content:
        fields: list[tuple[str, Content]] = []
        spread: list[Content] = []
        for key, value in zip(node.keys, node.values, strict=True):
            content = self._trace(value)
            if isinstance(key, model.Constant) and isinstance(key.value, str):
                fields.append((key.value, content))
            else:
                spread.append(either(content, self._trace(key) if key is not None else NOTHING))
        known = tuple(item for item in fields if item[1])
        return replace(either(*spread), fields=known) if known else either(*spread)

    def _comprehension(self, node: model.Comprehension) -> Content:
        before, checked = dict(self._names), self._checked
        for clause in node.clauses:
            self._assign(clause.target, parts.element(self._trace(clause.iterable)))
            for condition in clause.conditions:
                self._checked |= self._tested(condition)[0]
        content = either(
            self._trace(node.element), self._trace(node.value) if node.value is not None else NOTHING
        )
        self._names, self._checked = before, checked
        self._changed()
        return content

    def _conditional(self, node: model.Conditional) -> Content:
        holds, fails = self._tested(node.test)
        before = self._checked
        self._checked = before | holds
        first = self._trace(node.body)
        self._checked = before | fails
        second = self._trace(node.orelse)
        self._checked = before
        return either(first, second)

    def _walrus(self, node: model.Walrus) -> Content:
        content = self._trace(node.value)
        if isinstance(node.target, model.Name):
            self._written[node.target.id] = node.value
        self._assign(node.target, content)
        return content

    def _attribute(self, node: model.Attribute) -> Content:
        owner = self._trace(node.value)
        if self._travels.keeps and not owner:
            return self._setting(node)
        return parts.attribute(owner, node.name, self._travels.fields) if owner else NOTHING

    def _setting(self, node: model.Attribute) -> Content:
        """What a setting is that is secret."""
        if not secrets.is_secret_setting(self._body.value(node.value), node.name, self._travels.fields):
            return NOTHING
        origin = Origin("setting", dotted(node), self._function.path, self._function.line)
        return Content((Piece(origin, Use.LOG),))

    def _subscript(self, node: model.Subscript) -> Content:
        owner = self._trace(node.value)
        self._trace(node.index)
        return self._entry(owner, node.index) if owner else NOTHING

    def _entry(self, owner: Content, index: model.Expression) -> Content:
        known = self._body.value(index)
        key = index.value if isinstance(index, model.Constant) else None
        if isinstance(known, Literal):
            key = known.value
        if isinstance(key, int) and owner.is_tuple:
            return owner.field(f"[{key}]") or NOTHING
        return parts.entry(
            owner, key if isinstance(key, str) else None, is_slice=isinstance(index, model.Slice)
        )

    def _yield(self, node: model.Yield) -> Content:
        if node.value is not None:
            self._give(self._trace(node.value))
        return NOTHING

    def _give(self, content: Content) -> None:
        """Note what the function returns or yields."""
        raise NotImplementedError

    def _tested(self, test: model.Expression) -> tuple[frozenset[Key], frozenset[Key]]:
        """What is harmless where a condition holds, and where it doesn't."""
        raise NotImplementedError

    def _call(self, node: model.Call) -> Content:
        """What a call gives."""
        raise NotImplementedError

    _TRACERS: ClassVar[dict[type, Callable[[Any, Any], Content]]] = {
        model.Attribute: _attribute,
        model.Await: lambda self, node: self._trace(node.value),
        model.Binary: _binary,
        model.Boolean: lambda self, node: either(*[self._trace(value) for value in node.values]),
        model.Call: lambda self, node: self._call(node),
        model.Comprehension: _comprehension,
        model.Conditional: _conditional,
        model.Constant: lambda *_: NOTHING,
        model.Mapping: _mapping,
        model.Name: lambda self, node: self._names.get(node.id, NOTHING),
        model.Sequence: _sequence,
        model.Starred: lambda self, node: self._trace(node.value),
        model.Subscript: _subscript,
        model.Template: _template,
        model.Walrus: _walrus,
        model.Yield: _yield,
    }
    """How an expression is traced that can carry anything."""


def without(content: Content, checked: frozenset[Key]) -> Content:
    """What a value carries but for what comes from these origins, or from a part of them."""
    if not checked or not content.pieces:
        return content
    pieces = tuple(
        piece
        for piece in content.pieces
        if piece.uses == Use.LOG or not any(key in checked for key in piece.origin.lineage())
    )
    if len(pieces) == len(content.pieces):
        return content
    return replace(content, pieces=pieces) if pieces or content.fields else NOTHING


def keys(content: Content) -> frozenset[Key]:
    """The origins of what a value carries."""
    return frozenset(piece.origin.key for piece in content.flat())

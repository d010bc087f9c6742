"""What expressions carry. Calls of the project are followed; others are looked up in tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, Literal, Object
from fastapi_lint.application.library.model import words
from fastapi_lint.application.security.callers import words as name_words
from fastapi_lint.application.taint import parts, transforms
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
from fastapi_lint.application.taint.sinks import is_server_error, path_method, sinks_of, told_by
from fastapi_lint.application.taint.spreading import settable, spread
from fastapi_lint.application.taint.types import kept_by
from fastapi_lint.application.written import children, dotted
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.application.bodies import Body, CallMeaning
    from fastapi_lint.application.evaluation.values import FunctionValue
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.taint.contents import Key
    from fastapi_lint.application.taint.travels import Travels

_ADDING: Final = frozenset({"append", "extend", "add", "insert", "update", "appendleft"})
_CLEANING: Final = frozenset(
    words("sanitize sanitise sanitized redact redacted mask masked scrub escape clean")
)
"""What functions say of themselves that make a value harmless."""
_MOST_FUNCTIONS: Final = 4
"""Of calls with several possible functions, how many are followed."""


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

    def _trace(self, node: model.Expression) -> Content:
        """Say what an expression carries."""
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

    def _check(self, *contents: Content) -> None:
        """Note that something has looked at these values, so that they are harmless from here on."""
        self._checked = self._checked.union(*map(keys, contents))

    def _assign(self, target: model.Expression, content: Content) -> None:
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
            self._assign(clause.target, self._trace(clause.iterable))
            for condition in clause.conditions:
                self._checked |= self._tested(condition)[0]
        content = either(
            self._trace(node.element), self._trace(node.value) if node.value is not None else NOTHING
        )
        self._names, self._checked = before, checked
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
        return parts.attribute(owner, node.name, self._travels.fields) if owner else NOTHING

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
        meaning = self._body.call(node)
        function = node.function
        receiver = self._trace(function.value) if isinstance(function, model.Attribute) else NOTHING
        arguments = [self._trace(argument) for argument in node.arguments]
        keywords = {item.name or "": self._trace(item.value) for item in node.keywords}
        self._arrive(node, meaning, receiver, arguments, keywords)
        if meaning is not None and (meaning.functions or meaning.bodies):
            return self._followed(node, meaning, receiver, arguments, keywords)
        if meaning is not None and isinstance(meaning.callee, ClassValue):
            return self._made(meaning.callee, keywords)
        name = library.canonical(meaning.name) if meaning is not None else ""
        method = function.name if isinstance(function, model.Attribute) else ""
        given = arguments[0] if arguments else NOTHING
        if name in transforms.CASTS:
            self._check(given)
            return NOTHING
        if name in transforms.SAME:
            return parts.text(given) if name in transforms.TEXTS else given
        if name in transforms.DECODING:
            return Content(tuple(replace(piece, is_segment=False) for piece in given.flat()))
        if name in transforms.SECOND:
            return arguments[1] if len(arguments) > 1 else NOTHING
        if name in transforms.PATHS:
            return self._joined_path(node, arguments)
        if name in transforms.TRACEBACKS and self._travels.catches:
            origin = Origin("exception", "traceback", self._function.path, node.line)
            return Content((Piece(origin, Use.DETAIL | Use.COMPLAINT),))
        if name == "os.path.basename":
            return transforms.segment(given)
        if name == "os.path.splitext":
            return given
        if name == "builtins.getattr" and len(node.arguments) > 1:
            return self._entry(given, node.arguments[1])
        return self._method(node, method, receiver, arguments, keywords)

    def _made(self, cls: ClassValue, keywords: dict[str, Content]) -> Content:
        """An object of a class without `__init__`: its fields keep what their types let through."""
        fields: list[tuple[str, Content]] = []
        for name, content in keywords.items():
            declared = self._travels.fields.of(cls, name) if name else None
            kept = (
                content.only(declared[1] | ~Use.TEXT) if declared is not None and content.pieces else content
            )
            if name and kept:
                fields.append((name, kept))
        return Content((), tuple(fields))

    def _method(
        self,
        node: model.Call,
        method: str,
        receiver: Content,
        arguments: list[Content],
        keywords: dict[str, Content],
    ) -> Content:
        """What a method of something outside of the project gives, by its name."""
        function = node.function
        if not isinstance(function, model.Attribute):
            return NOTHING
        if method == "format":
            return either(receiver, transforms.formatted(self._text(function.value), arguments, keywords))
        if method == "join" and arguments:
            return arguments[0].anywhere()
        if method == "joinpath":
            return self._joined_path(node, [receiver, *arguments])
        if method in _ADDING and isinstance(function.value, model.Name) and any(arguments):
            self._names[function.value.id] = either(receiver, *arguments)
            return NOTHING
        if not receiver:
            return NOTHING
        if method == "relative_to":
            self._check(receiver)
            return NOTHING
        if method == "pop" and isinstance(function.value, model.Name):
            self._names[function.value.id] = receiver.only(Use.ALL & ~Use.FIELDS)
        if method in transforms.PART_METHODS and node.arguments:
            return self._entry(receiver, node.arguments[0])
        if method == "json" or method in transforms.SAME_METHODS:
            kept = parts.method(receiver, method)
            is_chosen = any(item.name in {"include", "exclude"} for item in node.keywords)
            return kept.only(Use.ALL & ~Use.FIELDS) if is_chosen else kept
        if method in transforms.SPLITTING_METHODS:
            return transforms.split(receiver)
        return NOTHING

    def _joined_path(self, node: model.Call, contents: list[Content]) -> Content:
        """What `Path(first, second …)`, `os.path.join(…)` and `first.joinpath(…)` carry."""
        nodes = list(node.arguments)
        if len(nodes) < len(contents) and isinstance(node.function, model.Attribute):
            nodes.insert(0, node.function.value)
        whole: str | Content | None = None
        for position, (content, item) in enumerate(zip(contents, nodes, strict=True)):
            if position == 0:
                whole = content or self._text(item)
            elif content:
                whole = below(whole, content)
            elif isinstance(whole, Content):
                whole = Content(tuple(piece.before("/") for piece in whole.flat()))
            else:
                whole = None
        return replace(whole, is_path=True) if isinstance(whole, Content) and whole else NOTHING

    def _arrive(
        self,
        node: model.Call,
        meaning: CallMeaning | None,
        receiver: Content,
        arguments: list[Content],
        keywords: dict[str, Content],
    ) -> None:
        """Note what arrives in a call that does what it is told."""
        opens = path_method(meaning, node) if receiver.is_path else ""
        if opens:
            self._travels.arrived("path", Use.PATH, self._function, node, f"Path.{opens}", receiver)
        if meaning is None or not (any(arguments) or any(keywords.values())):
            return
        for entity, content, overridden in spread(meaning, self._body, arguments, keywords):
            for piece in content.pieces:
                columns = settable(piece, entity, overridden)
                if columns:
                    named = f"{entity.definition.name}.{columns[0]}"
                    alone = Content((piece,))
                    self._travels.arrived("fields", Use.FIELDS, self._function, node, named, alone)
        traced = dict(zip(map(id, node.arguments), arguments, strict=True))
        traced.update({id(item.value): keywords.get(item.name or "", NOTHING) for item in node.keywords})
        if self._travels.catches:
            use = Use.DETAIL | Use.COMPLAINT if is_server_error(meaning) else Use.DETAIL
            for told in told_by(meaning):
                content = traced.get(id(told), NOTHING)
                if content:
                    label = dotted(node.function)
                    self._travels.arrived("detail", use, self._function, node, label, content)
            return
        for sink in sinks_of(meaning):
            content = traced.get(id(sink.argument), NOTHING)
            if content:
                label = dotted(node.function) or meaning.name
                self._travels.arrived(sink.kind, sink.use, self._function, node, label, content)

    def _followed(
        self,
        node: model.Call,
        meaning: CallMeaning,
        receiver: Content,
        arguments: list[Content],
        keywords: dict[str, Content],
    ) -> Content:
        if _CLEANING & set(name_words(meaning.name.rpartition(".")[2])):
            return NOTHING
        results: list[Content] = []
        checks: list[frozenset[Key]] = []
        bodies = meaning.bodies or tuple(
            self._travels.application.body(function) for function in meaning.functions
        )
        shift = _handed_over(meaning)
        for body in bodies[:_MOST_FUNCTIONS]:
            function = body.function
            owner = receiver if shift is None else NOTHING
            given = _bound(function, owner, arguments[shift or 0 :], keywords)
            given = {
                name: content.passed(self._step(f"{function.name}({name})", node.line))
                for name, content in given.items()
                if content
            }
            summary = self._travels.follow(body, given, self._checked)
            is_made = function.name == "__init__" and isinstance(meaning.result, Object)
            results.append(summary.receiver if is_made else summary.result)
            checks.append(summary.checked)
        if checks:
            self._checked |= frozenset.intersection(*checks)
        return either(*results)

    _TRACERS: ClassVar[dict[type, Callable[[Any, Any], Content]]] = {
        model.Attribute: _attribute,
        model.Await: lambda self, node: self._trace(node.value),
        model.Binary: _binary,
        model.Boolean: lambda self, node: either(*[self._trace(value) for value in node.values]),
        model.Call: _call,
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
        piece for piece in content.pieces if not any(key in checked for key in piece.origin.lineage())
    )
    if len(pieces) == len(content.pieces):
        return content
    return replace(content, pieces=pieces) if pieces or content.fields else NOTHING


def keys(content: Content) -> frozenset[Key]:
    """The origins of what a value carries."""
    return frozenset(piece.origin.key for piece in content.flat())


def _handed_over(meaning: CallMeaning) -> int | None:
    """How many arguments of a call come before those of the function that it runs in a thread or later.

    None where it is no such call.
    """
    found = library.function_model(meaning.name) if meaning.name else None
    if found is None and "." in meaning.name:
        owner, _, member = meaning.name.rpartition(".")
        found = library.method_model(owner, member)
    return found.argument + 1 if found is not None and found.takes == "callable" else None


def _bound(
    function: Function, receiver: Content, arguments: list[Content], keywords: dict[str, Content]
) -> dict[str, Content]:
    """What a function's parameters carry in a call."""
    value: FunctionValue = function.value
    positional = list(arguments)
    if value.owner is not None and value.kind != "static":
        positional.insert(0, receiver if function.name != "__init__" else NOTHING)
    given: dict[str, Content] = {}
    rest = dict(keywords)
    for parameter in function.definition.parameters:
        if parameter.kind == "args":
            given[parameter.name] = either(*positional)
            positional = []
        elif parameter.kind == "kwargs":
            spread = rest.pop("", NOTHING)
            known = tuple(item for item in rest.items() if item[1])
            given[parameter.name] = replace(spread, fields=(*spread.fields, *known))
        elif parameter.kind != "keyword" and positional:
            given[parameter.name] = positional.pop(0)
        elif parameter.name in rest:
            given[parameter.name] = rest.pop(parameter.name)
        elif "" in rest:
            given[parameter.name] = parts.entry(rest[""], parameter.name, is_slice=False)
    return given

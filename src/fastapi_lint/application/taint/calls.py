"""What calls carry: those of the project are followed, others are looked up in tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fastapi_lint.application import library
from fastapi_lint.application.evaluation.values import ClassValue, Object
from fastapi_lint.application.library.model import words
from fastapi_lint.application.security.callers import words as name_words
from fastapi_lint.application.taint import parts, secrets, transforms
from fastapi_lint.application.taint.contents import NOTHING, Content, Origin, Piece, Use, below, either
from fastapi_lint.application.taint.expressions import Expressions
from fastapi_lint.application.taint.sinks import is_server_error, path_method, sinks_of, told_by
from fastapi_lint.application.taint.spreading import settable, spread
from fastapi_lint.application.written import dotted
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from fastapi_lint.application.bodies import CallMeaning
    from fastapi_lint.application.evaluation.values import FunctionValue
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.taint.contents import Key

_ADDING: Final = frozenset({"append", "extend", "add", "insert", "update", "appendleft"})
_CLEANING: Final = frozenset(
    words("sanitize sanitise sanitized redact redacted mask masked scrub escape clean")
)
"""What functions say of themselves that make a value harmless."""
_MOST_FUNCTIONS: Final = 4
"""Of calls with several possible functions, how many are followed."""


class Calls(Expressions):
    """The calls of one function: what each gives, and what arrives in it."""

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
        if self._travels.keeps and name in transforms.ITERATING and node.arguments:
            return self._gone_through(node.arguments[0], given)
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

    def _gone_through(self, node: model.Expression, content: Content) -> Content:
        """What comes of going through a value as `set(value)` does: of a dict that is its keys."""
        is_dict = isinstance(node, (model.Name, model.Attribute, model.Mapping)) or (
            isinstance(node, model.Call)
            and not (isinstance(node.function, model.Attribute) and node.function.name in {"items", "values"})
        )
        return parts.names(content) if is_dict else content

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
            return self._gone_through(node.arguments[0], arguments[0]).anywhere()
        if method == "joinpath":
            return self._joined_path(node, [receiver, *arguments])
        if method in _ADDING and isinstance(function.value, model.Name) and any(arguments):
            self._assign(function.value, either(receiver, *arguments))
            return NOTHING
        if not receiver:
            return NOTHING
        if method == "relative_to":
            self._check(receiver)
            return NOTHING
        if method == "pop" and isinstance(function.value, model.Name):
            self._assign(function.value, receiver.only(Use.ALL & ~Use.FIELDS))
        if method in transforms.PART_METHODS and node.arguments:
            return self._entry(receiver, node.arguments[0])
        if method == "json" or method in transforms.SAME_METHODS:
            kept = parts.method(receiver, method)
            is_chosen = any(item.name in {"include", "exclude"} for item in node.keywords)
            return kept.only(Use.ALL & ~Use.FIELDS & ~Use.LOG) if is_chosen else kept
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
        if self._travels.keeps and secrets.writes_log(meaning, node):
            for content in (*arguments, *keywords.values()):
                label = dotted(node.function)
                self._travels.arrived("log", Use.LOG, self._function, node, label, content)
        if meaning is None or self._travels.keeps or not (any(arguments) or any(keywords.values())):
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
            if self._travels.keeps:
                given = {name: parts.without_request(content) for name, content in given.items()}
            given = {
                name: content.passed(self._handed(f"{function.name}({name})", node))
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

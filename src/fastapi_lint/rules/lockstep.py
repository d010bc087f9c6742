"""Go through an expression of the syntax tree and the facts' expression for the same code in lock step.

The two trees were read from the same text by two parsers, so they have the same shape but for a few habits:
LibCST nests `a and b and c`, keeps the parts of an implicitly concatenated string and the source's order of
arguments, and reads an annotation in quotes as text. Wherever two nodes don't fit, neither they nor anything
below them pair: no pair, never a wrong one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from fastapi_lint.facts import model as facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Pair = tuple[cst.CSTNode, facts.Expression]
    Pairs = Sequence[Pair] | None


def pair(pairs: Iterable[Pair], found: dict[int, facts.Expression]) -> None:
    """Enter the facts of all nodes below and of `pairs` in `found`, under the nodes' identities."""
    pending = list(pairs)
    while pending:
        node, fact = pending.pop()
        inside = _INSIDE[type(node)](node, fact) if type(node) in _INSIDE else None
        if inside is not None:
            found[id(node)] = fact
            pending.extend(inside)


def arguments(
    nodes: Sequence[cst.Arg], values: Sequence[facts.Expression], keywords: Sequence[facts.Keyword]
) -> Pairs:
    """Pair what a call or a class passes: the facts hold arguments with a keyword or `**` apart."""
    positional = [node for node in nodes if node.keyword is None and node.star != "**"]
    named = [node for node in nodes if node.keyword is not None or node.star == "**"]
    if len(positional) != len(values) or [node.keyword and node.keyword.value for node in named] != [
        keyword.name for keyword in keywords
    ]:
        return None
    pairs: list[Pair] = []
    for node, value in zip(positional, values, strict=True):
        if (node.star == "*") is not isinstance(value, facts.Starred):
            return None
        pairs.append((node.value, value.value if isinstance(value, facts.Starred) else value))
    pairs += [(node.value, keyword.value) for node, keyword in zip(named, keywords, strict=True)]
    return pairs


def parameters(node: cst.Parameters, values: Sequence[facts.Parameter]) -> Pairs:
    """Pair annotations and defaults."""
    nodes = [*node.posonly_params, *node.params]
    if isinstance(node.star_arg, cst.Param):
        nodes.append(node.star_arg)
    nodes += node.kwonly_params
    if node.star_kwarg is not None:
        nodes.append(node.star_kwarg)
    if [item.name.value for item in nodes] != [value.name for value in values]:
        return None
    pairs: list[Pair] = []
    for item, value in zip(nodes, values, strict=True):
        pairs += optional(item.annotation and item.annotation.annotation, value.annotation)
        pairs += optional(item.default, value.default)
    return pairs


def optional(node: cst.CSTNode | None, fact: facts.Expression | None) -> Sequence[Pair]:
    """Pair what may not be there."""
    return () if node is None or fact is None else ((node, fact),)


def in_step(nodes: Sequence[cst.CSTNode], values: Sequence[facts.Expression]) -> Pairs:
    """Pair two sequences of the same length."""
    return list(zip(nodes, values, strict=True)) if len(nodes) == len(values) else None


def _name(node: cst.Name, fact: facts.Expression) -> Pairs:
    if isinstance(fact, facts.Name):
        return () if fact.id == node.value else None
    return () if isinstance(fact, facts.Constant) and repr(fact.value) == node.value else None


def _number(_node: cst.BaseNumber, fact: facts.Expression) -> Pairs:
    if isinstance(fact, facts.Constant) and isinstance(fact.value, (int, float)):
        return ()
    return () if isinstance(fact, facts.Other) else None


def _ellipsis(_node: cst.Ellipsis, fact: facts.Expression) -> Pairs:
    return () if isinstance(fact, facts.Other) else None


def _text(_node: cst.SimpleString, fact: facts.Expression) -> Pairs:
    return () if _is_text(fact) else None


def _is_text(fact: facts.Expression) -> bool:
    return isinstance(fact, facts.Masked) or (
        isinstance(fact, facts.Constant) and isinstance(fact.value, str)
    )


def _attribute(node: cst.Attribute, fact: facts.Expression) -> Pairs:
    if isinstance(fact, facts.Attribute) and fact.name == node.attr.value:
        return ((node.value, fact.value),)
    return None


def _call(node: cst.Call, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Call):
        return None
    passed = arguments(node.args, fact.arguments, fact.keywords)
    return None if passed is None else ((node.func, fact.function), *passed)


def _subscript(node: cst.Subscript, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Subscript):
        return None
    value = (node.value, fact.value)
    elements = node.slice
    index = fact.index
    is_tuple = len(elements) > 1 or isinstance(elements[0].comma, cst.Comma) or _star(elements[0])
    if is_tuple and isinstance(index, facts.Sequence) and len(index.items) == len(elements):
        items = [
            (_index(element), item.value if _star(element) and isinstance(item, facts.Starred) else item)
            for element, item in zip(elements, index.items, strict=True)
        ]
        return (value, *items)
    # (a star alone is dropped where Python is older than the syntax)
    return (value, (_index(elements[0]), index)) if len(elements) == 1 else (value,)


def _index(element: cst.SubscriptElement) -> cst.CSTNode:
    return element.slice.value if isinstance(element.slice, cst.Index) else element.slice


def _star(element: cst.SubscriptElement) -> bool:
    return isinstance(element.slice, cst.Index) and bool(element.slice.star)


def _slice(node: cst.Slice, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Slice):
        return None
    return (
        *optional(node.lower, fact.lower),
        *optional(node.upper, fact.upper),
        *optional(node.step, fact.step),
    )


def _binary(node: cst.BinaryOperation, fact: facts.Expression) -> Pairs:
    if isinstance(fact, facts.Binary):
        return ((node.left, fact.left), (node.right, fact.right))
    return None


def _boolean(node: cst.BooleanOperation, fact: facts.Expression) -> Pairs:
    """`a and b and c` is one value of the facts, but two nodes, the inner of which stays without a pair."""
    if not isinstance(fact, facts.Boolean):
        return None
    operator = type(node.operator)
    values: list[cst.CSTNode] = [node.right]
    left = node.left
    while isinstance(left, cst.BooleanOperation) and type(left.operator) is operator and not left.lpar:
        values.append(left.right)
        left = left.left
    return in_step([left, *reversed(values)], fact.values)


def _unary(node: cst.UnaryOperation, fact: facts.Expression) -> Pairs:
    return ((node.expression, fact.operand),) if isinstance(fact, facts.Unary) else None


def _comparison(node: cst.Comparison, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Comparison):
        return None
    return in_step(
        [node.left, *(target.comparator for target in node.comparisons)], (fact.left, *fact.others)
    )


def _conditional(node: cst.IfExp, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Conditional):
        return None
    return ((node.test, fact.test), (node.body, fact.body), (node.orelse, fact.orelse))


def _await(node: cst.Await, fact: facts.Expression) -> Pairs:
    return ((node.expression, fact.value),) if isinstance(fact, facts.Await) else None


def _yield(node: cst.Yield, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Yield) or isinstance(node.value, cst.From) is not fact.delegates:
        return None
    return optional(node.value.item if isinstance(node.value, cst.From) else node.value, fact.value)


def _walrus(node: cst.NamedExpr, fact: facts.Expression) -> Pairs:
    return ((node.target, fact.target), (node.value, fact.value)) if isinstance(fact, facts.Walrus) else None


def _lambda(node: cst.Lambda, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Lambda):
        return None
    taken = parameters(node.params, fact.parameters)
    return None if taken is None else ((node.body, fact.body), *taken)


def _display(kind: str) -> Callable[[Any, facts.Expression], Pairs]:
    def inside(node: cst.List | cst.Tuple | cst.Set, fact: facts.Expression) -> Pairs:
        if not isinstance(fact, facts.Sequence) or fact.kind != kind:
            return None
        return in_step([_element(item) for item in node.elements], fact.items)

    return inside


def _element(element: cst.BaseElement) -> cst.CSTNode:
    return element if isinstance(element, cst.StarredElement) else element.value


def _starred(node: cst.StarredElement, fact: facts.Expression) -> Pairs:
    return ((node.value, fact.value),) if isinstance(fact, facts.Starred) else None


def _dict(node: cst.Dict, fact: facts.Expression) -> Pairs:
    if not isinstance(fact, facts.Mapping) or len(node.elements) != len(fact.values):
        return None
    pairs: list[Pair] = []
    for element, key, value in zip(node.elements, fact.keys, fact.values, strict=True):
        if isinstance(element, cst.DictElement) is (key is None):
            return None
        pairs += optional(element.key if isinstance(element, cst.DictElement) else None, key)
        pairs.append((element.value, value))
    return pairs


def _comprehension(kind: str) -> Callable[[Any, facts.Expression], Pairs]:
    def inside(node: cst.BaseComp, fact: facts.Expression) -> Pairs:
        if not isinstance(fact, facts.Comprehension) or fact.kind != kind:
            return None
        pairs: list[Pair] = []
        if isinstance(node, cst.DictComp):
            pairs += [(node.key, fact.element), *optional(node.value, fact.value)]
        elif isinstance(node, cst.BaseSimpleComp):
            pairs.append((node.elt, fact.element))
        clause: cst.CompFor | None = node.for_in
        for value in fact.clauses:
            if clause is None or len(clause.ifs) != len(value.conditions):
                return None
            pairs += [(clause.target, value.target), (clause.iter, value.iterable)]
            pairs += [
                (test.test, condition) for test, condition in zip(clause.ifs, value.conditions, strict=True)
            ]
            clause = clause.inner_for_in
        return pairs if clause is None else None

    return inside


def _formatted(node: cst.FormattedString, fact: facts.Expression) -> Pairs:
    return _template(node.parts, fact) if isinstance(fact, facts.Template) else None


def _concatenated(node: cst.ConcatenatedString, fact: facts.Expression) -> Pairs:
    """`"a" f"{b}"`: one constant or one template of the facts."""
    if _is_text(fact):
        return ()
    parts: list[cst.CSTNode] = []
    pieces: list[cst.CSTNode] = [node]
    while pieces:
        piece = pieces.pop()
        if isinstance(piece, cst.ConcatenatedString):
            pieces += [piece.right, piece.left]
        elif isinstance(piece, cst.FormattedString):
            parts += piece.parts
        elif isinstance(piece, cst.SimpleString) and piece.raw_value:
            parts.append(piece)
    return _template(parts, fact)


def _template(parts: Iterable[cst.CSTNode], fact: facts.Expression) -> Pairs:
    """Pair the expressions of an f-string, whose neighbouring pieces of text are one part for the facts."""
    if not isinstance(fact, facts.Template):
        return None
    expected: list[cst.FormattedStringExpression | None] = []  # None stands for text
    for part in parts:
        expression = part if isinstance(part, cst.FormattedStringExpression) else None
        is_shown = expression is not None and expression.equal is not None  # `{value=}`
        if (expression is None or is_shown) and expected[-1:] != [None]:
            expected.append(None)
        if expression is not None:
            expected.append(expression)
    if len(expected) != len(fact.parts):
        return ()
    pairs: list[Pair] = []
    for item, value in zip(expected, fact.parts, strict=True):
        if item is None:
            continue
        if item.format_spec is None:
            pairs.append((item.expression, value))
        elif isinstance(value, facts.Template) and value.parts[1:]:
            inner, specification = value.parts[:2]
            pairs += [(item.expression, inner), *(_template(item.format_spec, specification) or ())]
    return pairs


_INSIDE: dict[type[cst.CSTNode], Callable[[Any, facts.Expression], Pairs]] = {
    cst.Attribute: _attribute,
    cst.Await: _await,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Call: _call,
    cst.Comparison: _comparison,
    cst.ConcatenatedString: _concatenated,
    cst.Dict: _dict,
    cst.DictComp: _comprehension("dict"),
    cst.Ellipsis: _ellipsis,
    cst.Float: _number,
    cst.FormattedString: _formatted,
    cst.GeneratorExp: _comprehension("generator"),
    cst.IfExp: _conditional,
    cst.Imaginary: _number,
    cst.Integer: _number,
    cst.Lambda: _lambda,
    cst.List: _display("list"),
    cst.ListComp: _comprehension("list"),
    cst.Name: _name,
    cst.NamedExpr: _walrus,
    cst.Set: _display("set"),
    cst.SetComp: _comprehension("set"),
    cst.SimpleString: _text,
    cst.Slice: _slice,
    cst.StarredElement: _starred,
    cst.Subscript: _subscript,
    cst.Tuple: _display("tuple"),
    cst.UnaryOperation: _unary,
    cst.Yield: _yield,
}

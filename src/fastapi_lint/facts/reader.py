"""Read one file's text into facts, with the standard library's `ast`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, ClassVar, Final

from fastapi_lint.facts import model
from fastapi_lint.facts.hiding import Hidden
from fastapi_lint.facts.secrecy import keeps, outline
from fastapi_lint.source.reading import split_lines
from fastapi_lint.source.suppressions import public_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
    ast.And: "and", ast.Or: "or", ast.Not: "not", ast.Invert: "~", ast.UAdd: "+", ast.USub: "-",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
OTHER = model.Other()
DOCSTRING = "docstring"
TYPE_PARAMETERS = "__type_parameters__"
"""The class keyword under which lowered code keeps the names of a class's type parameters."""


def read_facts(path: str, text: str) -> model.ModuleFacts:
    """Say what the file at `path` (relative to the project's root) with this text says.

    Syntax newer than the running Python is read too. Raises SyntaxError, ValueError (NUL bytes),
    RecursionError or MemoryError where Python's own parser does.
    """
    public = public_lines(text)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        from fastapi_lint.facts.lowering import lower  # noqa: PLC0415 - it imports LibCST, which few runs need here

        lowered = lower(text)
        if lowered is None:
            raise
        tree, text = ast.parse(lowered), lowered
    return _Reader(text, Hidden(text, tree)).module(path, tree, public)


_NUMBERS: Final = tuple(range(20_000))


def _shared(line: int) -> int:
    """The same number, which `ast` makes anew for each node: those of lines would be a tenth of all facts."""
    return _NUMBERS[line] if line < len(_NUMBERS) else line


class _Reader:
    """Turns the nodes of one file into facts.

    `ast` counts columns in bytes; only lines that aren't ASCII need counting again, in characters.
    """

    def __init__(self, text: str, hidden: Hidden) -> None:
        self._hidden = hidden
        self._yields = False
        """Whether the function that is being read has been seen to yield."""
        self._wide_lines: dict[int, bytes] = {}
        if not text.isascii():
            self._wide_lines = {
                number: line.encode()
                for number, line in enumerate(split_lines(text), 1)
                if not line.isascii()
            }

    def module(self, path: str, tree: ast.Module, public: tuple[int, ...]) -> model.ModuleFacts:
        return model.ModuleFacts(path, self.block(tree.body, may_have_docstring=True), public)

    def block(
        self, nodes: list[ast.stmt], *, may_have_docstring: bool = False
    ) -> tuple[model.Statement, ...]:
        statements = self._STATEMENTS
        result = [statements[type(node)](self, node) for node in nodes]
        if may_have_docstring and nodes and _is_docstring(nodes[0]):
            result[0] = model.Simple(*self._place(nodes[0]), DOCSTRING)
        return tuple(result)

    def expression(self, node: ast.expr) -> model.Expression:
        convert = self._EXPRESSIONS.get(type(node))
        return convert(self, node) if convert else OTHER

    def expressions(self, nodes: Iterable[ast.expr]) -> tuple[model.Expression, ...]:
        return tuple([self.expression(node) for node in nodes])

    def optional(self, node: ast.expr | None) -> model.Expression | None:
        return None if node is None else self.expression(node)

    def annotation(self, node: ast.expr | None) -> model.Expression | None:
        """Read an annotation: text in it is code, except in `Literal` and in the metadata of `Annotated`."""
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotation(ast.parse(node.value.strip(), mode="eval").body)
            except (SyntaxError, ValueError):
                return OTHER
        if isinstance(node, ast.Subscript):
            name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            value = self.expression(node.value)
            if name == "Literal":
                return model.Subscript(value, self.expression(node.slice))
            if isinstance(node.slice, ast.Tuple) and node.slice.elts:
                first, *others = node.slice.elts
                rest = (
                    self.expressions(others)
                    if name == "Annotated"
                    else tuple(map(self._inner_annotation, others))
                )
                return model.Subscript(value, model.Sequence("tuple", (self._inner_annotation(first), *rest)))
            return model.Subscript(value, self._inner_annotation(node.slice))
        if isinstance(node, ast.BinOp):
            return model.Binary(
                OPERATORS[type(node.op)],
                self._inner_annotation(node.left),
                self._inner_annotation(node.right),
            )
        if isinstance(node, ast.List):
            return model.Sequence("list", tuple(map(self._inner_annotation, node.elts)))
        return self.expression(node)

    def _inner_annotation(self, node: ast.expr) -> model.Expression:
        return self.annotation(node) or OTHER

    def _place(self, node: Any) -> tuple[int, int, int, int]:
        column, end_column = node.col_offset, node.end_col_offset
        if self._wide_lines:
            column = self._characters(node.lineno, column)
            end_column = self._characters(node.end_lineno, end_column)
        return _shared(node.lineno), column + 1, _shared(node.end_lineno), end_column + 1

    def _characters(self, line: int, offset: int) -> int:
        encoded = self._wide_lines.get(line)
        return offset if encoded is None else len(encoded[:offset].decode(errors="replace"))

    def _call(self, node: ast.Call) -> model.Call:
        if node.args:
            self._hidden.passed(node)
        return model.Call(
            self.expression(node.func),
            self.expressions(node.args) if node.args else (),
            self._keywords(node.keywords) if node.keywords else (),
            *self._place(node),
        )

    def _keywords(self, nodes: list[ast.keyword]) -> tuple[model.Keyword, ...]:
        for node in nodes:
            if node.arg is not None:
                self._hidden.under(node.arg, node.value)
        return tuple([model.Keyword(node.arg, self.expression(node.value)) for node in nodes])

    def _constant(self, node: ast.Constant) -> model.Expression:
        value = node.value
        if isinstance(value, str):
            is_kept = id(node) not in self._hidden.literals and keeps(value)
            return model.Constant(value) if is_kept else model.Masked(len(value), outline(value))
        if isinstance(value, bytes):
            return model.Masked(len(value))
        if (
            value is None
            or isinstance(value, (bool, float))
            or (isinstance(value, int) and abs(value) < 2**63)
        ):
            return model.Constant(value)
        return OTHER

    def _template(self, node: ast.JoinedStr) -> model.Expression:
        # Early releases of Python 3.12 put an empty text at the end of a format specification.
        parts = [part for part in node.values if not (isinstance(part, ast.Constant) and part.value == "")]
        return model.Template(self.expressions(parts))

    def _formatted(self, node: ast.FormattedValue) -> model.Expression:
        value = self.expression(node.value)
        if node.format_spec is None:
            return value
        return model.Template((value, self.expression(node.format_spec)))

    def _dict(self, node: ast.Dict) -> model.Mapping:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._hidden.under(key.value, value)
        return model.Mapping(tuple([self.optional(key) for key in node.keys]), self.expressions(node.values))

    def _comprehension(
        self, kind: str, element: ast.expr, value: ast.expr | None, generators: list[ast.comprehension]
    ) -> model.Comprehension:
        clauses = [
            model.Clause(
                self.expression(item.target),
                self.expression(item.iter),
                self.expressions(item.ifs),
                bool(item.is_async),
            )
            for item in generators
        ]
        return model.Comprehension(kind, self.expression(element), self.optional(value), tuple(clauses))

    def _parameters(self, node: ast.arguments) -> tuple[model.Parameter, ...]:
        positional = [*node.posonlyargs, *node.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults)) + list(
            node.defaults
        )
        result = [
            self._parameter(item, default, "positional" if index < len(node.posonlyargs) else "normal")
            for index, (item, default) in enumerate(zip(positional, defaults, strict=True))
        ]
        if node.vararg:
            result.append(self._parameter(node.vararg, None, "args"))
        result += [
            self._parameter(item, default, "keyword")
            for item, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        ]
        if node.kwarg:
            result.append(self._parameter(node.kwarg, None, "kwargs"))
        return tuple(result)

    def _parameter(self, node: ast.arg, default: ast.expr | None, kind: str) -> model.Parameter:
        self._hidden.under(node.arg, default)
        return model.Parameter(
            node.arg, self.annotation(node.annotation), self.optional(default), kind, node.lineno
        )

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> model.Yield:
        self._yields = True
        return model.Yield(self.optional(node.value), isinstance(node, ast.YieldFrom))

    def _lambda(self, node: ast.Lambda) -> model.Lambda:
        around, parameters = self._yields, self._parameters(node.args)
        body = self.expression(node.body)
        self._yields = around
        return model.Lambda(parameters, body, node.lineno)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> model.FunctionDefinition:
        parameters, decorators = self._parameters(node.args), self.expressions(node.decorator_list)
        for statement in node.body:
            if isinstance(statement, ast.Return):
                self._hidden.under(node.name, statement.value)
        around, self._yields = self._yields, False
        body = self.block(node.body, may_have_docstring=True)
        yields, self._yields = self._yields, around
        return model.FunctionDefinition(
            *self._place(node),
            node.name,
            parameters,
            self.annotation(node.returns),
            decorators,
            body,
            isinstance(node, ast.AsyncFunctionDef),
            yields,
            _is_docstring(node.body[0]),
            node.decorator_list[0].lineno if node.decorator_list else node.lineno,
        )

    def _class(self, node: ast.ClassDef) -> model.ClassDefinition:
        keywords = [item for item in node.keywords if item.arg != TYPE_PARAMETERS]
        return model.ClassDefinition(
            *self._place(node),
            node.name,
            self.expressions(node.bases),
            self._keywords(keywords),
            self.expressions(node.decorator_list),
            self.block(node.body, may_have_docstring=True),
            node.decorator_list[0].lineno if node.decorator_list else node.lineno,
            _type_parameters(node),
        )

    def _comparison(self, node: ast.Compare) -> model.Comparison:
        self._hidden.compared(node)
        return model.Comparison(
            self.expression(node.left),
            tuple([OPERATORS[type(operator)] for operator in node.ops]),
            self.expressions(node.comparators),
        )

    def _walrus(self, node: ast.NamedExpr) -> model.Walrus:
        self._hidden.assigned((node.target,), node.value)
        return model.Walrus(self.expression(node.target), self.expression(node.value))

    def _assign(self, node: ast.Assign) -> model.Assignment:
        self._hidden.assigned(node.targets, node.value)
        targets = self.expressions(node.targets)
        return model.Assignment(*self._place(node), targets, self.expression(node.value), None)

    def _annotated(self, node: ast.AnnAssign) -> model.Assignment:
        self._hidden.assigned((node.target,), node.value)
        return model.Assignment(
            *self._place(node),
            (self.expression(node.target),),
            self.optional(node.value),
            self.annotation(node.annotation),
        )

    def _augmented(self, node: ast.AugAssign) -> model.AugmentedAssignment:
        self._hidden.assigned((node.target,), node.value)
        return model.AugmentedAssignment(
            *self._place(node),
            self.expression(node.target),
            OPERATORS[type(node.op)],
            self.expression(node.value),
        )

    def _for(self, node: ast.For | ast.AsyncFor) -> model.For:
        return model.For(
            *self._place(node),
            self.expression(node.target),
            self.expression(node.iter),
            self.block(node.body),
            self.block(node.orelse),
            isinstance(node, ast.AsyncFor),
        )

    def _with(self, node: ast.With | ast.AsyncWith) -> model.With:
        items = [
            model.WithItem(self.expression(item.context_expr), self.optional(item.optional_vars))
            for item in node.items
        ]
        return model.With(
            *self._place(node), tuple(items), self.block(node.body), isinstance(node, ast.AsyncWith)
        )

    def _try(self, node: Any) -> model.Try:
        handlers = [
            model.Handler(self.optional(item.type), item.name, self.block(item.body), item.lineno)
            for item in node.handlers
        ]
        return model.Try(
            *self._place(node),
            self.block(node.body),
            tuple(handlers),
            self.block(node.orelse),
            self.block(node.finalbody),
        )

    def _imported(self, names: list[ast.alias]) -> tuple[model.ImportedName, ...]:
        return tuple([model.ImportedName(item.name, item.asname) for item in names])

    def _match(self, node: ast.Match) -> model.Match:
        cases = []
        for case in node.cases:
            captures: list[str] = []
            values: list[model.Expression] = []
            for part in ast.walk(case.pattern):
                if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                    captures.append(part.name)
                elif isinstance(part, ast.MatchMapping) and part.rest:
                    captures.append(part.rest)
                elif isinstance(part, ast.MatchValue):
                    values.append(self.expression(part.value))
                elif isinstance(part, ast.MatchSingleton):
                    values.append(self.expression(ast.copy_location(ast.Constant(part.value), part)))
                elif isinstance(part, ast.MatchClass):
                    values.append(self.expression(part.cls))
            cases.append(
                model.Case(tuple(captures), tuple(values), self.optional(case.guard), self.block(case.body))
            )
        return model.Match(*self._place(node), self.expression(node.subject), tuple(cases))

    _EXPRESSIONS: ClassVar[dict[type[ast.AST], Callable[[_Reader, Any], model.Expression]]] = {
        ast.Name: lambda _, node: model.Name(node.id),
        ast.Attribute: lambda self, node: model.Attribute(self.expression(node.value), node.attr),
        ast.Call: _call,
        ast.Constant: _constant,
        ast.JoinedStr: _template,
        ast.FormattedValue: _formatted,
        ast.List: lambda self, node: model.Sequence("list", self.expressions(node.elts)),
        ast.Tuple: lambda self, node: model.Sequence("tuple", self.expressions(node.elts)),
        ast.Set: lambda self, node: model.Sequence("set", self.expressions(node.elts)),
        ast.Dict: _dict,
        ast.Subscript: lambda self, node: model.Subscript(
            self.expression(node.value), self.expression(node.slice)
        ),
        ast.BinOp: lambda self, node: model.Binary(
            OPERATORS[type(node.op)], self.expression(node.left), self.expression(node.right)
        ),
        ast.BoolOp: lambda self, node: model.Boolean(OPERATORS[type(node.op)], self.expressions(node.values)),
        ast.UnaryOp: lambda self, node: model.Unary(OPERATORS[type(node.op)], self.expression(node.operand)),
        ast.Compare: _comparison,
        ast.IfExp: lambda self, node: model.Conditional(
            self.expression(node.test), self.expression(node.body), self.expression(node.orelse)
        ),
        ast.Starred: lambda self, node: model.Starred(self.expression(node.value)),
        ast.Await: lambda self, node: model.Await(self.expression(node.value)),
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
        ast.Lambda: _lambda,
        ast.ListComp: lambda self, node: self._comprehension("list", node.elt, None, node.generators),
        ast.SetComp: lambda self, node: self._comprehension("set", node.elt, None, node.generators),
        ast.GeneratorExp: lambda self, node: self._comprehension(
            "generator", node.elt, None, node.generators
        ),
        ast.DictComp: lambda self, node: self._comprehension("dict", node.key, node.value, node.generators),
        ast.NamedExpr: _walrus,
        ast.Slice: lambda self, node: model.Slice(
            self.optional(node.lower), self.optional(node.upper), self.optional(node.step)
        ),
    }
    _STATEMENTS: ClassVar[dict[type[ast.AST], Callable[[_Reader, Any], model.Statement]]] = {
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Expr: lambda self, node: model.ExpressionStatement(
            *self._place(node), self.expression(node.value)
        ),
        ast.Return: lambda self, node: model.Return(*self._place(node), self.optional(node.value)),
        ast.Raise: lambda self, node: model.Raise(
            *self._place(node), self.optional(node.exc), self.optional(node.cause)
        ),
        ast.If: lambda self, node: model.If(
            *self._place(node), self.expression(node.test), self.block(node.body), self.block(node.orelse)
        ),
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: lambda self, node: model.While(
            *self._place(node), self.expression(node.test), self.block(node.body), self.block(node.orelse)
        ),
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.Import: lambda self, node: model.Import(*self._place(node), self._imported(node.names)),
        ast.ImportFrom: lambda self, node: model.ImportFrom(
            *self._place(node), node.module or "", node.level, self._imported(node.names)
        ),
        ast.Match: _match,
        ast.Delete: lambda self, node: model.Delete(*self._place(node), self.expressions(node.targets)),
        ast.Assert: lambda self, node: model.Assert(
            *self._place(node), self.expression(node.test), self.optional(node.msg)
        ),
        ast.Global: lambda self, node: model.Scope(*self._place(node), tuple(node.names)),
        ast.Nonlocal: lambda self, node: model.Scope(*self._place(node), tuple(node.names)),
        ast.Pass: lambda self, node: model.Simple(*self._place(node), "pass"),
        ast.Break: lambda self, node: model.Simple(*self._place(node), "break"),
        ast.Continue: lambda self, node: model.Simple(*self._place(node), "continue"),
    }
    if hasattr(ast, "TryStar"):
        _STATEMENTS[ast.TryStar] = _try
    if hasattr(ast, "TypeAlias"):
        _STATEMENTS[ast.TypeAlias] = lambda self, node: model.TypeAlias(
            *self._place(node), node.name.id, self._inner_annotation(node.value)
        )


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _type_parameters(node: ast.ClassDef) -> tuple[str, ...]:
    """Names of a class's type parameters: as the grammar has them, or as lowering left them."""
    native = tuple(item.name for item in getattr(node, "type_params", ()))
    lowered = next((item.value for item in node.keywords if item.arg == TYPE_PARAMETERS), None)
    return native if lowered is None else tuple(ast.literal_eval(lowered))

"""What one file says, as plain values: expressions and statements, without white space, comments or meaning.

The values mirror Python's grammar, reduced to what linking can use. They can be compared, hashed and
cached; they hold no syntax node of a parser and no text that looks like a secret (see `Masked`). Lines
count from 1; columns count from 1, in characters; `end_column` is the first column after the node, as in
`fastapi_lint.diagnostics.Span`.

Why a reduced tree and not a flat list of observations: routes depend on the order and the nesting in which
a module's statements run (a loop over routers, an include behind a condition, a factory's local names), so
whoever links them has to be able to follow the statements.
`docs/decisions/0001-facts-are-a-reduced-tree.md` has the measurements behind this.
"""

from __future__ import annotations

import msgspec


class Name(msgspec.Struct, frozen=True, array_like=True, tag=0, gc=False):
    """A name that is read."""

    id: str


class Attribute(msgspec.Struct, frozen=True, array_like=True, tag=1, gc=False):
    """`value.name`."""

    value: Expression
    name: str


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A keyword argument; `name` is None for `**value`."""

    name: str | None
    value: Expression


class Call(msgspec.Struct, frozen=True, array_like=True, tag=2, gc=False):
    """A call, with its place: the one expression that diagnostics point at most."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    line: int
    column: int
    end_line: int
    end_column: int


class Constant(msgspec.Struct, frozen=True, array_like=True, tag=3, gc=False):
    """A literal: None, a truth value, a number or a text that doesn't look like a secret."""

    value: bool | int | float | str | None


class Masked(msgspec.Struct, frozen=True, array_like=True, tag=4, gc=False):
    """A text or bytes literal whose value is not kept: it may be a secret, by shape or place, or is long.

    `sql` are the words of an SQL statement, with dots for what is between them; empty for other texts.
    """

    length: int
    sql: str = ""


class Template(msgspec.Struct, frozen=True, array_like=True, tag=5, gc=False):
    """An f-string: its literal parts and the expressions between them, in order."""

    parts: tuple[Expression, ...]


class Sequence(msgspec.Struct, frozen=True, array_like=True, tag=6, gc=False):
    """A display of a list, a tuple or a set; `kind` is the type's name."""

    kind: str
    items: tuple[Expression, ...]


class Mapping(msgspec.Struct, frozen=True, array_like=True, tag=7, gc=False):
    """A dict display; a key is None for `**value`."""

    keys: tuple[Expression | None, ...]
    values: tuple[Expression, ...]


class Subscript(msgspec.Struct, frozen=True, array_like=True, tag=8, gc=False):
    """`value[index]`; several indices are a `Sequence` of kind tuple."""

    value: Expression
    index: Expression


class Binary(msgspec.Struct, frozen=True, array_like=True, tag=9, gc=False):
    """`left operator right`, the operator as it is written."""

    operator: str
    left: Expression
    right: Expression


class Boolean(msgspec.Struct, frozen=True, array_like=True, tag=10, gc=False):
    """`a and b …` or `a or b …`."""

    operator: str
    values: tuple[Expression, ...]


class Unary(msgspec.Struct, frozen=True, array_like=True, tag=11, gc=False):
    """`not x`, `-x`, `+x`, `~x`."""

    operator: str
    operand: Expression


class Comparison(msgspec.Struct, frozen=True, array_like=True, tag=12, gc=False):
    """`left operators[0] others[0] operators[1] others[1] …`."""

    left: Expression
    operators: tuple[str, ...]
    others: tuple[Expression, ...]


class Conditional(msgspec.Struct, frozen=True, array_like=True, tag=13, gc=False):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression


class Starred(msgspec.Struct, frozen=True, array_like=True, tag=14, gc=False):
    """`*value`."""

    value: Expression


class Await(msgspec.Struct, frozen=True, array_like=True, tag=15, gc=False):
    """`await value`."""

    value: Expression


class Yield(msgspec.Struct, frozen=True, array_like=True, tag=16, gc=False):
    """`yield value`, or `yield from value` when `delegates`."""

    value: Expression | None
    delegates: bool


class Lambda(msgspec.Struct, frozen=True, array_like=True, tag=17, gc=False):
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: Expression
    line: int


class Clause(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`for target in iterable if condition …` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool


class Comprehension(msgspec.Struct, frozen=True, array_like=True, tag=18, gc=False):
    """A comprehension; `kind` is list, set, dict or generator, `value` a dict's value."""

    kind: str
    element: Expression
    value: Expression | None
    clauses: tuple[Clause, ...]


class Walrus(msgspec.Struct, frozen=True, array_like=True, tag=19, gc=False):
    """`target := value`."""

    target: Expression
    value: Expression


class Slice(msgspec.Struct, frozen=True, array_like=True, tag=20, gc=False):
    """`lower:upper:step` inside a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


class Other(msgspec.Struct, frozen=True, array_like=True, tag=21, gc=False):
    """An expression that no question is ever asked about (`...`, a complex number)."""


Expression = (
    Name
    | Attribute
    | Call
    | Constant
    | Masked
    | Template
    | Sequence
    | Mapping
    | Subscript
    | Binary
    | Boolean
    | Unary
    | Comparison
    | Conditional
    | Starred
    | Await
    | Yield
    | Lambda
    | Comprehension
    | Walrus
    | Slice
    | Other
)


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A parameter; `kind` is positional (before `/`), normal, keyword (after `*`), args or kwargs."""

    name: str
    annotation: Expression | None
    default: Expression | None
    kind: str
    line: int


class _Statement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    line: int
    column: int
    end_line: int
    end_column: int


class FunctionDefinition(_Statement, frozen=True, array_like=True, tag=0, gc=False):
    """A function; its place starts at `def`, `first_line` is that of its first decorator."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...]
    is_async: bool
    is_generator: bool
    is_documented: bool
    first_line: int


class ClassDefinition(_Statement, frozen=True, array_like=True, tag=1, gc=False):
    """A class; its place starts at `class`, `first_line` is that of its first decorator.

    `type_parameters` are the names in `class Name[T]` (PEP 695).
    """

    name: str
    bases: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...]
    first_line: int
    type_parameters: tuple[str, ...]


class Assignment(_Statement, frozen=True, array_like=True, tag=2, gc=False):
    """`a = b = value`, or `target: annotation = value` with `value` None where there is none."""

    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None


class AugmentedAssignment(_Statement, frozen=True, array_like=True, tag=3, gc=False):
    """`target operator= value`."""

    target: Expression
    operator: str
    value: Expression


class ExpressionStatement(_Statement, frozen=True, array_like=True, tag=4, gc=False):
    """An expression that is evaluated for what it does."""

    value: Expression


class Return(_Statement, frozen=True, array_like=True, tag=5, gc=False):
    """`return value`."""

    value: Expression | None


class Raise(_Statement, frozen=True, array_like=True, tag=6, gc=False):
    """`raise exception from cause`."""

    exception: Expression | None
    cause: Expression | None


class If(_Statement, frozen=True, array_like=True, tag=7, gc=False):
    """`if test: body else: orelse`; an `elif` is an `If` alone in `orelse`."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class For(_Statement, frozen=True, array_like=True, tag=8, gc=False):
    """`for target in iterable: body else: orelse`."""

    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    is_async: bool


class While(_Statement, frozen=True, array_like=True, tag=9, gc=False):
    """`while test: body else: orelse`."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class WithItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`context as target`."""

    context: Expression
    target: Expression | None


class With(_Statement, frozen=True, array_like=True, tag=10, gc=False):
    """`with items: body`."""

    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]
    is_async: bool


class Handler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`except type as name: body`; `type` is None for a bare `except`."""

    type: Expression | None
    name: str | None
    body: tuple[Statement, ...]
    line: int


class Try(_Statement, frozen=True, array_like=True, tag=11, gc=False):
    """`try: body except …: … else: orelse finally: finalbody`."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    finalbody: tuple[Statement, ...]


class ImportedName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name as alias`; `alias` is None where there is none."""

    name: str
    alias: str | None


class Import(_Statement, frozen=True, array_like=True, tag=12, gc=False):
    """`import names`."""

    names: tuple[ImportedName, ...]


class ImportFrom(_Statement, frozen=True, array_like=True, tag=13, gc=False):
    """`from module import names`, with `level` leading dots; the one name `*` for a star import."""

    module: str
    level: int
    names: tuple[ImportedName, ...]


class Case(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A case of `match`: the names that its pattern binds, the expressions it compares with."""

    captures: tuple[str, ...]
    values: tuple[Expression, ...]
    guard: Expression | None
    body: tuple[Statement, ...]


class Match(_Statement, frozen=True, array_like=True, tag=14, gc=False):
    """`match subject: cases`."""

    subject: Expression
    cases: tuple[Case, ...]


class TypeAlias(_Statement, frozen=True, array_like=True, tag=15, gc=False):
    """`type name = value` (PEP 695)."""

    name: str
    value: Expression


class Delete(_Statement, frozen=True, array_like=True, tag=16, gc=False):
    """`del targets`."""

    targets: tuple[Expression, ...]


class Assert(_Statement, frozen=True, array_like=True, tag=17, gc=False):
    """`assert test, message`."""

    test: Expression
    message: Expression | None


class Scope(_Statement, frozen=True, array_like=True, tag=18, gc=False):
    """`global names` or `nonlocal names`."""

    names: tuple[str, ...]


class Simple(_Statement, frozen=True, array_like=True, tag=19, gc=False):
    """A statement of one keyword (`pass`, `break`, `continue`), or a docstring (keyword `docstring`)."""

    keyword: str


Statement = (
    FunctionDefinition
    | ClassDefinition
    | Assignment
    | AugmentedAssignment
    | ExpressionStatement
    | Return
    | Raise
    | If
    | For
    | While
    | With
    | Try
    | Import
    | ImportFrom
    | Match
    | TypeAlias
    | Delete
    | Assert
    | Scope
    | Simple
)


class ModuleFacts(msgspec.Struct, frozen=True, array_like=True):
    """What one file says. `path` is relative to the project's root, with `/`.

    `public_lines` (from 1) are those that a comment declares to be about routes that anybody may call.
    """

    path: str
    body: tuple[Statement, ...]
    public_lines: tuple[int, ...] = ()

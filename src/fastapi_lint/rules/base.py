"""What a rule is: a class in `rules/<chapter>/<its name>.py`, found by being there.

A rule states its facts as class attributes and its one-line summary as its docstring. It matches shapes in
the code, asks the application what names mean, and reports. It opens no file, keeps nothing from one module
to the next, and knows no other rule.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from fastapi_lint.application.evaluation.values import UNKNOWN
from fastapi_lint.config import Option
from fastapi_lint.diagnostics import Diagnostic, Edit, Note, Span
from fastapi_lint.rules import editing

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    import libcst as cst

    from fastapi_lint.application import Application, Body, CallMeaning, Function, Module, Route
    from fastapi_lint.application.evaluation.values import Value
    from fastapi_lint.diagnostics import Fix, Severity
    from fastapi_lint.facts import model
    from fastapi_lint.rules.importing import Reference
    from fastapi_lint.rules.parsed import ParsedModule

__all__ = [
    "ApplicationRule",
    "FindingVisitor",
    "Level",
    "ModuleVisitor",
    "Option",
    "RouteVisitor",
    "Rule",
    "Visitor",
]


class Level(str, Enum):
    """The lowest level of the configuration at which a rule runs."""

    DEFAULT = "default"
    STRICT = "strict"
    PEDANTIC = "pedantic"


class Rule:
    """What all rules share. Paths are relative to the project's root, with `/`."""

    code: ClassVar[str]
    name: ClassVar[str]
    level: ClassVar[Level]
    severity: ClassVar[Severity]
    checklist: ClassVar[tuple[str, ...]] = ()
    fastapi: ClassVar[str] = ""
    """The FastAPI versions that the rule holds for, as in a requirement (`>=0.106,<0.118`); empty for all."""
    pydantic: ClassVar[str] = ""
    """The same of Pydantic."""
    sensitive: ClassVar[bool] = False
    """Whether what it reports is a secret, which no report may show."""

    def __init__(self, application: Application, emit: Callable[[Diagnostic], None]) -> None:
        self.application = application
        self._emit = emit
        self._met: set[Hashable] = set()

    def is_first(self, what: Hashable) -> bool:
        """Whether the rule asks this of something for the first time.

        A router that is included twice serves each of its routes under two paths, but registers it in one
        place, about which a rule speaks once: `if … and self.is_first(route.registered_at)`.
        """
        is_first = what not in self._met
        self._met.add(what)
        return is_first

    def _report(
        self,
        path: str,
        span: Span,
        message: str,
        help_: str,
        notes: tuple[Note, ...],
        fix: Fix | str | None,
        severity: Severity | None,
    ) -> None:
        self._emit(
            Diagnostic(
                code=self.code,
                name=self.name,
                severity=severity or self.severity,
                message=message,
                help=help_,
                path=path,
                span=span,
                notes=notes,
                fix=None if isinstance(fix, str) else fix,
                unfixed=fix if isinstance(fix, str) else "",
                sensitive=self.sensitive,
            )
        )


class ApplicationRule(Rule):
    """A rule that needs the whole model and no syntax: shadowed routes, routers that nothing includes."""

    def check(self) -> None:
        """Look at `self.application` and report."""
        raise NotImplementedError

    def report(
        self,
        path: str,
        at: Span,
        message: str,
        *,
        help: str,  # noqa: A002 - the word that diagnostics have for it
        notes: tuple[Note, ...] = (),
        fix: Fix | str | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Report a fault in the file `path`; `severity` where it isn't the rule's own.

        For `fix` a rule that has fixes may say why there is none here.
        """
        self._report(path, at, message, help, notes, fix, severity)

    def note(self, message: str, *, path: str, at: Span) -> Note:
        """Point at a second place."""
        return Note(message, path, at)


class Visitor(Rule):
    """A rule that looks at code, written like a LibCST visitor: `visit_X(node)` and `leave_X(node)`.

    `visit_X` may return False to keep this visitor out of the node's children. Visitors see no white space,
    punctuation or operators: those are read off the nodes that hold them.
    """

    def __init__(
        self, application: Application, emit: Callable[[Diagnostic], None], parsed: ParsedModule
    ) -> None:
        super().__init__(application, emit)
        self.module: Module = parsed.module
        self._parsed = parsed
        self._root: cst.CSTNode = parsed.tree

    def report(
        self,
        at: cst.CSTNode | Span,
        message: str,
        *,
        help: str,  # noqa: A002 - the word that diagnostics have for it
        path: str | None = None,
        notes: tuple[Note, ...] = (),
        fix: Fix | str | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Report a fault at a node that is being visited, or at a span, of this module or of the file `path`.

        `severity` where it isn't the rule's own. For `fix` a rule that has fixes may say why there is none.
        """
        self._report(path or self.module.path, self.span(at), message, help, notes, fix, severity)

    def note(self, message: str, *, at: cst.CSTNode | Span, path: str | None = None) -> Note:
        """Point at a second place, of this module or, as a span, of the file `path`."""
        return Note(message, path or self.module.path, self.span(at))

    def edit(self, at: cst.CSTNode | Span, replacement: str) -> Edit:
        """Replace the code of a node, without the parentheses around it, or of a span, in this module."""
        return Edit(self.module.path, self.span(at), replacement)

    def reference(self, dotted: str) -> Reference | None:
        """Say how a fix names something of a library at the top of this module, imports added included.

        None where its name means something else here.
        """
        from fastapi_lint.rules.importing import reference  # noqa: PLC0415 - which imports LibCST

        return reference(self.module, self._parsed.text, dotted)

    def binds_once(self, name: str) -> bool:
        """Whether this module binds a name at its top, and only once, so that it means one thing."""
        from fastapi_lint.rules.importing import binds_once  # noqa: PLC0415 - which imports LibCST

        return binds_once(self.module, name)

    @staticmethod
    def argument(call: cst.Call, keyword: str) -> cst.BaseExpression | None:
        """Give what a call passes as `keyword=`; None where it passes nothing of that name."""
        passed = (
            item.value for item in call.args if item.keyword is not None and item.keyword.value == keyword
        )
        return next(passed, None)

    def added_argument(self, call: cst.Call, code: str) -> Edit:
        """Pass one more argument to a call."""
        return editing.added_argument(self, self._parsed.text, call, code)

    def return_annotation(self, function: cst.FunctionDef, code: str) -> Edit | None:
        """Write or replace the annotation of what a function returns; None where its place isn't found."""
        return editing.return_annotation(self, self._parsed.text, function, code)

    def span(self, at: cst.CSTNode | Span) -> Span:
        """Give the place of a node."""
        return at if isinstance(at, Span) else self._parsed.span(at, self._root)

    def code_of(self, node: cst.CSTNode) -> str:
        """Give a node's code as it is written."""
        return self._parsed.tree.code_for_node(node)

    def expression(self, node: cst.CSTNode) -> model.Expression | None:
        """Give the facts' expression for a node, to ask the application about; None where none pairs."""
        return self._parsed.pairing.expression(node, self._root)


class ModuleVisitor(Visitor):
    """A visitor that is driven over whole modules, whether or not they hold routes."""

    @classmethod
    def concerns(cls, application: Application, module: Module, text: str) -> bool:
        """Say cheaply, from a module's text or what is linked, whether there can be anything to see."""
        raise NotImplementedError


class RouteVisitor(Visitor):
    """A visitor that is driven over functions that serve routes, or that such functions need.

    `visits` says over which: `handler`, `dependency` and `reached` (called by those, directly or not). Every
    function has a visitor of its own, so attributes start afresh with each.
    """

    visits: ClassVar[frozenset[str]] = frozenset({"handler"})

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:  # noqa: ARG003 - for rules that ask
        """Say, from what the application knows, whether there can be anything to see in a function.

        Only functions that some visitor applies to are parsed, which takes longer than most questions.
        """
        return True

    def __init__(
        self,
        application: Application,
        emit: Callable[[Diagnostic], None],
        parsed: ParsedModule,
        function: Function,
        root: cst.FunctionDef,
    ) -> None:
        super().__init__(application, emit, parsed)
        self.function = function
        self.routes: tuple[Route, ...] = application.routes_of(function)
        self._root = root

    @property
    def route(self) -> Route:
        """The first of the routes that the function serves. There is one while handlers are visited."""
        return self.routes[0]

    @property
    def subject(self) -> str:
        """What a message says it of: a route that leads to the function, or the function's own name."""
        way = self.application.way_to(self.function)
        return way.route.label if way is not None else self.function.qualname

    @property
    def body(self) -> Body:
        """What evaluating the function's body shows."""
        return self.application.body(self.function)

    def value_of(self, node: cst.CSTNode) -> Value:
        """Give what an expression stands for; unknown where it can't be told."""
        expression = self.expression(node)
        return UNKNOWN if expression is None else self.body.value(expression)

    def call_of(self, node: cst.Call) -> CallMeaning | None:
        """Give what a call means, None where it can't be told."""
        expression = self.expression(node)
        return None if expression is None else self.body.call(expression)

    def registration(self, route: Route) -> cst.Call | None:
        """Give the decorator that registers the function for a route; None where something else does."""
        import libcst as cst  # noqa: PLC0415 - there are no visitors where it isn't imported already

        if not isinstance(self._root, cst.FunctionDef) or route.decorator_file != self.module.path:
            return None
        for decorator in self._root.decorators:
            call = decorator.decorator
            if isinstance(call, cst.Call) and self.span(call.func) == route.decorator_span:
                return call
        return None

    def status_argument(self, call: cst.Call, route: Route, constant: str) -> tuple[Edit, ...] | str:
        """Edits that pass `status_code=status.…` where a route is registered, or why there are none."""
        status = self.reference("fastapi.status")
        if status is None:
            return "`status` means something else in this module"
        code = f"{status.code}.{constant}"
        stated = self.argument(call, "status_code")
        if stated is not None:
            return (*status.edits, self.edit(stated, code))
        if "status_code" in route.keywords:
            return "its status is passed in a way that a fix can't change"
        return (*status.edits, self.added_argument(call, f"status_code={code}"))


_Finding = TypeVar("_Finding")


class FindingVisitor(RouteVisitor, Generic[_Finding]):
    """A visitor of the expressions that the application has found something about in a function."""

    @classmethod
    def found(cls, application: Application, function: Function) -> Mapping[int, _Finding]:
        """What is to be reported in a function, by the identity of the expression among the facts."""
        raise NotImplementedError

    @classmethod
    def applies(cls, application: Application, function: Function) -> bool:
        """Only functions in which something was found are of interest, and none of tests."""
        return "test" not in function.module.roles and bool(cls.found(application, function))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Look into the function itself, and not into functions inside it."""
        if node is not self._root:
            return False
        self._found = self.found(self.application, self.function)
        return True

    def visit_Lambda(self, _: cst.Lambda) -> bool:
        return False

    def found_at(self, node: cst.BaseExpression) -> _Finding | None:
        """What was found about an expression."""
        return self._found.get(id(self.expression(node)))

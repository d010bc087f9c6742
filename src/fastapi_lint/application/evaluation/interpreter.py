"""Evaluate facts: run what modules do when they are imported, without importing them.

Statements are followed in order, calls of project functions are followed into them, both branches of a
condition that can't be decided are taken. What results is a value for each name and, as a by-product, the
routers that FastAPI would have filled. The same evaluation, with a `Recorder` in the frame, tells what a
function does when it is called.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from fastapi_lint.application import library
from fastapi_lint.application.evaluation import attributes, calling, containers
from fastapi_lint.application.evaluation.annotations import instance_of
from fastapi_lint.application.evaluation.budgets import (
    BUDGET_PER_ROUTE,
    CALL_BUDGET,
    EXAMPLES,
    STATEMENT_BUDGET,
)
from fastapi_lint.application.evaluation.expressions import EXPRESSIONS, literal
from fastapi_lint.application.evaluation.frames import CONTINUES, EXITS, Frame
from fastapi_lint.application.evaluation.statements import STATEMENTS
from fastapi_lint.application.evaluation.values import (
    UNKNOWN,
    Choice,
    ClassValue,
    Collection,
    Deferred,
    Dictionary,
    External,
    Literal,
    ModuleValue,
    Package,
    Scope,
    Unknown,
    Yielded,
    join,
    options,
    without_none,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi_lint.application.evaluation.frames import CallSite
    from fastapi_lint.application.evaluation.values import (
        Value,
    )
    from fastapi_lint.application.modules import Module, Modules

BUILTINS = {name: External(f"builtins.{name}") for name in dir(builtins)}


class Evaluator:
    """Evaluates the modules of one project.

    `meant` says, by dotted name, for what else something outside of the project is to be taken.
    """

    def __init__(self, modules: Modules, meant: Mapping[str, str]) -> None:
        self.modules = modules
        self._meant = meant
        self.scopes: dict[str, Scope] = {}
        self._externals: dict[str, External] = {}
        self.finished: set[str] = set()
        self.statements_left = STATEMENT_BUDGET
        self.call_budget = CALL_BUDGET
        self.route_count = 0
        self.active: dict[int, int] = {}
        self.entered: set[int] = set()
        self.laborious: set[int] = set()
        """Definitions that took more than `CALL_BUDGET` and led to no route."""
        self.subclasses: dict[int, list[ClassValue]] = {}
        """The project's subclasses of each of its classes, by identity."""
        self.routers: list[Any] = []
        self.decorating: list[tuple[model.Expression, Module]] = []
        """The decorators that are being applied, innermost last."""

    def external(self, dotted: str) -> External:
        """What a dotted name means that isn't the project's."""
        known = self._externals.get(dotted)
        if known is None:
            known = External(library.canonical(self._meant.get(dotted, dotted)))
            self._externals[dotted] = known
        return known

    def more_budget(self) -> None:
        """Go on following: what runs leads to routes."""
        self.statements_left += BUDGET_PER_ROUTE
        self.route_count += 1

    def scope_of(self, module: Module) -> Scope:
        """The names of a module, which is run first if it hasn't been."""
        scope = self.scopes.get(module.path)
        if scope is None:
            scope = Scope({"__name__": Literal(module.name), "__file__": UNKNOWN}, None, module)
            self.scopes[module.path] = scope
            left = self.statements_left  # an import inside of a function has a budget of its own
            self.run(module.facts.body, Frame(scope))
            self.statements_left = left
            self.finished.add(module.path)
        return scope

    def member(self, module: Module, name: str) -> Value | None:
        """What `module.name` is: a name of the module, or a submodule; None if there is neither."""
        scope = self.scope_of(module)
        found = scope.names.get(name)
        if found is None:
            for other in scope.star_imports:
                if other is not module and not name.startswith("_"):
                    found = self.scopes[other.path].names.get(name)
                    if found is not None:
                        break
        if isinstance(found, Deferred):
            scope.names[name] = UNKNOWN  # names that only point at each other end here
            found = self.settle(found)
            scope.names[name] = found
        if found is not None:
            return found
        if module.path.endswith("__init__.py"):
            path = self.modules.at(f"{module.package}/{name}" if module.package else name)
            if path is not None:
                return self.at(path)
        return None

    def settle(self, deferred: Deferred) -> Value:
        """Look a deferred name up again."""
        if deferred.module.path not in self.finished:
            found = self.scopes[deferred.module.path].names.get(deferred.name)
            return found if found is not None else deferred
        return self.member(deferred.module, deferred.name) or Unknown(
            f"{deferred.module.name} has no {deferred.name}"
        )

    def at(self, path: str) -> Value:
        """The module or package behind a path of the project."""
        module = self.modules.by_path.get(path)
        if module is None:
            return Package(path)
        self.scope_of(module)
        return ModuleValue(module)

    def lookup(self, scope: Scope, name: str) -> Value:
        """What a name means in a scope."""
        current: Scope | None = scope.outer_names.get(name, scope) if scope.outer_names else scope
        first = True
        while current is not None:
            if first or not current.is_class:
                found = current.names.get(name)
                if found is not None:
                    if isinstance(found, Deferred):
                        current.names[name] = UNKNOWN
                        settled = self.settle(found)
                        current.names[name] = settled
                        return UNKNOWN if isinstance(settled, Deferred) else settled
                    return found
                for module in current.star_imports:
                    starred = self.member(module, name)
                    if starred is not None:
                        return starred
            first = False
            current = current.parent
        return BUILTINS.get(name) or Unknown(f"no name {name}")

    def run(self, body: Iterable[model.Statement], frame: Frame) -> bool:
        """Follow statements in order; true if the rest of the block around them can't be reached."""
        is_module = frame.scope.parent is None
        for statement in body:
            if is_module:
                self.statements_left = STATEMENT_BUDGET
            self.statements_left -= 1
            follow = STATEMENTS.get(type(statement))
            if follow is not None and follow(self, statement, frame):
                return EXITS
        return CONTINUES

    def items_of(self, value: Value) -> list[Value] | None:
        """All items that iterating over a value gives, where they are known."""
        if isinstance(value, Collection):
            return list(value.items) if value.complete else None
        if isinstance(value, Dictionary) and value.complete and not value.others:
            return [containers.value_of_key(key) for key in value.entries]
        if isinstance(value, Yielded):
            return value.items
        if isinstance(value, ClassValue):
            members = attributes.enum_members(value)
            return members or None
        return None

    def element_of(self, value: Value) -> Value:
        """One item of a value that is iterated over."""
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Collection):
                found += option.items[:EXAMPLES]
            elif isinstance(option, Yielded):
                found.append(option.value)
            else:
                found.append(containers.iterate(option))
        return join(found)

    def evaluate(self, node: model.Expression, frame: Frame) -> Value:
        """What an expression stands for where it is written."""
        kind = type(node)
        if kind is model.Constant:
            return literal(node.value)  # type: ignore[union-attr]
        evaluate = EXPRESSIONS.get(kind)
        if evaluate is None:
            return UNKNOWN
        value: Value = evaluate(self, node, frame)
        if frame.recorder is not None:
            values = frame.recorder.values
            known = values.setdefault(id(node), value)
            if known is not value and not isinstance(value, Unknown):
                values[id(node)] = join([known, value])
        return value

    def text_of(self, value: Value) -> str | None:
        """The text that an f-string would show for a value."""
        value = without_none(value)
        if isinstance(value, Literal):
            return str(value.value)
        if isinstance(value, Choice):
            return next((text for text in map(self.text_of, value.options) if text is not None), None)
        return containers.text_of_member(value)

    def call(self, site: CallSite) -> Value:
        """What a call gives, told to whoever listens in its frame."""
        return (
            calling.call(self, site) if site.frame.recorder is None else site.frame.recorder.call(self, site)
        )

    def annotation(self, node: model.Expression | None, scope: Scope) -> Value | None:
        """What an annotation means in a scope; None where there is none."""
        return None if node is None else self.evaluate(node, Frame(scope))

    def instance_of(self, annotation: Value, bindings: dict[str, Value] | None = None) -> Value:
        """A value of which only the annotation is known."""
        return instance_of(annotation, bindings or {})

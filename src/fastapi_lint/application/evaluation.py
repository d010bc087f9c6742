"""Evaluate facts: run what modules do when they are imported, without importing them.

Statements are followed in order, calls of project functions are followed into them, both branches of a condition that can't be
decided are taken. What results is a value for each name, and, as a by-product, the routers that FastAPI would have filled.
The same evaluation, with a `Recorder` in the frame, tells what a function does when it is called (`application.effects`).
"""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any

from fastapi_lint.application import annotations, attributes, calling, containers, library
from fastapi_lint.application.modules import FRAMEWORKS
from fastapi_lint.application.frames import CallSite, Frame
from fastapi_lint.application.values import (
    NONE,
    UNKNOWN,
    Awaitable,
    Bound,
    Choice,
    ClassValue,
    Collection,
    Deferred,
    Dictionary,
    External,
    FunctionValue,
    Generic,
    LambdaValue,
    Literal,
    Marker,
    ModuleValue,
    Object,
    Package,
    Partial,
    Scope,
    TypeVariable,
    Unknown,
    Value,
    Yielded,
    is_none,
    join,
    options,
    without_none,
)
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi_lint.application.modules import Module, Modules

STATEMENT_BUDGET = 20_000
"""How many statements one statement of a module may lead to before its calls are no longer entered."""
CALL_BUDGET = 400
"""How many statements one call may lead to without a route that comes of them. What takes more is the program's own work, which has
no part in its routes: such a function isn't followed again."""
BUDGET_PER_ROUTE = 400
BUILTINS = frozenset(dir(builtins))
EXAMPLES = 12
"""How many items of a long list are looked at to say what kind of thing it holds."""
LONGEST_LOOP = 400
"""Loops over more items than this are followed once."""


CONTINUES, EXITS = False, True


class Evaluator:
    """Evaluates the modules of one project. `externals` gives meaning to calls of what lies outside of it."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.scopes: dict[str, Scope] = {}
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
        self.unresolved: list[tuple[str, int, str]] = []
        self._expressions: dict[type, Callable[[Any, Frame], Value]] = {
            model.Name: self._name,
            model.Attribute: self._attribute,
            model.Call: self._call,
            model.Constant: lambda node, _: Literal(node.value),
            model.Template: self._template,
            model.Sequence: self._sequence,
            model.Mapping: self._mapping,
            model.Subscript: self._subscript,
            model.Binary: self._binary,
            model.Boolean: self._boolean,
            model.Unary: self._unary,
            model.Comparison: self._comparison,
            model.Conditional: self._conditional,
            model.Await: self._await,
            model.Yield: self._yield,
            model.Lambda: self._lambda,
            model.Comprehension: self._comprehension,
            model.Walrus: self._walrus,
            model.Starred: lambda node, frame: self.evaluate(node.value, frame),
            model.Masked: lambda _node, _frame: Object(External("builtins.str")),
        }
        self._statements: dict[type, Callable[[Any, Frame], bool | None]] = {
            model.FunctionDefinition: self._function_definition,
            model.ClassDefinition: self._class_definition,
            model.Assignment: self._assignment,
            model.AugmentedAssignment: self._augmented_assignment,
            model.ExpressionStatement: lambda node, frame: self.evaluate(node.value, frame) and None,
            model.Return: self._return,
            model.Raise: self._raise,
            model.If: self._if,
            model.For: self._for,
            model.While: self._while,
            model.With: self._with,
            model.Try: self._try,
            model.Import: self._import,
            model.ImportFrom: self._import_from,
            model.Match: self._match,
            model.TypeAlias: self._type_alias,
            model.Assert: lambda node, frame: self.evaluate(node.test, frame) and None,
            model.Scope: self._scope_statement,
            model.Simple: lambda node, _: EXITS if node.keyword in {"break", "continue"} else None,
        }

    def more_budget(self) -> None:
        """Go on following: what runs leads to routes."""
        self.statements_left += BUDGET_PER_ROUTE
        self.route_count += 1

    # --- modules and names -------------------------------------------------------------------------------------------

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
        return self.member(deferred.module, deferred.name) or Unknown(f"{deferred.module.name} has no {deferred.name}")

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
        return External(f"builtins.{name}") if name in BUILTINS else Unknown(f"no name {name}")

    # --- statements --------------------------------------------------------------------------------------------------

    def run(self, body: Iterable[model.Statement], frame: Frame) -> bool:
        """Follow statements in order; true if the rest of the block around them can't be reached."""
        statements = self._statements
        is_module = frame.scope.parent is None
        for statement in body:
            if is_module:
                self.statements_left = STATEMENT_BUDGET
            self.statements_left -= 1
            follow = statements.get(type(statement))
            if follow is not None and follow(statement, frame):
                return EXITS
        return CONTINUES

    def _function_definition(self, node: model.FunctionDefinition, frame: Frame) -> None:
        scope = frame.scope
        owner = scope.names.get("<class>") if scope.is_class else None
        prefix = _qualified_prefix(frame)
        value: Value = FunctionValue(
            node,
            scope.module,
            scope.parent if scope.is_class and scope.parent else scope,
            prefix + node.name,
            owner if isinstance(owner, ClassValue) else None,
        )
        for decorator in reversed(node.decorators):
            value = calling.decorate(self, decorator, value, frame)
        self.bind(scope, node.name, value)

    def _class_definition(self, node: model.ClassDefinition, frame: Frame) -> None:
        bases = [self.evaluate(base, frame) for base in node.bases]
        keywords = {item.name: self.evaluate(item.value, frame) for item in node.keywords if item.name}
        outer = frame.scope
        while outer.is_class and outer.parent is not None:
            outer = outer.parent
        if node.type_parameters:
            variables: dict[str, Value] = {name: TypeVariable(name) for name in node.type_parameters}
            outer = Scope(variables, outer, frame.scope.module)
        scope = Scope({}, outer, frame.scope.module, is_class=True)
        cls = ClassValue(node, frame.scope.module, scope, _qualified_prefix(frame) + node.name, bases, keywords=keywords)
        scope.names["<class>"] = cls
        for base in cls.mro()[1:]:
            self.subclasses.setdefault(id(base), []).append(cls)
        for base in bases:
            _bind_type_parameters(cls, base)
        self.run(node.body, Frame(scope, frame.function, None, frame.depth, frame.uncertain, frame.unlikely))
        value: Value = cls
        for decorator in reversed(node.decorators):
            value = calling.decorate(self, decorator, value, frame)
        self.bind(frame.scope, node.name, value)

    def _assignment(self, node: model.Assignment, frame: Frame) -> None:
        target = node.targets[0]
        if node.annotation is not None and isinstance(target, model.Name) and frame.scope.is_class:
            cls = frame.scope.names["<class>"]
            if isinstance(cls, ClassValue):
                cls.annotations[target.id] = node.annotation
                cls.field_lines[target.id] = node.line
        if node.value is None:
            if node.annotation is not None and isinstance(target, model.Name) and not frame.scope.is_class:
                frame.scope.names.setdefault(target.id, self.instance_of(self.evaluate(node.annotation, frame)))
            return
        value = self.evaluate(node.value, frame)
        if node.annotation is not None and isinstance(value, Unknown) and not frame.scope.is_class:
            value = self.instance_of(self.evaluate(node.annotation, frame))
        for target in node.targets:
            self.assign(target, value, frame)

    def assign(self, target: model.Expression, value: Value, frame: Frame) -> None:
        """Bind what is on the left of an assignment, of a `for`, or behind `as`."""
        if isinstance(target, model.Name):
            self.bind(frame.scope, target.id, value)
        elif isinstance(target, model.Sequence):
            items = self.unpack(value, len(target.items))
            for inner, item in zip(target.items, items, strict=True):
                self.assign(inner.value if isinstance(inner, model.Starred) else inner, item, frame)
        elif isinstance(target, model.Attribute):
            for option in options(self.evaluate(target.value, frame)):
                attributes.set_attribute(option, target.name, value)
        elif isinstance(target, model.Subscript):
            container = self.evaluate(target.value, frame)
            key = self.evaluate(target.index, frame)
            if isinstance(container, Dictionary):
                if isinstance(key, Literal):
                    container.entries[key.value] = value
                else:
                    container.others.append(value)

    def bind(self, scope: Scope, name: str, value: Value) -> None:
        """Give a name of a scope its value."""
        if scope.outer_names:
            scope = scope.outer_names.get(name, scope)
        scope.names[name] = value
        if type(value) is not Object and isinstance(value, Object):
            calling.name_object(value, scope, name)

    def unpack(self, value: Value, count: int) -> list[Value]:
        """The values that `count` targets get from one value."""
        if isinstance(value, Collection) and value.complete and len(value.items) == count:
            return value.items
        item = self.element_of(value) if isinstance(value, (Collection, Choice)) else UNKNOWN
        if isinstance(value, Collection) and value.kind == "tuple" and len(value.items) == count:
            return value.items
        return [item] * count

    def _augmented_assignment(self, node: model.AugmentedAssignment, frame: Frame) -> None:
        current = self.evaluate(node.target, frame)
        value = self.evaluate(node.value, frame)
        if isinstance(current, Collection) and node.operator == "+":
            if isinstance(value, Collection):
                current.items.extend(value.items)
                current.complete = current.complete and value.complete
            else:
                current.complete = False
            return
        self.assign(node.target, containers.operate(node.operator, current, value), frame)

    def _return(self, node: model.Return, frame: Frame) -> bool:
        frame.returns.append(self.evaluate(node.value, frame) if node.value is not None else NONE)
        return EXITS

    def _raise(self, node: model.Raise, frame: Frame) -> bool:
        if node.exception is not None:
            exception = self.evaluate(node.exception, frame)
            if frame.recorder is not None:
                frame.recorder.raised(exception, node.line, frame.scope.module.path)
        return EXITS

    def _if(self, node: model.If, frame: Frame) -> bool:
        value = self.evaluate(node.test, frame)
        test = self.truth(value, node.test, frame)
        if test is not None:
            return self.run(node.body if test else node.orelse, frame)
        default = by_default(value) if frame.recorder is None else None
        return self.branch([node.body, node.orelse], frame, None if default is None else 0 if default else 1)

    def branch(self, bodies: list[tuple[model.Statement, ...]], frame: Frame, likely: int | None = None) -> bool:
        """Follow each of several bodies, of which one runs; names that they bind differently become choices.

        `likely` is the index of the one that runs where the environment doesn't say otherwise.
        """
        names = frame.scope.names
        before = dict(names)
        ends: list[dict[str, Value]] = []
        likely_exits = False
        for index in sorted(range(len(bodies)), key=lambda index: index != likely) if likely is not None else range(len(bodies)):
            names.clear()
            names.update(before)
            frame.uncertain += likely is None
            frame.unlikely += likely not in {None, index}
            exits = self.run(bodies[index], frame)
            frame.uncertain -= likely is None
            frame.unlikely -= likely not in {None, index}
            if not exits:
                ends.append(dict(names))
            elif index == likely:
                likely_exits = True
        if not ends:
            return EXITS
        frame.unlikely += likely_exits  # whatever follows in this frame
        names.clear()
        names.update(ends[0])
        for end in ends[1:]:
            for name, value in end.items():
                other = names.get(name)
                if other is None:
                    names[name] = value
                elif other is not value:
                    names[name] = join([other, value])
        return CONTINUES

    def truth(self, value: Value, node: model.Expression, frame: Frame) -> bool | None:
        """Whether a condition holds, where that doesn't depend on the environment: only constants written in place count."""
        if isinstance(node, model.Constant) and isinstance(value, Literal):
            return bool(value.value)
        if frame.scope.module.name and isinstance(node, model.Comparison) and isinstance(node.left, model.Name):
            if node.left.id == "__name__":
                return False
        if isinstance(value, External) and value.name == "typing.TYPE_CHECKING":
            return True
        if frame.function is not None and frame.recorder is None and not _reads_environment(node):
            return _decided(value)
        return None

    def _for(self, node: model.For, frame: Frame) -> bool:
        iterable = self.evaluate(node.iterable, frame)
        calling.iterated(iterable, node.iterable, frame)
        items = self.items_of(iterable)
        if items is not None and len(items) <= LONGEST_LOOP:
            for item in items:
                self.assign(node.target, item, frame)
                self.run(node.body, frame)
        else:
            self.assign(node.target, self.element_of(iterable), frame)
            self.branch([node.body, ()], frame)
        self.run(node.orelse, frame)
        return CONTINUES

    def items_of(self, value: Value) -> list[Value] | None:
        """All items that iterating over a value gives, where they are known."""
        if isinstance(value, Collection):
            return list(value.items) if value.complete else None
        if isinstance(value, Dictionary) and value.complete and not value.others:
            return [Literal(key) for key in value.entries if key is None or isinstance(key, (bool, int, float, str))]
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
                found.append(containers.iterate(self, option))
        return join(found)

    def _while(self, node: model.While, frame: Frame) -> bool:
        self.evaluate(node.test, frame)
        self.branch([node.body, ()], frame)
        self.run(node.orelse, frame)
        return CONTINUES

    def _with(self, node: model.With, frame: Frame) -> bool:
        for item in node.items:
            value = self.evaluate(item.context, frame)
            entered = calling.enter(self, value, frame)
            if item.target is not None:
                self.assign(item.target, entered, frame)
        return self.run(node.body, frame)

    def _try(self, node: model.Try, frame: Frame) -> bool:
        exits = self.run(node.body, frame)
        names = frame.scope.names
        for handler in node.handlers:
            if handler.type is not None:
                caught = self.evaluate(handler.type, frame)
                if handler.name is not None:
                    names[handler.name] = self.instance_of(caught)
            before = dict(names)
            frame.uncertain += 1
            if not self.run(handler.body, frame):
                exits = CONTINUES
            frame.uncertain -= 1
            if not exits or frame.recorder is None:
                for name, value in before.items():
                    if not isinstance(value, (Unknown, Deferred)):
                        names[name] = value
        if not exits:
            exits = self.run(node.orelse, frame)
        return self.run(node.finalbody, frame) or exits

    def _import(self, node: model.Import, frame: Frame) -> None:
        module = frame.scope.module
        for item in node.names:
            path = self.modules.find(module, item.name)
            if path is not None:
                whole = self.at(path)
            if item.alias is not None:
                value = whole if path is not None else External(library.canonical(item.name))
                frame.scope.names[item.alias] = value
                continue
            top = item.name.partition(".")[0]
            top_path = self.modules.find(module, top)
            frame.scope.names[top] = self.at(top_path) if top_path is not None else External(top)

    def _import_from(self, node: model.ImportFrom, frame: Frame) -> None:
        importer = frame.scope.module
        if node.level:
            path = self.modules.find_relative(importer, node.level, node.module)
        else:
            path = self.modules.find(importer, node.module)
        source = self.at(path) if path is not None else None
        for item in node.names:
            if item.name == "*":
                self._import_star(source, frame)
                continue
            frame.scope.names[item.alias or item.name] = self._imported(source, node, item.name)

    def _imported(self, source: Value | None, node: model.ImportFrom, name: str) -> Value:
        if isinstance(source, ModuleValue):
            found = self.member(source.module, name)
            if found is not None:
                return found
            if source.module.path not in self.finished:
                return Deferred(source.module, name)
            return Unknown(f"{source.module.name} has no {name}")
        if isinstance(source, Package):
            path = self.modules.at(f"{source.path}/{name}")
            return self.at(path) if path is not None else Unknown(f"{source.path} has no {name}")
        if node.level:
            return Unknown(f"no module {'.' * node.level}{node.module}")
        return External(library.canonical(f"{node.module}.{name}"))

    def _import_star(self, source: Value | None, frame: Frame) -> None:
        if not isinstance(source, ModuleValue):
            return  # names that an outside module would bring are unknown
        scope = self.scopes[source.module.path]
        if source.module.path not in self.finished:
            frame.scope.star_imports.append(source.module)
        exported = scope.names.get("__all__")
        if isinstance(exported, Collection) and exported.complete:
            wanted = [str(item.value) for item in exported.items if isinstance(item, Literal)]
        else:
            wanted = [item for item in scope.names if not item.startswith("_")]
        for item in wanted:
            value = self.member(source.module, item)
            if value is not None:
                frame.scope.names[item] = value

    def _match(self, node: model.Match, frame: Frame) -> bool:
        self.evaluate(node.subject, frame)
        for case in node.cases:
            for name in case.captures:
                frame.scope.names[name] = UNKNOWN
            if case.guard is not None:
                self.evaluate(case.guard, frame)
        return self.branch([*(case.body for case in node.cases), ()], frame)

    def _type_alias(self, node: model.TypeAlias, frame: Frame) -> None:
        frame.scope.names[node.name] = self.evaluate(node.value, frame)

    def _scope_statement(self, node: model.Scope, frame: Frame) -> None:
        for name in node.names:
            outer = frame.scope.parent
            while outer is not None and name not in outer.names and outer.parent is not None:
                outer = outer.parent
            if outer is not None:
                frame.scope.outer_names[name] = outer

    # --- expressions -------------------------------------------------------------------------------------------------

    def evaluate(self, node: model.Expression, frame: Frame) -> Value:
        """What an expression stands for where it is written."""
        evaluate = self._expressions.get(type(node))
        if evaluate is None:
            return UNKNOWN
        value = evaluate(node, frame)
        if frame.recorder is not None:
            frame.recorder.value(node, value)
        return value

    def _name(self, node: model.Name, frame: Frame) -> Value:
        return self.lookup(frame.scope, node.id)

    def _attribute(self, node: model.Attribute, frame: Frame) -> Value:
        return attributes.attribute(self, self.evaluate(node.value, frame), node.name, frame)

    def _call(self, node: model.Call, frame: Frame) -> Value:
        callee = self.evaluate(node.function, frame)
        arguments: list[Value] = []
        keywords: dict[str, Value] = {}
        complete = True
        for argument in node.arguments:
            value = self.evaluate(argument, frame)
            if isinstance(argument, model.Starred):
                items = self.items_of(value)
                complete = complete and items is not None
                arguments += items or []
            else:
                arguments.append(value)
        for item in node.keywords:
            value = self.evaluate(item.value, frame)
            if item.name is not None:
                keywords[item.name] = value
            elif isinstance(value, Dictionary):
                keywords.update({key: entry for key, entry in value.entries.items() if isinstance(key, str)})
                complete = complete and value.complete and not value.others
            else:
                complete = False
        site = CallSite(callee, arguments, keywords, node, frame, complete)
        if frame.recorder is not None:
            return frame.recorder.call(self, site)
        return calling.call(self, site)

    def _template(self, node: model.Template, frame: Frame) -> Value:
        parts = [self.text_of(self.evaluate(part, frame)) for part in node.parts]
        if all(part is not None for part in parts):
            return Literal("".join(part for part in parts if part is not None))
        return Object(External("builtins.str"))

    def text_of(self, value: Value) -> str | None:
        """The text that an f-string would show for a value."""
        value = without_none(value)
        if isinstance(value, Literal):
            return str(value.value)
        if isinstance(value, Choice):
            return next((text for text in map(self.text_of, value.options) if text is not None), None)
        member = containers.text_of_member(value)
        return member

    def _sequence(self, node: model.Sequence, frame: Frame) -> Value:
        items: list[Value] = []
        complete = True
        for item in node.items:
            value = self.evaluate(item, frame)
            if isinstance(item, model.Starred):
                inner = self.items_of(value)
                complete = complete and inner is not None
                items += inner or []
            else:
                items.append(value)
        return Collection(node.kind, items, complete)

    def _mapping(self, node: model.Mapping, frame: Frame) -> Value:
        result = Dictionary({})
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.evaluate(item, frame)
            if key is None:
                if isinstance(value, Dictionary):
                    result.entries.update(value.entries)
                    result.complete = result.complete and value.complete
                else:
                    result.complete = False
                continue
            known = self.evaluate(key, frame)
            if isinstance(known, Literal):
                result.entries[known.value] = value
            else:
                entry_key = containers.key_of(known)
                if entry_key is None:
                    result.others.append(value)
                else:
                    result.entries[entry_key] = value
        return result

    def _subscript(self, node: model.Subscript, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        if isinstance(node.index, model.Slice):
            return value if isinstance(value, Collection) else UNKNOWN
        index = self.evaluate(node.index, frame)
        return containers.subscript(self, value, index)

    def _binary(self, node: model.Binary, frame: Frame) -> Value:
        return containers.operate(node.operator, self.evaluate(node.left, frame), self.evaluate(node.right, frame))

    def _boolean(self, node: model.Boolean, frame: Frame) -> Value:
        ends = node.operator == "or"  # the truth that makes the operands behind it superfluous
        values: list[Value] = []
        for index, operand in enumerate(node.values, 1):
            value = self.evaluate(operand, frame)
            decided = _decided(value)
            if decided is ends or index == len(node.values):
                for rest in node.values[index:] if frame.recorder is not None else ():
                    self.evaluate(rest, frame)
                return join([*values, value])
            if decided is None:
                values.append(value if ends else _falsy(value))
        return UNKNOWN

    def _unary(self, node: model.Unary, frame: Frame) -> Value:
        value = self.evaluate(node.operand, frame)
        if node.operator == "not":
            decided = _decided(value)
            return UNKNOWN if decided is None else Literal(not decided)
        if node.operator == "-" and isinstance(value, Literal) and isinstance(value.value, (int, float)):
            return Literal(-value.value)
        return value

    def _comparison(self, node: model.Comparison, frame: Frame) -> Value:
        left = self.evaluate(node.left, frame)
        others = [self.evaluate(other, frame) for other in node.others]
        if len(others) == 1 and isinstance(left, Literal) and isinstance(others[0], Literal):
            if node.operators[0] in {"==", "is"}:
                return Literal(left.value == others[0].value)
            if node.operators[0] in {"!=", "is not"}:
                return Literal(left.value != others[0].value)
        if len(others) == 1 and node.operators[0] in {"in", "not in"}:
            contained = containers.contains(others[0], left)
            if contained is not None:
                return Literal(contained is (node.operators[0] == "in"))
        if len(others) == 1 and is_none(others[0]) and isinstance(left, (ClassValue, FunctionValue, Collection, Dictionary)):
            return Literal(node.operators[0] in {"!=", "is not"})
        if len(others) == 1 and is_none(others[0]) and type(left) is not Object and isinstance(left, Object):
            return Literal(node.operators[0] in {"!=", "is not"})
        return Object(External("builtins.bool"))

    def _conditional(self, node: model.Conditional, frame: Frame) -> Value:
        value = self.evaluate(node.test, frame)
        test = self.truth(value, node.test, frame)
        if test is not None:
            return self.evaluate(node.body if test else node.orelse, frame)
        values = [self.evaluate(node.body, frame), self.evaluate(node.orelse, frame)]
        return join(values[::-1] if by_default(value) is False else values)

    def _await(self, node: model.Await, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        if isinstance(value, Awaitable):
            return value.value
        return calling.awaited(self, value, node.value, frame)

    def _yield(self, node: model.Yield, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame) if node.value is not None else NONE
        frame.yields.append(self.element_of(value) if node.delegates else value)
        frame.all_yields_known = frame.all_yields_known and not node.delegates and not frame.uncertain
        return UNKNOWN

    def _lambda(self, node: model.Lambda, frame: Frame) -> Value:
        return LambdaValue(node, frame.scope, _qualified_prefix(frame) + "<lambda>")

    def _comprehension(self, node: model.Comprehension, frame: Frame) -> Value:
        scope = Scope({}, frame.scope, frame.scope.module)
        inner = Frame(scope, frame.function, frame.receiver, frame.depth, frame.uncertain, frame.unlikely, frame.returns, frame.yields)
        inner.recorder, inner.bindings = frame.recorder, frame.bindings
        clause = node.clauses[0]
        iterable = self.evaluate(clause.iterable, inner)
        calling.iterated(iterable, clause.iterable, inner)
        items = self.items_of(iterable) if len(node.clauses) == 1 and not clause.conditions else None
        complete = items is not None and len(items) <= LONGEST_LOOP
        result: list[Value] = []
        dictionary = Dictionary({}, complete=complete)
        for item in items if complete and items is not None else [self.element_of(iterable)]:
            self.statements_left -= 1
            self.assign(clause.target, item, inner)
            for condition in clause.conditions:
                self.evaluate(condition, inner)
            for other in node.clauses[1:]:
                self.assign(other.target, self.element_of(self.evaluate(other.iterable, inner)), inner)
                for condition in other.conditions:
                    self.evaluate(condition, inner)
            element = self.evaluate(node.element, inner)
            if node.value is None:
                result.append(element)
                continue
            value = self.evaluate(node.value, inner)
            if isinstance(element, Literal):
                dictionary.entries[element.value] = value
            else:
                dictionary.others.append(value)
        if node.value is not None:
            return dictionary
        return Collection("list" if node.kind == "generator" else node.kind, result, complete)

    def _walrus(self, node: model.Walrus, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        self.assign(node.target, value, frame)
        return value

    def call(self, site: CallSite) -> Value:
        """What a call gives, told to whoever listens in its frame."""
        return calling.call(self, site) if site.frame.recorder is None else site.frame.recorder.call(self, site)

    # --- annotations -------------------------------------------------------------------------------------------------

    def annotation(self, node: model.Expression | None, scope: Scope) -> Value | None:
        """What an annotation means in a scope; None where there is none."""
        return None if node is None else self.evaluate(node, Frame(scope))

    def instance_of(self, annotation: Value, bindings: dict[str, Value] | None = None) -> Value:
        """A value of which only the annotation is known."""
        return annotations.instance_of(annotation, bindings or {})


def _decided(value: Value) -> bool | None:
    """Whether a value is true, where its kind says so."""
    if isinstance(value, Literal):
        return bool(value.value)
    if isinstance(value, Collection):
        return bool(value.items) if value.complete else None
    if isinstance(value, Dictionary):
        return bool(value.entries) if value.complete and not value.others else None
    if isinstance(value, (ClassValue, FunctionValue, LambdaValue, Bound, Partial, Marker, ModuleValue)):
        return True
    return True if isinstance(value, Object) and type(value) is not Object else None


def by_default(value: Value) -> bool | None:
    """Whether a condition holds as long as settings have their defaults; a flag of another package is taken to be off."""
    if isinstance(value, External):
        return None if value.name.partition(".")[0] in sys.stdlib_module_names | FRAMEWORKS else False
    return _decided(value)


def _falsy(value: Value) -> Value:
    """What a value that may be false is when it is."""
    is_bool = isinstance(value, Object) and isinstance(value.cls, External) and value.cls.name == "builtins.bool"
    return Literal(value=False) if is_bool else NONE


def _reads_environment(node: model.Expression) -> bool:
    """Whether a condition reads an attribute, as settings are: its value when the program runs is not the one written down."""
    if isinstance(node, model.Attribute):
        return True
    if isinstance(node, model.Call):
        receiver = node.function.value if isinstance(node.function, model.Attribute) else model.Name("")
        return any(map(_reads_environment, (receiver, *node.arguments, *(item.value for item in node.keywords))))
    if isinstance(node, model.Comparison):
        return any(map(_reads_environment, (node.left, *node.others)))
    if isinstance(node, model.Boolean):
        return any(map(_reads_environment, node.values))
    if isinstance(node, model.Unary):
        return _reads_environment(node.operand)
    return isinstance(node, (model.Subscript, model.Await))


def _qualified_prefix(frame: Frame) -> str:
    if frame.scope.is_class:
        cls = frame.scope.names.get("<class>")
        return f"{cls.qualname}." if isinstance(cls, ClassValue) else ""
    return f"{frame.function.qualname}.<locals>." if frame.function is not None else ""


def _bind_type_parameters(cls: ClassValue, base: Value) -> None:
    """Note what a generic base's type variables stand for in this class: `class Items(Store[Item])`."""
    origin = base.origin if isinstance(base, Generic) else base
    if not isinstance(origin, ClassValue):
        return
    cls.bindings.update(origin.bindings)
    if isinstance(base, Generic):
        for variable, argument in zip(type_parameters(origin), base.arguments, strict=False):
            cls.bindings[variable] = argument


def type_parameters(cls: ClassValue) -> list[str]:
    """The names of a class's type variables, in order, as `Generic[…]` or its first generic base lists them."""
    names: list[str] = list(cls.definition.type_parameters)
    for base in cls.bases:
        if isinstance(base, Generic):
            found = [item.name for item in base.arguments if isinstance(item, TypeVariable)]
            if isinstance(base.origin, External) and base.origin.name in {"typing.Generic", "typing.Protocol"}:
                return found
            names += [name for name in found if name not in names]
    return names

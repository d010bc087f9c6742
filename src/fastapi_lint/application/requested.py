"""What tests request: the methods and paths of their calls of clients, as far as these are written out.

A path is read from literals, constants, f-strings, sums, `url_path_for`, what `parametrize` gives, and
fixtures. What isn't known of it may be anything: it is better to take a route for tested than not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.evaluation.values import Literal
from fastapi_lint.application.written import assigned_values, blocks, dotted, expressions, nested_statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.modules import Module
    from fastapi_lint.application.wiring.routes import Route

ANY: Final = "\0"
"""What stands in a pattern for text that isn't known."""
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_NAMED: Final = frozenset({"request", "build_request", "stream", "api_route"})
"""Methods of clients that are given the request's method first."""
_REVERSING: Final = frozenset({"url_for", "url_path_for"})
_CLIENTS: Final = ("client", "session", "http", "api", "requests", "httpx")
_GENERATING: Final = frozenset({"schemathesis", "hypothesis_jsonschema", "openapi_core", "openapi_tester"})
"""Libraries whose tests request every route of a schema."""
_MOST: Final = 100
"""How many texts one expression may be."""
_LONGEST: Final = 6
"""How many names deep a path is looked up."""


@dataclass(eq=False)
class Requested:
    """The requests of a project's tests."""

    count: int = 0
    """How many calls look like requests."""
    by_method: dict[str, set[str]] = field(default_factory=dict)
    """The patterns that are requested, by method; those under an empty one with methods that aren't known."""
    names: set[str] = field(default_factory=set)
    """The names of routes whose paths tests ask for."""
    functions: set[tuple[str, str]] = field(default_factory=set)
    """What tests import from the project: the path of the module, and the name."""
    is_complete: bool = True
    """Whether tests request only what they write out."""
    uses_own_client: bool = False
    """Whether tests speak of a client that the project has: what that requests for them stands in no test."""

    def add(self, method: str, pattern: str) -> None:
        """Note that a path is requested."""
        self.by_method.setdefault(method.upper(), set()).add(pattern)

    def tests(self, route: Route) -> bool:
        """Whether a test may request a route, or call its handler."""
        handler = route.handler
        if handler is not None and (handler.path, handler.name) in self.functions:
            return True
        given = route.keywords.get("name")
        if given is not None and not isinstance(given, Literal):
            return bool(self.names)
        if (given.value if given is not None else handler.name if handler is not None else "") in self.names:
            return True
        template = _segments(route.path)
        return any(
            _may_be_same(requested, template)
            for method in ("", *route.methods)
            for requested in self._segments_of(method)
        )

    def _segments_of(self, method: str) -> list[list[str]]:
        known = self._split.get(method)
        if known is None:
            known = self._split[method] = [_segments(item) for item in self.by_method.get(method, ())]
        return known

    _split: dict[str, list[list[str]]] = field(default_factory=dict)


def requested(application: Application, evaluator: Evaluator) -> Requested:
    """Read the requests off the modules of tests."""
    found = Requested()
    modules = application.modules.by_path.values()
    tests = [module for module in modules if "test" in module.roles]
    if not tests:
        return found
    fixtures = _fixtures(tests)
    clients = {
        statement.name
        for module in modules
        if "test" not in module.roles
        for statement in module.facts.body
        if isinstance(statement, (model.ClassDefinition, model.FunctionDefinition))
        and statement.name.endswith("Client")
    }
    found.uses_own_client = any(_speaks_of(module, clients) for module in tests) if clients else False
    for module in tests:
        _Reader(application, evaluator, module, fixtures, found).read()
    return found


def _speaks_of(module: Module, names: set[str]) -> bool:
    return any(
        (isinstance(item, model.Name) and item.id in names)
        or (isinstance(item, model.Attribute) and item.name in names)
        for statement in nested_statements(module.facts.body)
        for item in expressions(statement)
    )


def _fixtures(tests: Iterable[Module]) -> dict[str, model.FunctionDefinition]:
    """The fixtures of all tests by name, which may be known anywhere below."""
    return {
        statement.name: statement
        for module in tests
        for statement in nested_statements(module.facts.body)
        if isinstance(statement, model.FunctionDefinition)
        and any(_last(item) == "fixture" for item in statement.decorators)
    }


class _Reader:
    """Reads one module of tests."""

    def __init__(
        self,
        application: Application,
        evaluator: Evaluator,
        module: Module,
        fixtures: dict[str, model.FunctionDefinition],
        found: Requested,
    ) -> None:
        self._application = application
        self._scope = evaluator.scope_of(module)
        self._module = module
        self._fixtures = fixtures
        self._found = found
        self._helpers = {
            statement.name: statement
            for statement in nested_statements(module.facts.body)
            if isinstance(statement, model.FunctionDefinition)
        }
        self._assigned: list[dict[str, list[model.Expression]]] = []
        self._functions: list[model.FunctionDefinition] = []

    def read(self) -> None:
        self._block(self._module.facts.body)

    def _block(self, block: Iterable[model.Statement]) -> None:
        for statement in block:
            if isinstance(statement, (model.Import, model.ImportFrom)):
                self._imports(statement)
            for item in expressions(statement):
                if isinstance(item, model.Call):
                    self._call(item)
            if isinstance(statement, model.FunctionDefinition):
                self._functions.append(statement)
                self._assigned.append(assigned_values(statement.body))
                self._block(statement.body)
                self._assigned.pop()
                self._functions.pop()
            elif isinstance(statement, model.ClassDefinition):
                self._assigned.append(
                    {f"self.{name}": values for name, values in _of_class(statement).items()}
                )
                self._block(statement.body)
                self._assigned.pop()
            else:
                for inner in blocks(statement):
                    self._block(inner)

    def _imports(self, statement: model.Import | model.ImportFrom) -> None:
        modules = self._application.modules
        names = [item.name for item in statement.names]
        top = statement.module if isinstance(statement, model.ImportFrom) else ""
        if {name.partition(".")[0] for name in (top, *names)} & _GENERATING:
            self._found.is_complete = False
        if isinstance(statement, model.ImportFrom):
            path = (
                modules.find_relative(self._module, statement.level, statement.module)
                if statement.level
                else modules.find(self._module, statement.module)
            )
            if path is not None:
                self._found.functions |= {(path, name) for name in names}

    def _call(self, call: model.Call) -> None:
        name = _last(call.function)
        if name in _REVERSING and call.arguments:
            known = call.arguments[0]
            if isinstance(known, model.Constant):
                self._found.names.add(str(known.value))
            else:
                self._found.is_complete = False
        elif name in _VERBS and isinstance(call.function, model.Attribute):
            self._request(name, _argument(call, 0, "url"), call)
        elif name in _NAMED and isinstance(call.function, model.Attribute):
            given = _argument(call, 0, "method")
            method = str(given.value) if isinstance(given, model.Constant) else ""
            self._request(method, _argument(call, 1, "url"), call)
        else:
            self._hand(call)

    def _hand(self, call: model.Call) -> None:
        """Note the paths that anything else is called with: a helper may request them."""
        for item in (*call.arguments, *(keyword.value for keyword in call.keywords)):
            if isinstance(item, (model.Constant, model.Template, model.Binary, model.Name)):
                for pattern in self._patterns(item, 0):
                    cleaned = _path_of(pattern)
                    if cleaned is not None and re.match(r"/.*\w", cleaned):
                        self._found.add("", cleaned)

    def _request(self, method: str, path: model.Expression | None, call: model.Call) -> None:
        if path is None:
            return
        receiver = call.function.value if isinstance(call.function, model.Attribute) else call.function
        is_client = any(word in _whole(receiver).lower() for word in _CLIENTS)
        for pattern in self._patterns(path, 0):
            cleaned = _path_of(pattern)
            if cleaned is None or not (cleaned.startswith("/") or is_client):
                continue
            if not cleaned.strip("/" + ANY) and ANY in cleaned and self._is_parameter(path):
                continue  # who calls the helper writes the path, and is read as well
            self._found.count += 1
            self._found.add(method, cleaned)

    def _is_parameter(self, path: model.Expression) -> bool:
        """Whether a path is handed to a helper, and no test, as an argument."""
        names = {item.id for item in (path, *expressions(path)) if isinstance(item, model.Name)}
        return any(
            not function.name.startswith("test")
            and names & {parameter.name for parameter in function.parameters}
            for function in self._functions
        )

    def _patterns(self, node: model.Expression, depth: int) -> list[str]:
        """The texts that an expression may be, with `ANY` for what isn't known."""
        if depth > _LONGEST:
            return [ANY]
        if isinstance(node, model.Constant):
            return [str(node.value)]
        if isinstance(node, model.Template):
            return _products([self._patterns(part, depth + 1) for part in node.parts])
        if isinstance(node, model.Binary) and node.operator == "+":
            return _products([self._patterns(node.left, depth + 1), self._patterns(node.right, depth + 1)])
        if isinstance(node, model.Binary) and node.operator == "%":
            return [re.sub(r"%[\w.]", ANY, text) for text in self._patterns(node.left, depth + 1)]
        if isinstance(node, model.Conditional):
            return [*self._patterns(node.body, depth + 1), *self._patterns(node.orelse, depth + 1)]
        if isinstance(node, model.Call):
            return self._of_call(node, depth)
        if isinstance(node, (model.Name, model.Attribute)):
            return self._of_name(node, depth)
        return [ANY]

    def _of_call(self, node: model.Call, depth: int) -> list[str]:
        name = _last(node.function)
        if name == "format" and isinstance(node.function, model.Attribute):
            return [
                re.sub(r"\{[^}]*\}", ANY, text) for text in self._patterns(node.function.value, depth + 1)
            ]
        if name in _REVERSING:
            return []
        helper = self._helpers.get(name)
        if helper is not None and not any(helper is function for function in self._functions):
            return self._of_helper(helper, depth)
        given = [*node.arguments, *(item.value for item in node.keywords)]
        texts = [text for item in given for text in self._patterns(item, depth + 1) if "/" in text]
        return [f"{ANY}{text}{ANY}" for text in texts] or [ANY]

    def _of_helper(self, helper: model.FunctionDefinition, depth: int) -> list[str]:
        """What a function of the tests returns, whatever it is called with."""
        outside = self._assigned, self._functions
        classes = [names for names in self._assigned if any(name.startswith("self.") for name in names)]
        self._assigned, self._functions = [*classes, assigned_values(helper.body)], [helper]
        found = [
            text
            for statement in nested_statements(helper.body)
            if isinstance(statement, model.Return) and statement.value is not None
            for text in self._patterns(statement.value, depth + 1)
        ]
        self._assigned, self._functions = outside
        return found or [ANY]

    def _of_name(self, node: model.Name | model.Attribute, depth: int) -> list[str]:
        name = dotted(node)
        for names in reversed(self._assigned):
            if name in names:
                return [text for value in names[name] for text in self._patterns(value, depth + 1)]
        given = [text for function in self._functions for text in self._given(function, name, depth)]
        if given:
            return given
        value = self._scope.names.get(name)
        if isinstance(value, Literal) and isinstance(value.value, str):
            return [value.value]
        return [ANY]

    def _given(self, function: model.FunctionDefinition, name: str, depth: int) -> Iterator[str]:
        """What pytest gives a parameter of a test: the values of `parametrize`, or a fixture's."""
        if name not in {parameter.name for parameter in function.parameters}:
            return
        for decorator in function.decorators:
            if isinstance(decorator, model.Call) and _last(decorator.function) == "parametrize":
                yield from self._parametrized(decorator, name, depth)
        fixture = self._fixtures.get(name)
        if fixture is not None and fixture is not function:
            for statement in nested_statements(fixture.body):
                values = [statement.value] if isinstance(statement, model.Return) else []
                values += [item.value for item in expressions(statement) if isinstance(item, model.Yield)]
                for value in values:
                    if value is not None:
                        yield from self._patterns(value, depth + 1)

    def _parametrized(self, decorator: model.Call, name: str, depth: int) -> Iterator[str]:
        names, values = (*decorator.arguments, None, None)[:2]
        if isinstance(names, model.Constant):
            wanted = [item.strip() for item in str(names.value).split(",")]
        elif isinstance(names, model.Sequence):
            wanted = [str(item.value) for item in names.items if isinstance(item, model.Constant)]
        else:
            return
        if name not in wanted:
            return
        if not isinstance(values, model.Sequence):
            yield ANY
            return
        for item in values.items:
            row = item.arguments if isinstance(item, model.Call) and _last(item.function) == "param" else None
            if row is None:
                row = item.items if isinstance(item, model.Sequence) and len(wanted) > 1 else (item,)
            at = wanted.index(name)
            if at < len(row):
                yield from self._patterns(row[at], depth + 1)
            else:
                yield ANY


def _of_class(definition: model.ClassDefinition) -> dict[str, list[model.Expression]]:
    """What a class of tests binds, and its methods bind of `self`."""
    found = assigned_values(definition.body)
    for statement in nested_statements(definition.body):
        if isinstance(statement, model.Assignment) and statement.value is not None:
            for target in statement.targets:
                if isinstance(target, model.Attribute) and target.value == model.Name("self"):
                    found.setdefault(target.name, []).append(statement.value)
    return found


def _argument(call: model.Call, at: int, keyword: str) -> model.Expression | None:
    if len(call.arguments) > at:
        return call.arguments[at]
    return next((item.value for item in call.keywords if item.name == keyword), None)


def _last(node: model.Expression) -> str:
    """The last name of a callee, or of a decorator."""
    node = node.function if isinstance(node, model.Call) else node
    return node.name if isinstance(node, model.Attribute) else node.id if isinstance(node, model.Name) else ""


def _whole(node: model.Expression) -> str:
    """All names of an expression."""
    return " ".join(
        item.id if isinstance(item, model.Name) else item.name
        for item in (node, *expressions(node))
        if isinstance(item, (model.Name, model.Attribute))
    )


def _products(parts: list[list[str]]) -> list[str]:
    """The texts that parts make one after the other; what there are too many of isn't known."""
    texts = [""]
    for part in parts:
        texts = [text + item for text in texts for item in part or [ANY]]
        if len(texts) > _MOST:
            return [ANY]
    return texts


def _path_of(text: str) -> str | None:
    """The path in a text, without scheme, host and query; None for what is none."""
    text = re.sub(r"^[a-z]+://[^/]*", "", text)
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    return None if re.search(r"\s", text) else re.sub(f"{ANY}+", ANY, text)


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _may_be_same(requested: list[str], template: list[str]) -> bool:
    """Whether a request may be for a route, whose path may be longer or shorter by what stands before it.

    A client may have a base address, and a test an application of its own.
    """
    if any(part.endswith(":path}") for part in template):
        return _may_begin(requested, template)
    certain = len(requested) == len(template)
    for at, (wanted, part) in enumerate(zip(reversed(requested), reversed(template), strict=False), 1):
        if wanted == ANY and at == len(requested):
            return True  # it may hold several
        if "{" in part:
            continue
        if not _fits(wanted, part):
            return False
        certain = certain or wanted == part
    return certain


def _may_begin(requested: list[str], template: list[str]) -> bool:
    """The same for a route that takes a whole path."""
    literal = [part for part in template if "{" not in part]
    return not literal or any(_fits(wanted, literal[-1]) for wanted in requested)


def _fits(wanted: str, part: str) -> bool:
    """Whether a segment of a request may be a segment that is written out."""
    if ANY not in wanted:
        return wanted == part
    return re.fullmatch(".*".join(map(re.escape, wanted.split(ANY))), part) is not None

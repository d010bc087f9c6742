"""Drive visitors over one module: parsed once, and only where there is something to see."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fastapi_lint.rules.base import ModuleVisitor, RouteVisitor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.application import Application, Function, Module
    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.rules.parsed import ParsedModule
    from fastapi_lint.rules.walking import Call

    AnyVisitor = type[RouteVisitor | ModuleVisitor]


class Drive:
    """What there is to do in one module. Making it costs little; only `over` imports LibCST and parses.

    `kinds` says what those functions of the module that matter to routes are to them; `call` is how all that
    rules define is called (see `walking.Walk`).
    """

    def __init__(
        self,
        rules: Sequence[AnyVisitor],
        application: Application,
        module: Module,
        text: str,
        kinds: dict[Function, str],
        call: Call,
    ) -> None:
        self._application = application
        self._module = module
        self._text = text
        self._call = call
        self._of_modules = [
            rule for rule in rules if issubclass(rule, ModuleVisitor) and call(rule, self._concerns, rule)
        ]
        of_routes = [rule for rule in rules if issubclass(rule, RouteVisitor)]
        self._work: list[tuple[Function, list[type[RouteVisitor]]]] = []
        for function, kind in kinds.items():
            wanted = [
                rule
                for rule in of_routes
                if kind in rule.visits and call(rule, functools.partial(self._applies, rule), function)
            ]
            if wanted:
                self._work.append((function, wanted))

    @property
    def is_idle(self) -> bool:
        """Whether no visitor has anything to look into."""
        return not (self._of_modules or self._work)

    def over(self, emit: Callable[[Diagnostic], None]) -> None:
        """Parse what is to be walked, and walk it.

        Raises libcst.ParserSyntaxError for what LibCST doesn't read.
        """
        from fastapi_lint.rules.parsed import ParsedModule, parse  # noqa: PLC0415 - nothing else needs LibCST
        from fastapi_lint.rules.walking import Walk  # noqa: PLC0415

        if self._of_modules:
            parts = iter([ParsedModule(self._module, self._text, self._module.facts.body)])
        else:
            definitions = [function.definition for function, _ in self._work]
            parts = parse(self._module, self._text, definitions)
        left = list(self._work)
        for parsed in parts:
            left = [item for item in left if not self._walk(item, parsed, emit)]
            if self._of_modules:
                whole = [rule(self._application, emit, parsed) for rule in self._of_modules]
                Walk(whole, self._call).over(parsed.tree)
            del parsed  # before the next part is read

    def _walk(
        self,
        item: tuple[Function, list[type[RouteVisitor]]],
        parsed: ParsedModule,
        emit: Callable[[Diagnostic], None],
    ) -> bool:
        """Walk a function; False if it doesn't stand in this part."""
        from fastapi_lint.rules.walking import Walk  # noqa: PLC0415 - as above

        function, rules = item
        root = parsed.pairing.function(function.definition)
        if root is None:
            return False
        visitors = [rule(self._application, emit, parsed, function, root) for rule in rules]
        Walk(visitors, self._call).over(root)
        return True

    def _applies(self, rule: type[RouteVisitor], function: Function) -> bool:
        return rule.applies(self._application, function)

    def _concerns(self, rule: type[ModuleVisitor]) -> bool:
        return rule.concerns(self._application, self._module, self._text)

"""FAL107: a path declares a parameter that neither the handler nor a dependency receives."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastapi_lint.application.wiring.receiving import Why, lost
from fastapi_lint.application.wiring.routes import origin_of
from fastapi_lint.diagnostics import Severity
from fastapi_lint.rules.base import ApplicationRule, Level

if TYPE_CHECKING:
    from fastapi_lint.application.wiring.receiving import Lost, LostPrefix


class PathParameterNotReceived(ApplicationRule):
    """A path declares a parameter that neither the handler nor a dependency receives."""

    code: ClassVar = "FAL107"
    name: ClassVar = "path-parameter-not-received"
    level: ClassVar = Level.DEFAULT
    severity: ClassVar = Severity.WARNING
    checklist: ClassVar = ("1.11",)

    def check(self) -> None:
        """Report routes, each registration once a parameter, and prefixes whose parameter no route takes."""
        singles, prefixes = lost(self.application)
        for loss in singles:
            is_test = self.application.is_test(loss.route.decorator_file)
            if not is_test and self.is_first((*loss.route.registered_at, loss.name)):
                self._report_route(loss)
        for prefix in prefixes:
            self._report_prefix(prefix)

    def _report_route(self, loss: Lost) -> None:
        route, name = loss.route, loss.name
        severity = Severity.ERROR
        if loss.why is Why.OTHER_NAME:
            what = f"asks for a path parameter `{name}` that its path doesn't have: always 422"
            help_ = f"declare `{{{name}}}` in the path, or give the parameter the name that stands there"
        elif loss.why is Why.POSITIONAL_ONLY:
            what = f"takes `{name}` before `/`, but FastAPI passes it by keyword: always 500"
            help_ = "drop the `/` from the signature"
        elif loss.why is Why.VARIADIC:
            listed = " and ".join(f"`{parameter}`" for parameter in loss.parameters)
            what = f"doesn't receive `{name}`, since {listed} is a query parameter to FastAPI: always 422"
            help_ = f"take `{name}` by its name"
        else:
            severity = Severity.WARNING
            what = f"declares `{name}` in its path, but neither the handler nor a dependency receives it"
            handler = route.name.rpartition(".")[2]
            help_ = f"take `{name}` as a parameter of `{handler}`, or drop it from the path"
        message = f"`{route.label}` {what}"
        self.report(route.decorator_file, route.decorator_span, message, help=help_, severity=severity)

    def _report_prefix(self, loss: LostPrefix) -> None:
        place = origin_of(loss.prefix)
        if place is None or self.application.is_test(place[0]):
            return
        route = loss.routes[0]
        count = len({id(item.registration) for item in loss.routes})
        others = (
            f"none of its {count} routes receives it" if count > 1 else f"`{route.label}` doesn't receive it"
        )
        self.report(
            *place,
            f"the prefix `{loss.prefix.text}` declares `{loss.name}`, but {others}",
            help=f"take `{loss.name}` in the handlers or a dependency, or drop it from the prefix",
            notes=(
                self.note(f"for example `{route.label}`", path=route.decorator_file, at=route.decorator_span),
            ),
        )

"""What rules ask about models and parameters, worked out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.application.schemas.defaults import worked_out_once
from fastapi_lint.application.schemas.exposure import Exposure
from fastapi_lint.application.schemas.mixing import mixtures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.defaults import Once
    from fastapi_lint.application.schemas.mixing import Mixture


class Schemas:
    """Answers about the models and parameters of one application."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator

    @cached_property
    def exposure(self) -> Exposure:
        """What knows the secrets that routes answer with."""
        return Exposure(self._application, self._evaluator)

    def mixtures(self) -> Iterator[Mixture]:
        """The routes that want JSON and a form in one request."""
        return mixtures(self._application, self._evaluator)

    def worked_out_once(self) -> Iterator[Once]:
        """The defaults that should be new each time, but are worked out when their module is imported."""
        return worked_out_once(self._application, self._evaluator)

"""What rules ask about models and parameters, worked out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.application.schemas.defaults import worked_out_once
from fastapi_lint.application.schemas.exposure import Exposure
from fastapi_lint.application.schemas.idioms import idioms
from fastapi_lint.application.schemas.mixing import mixtures
from fastapi_lint.application.schemas.optional import required_fields
from fastapi_lint.application.schemas.patching import overwriting
from fastapi_lint.application.schemas.unbounded import unbounded_amounts, unbounded_texts
from fastapi_lint.application.schemas.undescribed import undescribed
from fastapi_lint.application.schemas.used import models_brought, models_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.functions import Function
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.schemas.defaults import Once
    from fastapi_lint.application.schemas.idioms import Idiom
    from fastapi_lint.application.schemas.mixing import Mixture
    from fastapi_lint.application.schemas.optional import RequiredField
    from fastapi_lint.application.schemas.patching import Overwriting
    from fastapi_lint.application.schemas.unbounded import UnboundedTexts
    from fastapi_lint.application.schemas.undescribed import Undescribed
    from fastapi_lint.application.schemas.used import Use
    from fastapi_lint.application.wiring.routes import Route


class Schemas:
    """Answers about the models and parameters of one application."""

    def __init__(self, application: Application, evaluator: Evaluator) -> None:
        self._application = application
        self._evaluator = evaluator

    @cached_property
    def exposure(self) -> Exposure:
        """What knows the secrets that routes answer with."""
        return Exposure(self._application, self._evaluator)

    @cached_property
    def brought(self) -> dict[int, Use]:
        """The models that requests bring, by the identity of their classes."""
        return models_brought(self._application, self._evaluator)

    @cached_property
    def sent(self) -> dict[int, Use]:
        """The models that responses carry, by the identity of their classes."""
        return models_sent(self._application, self._evaluator)

    @cached_property
    def required_fields(self) -> dict[int, list[RequiredField]]:
        """Fields that may be None but have no default, by the identity of the first route that takes them."""
        return required_fields(self._application, self._evaluator)

    def overwriting(self) -> Iterator[Overwriting]:
        """The places where PATCH routes write what the client didn't send."""
        return overwriting(self._application, self._evaluator)

    def idioms(self) -> Iterator[Idiom]:
        """What a project that runs with Pydantic 2 has of Pydantic 1."""
        return idioms(self._application, self._evaluator)

    @cached_property
    def unbounded_texts(self) -> dict[int, list[UnboundedTexts]]:
        """Models with texts of any length, by the identity of the first route that takes them."""
        return unbounded_texts(self._application, self._evaluator)

    def unbounded_amounts(self, function: Function) -> dict[str, Route]:
        """The parameters of a function that say how much a client wants, without an upper bound."""
        return unbounded_amounts(self._application, self._evaluator, function)

    def undescribed(self) -> Iterator[Undescribed]:
        """The models of which the document says no more than their fields' names and types."""
        return undescribed(self._application, self._evaluator)

    def mixtures(self) -> Iterator[Mixture]:
        """The routes that want JSON and a form in one request."""
        return mixtures(self._application, self._evaluator)

    def worked_out_once(self) -> Iterator[Once]:
        """The defaults that should be new each time, but are worked out when their module is imported."""
        return worked_out_once(self._application, self._evaluator)
